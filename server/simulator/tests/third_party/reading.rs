//! Every endpoint, page by page.

use serde_json::{Value, json};
use tweetgen::{Account, Record};

use crate::client::{Client, Made, call, command, is_there, paged, timed};
use crate::common::{HOUR, START, World, time};
use crate::truth::{DAY, QUERY, Truth, is_found};
use crate::{entries, goes, requests, served, world};

const TWEETS: u64 = 6_000;
const RECENT: (i64, i64) = (START - 6 * DAY, START - HOUR);
const ARCHIVE: (i64, i64) = (START - 12 * DAY, START - 5 * DAY);
const WEEKS: (i64, i64) = (START - 15 * DAY, START - HOUR);
const MONTHS: (i64, i64) = (START - 40 * DAY, START - DAY);

/// What is asked, by each client, and what is right.
struct Row {
    path: String,
    /// What of it the ledger has: `posts`, `users`, or nothing where neither is served.
    kind: Option<&'static str>,
    /// Fewest requests.
    pages: usize,
    truth: Vec<String>,
    calls: Vec<(Client, Value)>,
}

impl Row {
    fn new(path: impl Into<String>, kind: Option<&'static str>, pages: usize, truth: Vec<String>) -> Self {
        Self { path: path.into(), kind, pages, truth, calls: Vec::new() }
    }

    fn by(mut self, client: Client, call: Value) -> Self {
        self.calls.push((client, call));
        self
    }

    fn by_both(self, twarc2: Value, tweepy: Value) -> Self {
        self.by(Client::Twarc2, twarc2).by(Client::Tweepy, tweepy)
    }
}

fn arguments(span: (i64, i64), more: Value) -> Value {
    let mut arguments = json!({ "start_time": time(span.0), "end_time": time(span.1) });
    arguments.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    arguments
}

fn searches(truth: &Truth) -> Vec<Row> {
    let search = |path: &str, pages, span: (i64, i64), words: &[&str], method, pause| {
        let query = json!({ "query": QUERY, "max_results": 100 });
        Row::new(path, Some("posts"), pages, truth.posts(span, is_found)).by_both(
            timed(words, span, &["--max-results", "100", QUERY, "OUT"]),
            paged(method, arguments(span, query), pause),
        )
    };
    let (recent, all) = ("/2/tweets/search/recent", "/2/tweets/search/all");
    vec![
        search(recent, 3, RECENT, &["search"], "search_recent_tweets", 0.0),
        search(all, 3, ARCHIVE, &["search", "--archive"], "search_all_tweets", 1.05),
    ]
}

fn counts(truth: &Truth) -> Vec<Row> {
    let daily = &["--granularity", "day", QUERY, "OUT"];
    let counted = |method: &str, span| {
        let arguments = arguments(span, json!({ "query": QUERY, "granularity": "day" }));
        json!({ "method": method, "arguments": arguments })
    };
    let recent = Row::new("/2/tweets/counts/recent", None, 1, truth.days(RECENT))
        .by_both(timed(&["counts"], RECENT, daily), counted("get_recent_tweets_count", RECENT));
    let mut paged = counted("get_all_tweets_count", MONTHS);
    paged["pause"] = json!(0.0);
    let all = Row::new("/2/tweets/counts/all", None, 2, truth.days(MONTHS))
        .by_both(timed(&["counts", "--archive"], MONTHS, daily), paged);
    vec![recent, all]
}

fn timelines(truth: &Truth) -> Vec<Row> {
    let (author, mentioned) = truth.busiest(WEEKS);
    let timeline = |account: Account, name: &str, size: u64, posts: Vec<String>| {
        let id = truth.id(account);
        let command_name = if name == "tweets" { "timeline" } else { name };
        let method = format!("get_users_{name}");
        Row::new(format!("/2/users/{id}/{name}"), Some("posts"), 2, posts).by_both(
            timed(&[command_name], WEEKS, &[&id, "OUT"]),
            paged(&method, arguments(WEEKS, json!({ "id": id, "max_results": size })), 0.0),
        )
    };
    let is_mentioned = |account: Account| {
        move |record: &Record| record.tweet.entities.mentions.iter().any(|mention| mention.account == account)
    };
    vec![
        timeline(author, "tweets", 50, truth.posts(WEEKS, |record| record.author == author)),
        timeline(mentioned, "mentions", 50, truth.posts(WEEKS, is_mentioned(mentioned))),
    ]
}

