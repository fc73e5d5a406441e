//! How well requests are used against a server: the last seven days of 12 queries from the simulator, under X's limit and
//! under one that takes days, in virtual time. `cargo bench -p service --bench fetch -- [TWEETS]` runs what Roost runs, and
//! beside it, on the same tweets, fixed windows of six lengths and twarc2's way of paging.
#![expect(clippy::unwrap_used, reason = "a benchmark ends where something that it relies on fails")]

#[path = "../../../planner/benches/fetch/policies.rs"]
mod policies;
mod server;

use model::Timestamp;
use model::schedule::{Expansions, Reads};
use model::time::{DAY, MINUTE};
use policies::{LENGTHS, Paged, Policy, Step};
use server::{Served, World, X};
use service::fetch::Fetching;
use service::schedules::{self, NewSchedule};
use service::{Service, Settings, pipeline};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// From everything to nearly nothing.
pub const QUERIES: [&str; 12] = [
    "min_likes:0",
    "min_likes:0 lang:en",
    "min_likes:0 has:media",
    "min_likes:0 lang:ja",
    "min_likes:0 lang:es",
    "min_likes:0 has:hashtags lang:en",
    "min_likes:0 lang:pt",
    "min_likes:0 lang:ar",
    "min_likes:100",
    "min_likes:0 lang:ko has:media",
    "min_likes:1000",
    "min_likes:10000",
];
/// When all begin: a moment in the middle of a day.
pub const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
/// Requests in 15 minutes: what X allows an app at recent search, and so few that a week takes days.
const LIMITS: [u32; 2] = [450, 15];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let tweets = arguments.first().and_then(|tweets| tweets.parse().ok()).unwrap_or(140_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let had = X::start(&World { tweets, limit: LIMITS[0] }).await.had().await;
        println!("tweets in seven days, by query: {had:?}, {} in all", had.iter().sum::<u64>());
        for limit in LIMITS {
            compare(&World { tweets, limit }, had.iter().sum()).await;
        }
    });
}

async fn compare(world: &World, had: u64) {
    println!(
        "\n| {} requests in 15 minutes | requests | refused | of those in a closed window | used % | filled % | new tweets a request | fetched % | hours |",
        world.limit
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let x = X::start(world).await;
    print("Roost", &roost(&x, had).await);
    let others = LENGTHS.map(|(name, length)| (name, Paged::fixed(QUERIES.len(), length, NOW)));
    for (name, mut policy) in std::iter::once(("twarc2", Paged::twarc2(QUERIES.len(), NOW))).chain(others) {
        let x = X::start(world).await;
        paged(&x, &mut policy).await;
        print(name, &x.served(had).await);
    }
}

fn print(name: &str, served: &Served) {
    println!(
        "| {name} | {} | {} | {} | {:.1} | {:.1} | {:.1} | {:.2} | {:.1} |",
        served.requests,
        served.refused,
        served.closed,
        served.used * 100.0,
        served.filled * 100.0,
        served.per_request,
        served.fetched * 100.0,
        served.hours
    );
}

/// What `roost serve` does, but that time jumps to where there is more to do.
async fn roost(x: &X, had: u64) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::open(&Settings::folder(folder.path()), Arc::clone(&x.clock) as Arc<_>).await.unwrap();
    let credential = schedules::save_credential(&service, "x", &x.address, server::TOKEN).await.unwrap();
    for query in QUERIES {
        let new = NewSchedule {
            collection: "Bench",
            credential,
            name: query,
            reads: Reads::recent(query),
            expansions: Expansions::ALL,
            cadence: "every 30 days",
        };
        schedules::create(&service, new).await.unwrap();
    }
    let stop = CancellationToken::new();
    let storing = tokio::spawn(pipeline::follow(service.clone(), stop.clone()));
    let mut fetching = Fetching::new(&service);
    while let Some(next) = fetching.advance(&CancellationToken::new()).await.unwrap() {
        if next - NOW > 8 * DAY {
            break;
        }
        x.clock.set(next);
    }
    fetching.close().await;
    let served = x.served(had).await;
    stop.cancel();
    storing.await.unwrap();
    pipeline::drain(&service).await.unwrap();
    let mut read = 0;
    for schedule in schedules::list(&service).await.unwrap() {
        let runs = schedules::runs(&service, schedule.id).await.unwrap();
        read += runs.iter().map(|run| run.counts.read).sum::<u64>();
    }
    assert_eq!(read, served.given, "what X gave is stored");
    served
}

/// A policy that asks for itself, one request after the other.
async fn paged(x: &X, policy: &mut dyn Policy) {
    loop {
        let now = x.clock.time();
        match policy.next(now) {
            Step::Done => return,
            Step::Wait(until) => x.clock.set(until),
            Step::Ask { query, ask } => match x.search(QUERIES[query], &ask).await {
                (Some(page), limits) => policy.took(&page, limits, x.clock.time()),
                (None, limits) => policy.refused(limits, x.clock.time()),
            },
        }
        assert!(x.clock.time() - NOW < 8 * DAY + MINUTE, "it never ends");
    }
}
