use super::*;
use model::columns::find;

/// The filter after a form was sent, or what is wrong with it.
fn after(q: &str, name: &str, form: &str) -> Result<String, String> {
    let (filter, column, sent) = (filter::parse(q).unwrap(), find(name).unwrap(), Sent::read(form));
    let part = sent.part(&filter, column);
    Ok(match sent.wanted(column)? {
        Some(Wanted::Condition(condition)) => joined(&filter, column, part, &sent, condition).to_string(),
        Some(Wanted::Top { place, highest }) => format!("top {place} {highest}"),
        None => "nothing".to_owned(),
    })
}

fn q(q: &str, name: &str, form: &str) -> String {
    after(q, name, form).unwrap()
}

#[test]
fn limits_replace_what_was_asked_of_a_number_before() {
    assert_eq!(q("moon likes>9", "likes", "set=range&from=50&to="), "moon likes>=50");
    assert_eq!(q("likes>9", "likes", "set=range&from=5&to=9"), "likes>=5 likes<=9");
    assert_eq!(q("likes>9", "likes", "set=range&from=&to="), "nothing");
    assert_eq!(q("", "likes", "set=compare&how=not&value=5"), "-likes:5");
    assert_eq!(q("", "likes", "set=compare&how=<&value=5"), "likes<5");
    assert_eq!(q("", "engagement", "set=compare&how=>&value=0.25"), "engagement>0.25");
    assert_eq!(q("", "likes", "set=top&count=1,000&how=lowest"), "top 1000 false");
    assert!(after("", "likes", "set=range&from=many").unwrap_err().contains("many"));
}

#[test]
fn times_are_days_moments_or_lengths() {
    assert_eq!(
        q("moon created:2025", "created", "set=range&from=2026-01-01&to=2026-02-01T10:30"),
        "moon created>=2026-01-01 created<=2026-02-01T10:30"
    );
    assert_eq!(q("", "created", "set=last&count=3&unit=w"), "created>=now-3w");
    assert!(after("", "created", "set=last&count=none").is_err());
}

#[test]
fn words_join_those_chosen_before_or_replace_the_one_that_is_edited() {
    assert_eq!(q("lang:de", "lang", "set=compare&how=is&value=en"), "lang:(de OR en)");
    assert_eq!(q("lang:de", "lang", "set=compare&how=is&value=de"), "lang:de");
    assert_eq!(q("lang:de", "lang", "set=compare&how=not&value=de"), "-lang:de");
    assert_eq!(q("lang:de moon", "lang", "set=compare&how=is&value=en&part=0"), "lang:en moon");
    assert_eq!(q("lang:de moon", "lang", "set=compare&how=is&value=en&part=1"), "lang:(de OR en) moon");
    assert_eq!(q("", "hashtag", "set=compare&how=is&value=%23Moon"), "#moon");
    assert_eq!(q("moon", "text", "set=compare&how=is&value=launch+day"), "moon \"launch day\"");
    assert_eq!(q("", "text", "set=compare&how=not&value=a+OR+b"), "-\"a OR b\"");
    assert_eq!(q("", "text", "set=compare&how=starts&value=lau"), "lau*");
    assert_eq!(q("", "place", "set=compare&how=starts-not&value=Ber"), "-place:Ber*");
}

#[test]
fn a_pasted_list_is_one_condition_and_the_filters_limit_holds() {
    assert_eq!(q("lang:fr", "lang", "set=list&list=de%0D%0Aen,+de%0A%0Aja"), "lang:(de OR en OR ja)");
    assert_eq!(q("", "id", "set=list&how=none&list=12%0A13"), "-id:(12 OR 13)");
    assert_eq!(q("", "text", "set=list&list=moon%0Alaunch+day"), "moon OR \"launch day\"");
    let many: Vec<String> = (0..129).map(|number| format!("tag{number}")).collect();
    let refused = after("", "hashtag", &format!("set=list&list={}", many.join("%0A"))).unwrap_err();
    assert_eq!(refused, "The list has 129 values; a filter has at most 128 conditions. Take fewer, or ask in parts.");
}

#[test]
fn checked_values_are_any_all_or_none() {
    assert_eq!(q("moon #x", "hashtag", "set=values&v=a&v=b&how=any"), "moon hashtag:(a OR b)");
    assert_eq!(q("#x", "hashtag", "set=values&v=a&v=b&how=all"), "#a #b");
    assert_eq!(q("#x", "hashtag", "set=values&v=a&v=b&how=none"), "-hashtag:(a OR b)");
    assert_eq!(q("", "sensitive", "set=values&v=yes"), "is:sensitive");
}

#[test]
fn the_forms_show_what_the_filter_has() {
    let shown = |q: &str, name: &str, part| super::shown(&filter::parse(q).unwrap(), find(name).unwrap(), part);
    let likes = shown("likes>=5 likes<=9", "likes", None);
    assert_eq!((likes.from.as_str(), likes.to.as_str()), ("5", "9"));
    assert_eq!(shown("likes:5..9", "likes", None).to, "9");
    assert_eq!((shown("likes>5", "likes", None).how, shown("-likes:5", "likes", None).how), (">", "not"));
    let text = shown("moon -\"launch day\"", "text", Some(1));
    assert_eq!((text.how, text.value.as_str()), ("not", "launch day"));
    assert_eq!(shown("moon", "text", None).value, "");
    let many = shown("-lang:(de OR en)", "lang", Some(0));
    assert_eq!((many.mode, many.list), ("none", vec!["de".to_owned(), "en".to_owned()]));
    assert_eq!(shown("#a #b", "hashtag", None).mode, "all");
}
