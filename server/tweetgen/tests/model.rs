//! Does a measured world keep the rules of its model?

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use tweetgen::{
    Corpus, Kind, Planted, Profile, Reason, Transport, World, as_they_arrive, check, comes_twice, in_order,
    write_lines, write_pages,
};

const END: i64 = 1_795_435_200_000_000; // 2026-11-23T12:00:00Z
const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;

fn corpus(profile: Profile, tweets: u64) -> Corpus {
    Corpus::new(World::week(profile, 1, tweets, END))
}

fn failed(profile: Profile, tweets: u64) -> Vec<String> {
    let rows = check(&World::week(profile, 1, tweets, END)).expect("pages that can be read");
    assert!(rows.len() > 15, "{rows:?}");
    rows.iter().filter(|row| row.ok == Some(false)).map(ToString::to_string).collect()
}

#[test]
fn twenty_thousand_tweets_are_like_real_ones_as_far_as_they_can_tell() {
    for profile in [Profile::Demo, Profile::Lean, Profile::Full] {
        assert_eq!(failed(profile, 20_000), Vec::<String>::new(), "{profile:?}");
    }
}

#[test]
#[ignore = "takes minutes: make test-long"]
fn a_million_tweets_are_like_real_ones_in_everything_that_is_checked() {
    for profile in [Profile::Lean, Profile::Full] {
        let rows = check(&World::week(profile, 1, 1_000_000, END)).unwrap();
        let others: Vec<String> = rows.iter().filter(|row| row.ok != Some(true)).map(ToString::to_string).collect();
        assert_eq!(others, Vec::<String>::new(), "{profile:?}");
    }
}

#[test]
fn any_tweet_is_the_same_whether_those_before_it_were_made_or_not() {
    let corpus = corpus(Profile::Full, 2_000);
    let all: Vec<String> = corpus.first_week().map(|ordinal| corpus.record(ordinal).tweet.text).collect();
    for ordinal in [1_999, 0, 777] {
        let other = self::corpus(Profile::Full, 2_000);
        assert_eq!(other.record(ordinal).tweet.text, all[ordinal as usize]);
    }
}

#[test]
fn retweets_repeat_recent_tweets_of_their_language_and_popular_ones_often() {
    let corpus = corpus(Profile::Full, 20_000);
    let mut times: HashMap<i64, u32> = HashMap::new();
    for ordinal in corpus.first_week() {
        let record = corpus.record(ordinal);
        let Some(target) = record.target else { continue };
        assert!(target < ordinal && ordinal - target < 6_000, "{ordinal} refers to {target}");
        if record.kind == Kind::Retweet {
            let original = record.original.unwrap();
            assert_eq!(original.tweet.lang, record.tweet.lang);
            assert_ne!(original.kind, Kind::Retweet);
            *times.entry(target).or_default() += 1;
        }
    }
    assert!(times.values().max() > Some(&15), "{:?}", times.values().max());
}

#[test]
fn a_stream_is_nearly_in_order_and_a_few_tweets_are_late() {
    let corpus = corpus(Profile::Lean, 20_000);
    let arrivals: Vec<i64> = as_they_arrive(&corpus, Transport::Clean).map(|delivery| delivery.ordinal).collect();
    assert_eq!(arrivals.iter().collect::<HashSet<_>>().len(), 20_000);
    let mut newest = 0;
    let mut late = 0;
    for ordinal in arrivals {
        let micros = corpus.micros_of(ordinal);
        assert!(micros > newest - 5 * MINUTE, "no later than five minutes");
        late += usize::from(micros < newest - 2_000_000);
        newest = newest.max(micros);
    }
    assert!((40..=110).contains(&late), "0.5 % of 20,000, of which some are overtaken by nobody: {late}");
}

#[test]
fn of_a_hundred_tweets_eight_come_twice_and_the_caller_knows_which() {
    let corpus = corpus(Profile::Lean, 2_050);
    let mut known = HashSet::new();
    let again: Vec<i64> = in_order(&corpus, Transport::Faulty)
        .filter(|delivery| !known.insert(delivery.ordinal))
        .map(|delivery| delivery.ordinal)
        .collect();
    let said: Vec<i64> = corpus.first_week().filter(|&ordinal| comes_twice(&corpus, ordinal)).collect();
    assert_eq!(known.len(), 2_050);
    assert_eq!(again.iter().collect::<HashSet<_>>(), said.iter().collect());
    assert_eq!(again.len(), 20 * 8);
}

