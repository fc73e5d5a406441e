//! Stories over the real files, counted independently by plain `serde_json::Value`.

use crate::common::{self, Outcome, read_path, read_paths, shared_data};
use model::{
    TweetId,
    observed::ObservedTweet,
    tweet::{ReferenceKind, Tag},
};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

/// Lines that are JSON.
fn values(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn data(page: &Value) -> Vec<Value> {
    match &page["data"] {
        Value::Array(list) => list.clone(),
        Value::Object(_) => vec![page["data"].clone()],
        _ => vec![],
    }
}

fn ids<'v>(tweets: impl IntoIterator<Item = &'v Value>) -> Vec<TweetId> {
    tweets.into_iter().map(|tweet| tweet["id"].as_str().unwrap().parse().unwrap()).collect()
}

fn row_ids(outcome: &Outcome) -> Vec<TweetId> {
    outcome.rows().iter().map(|tweet| tweet.tweet.id).collect()
}

/// Every page of a file: ids of rows in order, context without the rows, each id of a page once.
fn check_pages(path: &Path) -> Outcome {
    let outcome = read_path(path);
    let (mut rows, mut context, mut errors) = (vec![], 0, 0);
    for page in values(path) {
        let of_page = ids(&data(&page));
        let seen: HashSet<_> = of_page.iter().copied().collect();
        let included = page["includes"]["tweets"].as_array().cloned().unwrap_or_default();
        context += ids(&included).into_iter().filter(|id| !seen.contains(id)).collect::<HashSet<_>>().len();
        rows.extend(of_page);
        errors += page["errors"].as_array().map_or(0, Vec::len);
    }
    assert_eq!(row_ids(&outcome), rows, "{}", path.display());
    assert_eq!(outcome.context(), context, "{}", path.display());
    assert_eq!(outcome.partial_errors, errors as u64);
    assert_eq!(outcome.bytes, fs::metadata(path).unwrap().len());
    outcome
}

fn v2_files(data: &Path) -> Vec<PathBuf> {
    let csv = ["2sets", "brexit", "kpop", "entities_test", "media_policy_violation_off", "edited", "edited_before"];
    let more = ["edited_after", "cashtags", "cotweet", "many_urls", "media_tweet", "mentions_tweet", "two_tweets"];
    let names = csv.into_iter().chain(more).chain(["verified_type"]);
    let files = names.map(|name| data.join(format!("twarc-csv/{name}.jsonl")));
    files
        .chain(["example", "search_example"].map(|name| data.join(format!("twarc2sql/tests/data/{name}.jsonl"))))
        .collect()
}

#[test]
fn every_page_is_read_whole() {
    let Some(data) = shared_data() else { return };
    let expected = [200, 100, 100, 474, 100, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 100, 500];
    for (file, rows) in v2_files(&data).iter().zip(expected) {
        let outcome = check_pages(file);
        assert_eq!(outcome.totals.read, rows, "{}", file.display());
        assert_eq!(outcome.totals.rejected, 0);
    }
}

#[test]
fn every_field_of_the_pages_is_kept() {
    let Some(data_folder) = shared_data() else { return };
    for file in v2_files(&data_folder) {
        let outcome = read_path(&file);
        let rows = outcome.rows();
        let raw: Vec<Value> = values(&file).iter().flat_map(data).collect();
        for (tweet, raw) in rows.into_iter().zip(&raw) {
            check_fields(tweet, raw);
        }
    }
}

