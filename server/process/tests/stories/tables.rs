//! CSV stories.

use crate::common::{Outcome, options, read_bytes, try_read_bytes};
use model::{TweetId, UserId, tweet::ReferenceKind};
use process::Options;

const ID: &str = "570306133677760513";

fn reasons(outcome: &Outcome) -> Vec<(u64, &str)> {
    outcome.rejects.iter().map(|reject| (reject.line, reject.reason.as_str())).collect()
}

#[test]
fn delimiters_quotes_and_escapes() {
    for sign in [",", ";", "\t"] {
        let table = format!(
            "\u{feff}Tweet_ID,Text,\"created_at\"\r\n{ID},\"a, b; c\t\r\n\"\"d\"\" &amp; #e\",2/24/2015 11:35\r\n"
        );
        // The delimiters within quotes stay.
        let table = table.replace("ID,Text,", &format!("ID{sign}Text{sign}"));
        let table = table.replace(&format!("{ID},"), &format!("{ID}{sign}")).replace("#e\",", &format!("#e\"{sign}"));
        let outcome = read_bytes(table.as_bytes());
        assert_eq!(reasons(&outcome), []);
        let tweet = &outcome.rows()[0].tweet;
        assert_eq!(tweet.text, "a, b; c\t\r\n\"d\" & #e");
        assert_eq!(tweet.entities.hashtags[0].tag, "e");
        assert_eq!(tweet.created_at.to_rfc3339(), "2015-02-24T19:35:52.701Z", "no zone: the id knows");
    }
}

