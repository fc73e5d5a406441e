//! How fast tweets are written: `cargo bench -p store --bench write [TWEETS]`, into SQLite and, where
//! `ROOST_TEST_POSTGRES_URL` names a cluster, into PostgreSQL. What needs no database is done before.
#![expect(clippy::unwrap_used, reason = "a benchmark ends where something that it relies on fails")]

use model::Timestamp;
use model::observed::Batch;
use std::time::Instant;
use store::tweets::{Delivery, Origin, Sealer};
use testing::TestStore;
use tweetgen::{Corpus, Profile, Transport, World, each_page};

/// Where the made-up week ends: microseconds in UTC.
const END: i64 = 1_790_000_000_000_000;
const HOUR: i64 = 3_600_000_000;
/// Pages of one transaction, as the pipeline has it where there is much to do.
const TOGETHER: usize = 25;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let tweets = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(50_000);
    let mut pages = Vec::new();
    let corpus = Corpus::new(World::week(Profile::Full, 1, tweets, END));
    each_page(&corpus, Transport::Clean, |page| {
        pages.push(page.to_vec());
        Ok(())
    })
    .unwrap();
    println!("| engine | tweets that are | tweets/s |\n|---|---|---|");
    measure("SQLite", &testing::sqlite().await, &pages).await;
    if let Some(test) = testing::postgres().await {
        measure("PostgreSQL", &test, &pages).await;
    }
}

async fn measure(engine: &str, test: &TestStore, pages: &[Vec<u8>]) {
    let collection =
        store::collections::find_or_create(&test.store, "bench", "Bench", Timestamp(END)).await.unwrap().id;
    let origin = Origin { collection, schedule: None };
    let unchanged: fn(&mut Batch) = |_| ();
    let grown: fn(&mut Batch) = |batch| {
        for observed in &mut batch.tweets {
            observed.tweet.metrics.likes = observed.tweet.metrics.likes.map(|likes| likes + 1);
        }
    };
    for (hours, (what, change)) in
        (0..).zip([("new", unchanged), ("known and the same", unchanged), ("known and liked", grown)])
    {
        let observed_at = Timestamp(END + hours * HOUR);
        let sealer = Sealer::new(&test.store, observed_at).await.unwrap();
        let mut ready = Vec::new();
        for pages in pages.chunks(TOGETHER) {
            let delivery = |page: &Vec<u8>| {
                let mut batch = process::decode_page(page, observed_at).unwrap().batch;
                change(&mut batch);
                Delivery::of(origin, batch)
            };
            ready.push(sealer.prepare(pages.iter().map(delivery).collect()).unwrap());
        }
        let (began, mut read) = (Instant::now(), 0);
        for ready in ready {
            read += store::tweets::write(&test.store, ready, None, observed_at).await.unwrap().counts.read;
        }
        println!("| {engine} | {what} | {:.0} |", read as f64 / began.elapsed().as_secs_f64());
    }
}