fn check_fields(observed: &ObservedTweet, raw: &Value) {
    let tweet = &observed.tweet;
    assert_eq!(serde_json::from_str::<Value>(&observed.raw).unwrap(), *raw);
    assert_eq!(tweet.created_at.to_rfc3339(), raw["created_at"].as_str().unwrap());
    assert_eq!(tweet.lang.as_deref(), raw["lang"].as_str());
    assert_eq!(observed.author_id.unwrap().to_string(), raw["author_id"].as_str().unwrap());
    assert_eq!(tweet.metrics.likes, raw["public_metrics"]["like_count"].as_u64());
    assert_eq!(tweet.metrics.reposts, raw["public_metrics"]["retweet_count"].as_u64());
    assert_eq!(tweet.metrics.views, raw["public_metrics"]["impression_count"].as_u64());
    assert_eq!(tweet.sensitive, raw["possibly_sensitive"].as_bool());
    assert_eq!(tweet.edit_history.len(), raw["edit_history_tweet_ids"].as_array().map_or(0, Vec::len));
    assert_eq!(tweet.references.len(), raw["referenced_tweets"].as_array().map_or(0, Vec::len));
    let keys = raw["attachments"]["media_keys"].as_array().map_or(0, Vec::len);
    assert!(tweet.media.len() >= keys, "{} media of {keys}", tweet.media.len());
    assert_eq!(tweet.poll.is_some(), raw["attachments"]["poll_ids"].is_array());
    assert_eq!(tweet.place.is_some(), raw["geo"]["place_id"].is_string());
}

#[test]
fn retweets_have_the_whole_text_of_their_original() {
    let Some(data) = shared_data() else { return };
    let outcome = read_path(&data.join("twarc2sql/tests/data/search_example.jsonl"));
    let by_id: HashMap<_, _> = outcome.batch.tweets.iter().map(|tweet| (tweet.tweet.id, &tweet.tweet)).collect();
    let mut completed = 0;
    for row in outcome.rows() {
        let Some(original) = row.tweet.reference(ReferenceKind::Retweeted).and_then(|id| by_id.get(&id)) else {
            continue;
        };
        let (prefix, text) = row.tweet.text.split_once(": ").unwrap();
        assert!(prefix.starts_with("RT @"));
        assert_eq!(text, original.text);
        let keys = |tweet: &model::Tweet| tweet.media.iter().map(|media| media.key.clone()).collect::<Vec<_>>();
        assert_eq!(keys(&row.tweet), keys(original));
        completed += 1;
    }
    assert!(completed > 100, "{completed}");
}

#[test]
fn entities_stand_where_they_say() {
    let Some(data) = shared_data() else { return };
    let mut files = v2_files(&data);
    files.push(data.join("twarc-csv/flat.jsonl"));
    files.extend(["hk", "hk2", "reuters"].map(|set| data.join("academictwitteR").join(set)));
    let (mut all, mut right, mut named) = (0, 0, 0);
    for tweet in files.iter().flat_map(|file| read_path(file).batch.tweets) {
        let text: Vec<char> = tweet.tweet.text.chars().collect();
        let at = |start: u32, end: u32| text[start as usize..end as usize].iter().collect::<String>();
        let entities = &tweet.tweet.entities;
        let is = |tag: &Tag| at(tag.start, tag.end)[1..].to_lowercase() == tag.tag.to_lowercase();
        let tags = [&entities.cashtags, &entities.hashtags, &entities.mentions].into_iter().flatten();
        let full_width = |tag: &Tag| at(tag.start, tag.end).starts_with(['＃', '＠']);
        let tags = tags.map(|tag| full_width(tag) || is(tag));
        for fits in tags.chain(entities.links.iter().map(|link| at(link.start, link.end) == link.url)) {
            all += 1;
            right += usize::from(fits);
        }
        let raw: Value = serde_json::from_str(&tweet.raw).unwrap();
        let lists = ["hashtags", "cashtags", "mentions", "urls"];
        if !tweet.tweet.text.starts_with("RT @") {
            named += lists.iter().map(|list| raw["entities"][list].as_array().map_or(0, Vec::len)).sum::<usize>();
        }
    }
    println!("{right} of {all} entities cover what they name ({named} named outside of retweets)");
    assert!(right * 1000 >= all * 998, "{right} of {all}");
    assert!(all > 30_000);
}

