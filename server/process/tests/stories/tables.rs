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
        assert_eq!(tweet.created_at.to_rfc3339(), "2015-02-24T11:35:00.000Z");
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
        "id,text,date\n5.70306E+17,a,\n570306133677760000,b,2016-02-24\n{ID},#NAME?,\n{ID},,\nabc,c,\n{ID},d,\n{ID}.0,e,\n"
    );
    let outcome = read_bytes(table.as_bytes());
    assert_eq!(outcome.totals.rows, 1);
    let found = reasons(&outcome);
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 8]);
    assert!(found[0].1.contains("was rounded by a spreadsheet (scientific notation)"));
    assert!(found[1].1.starts_with("its id looks rounded by a spreadsheet"));
    assert!(found[2].1.contains("#NAME?"));
    assert_eq!(found[3].1, "the row has no text");
    assert_eq!(found[4].1, "\"abc\" is not an id (1 to 19 digits)");
}

#[test]
fn a_table_of_rounded_ids_is_rejected_whole() {
    let rows: String = (0..50).map(|n| format!("{},text {n}\n", 570_306_133_677_000_000u64 + n * 1_000_000)).collect();
    let outcome = read_bytes(format!("id,text\n{rows}").as_bytes());
    assert_eq!((outcome.totals.rows, outcome.totals.rejected), (0, 50));
    assert!(outcome.rejects.iter().all(|reject| reject.reason.contains("looks rounded by a spreadsheet")));
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
