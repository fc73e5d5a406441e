//! The names of July 2026, which are newer than both clients.

use serde_json::json;

use crate::client::{Client, call, command, is_there};
use crate::world;

#[tokio::test]
#[ignore = "needs a Python with twarc and tweepy: make test-long"]
async fn the_newer_names_come_to_those_who_ask_for_no_fields_and_are_what_the_clients_do_not_know() {
    if !is_there() {
        return;
    }
    let (world, _) = world(500, |config| config.vocabulary = None);
    let address = world.listen().await;
    // What asks for `tweet.fields` has the older names.
    let found = Client::Twarc2.run(address, command(&["search", "--limit", "1", "the", "OUT"], &[])).await;
    assert_eq!((found.answer.get("error"), found.ids().is_empty()), (None, false), "{}", found.said);
    let found = Client::Tweepy.run(address, call("search_recent_tweets", json!({ "query": "the" }))).await;
    assert_eq!((found.answer.get("error"), found.ids().len()), (None, 10), "{}", found.answer);

    let counts = Client::Twarc2.run(address, command(&["counts", "the", "OUT"], &[])).await;
    assert_eq!(counts.answer["error"], "KeyError('total_tweet_count')");
    let plain = json!({ "method": "search_recent_tweets", "arguments": { "query": "the" } });
    let warned = Client::Tweepy.run(address, plain).await.answer["error"].to_string();
    assert!(warned.contains("missing default edit_history_tweet_ids"), "{warned}");
}