#[test]
fn the_columns_of_twarc_are_known() {
    let table = format!(
        "id,author_id,created_at,text,referenced_tweets.quoted.id,public_metrics.like_count,public_metrics.retweet_count,\
         entities.hashtags,author.username,author.public_metrics.followers_count,author.verified,geo.full_name,\
         __twarc.retrieved_at\n\
         {ID},7,2015-02-24T19:35:52.000Z,&lt;3 #a,99,3.0,4,\"[{{\"\"start\"\": 6, \"\"end\"\": 8, \"\"tag\"\": \"\"a\"\"}}]\",@bob,12,\
         True,\"Berlin, Germany\",2021-09-22T16:39:00+00:00\n"
    );
    let outcome = read_bytes(table.as_bytes());
    assert_eq!(reasons(&outcome), []);
    let row = outcome.rows()[0];
    assert_eq!(row.author_id, Some(UserId(7)));
    assert_eq!((row.tweet.metrics.likes, row.tweet.metrics.reposts), (Some(3), Some(4)));
    assert_eq!(row.tweet.reference(ReferenceKind::Quoted), Some(TweetId(99)));
    assert_eq!((row.tweet.entities.hashtags[0].start, row.tweet.entities.hashtags[0].end), (3, 5));
    assert_eq!(row.tweet.place.as_ref().unwrap().name, "Berlin, Germany");
    assert_eq!(row.tweet.version.to_rfc3339(), "2021-09-22T16:39:00.000Z");
    let author = &outcome.batch.authors[0];
    assert_eq!(author.identity.handle.as_deref(), Some("bob"));
    assert_eq!((author.stats.followers, author.stats.verified), (Some(12), Some(true)));
    assert!(row.raw.starts_with(&format!(r#"{{"id":"{ID}","author_id":"7","created_at""#)));
}

#[test]
fn what_a_spreadsheet_has_spoilt_is_rejected() {
    let table = format!(
        "id,text,date\n5.70306E+17,a,\n{ID}{ID},b,\n{ID},#NAME?,\n{ID},,\nabc,c,\n{ID},d,\n{ID}.0,e,\n9999999999999999999,f,\n"
    );
    let outcome = read_bytes(table.as_bytes());
    assert_eq!(outcome.totals.rows, 1);
    let found = reasons(&outcome);
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 8, 9]);
    assert!(found[0].1.contains("was rounded by a spreadsheet (scientific notation)"));
    assert!(found[1].1.ends_with("is not an id (1 to 19 digits)"));
    assert!(found[2].1.contains("#NAME?"));
    assert_eq!(found[3].1, "the row has no text");
    assert_eq!(found[4].1, "\"abc\" is not an id (1 to 19 digits)");
    assert!(found[6].1.contains("is larger than any id of X"));
}

#[test]
fn rounded_ids_hide_neither_behind_an_exact_one_nor_behind_old_ones() {
    let rounded = |n: u64| format!("{},text {n},\n", 570_306_133_677_761_000 + n * 1_000_000);
    let exact: String = (0..100).map(|n| format!("{},text,\n", 570_306_133_677_760_513u64 + n * 7)).collect();
    let small: String = (0..30).map(|n| format!("{},text,2009-01-01\n", 1_000_000_000 + n)).collect();
    let spoilt: String = (0..30).map(rounded).collect();
    let table = format!("id,text,date\n{ID},first,\n{small}{spoilt}{exact}");
    let outcome = read_bytes(table.as_bytes());
    let lines: Vec<_> = outcome.rejects.iter().map(|reject| reject.line).collect();
    assert_eq!(lines[..30], (33..63).collect::<Vec<_>>());
    // Close behind them an id that ends in 0 is not believed either.
    assert!(lines.len() <= 32 && lines[30..].iter().all(|line| *line < 83), "{lines:?}");
}

#[test]
fn rounded_ids_of_authors_are_left_out_and_merge_nobody() {
    let rows: String =
        (0..40).map(|n| format!("{},text,906000000000000000,name{n}\n", 570_306_133_677_760_513u64 + n * 7)).collect();
    let outcome = read_bytes(format!("id,text,author_id,username\n{rows}").as_bytes());
    assert_eq!(outcome.totals.rows, 40);
    assert!(outcome.rows().iter().all(|row| row.author_id.is_none()) && outcome.batch.authors.is_empty());
    let note = &outcome.notes[0].text;
    assert!(note.ends_with("; ids left out of author_id, as they look rounded by a spreadsheet: 40"), "{note}");
    let pandas =
        read_bytes(format!("id,text,author_id,username\n{ID},a,2244994945.0,b\n{ID},a,9.06E+17,b\n").as_bytes());
    let authors: Vec<_> = pandas.rows().iter().map(|row| row.author_id).collect();
    assert_eq!(authors, [Some(UserId(2_244_994_945)), None]);
    assert!(pandas.notes[0].text.ends_with("rounded by a spreadsheet: 1"));
}

#[test]
fn an_author_of_whom_only_the_id_is_told_is_no_observation() {
    let outcome = read_bytes(format!("id,text,author_id\n{ID},a,7\n").as_bytes());
    assert_eq!((outcome.rows()[0].author_id, outcome.batch.authors.len()), (Some(UserId(7)), 0));
}

#[test]
fn row_numbers_are_no_ids() {
    let outcome = read_bytes(b"id,date,text\n1,2020-05-01,a\n2,2009-05-01,b\n");
    assert_eq!(outcome.totals.rows, 1, "the second may be a tweet of 2009");
    let reason = &outcome.rejects[0].reason;
    assert!(
        reason.starts_with("\"1\" is a row number, not a tweet id") && reason.contains("--map id=COLUMN"),
        "{reason}"
    );
}

#[test]
fn an_open_quote_costs_its_row_and_no_other() {
    let rows: String = (0..50).map(|n| format!("{},\"text, {n}\",en\n", 570_306_133_677_760_514u64 + n)).collect();
    let outcome = read_bytes(format!("id,text,lang\n{ID},\"an open quote,en\n{rows}").as_bytes());
    assert_eq!((outcome.totals.rows, outcome.totals.rejected), (50, 1));
    let reject = &outcome.rejects[0];
    assert_eq!(reject.reason, "a quote is opened in line 2 and not closed: line 3 begins the next row");
    assert_eq!(reject.content, format!("{ID},\"an open quote,en\n").into_bytes());
    let long = format!("id,text\n{ID},\"{}\"\n{ID},b\n", "line\n".repeat(10_000));
    let outcome = read_bytes(long.as_bytes());
    assert_eq!(outcome.totals.rows, 1);
    assert!(outcome.rejects[0].reason.starts_with("its text is longer than 30000 characters"));
}

#[test]
fn a_table_without_a_header_is_read_by_position() {
    let table = format!("{ID},neutral,hello there all\n{ID},good,bye\n");
    let error = try_read_bytes(table.as_bytes(), &options()).unwrap_err().to_string();
    assert!(error.contains("no header") && error.contains("--map id=#1 --map text=#3"), "{error}");
    let map = [("id", "#1"), ("text", "#3")].map(|(field, column)| (field.to_owned(), column.to_owned()));
    let outcome = try_read_bytes(table.as_bytes(), &Options { map: map.to_vec(), ..options() }).unwrap();
    let texts: Vec<_> = outcome.rows().iter().map(|row| row.tweet.text.as_str()).collect();
    assert_eq!(texts, ["hello there all", "bye"]);
    let map = vec![("id".to_owned(), "#1".to_owned()), ("text".to_owned(), "body".to_owned())];
    let error = try_read_bytes(table.as_bytes(), &Options { map, ..options() }).unwrap_err().to_string();
    assert!(
        error.contains("no column \"body\" for text") && error.contains("means that there is no header"),
        "{error}"
    );
}

#[test]
fn of_several_columns_the_first_that_is_filled_counts() {
    let table = format!("id,text,note_tweet.text,note_post.text\n{ID},cut,whole,\n{ID},cut,,longer\n{ID},short,NaN,\n");
    let outcome = read_bytes(table.as_bytes());
    let texts: Vec<_> = outcome.rows().iter().map(|row| row.tweet.text.as_str()).collect();
    assert_eq!(texts, ["whole", "longer", "short"]);
}

#[test]
fn a_reference_in_two_columns_is_read() {
    let table = format!("tweet_id,text,sourcetweet_type,sourcetweet_id\n{ID},a,quoted,99\n{ID},b,NA,NA\n");
    let outcome = read_bytes(table.as_bytes());
    assert_eq!(outcome.rows()[0].tweet.reference(ReferenceKind::Quoted), Some(TweetId(99)));
    assert!(outcome.rows()[1].tweet.references.is_empty());
}

#[test]
fn a_table_of_rounded_ids_is_rejected_whole() {
    let rows: String = (0..50).map(|n| format!("{},text {n}\n", 570_306_133_677_000_000u64 + n * 1_000_000)).collect();
    let outcome = read_bytes(format!("id,text\n{rows}").as_bytes());
    assert_eq!((outcome.totals.rows, outcome.totals.rejected), (0, 50));
    assert!(outcome.rejects.iter().all(|reject| reject.reason.starts_with("its id looks rounded")));
}

#[test]
fn rows_that_do_not_fit_the_header_are_rejected_by_line() {
    let table = format!("id,text,lang\n{ID},a,en\n{ID},b, and more,en\n{ID},c,en,,\n{ID},\"d\ne\",en\n{ID},cut o");
    let outcome = read_bytes(table.as_bytes());
    assert_eq!(outcome.totals.rows, 3);
    let lines: Vec<_> = reasons(&outcome).iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 7]);
    assert!(outcome.rejects[0].reason.starts_with("it has 4 columns and the header 3"));
}

