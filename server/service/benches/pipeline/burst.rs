//! What a burst does: pages come 25 times as fast as X lets a stream run, for a minute, while somebody explores.

use crate::whole::{Running, append};
use model::account::{CurrentUser, Role};
use model::explore::ExploreQuery;
use service::{Service, explore, pipeline};
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// Pages of 100 tweets a second: 250 tweets is what X sends at most.
const PAGES_A_SECOND: f64 = 25.0 * 2.5;
const SECONDS: u64 = 60;
/// Pages that are there before.
const BEFORE: usize = 1_000;
/// Pages that are on their way into the log at once.
const IN_FLIGHT: usize = 64;
const FILTERS: [&str; 4] = ["", "lang:en", "likes>10", "lang:ja likes>2"];
/// Between two questions, as somebody who clicks fast would ask.
const PAUSE: Duration = Duration::from_millis(200);

pub fn measure(pages: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(run(pages));
}

async fn run(pages: &Path) {
    let folder = tempfile::tempdir_in(pages.parent().unwrap()).unwrap();
    let running = Running::start(folder.path()).await;
    let service = running.service.clone();
    let lines = std::io::BufReader::new(std::fs::File::open(pages).unwrap()).split(b'\n');
    let mut bodies = lines.map(|line| line.unwrap()).enumerate();
    for (number, body) in bodies.by_ref().take(BEFORE) {
        append(&running, number, body).await;
    }
    caught_up(&service).await;
    tokio::time::sleep(Duration::from_secs(5)).await;

    let idle = explore_for(&service, Duration::from_secs(20)).await;
    let memory_before = resident_mb();
    let burst = Duration::from_secs(SECONDS);
    let (during, (came, most_waiting, memory)) =
        tokio::join!(explore_for(&service, burst), send(&running, &mut bodies, burst));
    let ended = Instant::now();
    caught_up(&service).await;
    let lag = ended.elapsed();
    println!(
        "burst: {came} pages of 100 tweets in {SECONDS} s, {most_waiting} waited at most, none {lag:.1?} after the last"
    );
    println!("  memory: {memory_before} MB before, by tenths of the burst {memory:?} MB");
    for (what, times) in [("idle", &idle), ("during the burst", &during)] {
        println!("  explore, {what}: {} questions, p50 {} ms, p99 {} ms", times.len(), at(times, 50), at(times, 99));
    }
    running.stop().await;
}

/// Sends pages at their times. Returns how many, how many waited in the log at most, and the memory now and then.
async fn send(
    running: &Running,
    bodies: &mut impl Iterator<Item = (usize, Vec<u8>)>,
    time: Duration,
) -> (u64, u64, Vec<u64>) {
    let room = Arc::new(Semaphore::new(IN_FLIGHT));
    let (began, mut sent, mut most_waiting, mut memory) = (Instant::now(), 0, 0, Vec::new());
    while began.elapsed() < time {
        let due = began + Duration::from_secs_f64(sent as f64 / PAGES_A_SECOND);
        tokio::time::sleep_until(due.into()).await;
        let permit = Arc::clone(&room).acquire_owned().await.unwrap();
        let (number, body) = bodies.next().expect("pages enough for the burst");
        let appending = append(running, number, body);
        tokio::spawn(async move {
            appending.await;
            drop(permit);
        });
        sent += 1;
        if memory.len() as u32 * (time / 10) <= began.elapsed() {
            memory.push(resident_mb());
            most_waiting = most_waiting.max(pipeline::status(&running.service).await.unwrap().waiting);
        }
    }
    drop(room.acquire_many(IN_FLIGHT as u32).await.unwrap());
    (sent, most_waiting, memory)
}

/// Nothing waits, and all that is stored can be found.
async fn caught_up(service: &Service) {
    let asked = || async {
        let overview = pipeline::Overview::of(service).await.unwrap();
        overview.log.unwrap().waiting > 0 || overview.followers[0].behind > 0
    };
    while asked().await {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Milliseconds that the questions took, in order of length.
async fn explore_for(service: &Service, time: Duration) -> Vec<f64> {
    let user = CurrentUser { id: 1, name: "ann".into(), role: Role::Admin };
    let (began, mut times) = (Instant::now(), Vec::new());
    for filter in FILTERS.iter().cycle() {
        if began.elapsed() >= time {
            break;
        }
        let query = ExploreQuery { collection: "bench".into(), filter: (*filter).to_owned(), ..Default::default() };
        let asked = Instant::now();
        explore::page(service, &user, &query).await.unwrap();
        times.push((asked.elapsed().as_secs_f64() * 10_000.0).round() / 10.0);
        tokio::time::sleep(PAUSE).await;
    }
    times.sort_by(f64::total_cmp);
    times
}

fn at(times: &[f64], percent: usize) -> f64 {
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() >> 10
}
