//! The other ways to say who asks: an app's key and secret, and a user's signature.

use serde_json::json;
use simulator::system_clock;

use crate::client::{Client, command, is_there};
use crate::common::{SECOND, World};
use crate::truth::{DAY, Truth};
use crate::world;

/// A signature tells the time.
fn today() -> (World, Truth) {
    let clock = system_clock();
    let origin = clock() / SECOND * SECOND - DAY;
    world(500, |config| {
        config.clock = clock;
        config.origin = Some(origin);
    })
}

#[tokio::test]
#[ignore = "needs a Python with twarc and tweepy: make test-long"]
async fn both_sign_for_the_host_that_they_know_and_twarc2_fetches_its_token() {
    if !is_there() {
        return;
    }
    let (world, truth) = today();
    let address = world.listen().await;
    let user = [truth.id(truth.corpus.accounts().next().expect("an account"))];
    let app = ["--consumer-key", "simulator-key", "--consumer-secret", "simulator-secret"];
    let person = ["--access-token", "simulator-access-token", "--access-token-secret", "simulator-access-secret"];
    let mut look_up = command(&["users", "IN", "OUT"], &user);
    for keys in [app.to_vec(), [&app[..], &person[..], &["--user-auth"]].concat()] {
        look_up["keys"] = json!(keys);
        let made = Client::Twarc2.run(address, look_up.clone()).await;
        assert_eq!(made.ids(), user, "{keys:?}: {}", made.said);
    }
    let me = Client::Tweepy.run(address, json!({ "method": "get_me", "arguments": {} })).await;
    assert_eq!(me.ids(), user, "{}", me.answer);
    let by_user = json!({ "query": "min_likes:0 (\"the\" OR a)", "max_results": 10, "user_auth": true });
    let found = Client::Tweepy.run(address, json!({ "method": "search_recent_tweets", "arguments": by_user })).await;
    assert_eq!(found.ids().len(), 10, "{}", found.answer);
}