#[test]
fn no_entity_of_an_original_tweet_gets_lost() {
    let Some(data) = shared_data() else { return };
    let (mut kept, mut named) = (0, 0);
    for tweet in v2_files(&data).iter().flat_map(|file| read_path(file).batch.tweets) {
        if tweet.tweet.reference(ReferenceKind::Retweeted).is_some() {
            continue;
        }
        let raw: Value = serde_json::from_str(&tweet.raw).unwrap();
        for list in ["hashtags", "cashtags", "mentions", "urls"] {
            // Each photo of one link is an entity of its own.
            let places = raw["entities"][list].as_array().into_iter().flatten();
            named += places.map(|entity| entity["start"].as_u64()).collect::<HashSet<_>>().len();
        }
        let entities = &tweet.tweet.entities;
        kept += entities.hashtags.len() + entities.cashtags.len() + entities.mentions.len() + entities.links.len();
    }
    assert_eq!(kept, named);
}

/// Ids of the tweets inside a flattened tweet, at any depth.
fn embedded(tweet: &Value) -> Vec<TweetId> {
    let inner = tweet["referenced_tweets"].as_array().into_iter().flatten().filter(|inner| inner["text"].is_string());
    inner.flat_map(|inner| [ids([inner]), embedded(inner)].concat()).collect()
}

/// Ids of the whole users inside a flattened tweet.
fn embedded_users(tweet: &Value, users: &mut HashSet<String>) {
    let mentions = tweet["entities"]["mentions"].as_array().into_iter().flatten();
    let all = mentions.chain([&tweet["author"], &tweet["in_reply_to_user"]]).filter(|user| user["name"].is_string());
    users.extend(all.map(|user| user["id"].as_str().unwrap().to_owned()));
    tweet["referenced_tweets"].as_array().into_iter().flatten().for_each(|inner| embedded_users(inner, users));
}

#[test]
fn flattened_tweets_carry_their_context() {
    let Some(data) = shared_data() else { return };
    let path = data.join("twarc-csv/flat.jsonl");
    let outcome = read_path(&path);
    let lines = values(&path);
    assert_eq!(row_ids(&outcome), ids(&lines));
    let embedded: usize = lines.iter().map(|line| embedded(line).into_iter().collect::<HashSet<_>>().len()).sum();
    assert_eq!(outcome.context(), embedded);
    let mut users = HashSet::new();
    lines.iter().for_each(|line| embedded_users(line, &mut users));
    assert_eq!(outcome.batch.authors.len(), users.len());
    let media: usize = outcome.rows().iter().map(|row| row.tweet.media.len()).sum();
    assert!(media >= 6, "{media}");
    let retrieved = lines[0]["__twarc"]["retrieved_at"].as_str().unwrap();
    assert_eq!(outcome.rows()[0].tweet.version, model::Timestamp::parse_rfc3339(retrieved).unwrap());
}

#[test]
fn a_stream_with_a_cut_off_line_is_accounted_for() {
    let Some(data) = shared_data() else { return };
    let outcome = read_path(&data.join("twarc-csv/streaming_output_with_error.jsonl"));
    assert_eq!((outcome.totals.rows, outcome.totals.rejected), (7, 1));
    assert!(outcome.rejects[0].reason.starts_with("the line ends in the middle of a JSON value (at column 4"));
}

#[test]
fn what_is_no_tweet_is_rejected_by_name() {
    let Some(data) = shared_data() else { return };
    let folder = data.join("twarc-csv");
    for (file, name, rejected, context) in [
        ("users", "a user object", 96, 52),
        ("counts", "a counts answer", 169, 0),
        ("lists", "a list", 6, 0),
        ("tweets_compliance", "a compliance result", 2, 0),
        ("users_compliance", "a compliance result", 2, 0),
    ] {
        let outcome = read_path(&folder.join(format!("{file}.jsonl")));
        assert_eq!((outcome.totals.rows, outcome.totals.rejected), (0, rejected), "{file}");
        assert_eq!(outcome.totals.context, context, "{file}");
        let reason = format!("this is {name}, not a tweet");
        assert!(outcome.rejects.iter().all(|reject| reject.reason == reason), "{:?}", outcome.rejects);
    }
    assert_eq!(read_path(&folder.join("empty.json")).totals.read, 0);
}

