//! A disk that is full, again and again: nothing that was acknowledged is lost, questions are answered, and work goes on
//! by itself when there is room.
//!
//! The disk is a small file system in memory, which only root can mount: elsewhere the stories are skipped, loudly.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::Timestamp;
use service::pipeline::{self, Page};
use service::{Error, Service, Settings, SystemClock, collections, explore, index};
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const OBSERVED: i64 = 1_790_000_000_000_000;
/// Room for some rounds of pages.
const DISK: u64 = 256 << 20;
/// Tweets of a page.
const PAGE: u64 = 200;
/// How long it may take to go on once there is room.
const RECOVERY: Duration = Duration::from_secs(20);

/// A small disk.
struct Disk(TempDir);

impl Disk {
    fn mount() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let options = format!("size={DISK}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder.path()).status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(folder));
        }
        eprintln!("SKIPPED: only root can mount the small disk that this story fills");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all the room there is.
    fn fill(&self) {
        let ballast = File::create(self.path().join("ballast")).unwrap();
        let mut size = DISK;
        while size > 4096 {
            let held = ballast.metadata().unwrap().len();
            match std::os::unix::fs::FileExt::write_all_at(
                &ballast,
                &vec![1; usize::try_from(size).unwrap().min(1 << 20)],
                held,
            ) {
                Ok(()) => {}
                Err(_) => size /= 2,
            }
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg(self.path()).status().ok();
    }
}

fn page(number: u64) -> Vec<u8> {
    let tweets: Vec<_> = (number * PAGE..(number + 1) * PAGE)
        .map(|id| {
            serde_json::json!({ "id": (id + 1).to_string(), "text": format!("moon {id} {}", id * 7_919), "author_id": "5",
                "created_at": "2026-01-31T10:00:00.000Z" })
        })
        .collect();
    serde_json::json!({ "data": tweets, "meta": { "result_count": PAGE } }).to_string().into_bytes()
}

async fn survives(rounds: u64) {
    let Some(disk) = Disk::mount() else { return };
    let settings = Settings::folder(disk.path().join("data"));
    let service = Service::open(&settings, Arc::new(SystemClock)).await.unwrap();
    let collection = collections::find_or_create(&service, "Moon").await.unwrap().id;
    let stop = CancellationToken::new();
    let tasks = [
        tokio::spawn(pipeline::follow(service.clone(), stop.clone())),
        tokio::spawn(index::follow(service.clone(), stop.clone())),
    ];
    let mut acknowledged = 0;
    for round in 0..rounds {
        disk.fill();
        let refused = loop {
            let body = page(acknowledged);
            let page = Page { collection, schedule: 1, run: 0, observed_at: Timestamp(OBSERVED), body };
            match pipeline::append(&service, page).await {
                Ok(()) => acknowledged += 1,
                Err(error) => break error,
            }
        };
        let told = refused.to_string();
        assert!(matches!(refused, Error::Invalid(_)) && told.contains("no room on the disk"), "{told}");
        explore::count(&service, "moon").await.unwrap();
        disk.free();
        await_all(&service, acknowledged * PAGE, round).await;
    }
    stop.cancel();
    for task in tasks {
        task.await.unwrap();
    }
    index::catch_up(&service).await.unwrap();
    let verdict = index::verify(&service).await.unwrap();
    assert!(verdict.agrees() && verdict.stored == acknowledged * PAGE, "{verdict:?}");
    println!("{rounds} times full, {acknowledged} pages");
    service.close().await.unwrap();
}

async fn await_all(service: &Service, tweets: u64, round: u64) {
    let freed = Instant::now();
    loop {
        let count = explore::count(service, "moon").await.unwrap();
        if count == tweets {
            return;
        }
        assert!(freed.elapsed() < RECOVERY, "round {round}: {count} of {tweets} tweets after {RECOVERY:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_three_times_loses_nothing() {
    survives(3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes"]
async fn a_disk_that_is_full_a_hundred_times_loses_nothing() {
    survives(100).await;
}
