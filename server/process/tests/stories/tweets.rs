//! What a tweet becomes.

use crate::common::NOW;
use model::{
    TweetId, UserId,
    observed::Role,
    tweet::{Reference, ReferenceKind, Tag},
};
use process::{DecodedPage, decode_page};

fn page(json: &str) -> DecodedPage {
    decode_page(json.as_bytes(), NOW).unwrap()
}

const CREATED: &str = r#""created_at":"2020-01-01T00:00:00.000Z""#;

#[test]
fn both_vocabularies_say_the_same() {
    let new = r#"{"data":[{"id":"1","text":"RT @b: lo…","created_at":"2020-01-01T00:00:00Z","referenced_posts":[{"type":"retweeted","id":"2"}],
        "edit_history_post_ids":["1"],"public_metrics":{"repost_count":3,"bookmark_count":1}}],
        "includes":{"posts":[{"id":"2","text":"long","created_at":"2020-01-01T00:00:00Z","note_post":{"text":"longer &amp; longer #x","entities":{"hashtags":[{"start":20,"end":22,"tag":"x"}]}}}],
        "users":[{"id":"5","username":"b","public_metrics":{"post_count":9}}]}}"#;
    let mut old = new.to_owned();
    for word in ["referenced_", "edit_history_", "note_", "\""] {
        for end in ["posts\":", "post_ids", "post\":"] {
            old = old.replace(&format!("{word}{end}"), &format!("{word}{}", end.replace("post", "tweet")));
        }
    }
    let old = old.replace("repost_count", "retweet_count").replace("post_count", "tweet_count");
    assert!(!old.contains("post"), "{old}");
    let (new, old) = (page(new), page(&old));
    let plain = |page: &DecodedPage| page.batch.tweets.iter().map(|tweet| tweet.tweet.clone()).collect::<Vec<_>>();
    assert_eq!(plain(&new), plain(&old));
    assert_eq!(new.batch.authors, old.batch.authors);
    let row = &new.batch.tweets[0];
    assert_eq!((row.role, new.batch.tweets[1].role), (Role::Row, Role::Context));
    assert_eq!(row.tweet.text, "RT @b: longer & longer #x");
    assert_eq!(row.tweet.entities.hashtags, [Tag { start: 23, end: 25, tag: "x".into() }]);
    assert_eq!(row.tweet.metrics.reposts, Some(3));
    assert_eq!(new.batch.authors[0].stats.tweets, Some(9));
}

#[test]
fn of_two_spellings_the_current_one_wins() {
    let json = format!(
        r#"{{"data":{{"id":"9","text":"a",{CREATED},"referenced_tweets":[{{"type":"quoted","id":"1"}}],"referenced_posts":[{{"type":"quoted","id":"2"}}],
        "public_metrics":{{"retweet_count":1,"repost_count":2}}}}}}"#
    );
    let tweet = &page(&json).batch.tweets[0].tweet;
    assert_eq!(tweet.references, [Reference { kind: ReferenceKind::Quoted, id: TweetId(2) }]);
    assert_eq!(tweet.metrics.reposts, Some(2));
}

#[test]
fn odd_fields_lose_no_tweet() {
    let json = format!(
        r#"{{"data":[{{"id":9,"text":"a #b","lang":{{}},"possibly_sensitive":"true",{CREATED},"edit_controls":{{"edits_remaining":"4"}},
        "entities":{{"hashtags":{{}},"mentions":null,"urls":[7,null,{{"start":"x"}}],"cashtags":"none"}},"attachments":[],"geo":"",
        "public_metrics":{{"like_count":"7","reply_count":-1,"quote_count":null}},"edit_history_tweet_ids":[""],
        "referenced_tweets":{{}},"author_id":null,"note_tweet":{{}},"withheld":{{"country_codes":["DE","FR"]}},"conversation_id":"x"}}],
        "includes":{{"users":{{}},"tweets":{{}},"media":7}},"errors":{{}}}}"#
    );
    let page = page(&json);
    assert_eq!(page.rejected, []);
    let tweet = &page.batch.tweets[0].tweet;
    assert_eq!((tweet.id, tweet.metrics.likes, tweet.sensitive), (TweetId(9), Some(7), Some(true)));
    assert_eq!(tweet.withheld_in, ["DE", "FR"]);
    assert!(tweet.edit_history.is_empty() && tweet.references.is_empty() && tweet.entities.is_empty());
}

#[test]
fn half_an_emoji_and_double_keys_lose_no_tweet() {
    let json = format!(
        r#"{{"data":[{{"id":"1","text":"a \ud83d","lang":"en","lang":"de",{CREATED}}},{{"id":"2","text":"b",{CREATED}}}]}}"#
    );
    let page = page(&json);
    let texts: Vec<_> = page.batch.tweets.iter().map(|tweet| tweet.tweet.text.as_str()).collect();
    assert_eq!(texts, ["a \u{fffd}", "b"]);
    assert!(page.batch.tweets[0].raw.contains("\\ud83d"), "the raw tweet stays as it came");
}