#[test]
fn the_split_form_is_one_set() {
    let Some(data) = shared_data() else { return };
    for (set, rows, places) in [("hk", 1628, 1), ("hk2", 3498, 0), ("reuters", 500, 0)] {
        let folder = data.join("academictwitteR").join(set);
        let outcome = read_path(&folder);
        assert_eq!((outcome.totals.rows, outcome.totals.rejected), (rows, 0), "{set}");
        assert!(!outcome.batch.authors.is_empty());
        let placed = outcome.rows().iter().filter(|row| row.tweet.place.is_some()).count();
        assert!(placed >= places, "{set}: {placed}");
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
        files.sort();
        assert_eq!(read_paths(&files).totals, outcome.totals, "{set}: all files named one by one");
        let users = files.iter().find(|file| file.to_string_lossy().contains("/users_")).unwrap();
        let alone = read_path(users);
        assert_eq!(alone.totals.read, 0, "users_ alone has no rows");
        assert!(!alone.batch.authors.is_empty());
    }
}

#[test]
fn retweets_of_the_split_form_are_completed_from_beside() {
    let Some(data) = shared_data() else { return };
    let outcome = read_path(&data.join("academictwitteR/hk2"));
    let by_id: HashMap<_, _> = outcome.batch.tweets.iter().map(|tweet| (tweet.tweet.id, &tweet.tweet)).collect();
    let retweets =
        outcome.rows().into_iter().filter_map(|row| Some((row, row.tweet.reference(ReferenceKind::Retweeted)?)));
    let known: Vec<_> = retweets.filter_map(|(row, id)| Some((row, by_id.get(&id)?))).collect();
    assert!(known.len() > 2000, "{}", known.len());
    let whole = known.iter().filter(|(row, original)| row.tweet.text.ends_with(&original.text)).count();
    assert!(whole * 100 >= known.len() * 95, "{whole} of {}", known.len());
}

#[test]
fn the_original_format_is_read() {
    let Some(data) = shared_data() else { return };
    let folder = data.join("tweet_parser/test/tweet_payload_examples");
    let path = folder.join("original_format_examples.json");
    let outcome = read_path(&path);
    assert_eq!((outcome.totals.rows, outcome.totals.rejected), (25, 0));
    for (row, raw) in outcome.rows().into_iter().zip(values(&path)) {
        assert_eq!(row.tweet.id.to_string(), raw["id_str"].as_str().unwrap());
        assert_eq!(row.author_id.unwrap().to_string(), raw["user"]["id_str"].as_str().unwrap());
        assert_eq!(row.tweet.metrics.likes, raw["favorite_count"].as_u64());
        assert!(!row.tweet.source.as_deref().is_some_and(|source| source.contains('<')));
        let long = raw["extended_tweet"]["full_text"].as_str();
        let long = long.or(raw["retweeted_status"]["extended_tweet"]["full_text"].as_str());
        if let Some(long) = long {
            let long = long.replace("&amp;", "&");
            assert!(row.tweet.text.ends_with(&long), "{}\n{long}", row.tweet.text);
        }
        let media = raw["extended_entities"]["media"].as_array().map_or(0, Vec::len);
        assert!(row.tweet.media.len() >= media);
    }
    assert!(outcome.context() > 0);
    assert!(outcome.rows().iter().any(|row| row.tweet.reference(ReferenceKind::Quoted).is_some()));
    let streams = read_path(&folder.join("activity_streams_examples.json"));
    assert_eq!((streams.totals.rows, streams.totals.rejected), (0, 25));
    assert!(streams.rejects.iter().all(|reject| reject.reason.contains("Activity Streams format")));
}

