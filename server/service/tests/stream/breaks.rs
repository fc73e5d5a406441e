//! Whatever ends a connection, all that X has is stored in the end, each tweet once.

use crate::world::{EVERYTHING, World, eventually, manner, run, stored};
use service::schedules;
use service::stream::Manner;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// What goes wrong: faults of the stream, and what becomes of those who connect again. Each with how many lines or requests
/// it lets pass, and how many it strikes.
const BREAKS: [&[(&str, u32, u32)]; 8] = [
    &[("disconnect", 0, 1)],
    &[("break", 0, 1)],
    &[("half-line", 3, 1)],
    &[("duplicate", 0, 3), ("disconnect", 3, 1)],
    &[("left-open", 0, 1), ("break", 0, 2)],
    &[("disconnect", 0, 1), ("server-error", 0, 1)],
    &[("break", 0, 1), ("server-error", 0, 2)],
    &[("half-line", 0, 1), ("connection-limit", 0, 1)],
];

fn script(faults: &[(&str, u32, u32)]) -> String {
    let fault = |(kind, after, times): &(&str, u32, u32)| {
        format!("[[fault]]\nkind = \"{kind}\"\nafter = {after}\ntimes = {times}\npath = \"/2/tweets/search/stream\"\n")
    };
    faults.iter().map(fault).collect()
}

/// Reads a stream through so many breaks. `lull` is how long nothing breaks between them.
async fn survives(rate_per_second: f64, breaks: usize, lull: Duration) {
    let world = World::new(rate_per_second).await;
    let service = world.open().await;
    let all = world.schedule(&service, "all", EVERYTHING).await;
    let work = world.work(&service, manner());
    let tweets = async || run(&service, all).await.map_or(0, |run| run.counts.read);
    eventually("tweets come", async || tweets().await > 0).await;
    for number in 0..breaks {
        tokio::time::sleep(lull).await;
        let connects = world.requests("/search/stream").await;
        if number % 10 == 4 {
            world.is_silent.store(true, Ordering::SeqCst);
        } else {
            world.script(&script(BREAKS[number % BREAKS.len()])).await;
        }
        let again = format!("it connects again after break {number}");
        eventually(&again, async || world.requests("/search/stream").await > connects).await;
        world.is_silent.store(false, Ordering::SeqCst);
    }
    world.script("").await;
    let end = world.settle(&service, all).await;
    work.end(&service).await;
    let ended = run(&service, all).await.unwrap();
    assert_eq!(ended.wait, None, "{ended:?}");
    let (expected, found) =
        (world.written(ended.started_at, end), stored(&service, "all", ended.started_at, end).await);
    let (searches, connects) = (world.requests("/search/recent").await, world.requests("/search/stream").await);
    println!(
        "{} tweets, {breaks} breaks: {} missing, {} too many; {connects} connects, {searches} searches, {:?}",
        expected.len(),
        expected.difference(&found).count(),
        found.difference(&expected).count(),
        ended.counts,
    );
    assert_eq!(found, expected);
    assert!(connects > breaks, "{connects}");
    assert_eq!(schedules::gaps(&service, all).await.unwrap(), []);
    assert_eq!(schedules::rejects(&service, all).await.unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_missing_or_double_after_8_breaks() {
    survives(5.0, 8, Duration::from_millis(200)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes"]
async fn nothing_is_missing_or_double_after_50_breaks() {
    survives(8.0, 50, Duration::from_millis(1_000)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_log_takes_nothing_the_reader_reads_on_and_what_finds_no_room_is_searched_for() {
    let world = World::new(8.0).await;
    let service = world.open().await;
    let all = world.schedule(&service, "all", EVERYTHING).await;
    let work = world.work(&service, Manner { most_waiting: 100_000, ..manner() });
    eventually("tweets come", async || run(&service, all).await.is_some_and(|run| run.counts.read > 0)).await;
    let full = world.hold_log().await;
    let served = async || world.ask("GET", "/_sim/ledger", "").await["tweets_served"].as_u64().unwrap();
    let before = served().await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    let meanwhile = served().await - before;
    assert!(meanwhile > 100, "{meanwhile} were read");
    full.let_go().await;
    let end = world.settle(&service, all).await;
    work.end(&service).await;
    let ended = run(&service, all).await.unwrap();
    assert_eq!(stored(&service, "all", ended.started_at, end).await, world.written(ended.started_at, end));
    let searched = world.requests("/search/recent").await;
    assert!(searched >= 2, "at the beginning, and for what was dropped: {searched}");
}
