//! A question that never ends is ended. Alone in its process, whose work it measures.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::*;
use lake::{LakeError, Limits};
use std::time::{Duration, Instant};
use tempfile::TempDir;

#[tokio::test]
async fn not_only_the_answer_ends_also_the_work() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    lake.apply(puts((1..=5_000).map(|id| row(id, (id % 5) as u32, 5, "moon")))).await.unwrap();
    lake.commit(1, NOW).await.unwrap();
    let endless = "SELECT count(*) FROM tweets a, tweets b, tweets c WHERE a.likes + b.likes * c.likes = 1000";
    let began = Instant::now();
    let limits = Limits { seconds: 2, ..Limits::default() };
    let Err(LakeError::Sql(why)) = lake.sql(endless, limits).await else { panic!("it was answered") };
    assert!(why.to_string().contains("longer than 2 seconds"), "{why}");
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = processor_time();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(processor_time() - before <= 10, "the work goes on");
}

/// Hundredths of a second that this process has worked.
fn processor_time() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}