#[test]
fn what_is_removed_is_told_as_x_tells_it_and_what_is_left_is_known() {
    let corpus = corpus(Profile::Full, 10_000);
    let month_later = END + 40 * DAY;
    let events: HashMap<u64, Reason> =
        corpus.compliance(corpus.first_week(), month_later).map(|event| (event.id.0, event.reason)).collect();
    let left: Vec<_> = corpus.final_tweets(corpus.first_week(), month_later).collect();
    let removed = events.values().filter(|reason| reason.removes()).count();
    assert_eq!(left.len() + removed, 10_000);
    assert!((1_000..=2_100).contains(&removed), "10 %, with retweets of them and authors who are gone: {removed}");
    for tweet in &left {
        let reason = events.get(&tweet.id.0);
        assert!(reason.is_none_or(|reason| !reason.removes()));
        assert_eq!(tweet.is_scrubbed, reason == Some(&Reason::ScrubGeo));
        assert_eq!(tweet.is_withheld, reason == Some(&Reason::Withheld));
    }
    let reasons: HashSet<&str> = events.values().map(|reason| reason.name()).collect();
    assert_eq!(reasons, HashSet::from(["deleted", "protected", "suspended", "scrub_geo", "withheld"]));
    assert!(corpus.compliance(corpus.first_week(), END - 8 * DAY).next().is_none(), "nothing happens before");
    let event = corpus.compliance(corpus.first_week(), month_later).find(|event| event.reason == Reason::Deleted);
    let line = event.unwrap().line();
    assert_eq!((&line["action"], &line["reason"]), (&"delete".into(), &"deleted".into()));
    assert!(corpus.account_compliance(month_later).all(|event| event.reason.removes()));
}

#[test]
fn edited_tweets_come_with_their_earlier_versions_in_a_stream() {
    let corpus = corpus(Profile::Lean, 10_000);
    let left = corpus.final_tweets(corpus.first_week(), END - 8 * DAY);
    let edited: HashMap<String, usize> = left
        .filter(|tweet| !tweet.earlier.is_empty())
        .map(|tweet| (tweet.id.0.to_string(), tweet.earlier.len()))
        .collect();
    assert!((5..=30).contains(&edited.len()), "0.5 % of 3,000 originals: {}", edited.len());
    let mut file = Vec::new();
    write_lines(&mut file, &corpus, Transport::Clean).unwrap();
    let lines = String::from_utf8(file).unwrap();
    let mut ids = HashSet::new();
    let mut seen = 0;
    for line in lines.split("\r\n").filter(|line| !line.is_empty()) {
        let tweet = &serde_json::from_str::<Value>(line).unwrap()["data"];
        let id = tweet["id"].as_str().unwrap().to_owned();
        let history = tweet["edit_history_tweet_ids"].as_array().unwrap();
        assert!(history[..history.len() - 1].iter().all(|earlier| ids.contains(earlier.as_str().unwrap())));
        assert_eq!(history.last().unwrap(), &id);
        if let Some(&versions) = edited.get(&id) {
            assert_eq!(history.len(), versions + 1);
            seen += 1;
        }
        assert!(ids.insert(id), "each version once");
    }
    assert_eq!(seen, edited.len());
}

#[test]
fn canaries_are_where_they_are_said_to_be_and_no_two_are_alike() {
    let corpus = corpus(Profile::Full, 20_000);
    let mut file = Vec::new();
    write_pages(&mut file, &corpus, Transport::Clean).unwrap();
    let pages = String::from_utf8(file).unwrap();
    let canaries: Vec<_> = corpus.canaries().collect();
    let markers: HashSet<&str> = canaries.iter().map(|canary| canary.marker.as_str()).collect();
    assert_eq!(markers.len(), canaries.len());
    let (texts, names): (Vec<_>, Vec<_>) = canaries.iter().partition(|canary| matches!(canary.place, Planted::Text(_)));
    assert_eq!(texts.len(), 20);
    assert!(texts.iter().all(|canary| pages.contains(&canary.marker)));
    assert!(names.iter().any(|canary| pages.contains(&format!("\"name\":\"{}\"", canary.marker))));
    assert_eq!(self::corpus(Profile::Demo, 20_000).canaries().count(), 0, "people look at the demo");
}

#[test]
fn a_faulty_transport_leaves_something_out_says_so_and_adds_what_nobody_knows() {
    let corpus = corpus(Profile::Full, 20_000);
    let mut file = Vec::new();
    write_pages(&mut file, &corpus, Transport::Faulty).unwrap();
    let text = String::from_utf8(file).unwrap();
    let mut faults: HashMap<&str, usize> = HashMap::new();
    for line in text.lines() {
        // half a character is no JSON that serde reads
        let Ok(page) = serde_json::from_str::<Value>(&line.replace("\\ud83d", "?")) else { panic!("{line}") };
        let included = page["includes"]["tweets"].as_array().unwrap();
        let users = page["includes"]["users"].as_array().unwrap();
        if let Some(error) = page["errors"].get(0) {
            *faults.entry("errors").or_default() += 1;
            assert!(included.iter().all(|tweet| tweet["id"] != error["resource_id"]));
        }
        let tweets = page["data"].as_array().unwrap();
        let is_missing = |tweet: &Value| users.iter().all(|user| user["id"] != tweet["author_id"]);
        *faults.entry("users").or_default() += usize::from(tweets.iter().any(is_missing));
        *faults.entry("unknown").or_default() += usize::from(tweets[0]["reactions"].is_object());
        *faults.entry("null").or_default() += usize::from(tweets[0].get("withheld").is_some_and(Value::is_null));
        *faults.entry("absent").or_default() += usize::from(tweets[0].get("edit_controls").is_none());
    }
    assert!(faults.len() == 5 && faults.values().all(|&count| count > 2), "{faults:?}");
    for hostile in [" \\ud83d\"", "\"lang\":\"zz\"", "[[[[[[", "123456789012345678901234567890"] {
        assert!(text.contains(hostile), "{hostile}");
    }
}
