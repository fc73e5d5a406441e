//! Is the world of the demo reproducible, well-formed and like the real one?

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde_json::Value;
use tweetgen::{Corpus, Profile, Transport, World, write_pages};

const END: i64 = 1_795_435_200_000_000; // 2026-11-23T12:00:00Z
/// Enough tweets for shares to settle.
const MANY: usize = 24_000;
const WEEK: i64 = 7 * 86_400_000_000;

static WORLD: LazyLock<Vec<Value>> = LazyLock::new(|| pages(1, MANY as u64));

fn write(seed: u64, tweets: u64) -> Vec<u8> {
    let mut file = Vec::new();
    let corpus = Corpus::new(World::week(Profile::Demo, seed, tweets, END));
    write_pages(&mut file, &corpus, Transport::Clean).expect("as X sends it");
    file
}

fn pages(seed: u64, tweets: u64) -> Vec<Value> {
    write(seed, tweets)
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("as X sends it"))
        .collect()
}

fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    value.pointer(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn tweets(pages: &[Value]) -> Vec<&Value> {
    pages.iter().flat_map(|page| list(page, "/data")).collect()
}

fn id(tweet: &Value) -> u64 {
    tweet["id"].as_str().expect("as X sends it").parse().expect("as X sends it")
}

#[test]
fn the_same_seed_and_end_give_the_same_bytes_and_another_seed_others() {
    assert_eq!(write(7, 1_000), write(7, 1_000));
    assert_ne!(write(7, 1_000), write(8, 1_000));
}

#[test]
fn every_tweet_appears_once_within_the_seven_days_and_pages_run_forward_in_time() {
    let pages = pages(3, 2_050);
    assert_eq!(pages.len(), 21);
    let mut newest = 0;
    for page in &pages {
        let ids: Vec<u64> = list(page, "/data").iter().map(id).collect();
        assert!(ids.windows(2).all(|pair| pair[0] > pair[1]), "newest first within a page");
        assert!(ids.last() > Some(&newest), "oldest page first");
        newest = ids[0];
        assert_eq!(page["meta"]["newest_id"], ids[0].to_string());
        assert_eq!(page["meta"]["result_count"], ids.len());
    }
    let all: HashSet<u64> = tweets(&pages).into_iter().map(id).collect();
    assert_eq!(all.len(), 2_050);
    let micros = |id: u64| ((id >> 22) as i64 + 1_288_834_974_657) * 1_000;
    assert!(all.iter().all(|&id| (END - WEEK..END).contains(&(micros(id) + 999))));
}

#[test]
fn nothing_is_written_when_no_tweets_are_wanted() {
    assert!(pages(1, 0).is_empty());
}

#[test]
fn entities_stand_where_their_offsets_say_in_code_points() {
    let pages = &*WORLD;
    let included = pages.iter().flat_map(|page| list(page, "/includes/tweets"));
    let mut checked = 0;
    for tweet in tweets(pages).into_iter().chain(included) {
        checked += check_entities(tweet["text"].as_str().unwrap(), &tweet["entities"]);
        if let Some(text) = tweet["note_tweet"]["text"].as_str() {
            checked += check_entities(text, &tweet["note_tweet"]["entities"]);
        }
    }
    assert!(checked > 20_000, "{checked}");
}

fn check_entities(text: &str, entities: &Value) -> usize {
    let characters: Vec<char> = text.chars().collect();
    let slice = |entity: &Value, inclusive: usize| -> String {
        let offset = |name: &str| entity[name].as_u64().expect("as X sends it") as usize;
        characters[offset("start")..offset("end") + inclusive].iter().collect()
    };
    let kinds =
        [("/hashtags", "tag", "#"), ("/cashtags", "tag", "$"), ("/mentions", "username", "@"), ("/urls", "url", "")];
    let mut checked = 0;
    for (path, field, sign) in kinds {
        for entity in list(entities, path) {
            assert_eq!(slice(entity, 0), format!("{sign}{}", entity[field].as_str().expect("as X sends it")), "{text}");
            checked += 1;
        }
    }
    for entity in list(entities, "/annotations") {
        assert_eq!(slice(entity, 1), entity["normalized_text"].as_str().expect("as X sends it"), "{text}");
        checked += 1;
    }
    checked
}

#[test]
fn texts_are_escaped_and_no_longer_than_a_tweet() {
    let pages = &*WORLD;
    for tweet in tweets(pages) {
        let text = tweet["text"].as_str().unwrap();
        assert!(!text.contains(['<', '>']), "{text}");
        let entities: usize = ["&amp;", "&lt;", "&gt;"].iter().map(|name| text.matches(name).count()).sum();
        assert_eq!(text.matches('&').count(), entities, "{text}");
        let shortened = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
        assert!(shortened.chars().count() <= 280, "{text}");
    }
}

fn kind(tweet: &Value) -> &str {
    tweet["referenced_tweets"][0]["type"].as_str().unwrap_or("original")
}

fn share(tweets: &[&Value], matches: impl Fn(&Value) -> bool) -> f64 {
    100.0 * tweets.iter().filter(|tweet| matches(tweet)).count() as f64 / tweets.len() as f64
}

fn assert_near(name: &str, measured: f64, wanted: f64, tolerance: f64) {
    assert!((measured - wanted).abs() <= tolerance, "{name}: {measured} instead of {wanted}");
}

#[test]
fn shares_of_kinds_languages_and_features_are_those_of_the_model() {
    let pages = &*WORLD;
    let all = tweets(pages);
    for (name, wanted) in [("retweeted", 40.0), ("original", 30.0), ("replied_to", 22.0), ("quoted", 8.0)] {
        assert_near(name, share(&all, |tweet| kind(tweet) == name), wanted, 2.0);
    }
    for (lang, wanted) in [("en", 33.0), ("ja", 18.0), ("es", 10.0), ("ar", 8.0), ("pt", 8.0), ("hi", 1.0)] {
        assert_near(lang, share(&all, |tweet| tweet["lang"] == lang), wanted, 2.0);
    }
    let originals: Vec<&Value> = all.iter().copied().filter(|tweet| kind(tweet) == "original").collect();
    assert_near("hashtags", share(&originals, |tweet| tweet["entities"]["hashtags"].is_array()), 26.0, 4.0);
    assert_near("media", share(&originals, |tweet| tweet["attachments"].is_object()), 20.0, 2.0);
    let own: Vec<&Value> = all.iter().copied().filter(|tweet| kind(tweet) != "retweeted").collect();
    assert_near("notes", share(&own, |tweet| tweet["note_tweet"].is_object()), 1.0, 0.5);
    let edited = |tweet: &Value| list(tweet, "/edit_history_tweet_ids").len() > 1;
    assert_near("edits", share(&own, edited), 0.5, 0.3);
}

#[test]
fn most_authors_write_little_and_a_few_write_much() {
    let pages = &*WORLD;
    let mut per_author: HashMap<&str, u64> = HashMap::new();
    for tweet in tweets(pages) {
        *per_author.entry(tweet["author_id"].as_str().unwrap()).or_default() += 1;
    }
    let mut counts: Vec<u64> = per_author.into_values().collect();
    counts.sort_unstable();
    let mean = MANY as f64 / counts.len() as f64;
    assert_eq!(counts[counts.len() / 2], 2, "median; mean {mean}");
    assert_near("mean", mean, 8.0, 2.0);
    assert!(counts[counts.len() - 1] < MANY as u64 * 3 / 100, "nobody writes 3 % of everything: {counts:?}");
}

#[test]
fn references_point_back_and_are_included_with_their_authors() {
    for page in pages(4, 3_000) {
        let names = |path: &str, field: &str| -> HashSet<String> {
            list(&page, path).iter().map(|object| object[field].as_str().unwrap().to_owned()).collect()
        };
        let (included, users) = (names("/includes/tweets", "id"), names("/includes/users", "id"));
        let media = names("/includes/media", "media_key");
        for tweet in list(&page, "/data") {
            assert!(users.contains(tweet["author_id"].as_str().unwrap()));
            for reference in list(tweet, "/referenced_tweets") {
                let target = reference["id"].as_str().unwrap();
                assert!(included.contains(target) && target.parse::<u64>().unwrap() < id(tweet));
            }
            for mention in list(tweet, "/entities/mentions") {
                assert!(users.contains(mention["id"].as_str().unwrap()));
            }
            for key in list(tweet, "/attachments/media_keys") {
                assert!(media.contains(key.as_str().unwrap()));
            }
        }
    }
}

#[test]
fn events_make_the_rate_jump_and_share_a_hashtag() {
    let pages = &*WORLD;
    let mut minutes: HashMap<u64, Vec<&Value>> = HashMap::new();
    for tweet in tweets(pages) {
        minutes.entry((id(tweet) >> 22) / 60_000).or_default().push(tweet);
    }
    let busiest = minutes.values().max_by_key(|tweets| tweets.len()).unwrap();
    assert!(busiest.len() > 15, "a usual minute has two: {}", busiest.len());
    let mut tags: HashMap<&str, usize> = HashMap::new();
    for tag in busiest.iter().flat_map(|tweet| list(tweet, "/entities/hashtags")) {
        *tags.entry(tag["tag"].as_str().unwrap()).or_default() += 1;
    }
    assert!(tags.values().max() > Some(&(busiest.len() / 5)), "{tags:?}");
}

#[test]
fn handles_are_unique_and_as_x_allows_them() {
    let pages = &*WORLD;
    let mut handles: HashMap<&str, &str> = HashMap::new();
    for user in pages.iter().flat_map(|page| list(page, "/includes/users")) {
        let (handle, id) = (user["username"].as_str().unwrap(), user["id"].as_str().unwrap());
        assert!(handle.len() <= 15 && handle.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{handle}");
        assert_eq!(*handles.entry(handle).or_insert(id), id);
    }
    assert_eq!(handles.values().collect::<HashSet<_>>().len(), handles.len());
}

#[test]
fn a_small_corpus_goes_on_however_far_back_it_is_asked() {
    let corpus = Corpus::new(World::week(Profile::Demo, 1, 1_500, END));
    let years = corpus.ordinals(END - 100 * WEEK, END);
    assert!(years.start < -147_000, "{years:?}");
    let retweets = years.clone().filter(|&ordinal| corpus.writer(ordinal).1 == tweetgen::Kind::Retweet).count();
    let share = retweets as f64 / (years.end - years.start) as f64;
    assert!((share - 0.4).abs() < 0.01, "{share}");
    let oldest = corpus.ordinals(1_289_001_600_000_000, END).start;
    assert!((1_289_001_600_000_000..END - 830 * WEEK).contains(&corpus.micros_of(oldest)));
}
