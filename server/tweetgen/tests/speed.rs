//! How fast tweets are made. Run it built for release:
//! `cargo test --release -p tweetgen --test speed -- --ignored --nocapture`

use std::fs;

use tweetgen::{Corpus, Profile, Transport, World, write_pages};

const END: i64 = 1_795_435_200_000_000; // 2026-11-23T12:00:00Z
const TWEETS: u64 = 200_000;

/// Nanoseconds this thread has spent on a processor.
fn cpu_ns() -> u64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells it");
    stat.split(' ').next().and_then(|first| first.parse().ok()).expect("Linux tells it")
}

/// Counts bytes.
struct Scale(u64);

impl std::io::Write for Scale {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
#[ignore = "a measurement, for a release build"]
fn speed_of_making_tweets() {
    for (name, profile) in Profile::ALL {
        let (mut best, mut bytes) = (f64::MAX, 0);
        for _ in 0..5 {
            let mut scale = Scale(0);
            let start = cpu_ns();
            let corpus = Corpus::new(World::week(profile, 1, TWEETS, END));
            write_pages(&mut scale, &corpus, Transport::Clean).expect("a scale takes all");
            best = best.min((cpu_ns() - start) as f64 / 1e9);
            bytes = scale.0;
        }
        let (rate, speed) = (TWEETS as f64 / best, bytes as f64 / best / 1e6);
        println!("{name}: {rate:.0} tweets per CPU-second, {speed:.0} MB/s, {} bytes a tweet", bytes / TWEETS);
    }
}