#[test]
fn broken_payloads_are_accounted_for() {
    let Some(data) = shared_data() else { return };
    let folder = data.join("tweet_parser/test/tweet_payload_examples/broken_and_unsupported_payloads");
    let outcome = read_path(&folder);
    assert_eq!(outcome.totals.read, 26);
    assert_eq!((outcome.totals.rows, outcome.totals.rejected), (25, 1), "{:?}", outcome.rejects);
}

#[test]
fn the_airline_table_is_read() {
    let Some(data) = shared_data() else { return };
    let outcome = read_path(&data.join("airline/Tweets_fullids_Ramlah0.csv"));
    assert_eq!((outcome.totals.rows, outcome.totals.rejected), (14_640, 0));
    assert_eq!(row_ids(&outcome).into_iter().collect::<HashSet<_>>().len(), 14_485);
    let first = &outcome.rows()[0];
    assert_eq!(first.tweet.id, TweetId(570_306_133_677_760_513));
    assert_eq!(first.tweet.text, "@VirginAmerica What @dhepburn said.");
    // The table has the local time of the United States, without saying so; the id knows.
    assert_eq!(first.tweet.created_at.to_rfc3339(), "2015-02-24T19:35:52.701Z");
    assert_eq!(first.tweet.entities.mentions.len(), 2);
    let raw: Value = serde_json::from_str(&first.raw).unwrap();
    assert_eq!(raw["airline"], "Virgin America");
    assert!(outcome.rows().iter().all(|row| !row.tweet.text.contains("&amp;")));
    assert!(outcome.rows().iter().any(|row| row.tweet.text.contains('\n')));
}

#[test]
fn the_post_vocabulary_is_read() {
    let Some(data) = shared_data() else { return };
    let text = fs::read_to_string(data.join("xdk-rs/example_responses.json")).unwrap();
    let answers: Value = serde_json::from_str(&text).unwrap();
    let page = |name: &str| {
        let json = answers[name].to_string();
        process::decode_page(json.as_bytes(), common::NOW).unwrap()
    };
    let single = page("post_single");
    assert_eq!(single.batch.tweets.len(), 1);
    let metrics = single.batch.tweets[0].tweet.metrics;
    assert_eq!((metrics.reposts, metrics.bookmarks, metrics.views), (Some(10), Some(2), Some(1500)));
    assert_eq!(single.batch.authors[0].stats.verified, Some(true));
    let list = page("post_list");
    assert_eq!((list.batch.tweets.len(), list.meta.next_token.as_deref()), (2, Some("7140w")));
    assert_eq!(page("post_lookup").partial_errors, 1);
    for (name, answer) in answers.as_object().unwrap() {
        let Ok(decoded) = process::decode_page(answer.to_string().as_bytes(), common::NOW) else {
            panic!("{name} cannot be read")
        };
        let tweets = data_tweets(answer);
        assert_eq!(decoded.batch.tweets.len(), tweets, "{name}: {:?}", decoded.rejected);
    }
}

/// Objects in `data` with an id of digits and a text.
fn data_tweets(answer: &Value) -> usize {
    let is_message = |tweet: &Value| !tweet["broadcast_id"].is_null() || !tweet["event_type"].is_null();
    let is_tweet = |tweet: &&Value| tweet["id"].is_string() && tweet["text"].is_string() && !is_message(tweet);
    data(answer).iter().filter(is_tweet).count()
}

#[test]
fn every_sample_answer_is_accounted_for() {
    let Some(data_folder) = shared_data() else { return };
    let outcome = read_path(&data_folder.join("python-twitter/testdata"));
    assert!(outcome.totals.rows > 20, "{:?}", outcome.totals);
    let vague = outcome.rejects.iter().filter(|reject| reject.reason.contains("neither an id nor a text"));
    assert!(vague.count() < 20, "most objects are named");
    let http = read_path(&data_folder.join("http/tweepy_v2_http_responses.jsonl"));
    assert!(http.rejects.iter().all(|reject| reject.reason.contains("recorded HTTP exchange")));
    assert_eq!(http.totals.rows, 0);
}
