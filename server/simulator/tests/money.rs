//! What is billed, and what happens when nothing is left.

mod common;

use common::{HOUR, SECOND, START, World, ids, time};
use serde_json::json;

const DAY: i64 = 24 * HOUR;

#[tokio::test]
async fn the_ledger_bills_a_post_once_a_day() {
    let world = World::new(|config| config.credits = Some(1_000.0));
    let bill = async || world.ask("/_sim/ledger").await.body["billed"].clone();
    let query = "query=the&max_results=20&post.fields=lang";
    for _ in 0..3 {
        world.search(query).await;
    }
    assert_eq!(bill().await, json!({ "posts": 20, "users": 0, "micro_dollars": 100_000 }));
    world.advance(12 * HOUR); // a new day begins
    let new = ids(&world.all("query=the&max_results=20").await).len() as u64;
    assert_eq!(bill().await["posts"], 20 + new);
    world.ask("/2/tweets/counts/recent?query=the").await;
    let billed = bill().await["micro_dollars"].as_u64().unwrap();
    assert_eq!(billed, (20 + new) * 5_000 + 5_000, "a count costs for itself");
    let usage = world.ask("/2/usage/tweets?usage.fields=project_usage,daily_project_usage,project_cap").await.body;
    assert_eq!(usage["data"]["project_usage"], (20 + new).to_string());
    assert_eq!(usage["data"]["daily_project_usage"]["usage"][1]["usage"], "20");
    let left = world.ask("/2/usage/credits").await.body["data"]["total_balance"].as_f64().unwrap();
    assert!((left - (1_000.0 - billed as f64 / 1e6)).abs() < 1e-9, "{left}");
    let requests = world.ask("/_sim/ledger/requests?after=1").await.body;
    assert_eq!((&requests[0]["number"], &requests[0]["micro_dollars"]), (&json!(2), &json!(0)));
    assert_eq!(requests[0]["posts"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn nothing_more_is_to_be_had_when_credits_or_the_posts_of_a_month_are_used_up() {
    let world = World::new(|config| config.credits = Some(0.09));
    let first = world.search("query=the&max_results=20").await;
    assert_eq!(first.status, 200, "the last answer may cost more than there was");
    let second = world.search("query=moon").await;
    assert_eq!((second.status.as_u16(), &second.body["detail"]), (402, &json!("credits depleted")));
    let left = world.ask("/2/usage/credits").await.body["data"]["total_balance"].as_f64().unwrap();
    assert!((-0.011..-0.009).contains(&left), "{left}");

    let world = World::new(|config| {
        config.tier = simulator::Tier::Basic;
        config.tweets = 20_000;
    });
    let mut token = String::new();
    let capped = loop {
        let path = format!("query=min_likes:0&max_results=100&end_time={}{token}", time(START - HOUR));
        let page = world.search(&path).await;
        match page.status.as_u16() {
            200 => token = format!("&next_token={}", page.body["meta"]["next_token"].as_str().unwrap()),
            429 if page.header("x-rate-limit-remaining") == 0 => world.advance(15 * 60 * SECOND),
            _ => break page,
        }
    };
    assert_eq!((capped.status.as_u16(), &capped.body["title"]), (429, &json!("UsageCapExceeded")));
    assert!(capped.header("x-rate-limit-remaining") > 0, "the headers say nothing of it");
    let ledger = world.ask("/_sim/ledger").await.body;
    assert_eq!(ledger["billed"]["posts"], 15_000);
    world.advance(8 * DAY); // December
    assert_eq!(world.search("query=the").await.status, 200);
}
