//! kill -9 at any moment of reading a stream.

use crate::world::{EVERYTHING, FastClock, SPEED, World, eventually, manner, open, run, stored};
use model::schedule::RunStatus;
use service::{fetch, pipeline, schedules, stream};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Where a life works: it is a process of its own, of this very program.
const FOLDER: &str = "ROOST_STREAM_FOLDER";
const BASE: &str = "ROOST_STREAM_CLOCK";
/// How long a lease lasts after its process was killed.
const LEASE: Duration = Duration::from_millis(15_500 / SPEED as u64);

/// Reads until it is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process of the story below"]
async fn one_life() {
    #[expect(clippy::disallowed_methods, reason = "this is how a process of a story is told what to do")]
    let (Some(folder), Ok(base)) = (std::env::var_os(FOLDER).map(PathBuf::from), std::env::var(BASE)) else { return };
    let service = open(&folder, FastClock::since(base.parse().unwrap())).await;
    let stop = CancellationToken::new();
    tokio::spawn(pipeline::follow(service.clone(), stop.clone()));
    tokio::spawn(fetch::follow_schedules(service.clone(), stop.clone()));
    println!("alive");
    stream::follow(service, manner(), stop).await;
}

/// A life that is killed after a while.
fn live(data: &Path, base: i64, life: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["crash::one_life", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, data)
        .env(BASE, base.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    if !out.any(|line| line.unwrap().ends_with("alive")) {
        let mut told = String::new();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        panic!("a life did not begin: {told}");
    }
    std::thread::sleep(life);
    child.kill().unwrap();
    child.wait().unwrap();
}

async fn survives(lives: u32) {
    let world = World::new(5.0).await;
    let service = world.open().await;
    let all = world.schedule(&service, "all", EVERYTHING).await;
    service.close().await.unwrap();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..lives {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        // The lease of the one before has ended when this one begins.
        tokio::time::sleep(LEASE).await;
        let (data, base, life) = (world.data(), world.clock.base, Duration::from_millis(700 + seed % 3_000));
        tokio::task::spawn_blocking(move || live(&data, base, life)).await.unwrap();
    }
    tokio::time::sleep(LEASE).await;
    let service = world.open().await;
    let work = world.work(&service, manner());
    eventually("the run goes on", async || {
        run(&service, all).await.is_some_and(|run| run.status == RunStatus::Running)
    })
    .await;
    let end = world.settle(&service, all).await;
    work.end(&service).await;
    let runs = schedules::runs(&service, all).await.unwrap();
    assert_eq!(runs.len(), 1, "each kill is survived by the run itself: {runs:?}");
    let begin = runs[0].started_at;
    let (expected, found) = (world.written(begin, end), stored(&service, "all", begin, end).await);
    println!("{} tweets, {lives} kills: {} missing", expected.len(), expected.difference(&found).count());
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_in_3_lives() {
    survives(3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes"]
async fn nothing_is_lost_in_40_lives() {
    survives(40).await;
}