fn look_ups(truth: &Truth) -> Vec<Row> {
    let posts: Vec<String> = truth.posts(RECENT, is_found).into_iter().take(250).collect();
    let accounts: Vec<Account> = truth.corpus.accounts().take(150).collect();
    let users: Vec<String> = accounts.iter().map(|&account| truth.id(account)).collect();
    let names: Vec<String> = accounts.iter().map(|&account| truth.corpus.username(account)).collect();
    let mut rows = vec![
        Row::new("/2/tweets", Some("posts"), 3, posts.clone())
            .by(Client::Twarc2, command(&["hydrate", "IN", "OUT"], &posts)),
        Row::new("/2/users", Some("users"), 2, users.clone())
            .by(Client::Twarc2, command(&["users", "IN", "OUT"], &users)),
        Row::new("/2/users/by", Some("users"), 2, users.clone())
            .by(Client::Twarc2, command(&["users", "--usernames", "IN", "OUT"], &names)),
    ];
    let ask = |method, arguments| {
        let mut call = call(method, arguments);
        for name in ["expansions", "media_fields", "place_fields", "poll_fields"] {
            if method.contains("user") {
                call["arguments"].as_object_mut().expect("an object").remove(name);
            }
        }
        call
    };
    let (id, name) = (&users[0], &names[0]);
    let by_tweepy = [
        ("/2/tweets".to_owned(), "posts", &posts[..100], ask("get_tweets", json!({ "ids": posts[..100] }))),
        (format!("/2/tweets/{}", posts[0]), "posts", &posts[..1], ask("get_tweet", json!({ "id": posts[0] }))),
        ("/2/users".to_owned(), "users", &users[..100], ask("get_users", json!({ "ids": users[..100] }))),
        ("/2/users/by".to_owned(), "users", &users[..100], ask("get_users", json!({ "usernames": names[..100] }))),
        (format!("/2/users/{id}"), "users", &users[..1], ask("get_user", json!({ "id": id }))),
        (format!("/2/users/by/username/{name}"), "users", &users[..1], ask("get_user", json!({ "username": name }))),
    ];
    rows.extend(
        by_tweepy
            .map(|(path, kind, truth, call)| Row::new(path, Some(kind), 1, truth.to_vec()).by(Client::Tweepy, call)),
    );
    rows
}

/// Intervals as the truth has them, in the order of time.
fn days(made: &Made) -> Vec<String> {
    let line = |interval: Value| {
        let start = interval["start"].as_str().expect("a time").replace(".000Z", "Z");
        format!("{start} {}", interval["tweet_count"])
    };
    let mut days: Vec<String> = made.data().into_iter().map(line).collect();
    days.sort();
    days
}

async fn check(world: &World, client: Client, row: &Row) {
    let Some((_, call)) = row.calls.iter().find(|(by, _)| *by == client) else { return };
    let before = requests(world).await;
    let made = client.run(world.listen().await, call.clone()).await;
    assert_eq!(made.answer.get("error"), None, "{}: {}", row.path, made.said);
    let entries = entries(world, before).await;
    assert!(entries.iter().all(|entry| entry["status"] == 200), "{}: {entries:?}", row.path);
    let pages = entries.iter().filter(|entry| entry["path"] == row.path.as_str()).count();
    assert!(pages >= row.pages && !row.truth.is_empty(), "{}: {pages} pages of {}", row.path, row.truth.len());
    match row.kind {
        Some(kind) => {
            assert_eq!(made.ids(), row.truth, "{}: what the client has, and the corpus\n{}", row.path, made.said);
            assert_eq!(served(&entries, &row.path, kind), row.truth, "{}: what was served", row.path);
        }
        None => assert_eq!(days(&made), row.truth, "{}: {}", row.path, made.said),
    }
    assert_eq!(made.errors(), Vec::<Value>::new(), "{}", row.path);
}

async fn read(client: Client) {
    if !is_there() {
        return;
    }
    let (world, truth) = world(TWEETS, goes);
    for row in [searches(&truth), counts(&truth), timelines(&truth), look_ups(&truth)].into_iter().flatten() {
        check(&world, client, &row).await;
    }
}

#[tokio::test]
#[ignore = "needs a Python with twarc: make test-long"]
async fn twarc2_brings_all_there_is_each_once_and_in_order() {
    read(Client::Twarc2).await;
}

#[tokio::test]
#[ignore = "needs a Python with tweepy: make test-long"]
async fn tweepy_brings_all_there_is_each_once_and_in_order() {
    read(Client::Tweepy).await;
}
