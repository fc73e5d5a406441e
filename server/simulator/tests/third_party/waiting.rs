//! Windows that are used up, pages without posts, and servers that fail.

use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use serde_json::{Value, json};
use simulator::system_clock;

use crate::client::{BOTH, Client, is_there, paged, timed};
use crate::common::{HOUR, SECOND, START, World, time};
use crate::truth::{DAY, QUERY, Truth, is_found};
use crate::{entries, served, world};

const PATH: &str = "/2/tweets/search/recent";
const TWEETS: u64 = 3_000;
const PAGE: usize = 100;

fn search(client: Client, span: (i64, i64)) -> Value {
    let arguments =
        json!({ "query": QUERY, "max_results": PAGE, "start_time": time(span.0), "end_time": time(span.1) });
    match client {
        Client::Twarc2 => timed(&["search"], span, &[QUERY, "OUT"]),
        Client::Tweepy => paged("search_recent_tweets", arguments, 0.0),
    }
}

fn at(entry: &Value) -> i64 {
    DateTime::parse_from_rfc3339(entry["at"].as_str().expect("a time")).expect("a time").timestamp_micros()
}

/// X's clock is behind until the window is used up, so the next window is seconds away by the client's clock.
async fn wait_for_the_window(client: Client) {
    const BEHIND: i64 = 895;
    let clock = system_clock();
    let origin = clock() / SECOND * SECOND - DAY;
    let span = (origin - 5 * DAY, origin - HOUR);
    let posts = |truth: &Truth| truth.posts(span, is_found);
    let (world, truth) = world(TWEETS, |config| {
        config.clock = Arc::new(move || clock() - BEHIND * SECOND);
        config.origin = Some(origin);
        config.requests_per_window = (posts(&Truth::of(config)).len().div_ceil(PAGE) - 1) as u32;
    });
    let limited = async {
        while world.ask("/_sim/ledger").await.body["rate_limited"] == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        world.send("POST", &format!("/_sim/clock?advance={BEHIND}"), "").await;
    };
    let (made, ()) = tokio::join!(client.run(world.listen().await, search(client, span)), limited);
    assert_eq!(made.ids(), posts(&truth), "{client:?}: {}", made.said);
    let entries = entries(&world, 0).await;
    let refused = entries.iter().position(|entry| entry["status"] == 429).expect("one is refused");
    let (first, next) = (at(&entries[0]), at(&entries[refused + 1]));
    assert!(next - first >= 900 * SECOND, "{client:?} waits until the window opens again: {}", made.said);
    assert_eq!(entries.iter().filter(|entry| entry["status"] == 429).count(), 1, "{client:?} is refused once");
}

#[tokio::test]
#[ignore = "needs a Python with twarc and tweepy: make test-long"]
async fn both_wait_until_the_window_opens_again_and_go_on_where_they_were() {
    if is_there() {
        tokio::join!(wait_for_the_window(Client::Twarc2), wait_for_the_window(Client::Tweepy));
    }
}

/// Searches while a script goes wrong; what is found, and what is there.
async fn search_through(client: Client, script: &str) -> (World, Vec<String>, Vec<String>) {
    let span = (START - 6 * DAY, START - HOUR);
    let (world, truth) = world(TWEETS, |_| {});
    assert_eq!(world.send("POST", "/_sim/script", script.to_owned()).await.status, 204);
    let made = client.run(world.listen().await, search(client, span)).await;
    assert_eq!(made.answer.get("error"), None, "{client:?}: {}", made.said);
    let ids = made.ids();
    (world, ids, truth.posts(span, is_found))
}

#[tokio::test]
#[ignore = "needs a Python with twarc and tweepy: make test-long"]
async fn both_go_on_behind_an_empty_page_that_has_a_token() {
    if !is_there() {
        return;
    }
    for client in BOTH {
        let script = "[[fault]]\nkind = \"empty-page\"\nafter = 1\ntimes = 1\n";
        let (world, found, all) = search_through(client, script).await;
        assert_eq!(found, [&all[..PAGE], &all[2 * PAGE..]].concat(), "{client:?} has all but the second page");
        assert_eq!(served(&entries(&world, 0).await, PATH, "posts"), found, "{client:?}");
    }
}

#[tokio::test]
#[ignore = "needs a Python with twarc: make test-long"]
async fn twarc2_tries_again_where_a_server_fails_or_a_connection_breaks() {
    if !is_there() {
        return;
    }
    let script = "[[fault]]\nkind = \"server-error\"\nafter = 1\ntimes = 1\n\
                  [[fault]]\nkind = \"disconnect\"\nafter = 3\ntimes = 1\n";
    let (world, found, all) = search_through(Client::Twarc2, script).await;
    assert_eq!(found, all);
    assert_eq!(world.ask("/_sim/ledger").await.body["by_status"]["503"], 1);
}
