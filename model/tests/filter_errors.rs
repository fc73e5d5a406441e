//! What the filter language refuses: each text with the place, the reason and the correction.

use model::filter::parse;

/// Text, marked part, part of the message, text as the suggestion corrects it (or none).
type Example = (&'static str, &'static str, &'static str, Option<&'static str>);

const ERRORS: &[Example] = &[
    // unknown columns
    ("lnag:de", "lnag", "no column “lnag”", Some("lang:de")),
    ("form:nasa", "form", "Did you mean from?", Some("from:nasa")),
    ("like>=5", "like", "Did you mean likes?", Some("likes>=5")),
    ("date:2026", "date", "Did you mean created?", Some("created:2026")),
    ("before:2026", "before", "until", Some("until:2026")),
    ("user:nasa", "user", "from", Some("from:nasa")),
    ("zzz:1", "zzz:1", "quote them", Some("\"zzz:1\"")),
    ("launch 12:30 today", "12:30", "quote them", Some("launch \"12:30\" today")),
    ("a!=b", "a!=b", "no column", Some("\"a!=b\"")),
    ("foo:\"bar baz\"", "foo:\"bar", "no column", None),
    ("http://nasa.gov", "http://nasa.gov", "url:", Some("url:\"http://nasa.gov\"")),
    ("see https://x.com/a?b=(c)", "https://x.com/a?b=(c)", "url:", Some("see url:\"https://x.com/a?b=(c)\"")),
    ("list:123", "list:123", "does not keep", None),
    ("-filter:replies", "filter:replies", "is: or has:", Some("-is:reply")),
    ("filter:images", "filter:images", "is: or has:", Some("has:images")),
    ("filter:foo", "filter:foo", "is: or has:", None),
    // signs
    ("likes >= 50", "likes >= 50", "without a space", Some("likes>=50")),
    ("likes >=50", "likes >=50", "without a space", Some("likes>=50")),
    ("likes>= 50", "likes>= 50", "without a space", Some("likes>=50")),
    ("lang: de", "lang: de", "without a space", Some("lang:de")),
    ("lang : (de OR en)", "lang : (", "without a space", Some("lang:(de OR en)")),
    ("lang: (de OR en)", "lang: (", "without a space", Some("lang:(de OR en)")),
    ("rocket >= 50", ">=", "must follow a column", None),
    ("x <3", "<3", "quote it", Some("x \"<3\"")),
    ("likes=>50", "likes=>", "is written likes>= here", Some("likes>=50")),
    ("likes:>50", "likes:>", "is written likes> here", Some("likes>50")),
    ("lang!=de", "lang!=", "is written -lang: here", Some("-lang:de")),
    ("likes<>5", "likes<>", "is written -likes: here", Some("-likes:5")),
    ("lang==de", "lang==", "is written lang: here", Some("lang:de")),
    ("likes<<5", "likes<<", "no comparison", None),
    ("lang>de", "de", "has no order", None),
    ("rocket text>a", "a", "has no order", None),
    ("is>retweet", "is>", "a colon", Some("is:retweet")),
    ("min_likes>50", "min_likes>", "a colon", Some("min_likes:50")),
    ("lang:", "lang:", "value is missing", None),
    ("(lang:)", "lang:", "value is missing", None),
    ("(lang: )", "lang:", "value is missing", None),
    ("from:nasa*", "nasa*", "only a whole one", Some("from:nasa")),
    ("to:@nasa*", "@nasa*", "only a whole one", Some("to:@nasa")),
    ("lang:de (lang:en rocket)", "(lang:en rocket)", "only one lang", None),
    ("likes>(5 OR 6)", "(", "without parentheses", None),
    ("lang:-de", "lang:-de", "before the column", Some("-lang:de")),
    ("lang:from:nasa", "from:nasa", "code such as en", None),
    // values
    ("lang:german", "german", "called de", Some("lang:de")),
    ("lang:klingon", "klingon", "code such as en", None),
    ("lang:de,en", "de,en", "write OR", Some("lang:(de OR en)")),
    ("lang:de, rocket", "de,", "comma out", Some("lang:de rocket")),
    ("lang:(de,en OR fr)", "de,en", "write OR", Some("lang:(de OR en OR fr)")),
    ("lang:(de en)", "de en", "only one lang", Some("lang:(de OR en)")),
    ("lang:de lang:en", "lang:de lang:en", "only one lang", Some("lang:(de OR en)")),
    ("lang:(de OR en) lang:fr", "lang:(de OR en) lang:fr", "only one", Some("lang:(de OR en OR fr)")),
    ("lang:de rocket lang:en", "lang:en", "only one lang", None),
    ("from:nasa from:esa", "from:nasa from:esa", "only one from", Some("from:(nasa OR esa)")),
    ("lang:d*e", "d*e", "only at the end", None),
    ("lang:\"\"", "\"\"", "nothing to search for", None),
    ("from:\"NASA Johnson\",", ",", "no letters", None),
    ("from:nasa!", "nasa!", "needs a handle", Some("from:nasa")),
    ("from:https://x.com/nasa", "https://x.com/nasa", "needs a handle", Some("from:nasa")),
    ("from:@", "@", "no from after the sign", None),
    ("type:rt", "rt", "called retweet", Some("type:retweet")),
    ("type:replies", "replies", "one of original", None),
    ("type:retwet", "retwet", "one of original", Some("type:retweet")),
    ("media:photos", "photos", "one of photo", Some("media:photo")),
    ("media:gif", "gif", "called animated_gif", Some("media:animated_gif")),
    ("country:germany", "germany", "two letters", None),
    ("domain:https://nasa.gov/moon", "https://nasa.gov/moon", "host of a link", Some("domain:nasa.gov")),
    ("domain:nasa", "nasa", "whole host", None),
    ("is:retweeted", "retweeted", "one of these stands: retweet", Some("is:retweet")),
    ("is:foo", "foo", "one of these stands", None),
    ("-is:nullcast", "nullcast", "Leave it out", None),
    ("has:video", "video", "one of these stands", Some("has:videos")),
    ("has:photos", "photos", "one of these stands", Some("has:images")),
    ("is:retweet*", "retweet*", "no *", None),
    ("verified:maybe", "maybe", "yes or no", None),
    ("#moon, mars", "moon,", "comma out", Some("#moon mars")),
    ("#moon. mars", "moon.", "only letters", Some("#moon mars")),
    ("#moon,#mars", "moon,#mars", "write OR", Some("#moon OR #mars")),
    ("#月。", "月。", "only letters", Some("#月")),
    ("#12", "12", "needs a letter", None),
    ("#", "", "nothing to search for", None),
    ("@nasa's", "nasa's", "only letters", None),
    ("hashtag:\"#\"", "\"#\"", "no hashtag", None),
    // numbers
    ("likes:many", "many", "needs a whole number", None),
    ("likes:1.5", "1.5", "needs a whole number", None),
    ("likes:10,20", "10,20", "needs a whole number", None),
    ("likes:50-100", "50-100", "needs a whole number", Some("likes:50..100")),
    ("likes:50…100", "50…100", "needs a whole number", Some("likes:50..100")),
    ("likes>50-100", "50-100", "needs a whole number", None),
    ("likes:50...100", "50...100", "two points", Some("likes:50..100")),
    ("likes:100..50", "100..50", "ends before it begins", Some("likes:50..100")),
    ("likes:..", "..", "at least one end", None),
    ("likes:50*", "50*", "takes no *", None),
    ("likes>50*", "50*", "no *", None),
    ("min_likes:*", "*", "no *", None),
    ("min_likes:many", "many", "needs a whole number", None),
    ("engagement>0,05", "0,05", "needs a number", Some("engagement>0.05")),
    ("engagement>inf", "inf", "needs a number", None),
    ("id:5.7E+17", "5.7E+17", "spreadsheet", None),
    ("id:abc", "abc", "an id of digits", None),
    ("id:https://x.com/nasa/status/20?s=1", "https://x.com/nasa/status/20?s=1", "an id", Some("id:20")),
    ("hour:24", "24", "an hour from 0 to 23", None),
    ("hour:9-17", "9-17", "an hour from 0 to 23", Some("hour:9..17")),
    // weekdays
    ("weekday:monday", "monday", "called mon", Some("weekday:mon")),
    ("weekday:Mittwoch", "Mittwoch", "called wed", Some("weekday:wed")),
    ("weekday:mon,tue", "mon,tue", "write OR", Some("weekday:(mon OR tue)")),
    ("weekday:fri..mon", "fri..mon", "no range", Some("weekday:(fri OR sat OR sun OR mon)")),
    ("weekday:(mon..tue OR sun)", "mon..tue", "no range", Some("weekday:(mon OR tue OR sun)")),
    ("weekday:someday", "someday", "one of mon", None),
    ("dow:mon", "dow", "Did you mean weekday?", Some("weekday:mon")),
    // dates
    ("created:yesterday", "yesterday", "needs a date", None),
    ("created:2026-1-5", "2026-1-5", "needs a date", Some("created:2026-01-05")),
    ("created:31.1.2026", "31.1.2026", "needs a date", Some("created:2026-01-31")),
    ("created:1/2/2026", "1/2/2026", "needs a date", None),
    ("created:2026-02-30", "2026-02-30", "needs a date", None),
    ("created>7d", "7d", "needs a date", Some("created>now-7d")),
    ("created:now-7d", "now-7d", "single moment", Some("created:now-7d..")),
    ("created:now", "now", "single moment", None),
    ("created:2026-01-01-2026-02-01", "2026-01-01-2026-02-01", "needs", Some("created:2026-01-01..2026-02-01")),
    ("created:2026..2025", "2026..2025", "ends before", Some("created:2025..2026")),
    ("created:now-1d..now-7d", "now-1d..now-7d", "ends before", Some("created:now-7d..now-1d")),
    ("since:yesterday", "yesterday", "needs a date", None),
    // words
    (":)", ":)", "emoticon", None),
    ("nice ;-) day", ";-)", "emoticon", None),
    (":D", ":D", "quote it", Some("\":D\"")),
    ("...", "...", "no letters", None),
    ("rocket & moon", "&", "written AND", Some("rocket AND moon")),
    ("rocket | moon", "|", "written OR", Some("rocket OR moon")),
    ("rocket or moon", "or", "in capitals", Some("rocket OR moon")),
    ("lang:(de or en)", "or", "in capitals", Some("lang:(de OR en)")),
    ("not rocket", "not", "in capitals", Some("NOT rocket")),
    ("!rocket", "!rocket", "write - before it", Some("-rocket")),
    ("ro*ket", "ro*ket", "only at the end", None),
    ("*ket", "*ket", "only at the end", None),
    ("r*", "r*", "two letters", None),
    ("\"\"", "\"\"", "nothing to search for", None),
    ("\" \"", "\" \"", "nothing to search for", None),
    // structure
    ("a \"launch day", "\"launch day", "not closed", Some("a \"launch day\"")),
    ("\"a\\", "\"a\\", "not closed", Some("\"a\\\\\"")),
    ("\"", "\"", "not closed", None),
    ("“launch day", "“launch day", "not closed", Some("\"launch day\"")),
    ("(a OR b", "(a OR b", "not closed", Some("(a OR b)")),
    ("lang:(de", "(de", "not closed", Some("lang:(de)")),
    ("a OR b)", ")", "closes none", Some("a OR b")),
    (")", ")", "closes none", Some("")),
    ("a ()", "()", "nothing between", None),
    ("lang:()", "()", "nothing between", None),
    ("OR", "OR", "before it there is none", Some("")),
    ("OR a", "OR", "before it there is none", Some(" a")),
    ("a OR", "OR", "After OR", Some("a ")),
    ("a OR OR b", "OR", "before it there is none", Some("a OR  b")),
    ("a AND", "AND", "After AND", Some("a ")),
    ("AND a", "AND", "before it", Some(" a")),
    ("a (OR b)", "OR", "before it", Some("a ( b)")),
    ("NOT", "NOT", "After NOT", Some("")),
    ("a NOT", "NOT", "After NOT", Some("a ")),
    ("-", "-", "excludes what follows", None),
    ("a - b", "-", "excludes what follows", None),
    ("- b", "- ", "excludes what follows", Some("-b")),
    ("(-)", "-", "After - a condition", None),
    // several mistakes
    ("likes > 10 and language english", "likes > 10", "without a space", Some("likes>10 AND lang:en")),
    ("rocket and moon or mars", "and", "in capitals", Some("rocket AND moon OR mars")),
    ("moon and language lessons", "and", "in capitals", Some("moon AND language lessons")),
    ("lnag:german likes:many", "lnag", "no column", None),
    ("lang:(from:nasa OR de)", "from:nasa", "only its values", Some("lang:(\"from:nasa\" OR de)")),
];

