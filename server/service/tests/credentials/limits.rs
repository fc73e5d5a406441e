//! How much is asked before X has said how much may be: what the access tier of the credential has, as admins edit it.

use crate::world::{EVERYTHING, Story, bearer};
use model::Timestamp;
use model::credential::Kind;
use model::schedule::{Reads, RunStatus};
use model::time::{MINUTE, SECOND};
use service::credentials;
use service::fetch::Fetching;
use service::limits::{self, Caller, Change};
use tokio_util::sync::CancellationToken;

const RECENT: &str = "/2/tweets/search/recent";
const SILENT: &str = "[[fault]]\nkind = \"no-headers\"\n";

async fn set(story: &Story, tier: &str, requests: u32) {
    let change = Change { tier, endpoint: RECENT, caller: Caller::App, requests, spacing: None };
    limits::set(&story.service, &change, None).await.unwrap();
}

/// Searches that X answered, and those that it refused.
async fn searches(story: &Story) -> (usize, usize) {
    let answered = story.asked(RECENT).await;
    let refused = answered.iter().filter(|status| **status == 429).count();
    (answered.len() - refused, refused)
}

#[tokio::test]
async fn no_more_is_asked_than_the_tier_allows_while_x_says_nothing() {
    let story = Story::new(|x| (x.tweets, x.requests_per_window) = (6_000, 15)).await;
    story.script(SILENT).await;
    let credential = credentials::save(&story.service, "first", &story.x, bearer()).await.unwrap();
    story.schedule(credential).await;
    set(&story, "basic", 15).await;
    credentials::set_tier(&story.service, credential, "basic", None).await.unwrap();
    let run = story.run().await;
    assert_eq!(run.status, RunStatus::Running, "{run:?}");
    assert!(run.wait.unwrap().reason.contains("limit of requests is used up"));
    assert_eq!(searches(&story).await, (15, 0));
    story.wait(16 * MINUTE);
    story.run().await;
    assert_eq!(searches(&story).await, (30, 0), "15 in each window, and X never had to refuse");
}

/// The process goes on all the while: it opens nothing anew.
#[tokio::test]
async fn an_edited_limit_is_used_at_once_and_what_was_spent_stays_spent() {
    let story = Story::new(|x| x.tweets = 9_000).await;
    story.script(SILENT).await;
    let credential = credentials::save(&story.service, "first", &story.x, bearer()).await.unwrap();
    story.schedule(credential).await;
    set(&story, "pay-per-use", 15).await;
    let (stop, mut fetching) = (CancellationToken::new(), Fetching::new(&story.service));
    let mut then = async |expected: usize| {
        fetching.advance(&stop).await.unwrap();
        assert_eq!(searches(&story).await, (expected, 0));
    };
    then(15).await;
    set(&story, "pay-per-use", 20).await;
    then(20).await;
    set(&story, "basic", 23).await;
    credentials::set_tier(&story.service, credential, "basic", None).await.unwrap();
    then(23).await;
    set(&story, "basic", 4).await;
    then(23).await;
    story.wait(16 * MINUTE);
    then(27).await;
    // Who goes on after it knows the same.
    set(&story, "basic", 6).await;
    fetching.close().await;
    story.run().await;
    assert_eq!(searches(&story).await, (29, 0));
}

#[tokio::test]
async fn what_x_said_counts_more_than_the_tier() {
    let story = Story::new(|x| (x.tweets, x.requests_per_window) = (3_000, 6)).await;
    let credential = credentials::save(&story.service, "first", &story.x, bearer()).await.unwrap();
    story.schedule(credential).await;
    story.run().await;
    assert_eq!(searches(&story).await, (6, 0));
    story.script(SILENT).await;
    set(&story, "pay-per-use", 100).await;
    story.run().await;
    assert_eq!(searches(&story).await, (6, 0));
    story.wait(16 * MINUTE);
    story.run().await;
    assert_eq!(searches(&story).await, (12, 0), "in the next window too, though it says nothing there");
}

/// X gives a tier no archive, or a new endpoint: nobody has entered how much it gives.
#[tokio::test]
async fn where_the_tier_says_nothing_one_request_finds_out() {
    let story = Story::new(|x| x.tweets = 3_000).await;
    story.script(SILENT).await;
    let credential = credentials::save(&story.service, "first", &story.x, bearer()).await.unwrap();
    credentials::set_tier(&story.service, credential, "free", None).await.unwrap();
    let (from, to) = (Timestamp(story.now().0 - 60 * MINUTE), story.now());
    let archive = Reads::Archive { query: EVERYTHING.to_owned(), from, to };
    story.schedule_of("an hour", archive, credential).await;
    let run = story.run().await;
    assert_eq!(story.asked("/2/tweets/search/all").await, [200], "{run:?}");
}

#[tokio::test]
async fn what_cannot_be_a_limit_is_refused_with_what_can() {
    let story = Story::new(|_| {}).await;
    let before = limits::list(&story.service).await.unwrap();
    let change = Change { tier: "pro", endpoint: RECENT, caller: Caller::App, requests: 15, spacing: None };
    let all = "/2/tweets/search/all";
    for (change, expected) in [
        (
            Change { tier: "Pro", ..change.clone() },
            "no access tier \"Pro\", but basic, enterprise, free, pay-per-use, pro",
        ),
        (
            Change { endpoint: "/2/tweets/search", ..change.clone() },
            "no schedule asks \"/2/tweets/search\", but /2/tweets",
        ),
        (Change { endpoint: all, caller: Caller::Person, ..change.clone() }, "X lets apps alone ask"),
        (Change { requests: 0, ..change.clone() }, "0 requests are no limit: it is between 1 and 1000000"),
        (Change { requests: 1_000_001, ..change.clone() }, "1000001 requests are no limit"),
        (Change { spacing: Some(-1), ..change.clone() }, "between 0 and 900 seconds apart"),
        (Change { spacing: Some(901 * SECOND), ..change.clone() }, "between 0 and 900 seconds apart"),
    ] {
        let error = limits::set(&story.service, &change, None).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert_eq!(limits::list(&story.service).await.unwrap(), before);
    let credential = credentials::save(&story.service, "first", &story.x, bearer()).await.unwrap();
    for (credential, tier, expected) in
        [(credential, "gold", "no access tier \"gold\""), (99, "pro", "no credential 99")]
    {
        let error = credentials::set_tier(&story.service, credential, tier, None).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let known = credentials::list(&story.service).await.unwrap().remove(0);
    assert_eq!((known.kind, known.tier.as_str()), (Kind::Bearer, "pay-per-use"));
}
