//! How fast the log acknowledges: `cargo bench -p eventlog --bench append [RECORDS]`. Records of 1 KB, so many in flight.
#![expect(clippy::unwrap_used, reason = "a benchmark ends where something that it relies on fails")]

use eventlog::{EventLog, Options, Record, SqliteLog, Topic};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const SIZE: usize = 1_024;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let records = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(100_000);
    println!("| in flight | records/s | CPU µs each | p50 ms | p99 ms |\n|---|---|---|---|---|");
    for (in_flight, share) in [(1, 100), (64, 5), (3_200, 1)] {
        measure(in_flight, records / share).await;
    }
}

async fn measure(in_flight: u64, records: u64) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::new(Arc::new(|| 0));
    let log = SqliteLog::open(&folder.path().join("log.db"), options).await.unwrap();
    let topic = Topic { name: "pages".into(), partitions: 4, retention: Duration::ZERO };
    log.create_topic(&topic).await.unwrap();
    let left = Arc::new(AtomicU64::new(records));
    let (began, cpu) = (Instant::now(), cpu_seconds());
    let workers: Vec<_> = (0..in_flight)
        .map(|worker| {
            let (log, left) = (log.clone(), Arc::clone(&left));
            tokio::spawn(async move {
                let mut times = Vec::new();
                while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                    let record =
                        Record { key: worker.to_le_bytes().to_vec(), payload: vec![7; SIZE], ..Record::default() };
                    let asked = Instant::now();
                    log.append("pages", vec![record]).await.unwrap();
                    times.push(asked.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await.unwrap());
    }
    let (wall, cpu) = (began.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    times.sort_unstable();
    let part = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    let count = records as f64;
    println!("| {in_flight} | {:.0} | {:.1} | {:.1} | {:.1} |", count / wall, cpu * 1e6 / count, part(50), part(99));
    log.close().await;
}

/// What this process has used, user and system.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    ticks as f64 / 100.0
}
