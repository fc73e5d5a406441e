//! Clients that others wrote for X read the simulator, with nothing changed but the host: twarc2 as people type it, tweepy
//! as people call it. What they bring is compared with the corpus and with what the ledger says was served.
//! `make test-long` brings a Python with both.

#[path = "../common/mod.rs"]
mod common;

mod client;
mod gone;
mod names;
mod reading;
mod signing;
mod streaming;
mod truth;
mod waiting;

use std::sync::Arc;

use common::{START, World};
use serde_json::Value;
use simulator::{Config, Vocabulary, system_clock};
use truth::Truth;

/// A world in the names that both clients know, with nothing new; its clock stands at [`START`]. And what is in it.
fn world(tweets: u64, adjust: impl FnOnce(&mut Config)) -> (World, Truth) {
    let mut truth = None;
    let world = World::new(|config| {
        config.origin = Some(START);
        config.tweets = tweets;
        config.rate_per_second = 0.0;
        config.vocabulary = Some(Vocabulary::Tweet);
        adjust(config);
        truth = Some(Truth::of(config));
    });
    (world, truth.expect("it was told"))
}

/// Has the clock go on from [`START`].
fn goes(config: &mut Config) {
    let clock = system_clock();
    let begun = clock();
    config.clock = Arc::new(move || START + clock() - begun);
}

/// How many requests there were.
async fn requests(world: &World) -> u64 {
    world.ask("/_sim/ledger").await.body["requests"].as_u64().expect("a number")
}

/// The ledger's entries after the one with this number.
async fn entries(world: &World, after: u64) -> Vec<Value> {
    let entries = world.ask(&format!("/_sim/ledger/requests?after={after}")).await.body;
    entries.as_array().expect("entries").clone()
}

/// The ids of one kind in the ledger's entries of requests to `path`.
fn served(entries: &[Value], path: &str, kind: &str) -> Vec<String> {
    let lists = entries.iter().filter(|entry| entry["path"] == path).map(|entry| entry[kind].as_array());
    lists.flatten().flatten().map(|id| id.as_str().expect("an id").to_owned()).collect()
}