#[test]
fn a_wrong_text_is_told_where_why_and_what_instead() {
    let wrong: Vec<String> = ERRORS
        .iter()
        .filter_map(|(text, marked, reason, corrected)| {
            let error = match parse(text) {
                Ok(filter) => return Some(format!("{text}  reads as  {filter}")),
                Err(error) => error,
            };
            let as_told = text.get(error.at.clone()) == Some(marked)
                && error.message.contains(reason)
                && error.corrected(text).as_deref() == *corrected;
            let got = || format!("{text}\n    marks {:?}, says {error:?}", text.get(error.at.clone()));
            (!as_told).then(got)
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_filter_has_bounds() {
    let too_long = "é".repeat(2049);
    let error = parse(&too_long).unwrap_err();
    assert_eq!((&too_long[error.at.clone()], error.message.contains("4096 bytes")), ("é", true));
    let odd = format!("a{too_long}");
    assert_eq!(&odd[parse(&odd).unwrap_err().at], "éé");

    assert!(parse(&"a ".repeat(128)).is_ok());
    let error = parse(&"a ".repeat(129)).unwrap_err();
    assert_eq!((error.at, error.message.contains("128 conditions")), (256..257, true));

    let nested = |levels| format!("{}a{}", "(".repeat(levels), ")".repeat(levels));
    assert!(parse(&nested(31)).is_ok());
    assert!(parse(&nested(32)).unwrap_err().message.contains("31 parentheses"));
    assert!(parse(&"(".repeat(4000)).is_err());
    assert!(parse(&"-".repeat(4000)).is_err());
}
