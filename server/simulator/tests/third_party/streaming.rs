//! The filtered stream: rules, posts, signs of life, and being cut off.

use std::time::Duration;

use serde_json::{Value, json};
use tweetgen::{Kind, Record};

use crate::client::{BOTH, Client, Made, call, command, is_there};
use crate::common::{SECOND, START, World};
use crate::truth::Truth;
use crate::{entries, world};

const PATH: &str = "/2/tweets/search/stream";
const RULES: &str = "/2/tweets/search/stream/rules";
const ENGLISH: &str = "min_likes:0 lang:en";
const REPLIES: &str = "min_likes:0 is:reply";
/// Each half of the story lasts so long.
const HALF: i64 = 120 * SECOND;
const BEAT: i64 = 20 * SECOND;
/// Posts before the connection breaks.
const BEFORE: usize = 3;

/// How the first half ends.
#[derive(Clone, Copy, PartialEq, Debug)]
enum End {
    /// X says that it ends the connection, when all has been sent.
    Said,
    /// It breaks in the middle of a post; what was written after is lost.
    Broken,
}

/// An id, and the tags of the rules that it matches.
type Post = (String, Vec<&'static str>);

/// The posts of the whole story with the tags of the rules that they match, in the order in which they were written.
fn expected(truth: &Truth, to: i64) -> Vec<Post> {
    let tags = |record: &Record| {
        let english = (record.tweet.lang == "en").then_some("english");
        english.into_iter().chain((record.kind == Kind::Reply).then_some("")).collect::<Vec<_>>()
    };
    let records = truth.records((START, to)).map(|record| (record.tweet.id.0.to_string(), tags(&record)));
    let mut posts: Vec<Post> = records.filter(|(_, tags)| !tags.is_empty()).collect();
    posts.reverse();
    posts
}

/// Adds one rule with a tag and one without.
async fn add_rules(world: &World, client: Client) {
    let address = world.listen().await;
    match client {
        Client::Twarc2 => {
            client.run(address, command(&["stream-rules", "add", "--tag", "english", ENGLISH], &[])).await;
            client.run(address, command(&["stream-rules", "add", REPLIES], &[])).await;
        }
        Client::Tweepy => {
            let add = json!([{ "value": ENGLISH, "tag": "english" }, { "value": REPLIES }]);
            let arguments = |dry_run| json!({ "method": "add_rules", "arguments": { "add": add, "dry_run": dry_run } });
            let tried = client.run(address, arguments(true)).await;
            assert_eq!((tried.answer.get("error"), tried.data().len()), (None, 2), "{}", tried.answer);
            assert_eq!(world.ask(RULES).await.body["meta"]["result_count"], 0, "that was only tried");
            let added = client.run(address, arguments(false)).await;
            let listed = client.run(address, json!({ "method": "get_rules", "arguments": {} })).await;
            assert_eq!(added.data(), listed.data(), "{}", listed.answer);
        }
    }
    let rules = world.ask(RULES).await.body["data"].clone();
    assert_eq!((&rules[0]["value"], &rules[0]["tag"]), (&json!(ENGLISH), &json!("english")), "{rules}");
    assert_eq!((&rules[1]["value"], rules[1].get("tag")), (&json!(REPLIES), None), "{rules}");
}

async fn delete_rules(world: &World, client: Client) {
    let ids: Vec<Value> =
        world.ask(RULES).await.body["data"].as_array().expect("rules").iter().map(|rule| rule["id"].clone()).collect();
    let call = match client {
        Client::Twarc2 => command(&["stream-rules", "delete-all"], &[]),
        Client::Tweepy => json!({ "method": "delete_rules", "arguments": { "ids": ids } }),
    };
    let made = client.run(world.listen().await, call).await;
    assert_eq!(made.answer.get("error"), None, "{}", made.said);
    assert_eq!(world.ask(RULES).await.body["meta"]["result_count"], 0, "{client:?}");
}

/// Reads until it has `posts`.
fn follow(client: Client, posts: usize, end: End) -> Value {
    match client {
        Client::Twarc2 => {
            let lines = posts + usize::from(end == End::Said); // it counts what X says
            command(&["stream", "--limit", &lines.to_string(), "OUT"], &[])
        }
        Client::Tweepy => {
            let mut call = call("filter", json!({}));
            call["posts"] = json!(posts);
            call
        }
    }
}

/// Waits until the client has been connected so often, and so many posts have been sent.
async fn until(world: &World, connections: usize, posts: usize) {
    loop {
        let connected = entries(world, 0).await;
        let connected = connected.iter().filter(|entry| entry["path"] == PATH && entry["status"] == 200).count();
        let sent = world.ask("/_sim/ledger").await.body["tweets_served"].as_u64().expect("a number");
        if connected == connections && sent == posts as u64 {
            return;
        }
        assert!(connected <= connections && sent <= posts as u64, "{connected} connections, {sent} posts");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Lets time pass in two halves, with so many posts in the first and in both.
async fn tell(world: &World, (half, all): (usize, usize), end: End) {
    until(world, 1, 0).await;
    let sent = match end {
        End::Said => {
            world.advance(HALF);
            until(world, 1, half).await;
            world.send("DELETE", "/2/connections/all", "").await;
            half
        }
        End::Broken => {
            let script = format!("[[fault]]\nkind = \"break\"\nafter = {BEFORE}\ntimes = 1\n");
            world.send("POST", "/_sim/script", script).await;
            world.advance(HALF);
            BEFORE + 1
        }
    };
    until(world, 2, sent).await;
    world.advance(HALF);
    until(world, 2, sent + all - half).await;
}

fn check(client: Client, made: &Made, expected: &[Post], end: End) {
    assert_eq!(made.answer.get("error"), None, "{client:?} {end:?}: {}", made.said);
    let pages = made.answer["pages"].as_array().expect("lines");
    let posts = pages.iter().filter(|page| page["data"].is_object()).map(|page| {
        let rules = page["matching_rules"].as_array().expect("rules");
        let tags = rules.iter().map(|rule| rule["tag"].as_str().expect("a tag")).collect();
        (page["data"]["id"].as_str().expect("an id"), tags)
    });
    let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(id, tags)| (id.as_str(), tags.clone())).collect();
    assert_eq!(posts.collect::<Vec<_>>(), expected, "{client:?} {end:?}");
    let errors = match client {
        Client::Twarc2 => made.errors(),
        Client::Tweepy => made.answer["errors"].as_array().expect("errors").clone(),
    };
    let kinds: Vec<&Value> = errors.iter().map(|error| &error["disconnect_type"]).collect();
    assert_eq!(kinds, if end == End::Said { vec!["OperationalDisconnect"] } else { vec![] }, "{client:?}");
    if client == Client::Tweepy {
        let beats = made.answer["beats"].as_u64().expect("a number");
        assert!(end == End::Broken || beats >= (HALF / BEAT) as u64, "{beats} signs of life");
        assert_eq!(made.answer["connections"], 2);
    }
}

async fn follow_a_stream(client: Client, end: End) {
    let (world, truth) = world(1_500, |config| config.rate_per_second = 0.4);
    add_rules(&world, client).await;
    let (half, all) = (expected(&truth, START + HALF), expected(&truth, START + 2 * HALF));
    assert!(half.len() > BEFORE + 2 && all.len() > half.len() + 2, "{} of {}", half.len(), all.len());
    let kept = if end == End::Said { half.len() } else { BEFORE };
    let wanted = [&half[..kept], &all[half.len()..]].concat();
    let reading = client.run(world.listen().await, follow(client, wanted.len(), end));
    tokio::pin!(reading);
    let made = tokio::select! {
        made = &mut reading => panic!("{client:?} ends too early: {}\n{}", made.answer, made.said),
        () = tell(&world, (half.len(), all.len()), end) => loop {
            // twarc2 stops when something more comes
            tokio::select! {
                made = &mut reading => break made,
                () = tokio::time::sleep(Duration::from_millis(200)) => world.advance(BEAT),
            }
        },
    };
    check(client, &made, &wanted, end);
    let refused = entries(&world, 0).await.iter().filter(|entry| entry["status"] == 429).count();
    assert_eq!(refused, 0, "{client:?} {end:?}: it connects again at once");
    delete_rules(&world, client).await;
}

#[tokio::test]
#[ignore = "needs a Python with twarc and tweepy: make test-long"]
async fn both_follow_a_stream_and_connect_again_when_they_are_cut_off() {
    if !is_there() {
        return;
    }
    for (client, end) in BOTH.into_iter().flat_map(|client| [(client, End::Said), (client, End::Broken)]) {
        follow_a_stream(client, end).await;
    }
}