#[test]
fn columns_are_named_by_hand() {
    let table = format!("nr;body;who\n{ID};hello;12\n");
    let map = |pairs: &[(&str, &str)]| Options {
        map: pairs.iter().map(|(field, column)| (field.to_string(), column.to_string())).collect(),
        ..options()
    };
    let named = map(&[("id", "nr"), ("text", "BODY"), ("author_id", "who")]);
    let outcome = try_read_bytes(table.as_bytes(), &named).unwrap();
    assert_eq!(outcome.rows()[0].author_id, Some(UserId(12)));
    let error = try_read_bytes(table.as_bytes(), &options()).unwrap_err().to_string();
    assert!(error.contains("test: no column holds the tweet's id") && error.contains("nr, body, who"), "{error}");
    let error = try_read_bytes(table.as_bytes(), &map(&[("id", "number")])).unwrap_err().to_string();
    assert!(error.contains("there is no column \"number\" for id. The columns are: nr, body, who."), "{error}");
}

#[test]
fn other_encodings_are_named() {
    let outcome =
        read_bytes(format!("id,text\n{ID},caf\u{e9}\n").replace('é', "\u{1}").replace('\u{1}', "e").as_bytes());
    assert_eq!(outcome.totals.rows, 1);
    let latin1 = [format!("id,text\n{ID},caf").as_bytes(), &[0xe9, b'\n']].concat();
    assert_eq!(reasons(&read_bytes(&latin1))[0].1, "the column \"text\" is not UTF-8. Save the file as UTF-8");
}
