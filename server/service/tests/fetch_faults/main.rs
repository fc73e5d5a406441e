//! What goes wrong between Roost and X costs time, but no tweet: after faults of many kinds the database has what X has, each
//! tweet once, and no run waited longer than it had to.
//!
//! The faults happen on a wire between Roost and the simulator ([`wire`]), or the simulator has them itself. The judge is
//! the corpus from which the simulator serves.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod kinds;
mod story;
mod wire;

use kinds::{GROUPS, HELD_BACK, HELD_BACK_FOR_AN_HOUR, Kind};
use std::slice::from_ref;
use std::sync::Arc;
use story::Story;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Stories that are told at the same time.
const AT_ONCE: usize = 4;

/// A story for each of these, with so many faults of each kind.
async fn tell(stories: Vec<(&'static str, &'static [Kind], u32)>) {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let expected: u32 = stories.iter().map(|(_, kinds, of_each)| kinds.len() as u32 * of_each).sum();
    let mut told = JoinSet::new();
    for (number, (name, kinds, of_each)) in stories.into_iter().enumerate() {
        let permits = Arc::clone(&permits);
        told.spawn(async move {
            let _permit = permits.acquire_owned().await.unwrap();
            Story::of(name, kinds, number as u64 + 1, of_each).await.run().await
        });
    }
    let (mut struck, mut failed) = (0, 0);
    while let Some(one) = told.join_next().await {
        // A story that failed has said why.
        one.map_or_else(|_| failed += 1, |faults| struck += faults);
    }
    println!("{struck} faults");
    assert_eq!((failed, struck), (0, expected));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dozen_faults_of_each_kind_lose_and_double_nothing() {
    // Each answer that does not come takes a minute, as X may take that long.
    let of_each = |name: &str| if name == "silence" { 4 } else { 12 };
    tell(GROUPS.iter().map(|(name, kinds)| (*name, *kinds, of_each(name))).collect()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_held_back_once_is_found_by_the_second_look() {
    tell(vec![("held back", HELD_BACK, 1); 3]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_held_back_in_runs_of_an_hour_is_asked_for_at_once() {
    tell(vec![("held back for an hour", HELD_BACK_FOR_AN_HOUR, 6); 3]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes"]
async fn a_thousand_faults_lose_and_double_nothing() {
    let kinds = GROUPS.iter().flat_map(|(_, kinds)| *kinds);
    tell(kinds.map(|kind| (kind.name, from_ref(kind), 24)).collect()).await;
}