#[test]
fn the_id_tells_the_time_where_created_at_does_not() {
    let tweet = |json: &str| page(json).batch.tweets[0].tweet.created_at.to_rfc3339();
    assert!(tweet(r#"{"data":{"id":"570306133677760513","text":"a"}}"#).starts_with("2015-02-24T19:35:52."));
    assert!(tweet(r#"{"data":{"id":"570306133677760513","text":"a","created_at":"?"}}"#).starts_with("2015-02-24"));
    assert!(page(r#"{"data":{"id":"20","text":"a"}}"#).rejected[0].reason.contains("too old"));
}

#[test]
fn the_meta_and_the_errors_of_a_page_are_told() {
    let page = page(
        r#"{"meta":{"newest_id":"9","oldest_id":"1","result_count":2,"next_token":"abc"},"errors":[{"title":"Not Found Error"}]}"#,
    );
    assert_eq!((page.meta.newest_id, page.meta.result_count), (Some(TweetId(9)), Some(2)));
    assert_eq!((page.meta.next_token.as_deref(), page.partial_errors), (Some("abc"), 1));
}

#[test]
fn a_row_is_not_context_as_well() {
    let one = format!(r#"{{"id":"1","text":"a",{CREATED}}}"#);
    let page = page(&format!(r#"{{"data":[{one}],"includes":{{"tweets":[{one}]}}}}"#));
    assert_eq!(page.batch.tweets.len(), 1);
    assert_eq!(page.batch.tweets[0].role, Role::Row);
    assert_eq!(page.batch.tweets[0].raw, one);
}

#[test]
fn polls_places_and_media_are_looked_up() {
    let json = format!(
        r#"{{"data":[{{"id":"1","text":"a",{CREATED},"attachments":{{"media_keys":["3_1","7_2","16_9"],"poll_ids":["5"]}},"geo":{{"place_id":"p"}},"in_reply_to_user_id":"8","paid_partnership":true}}],
        "includes":{{"media":[{{"media_key":"3_1","type":"photo","alt_text":"a cat","url":"u"}},{{"media_key":"7_2","type":"video","duration_ms":1500}}],
        "polls":[{{"id":"5","options":[{{"position":1,"label":"yes","votes":3}},{{"position":2,"label":"no","votes":0}}]}}],
        "places":[{{"id":"p","full_name":"Bonn, Germany","country_code":"DE"}}]}}}}"#
    );
    let page = page(&json);
    let row = &page.batch.tweets[0];
    let kinds: Vec<_> = row.tweet.media.iter().map(|media| media.kind.as_str()).collect();
    assert_eq!(kinds, ["photo", "video", "animated_gif"]);
    assert_eq!(row.tweet.media[0].alt_text.as_deref(), Some("a cat"));
    assert_eq!(row.tweet.media[1].duration_ms, Some(1500));
    assert_eq!(row.tweet.poll.as_ref().unwrap().options, [("yes".to_owned(), 3), ("no".to_owned(), 0)]);
    assert_eq!(row.tweet.place.as_ref().unwrap().country.as_deref(), Some("DE"));
    assert_eq!((row.reply_to_user_id, row.tweet.paid_partnership), (Some(UserId(8)), Some(true)));
}

#[test]
fn verified_holds_in_either_way() {
    let verified = |fields: &str| {
        let json = format!(r#"{{"data":[],"includes":{{"users":[{{"id":"1","username":"a"{fields}}}]}}}}"#);
        page(&json).batch.authors[0].stats.verified
    };
    assert_eq!(verified(""), None);
    assert_eq!(verified(r#","verified":false"#), Some(false));
    assert_eq!(verified(r#","verified":false,"verified_type":"blue""#), Some(true));
    assert_eq!(verified(r#","verified_type":"none""#), Some(false));
}

#[test]
fn a_user_of_whom_only_the_id_is_told_is_no_observation() {
    let page = page(&format!(
        r#"{{"data":[{{"id":"1","text":"a","author_id":"7",{CREATED},"author":{{"id":"7"}}}}],"includes":{{"users":[{{"id":"7"}},{{"id":"8","name":""}}]}}}}"#
    ));
    assert_eq!((page.batch.tweets[0].author_id, page.batch.authors.len()), (Some(UserId(7)), 0));
}

#[test]
fn no_text_holds_nul() {
    let json = format!(
        r#"{{"data":{{"id":"1","text":"a\u0000b","lang":"e\u0000","source":"\u0000x",{CREATED},"geo":{{"full_name":"B\u0000"}},
        "context_annotations":[{{"entity":{{"name":"n\u0000"}}}}],"withheld":{{"country_codes":["D\u0000"]}},"author":{{"id":"7","name":"u\u0000"}}}}}}"#
    );
    let page = page(&json);
    let tweet = format!("{:?}{:?}", page.batch.tweets[0].tweet, page.batch.authors);
    assert!(!tweet.contains("\\0") && tweet.matches('\u{fffd}').count() == 7, "{tweet}");
}

#[test]
fn a_date_counts_with_its_zone_else_the_id_does() {
    let tweet = |date: &str| {
        let json = format!(r#"{{"data":{{"id":"570306133677760513","text":"a","created_at":"{date}"}}}}"#);
        page(&json).batch.tweets[0].tweet.created_at.to_rfc3339()
    };
    assert_eq!(tweet("2015-02-24T19:35:52.000Z"), "2015-02-24T19:35:52.000Z");
    assert_eq!(tweet("2019-02-24T19:35:52.000Z"), "2019-02-24T19:35:52.000Z");
    assert_eq!(tweet("2/24/15 11:35"), "2015-02-24T19:35:52.701Z");
}
