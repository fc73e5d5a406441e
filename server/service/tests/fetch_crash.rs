//! kill -9 at any moment of fetching: what X has is there once all is read, or noted as missed, and no page is asked for
//! more often than it has to be.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::gap::Cause;
use model::schedule::{Expansions, Reads, RunStatus};
use model::time::{DAY, MINUTE};
use model::{Timestamp, TweetId};
use service::fetch::{self, Fetching};
use service::schedules::{self, NewSchedule};
use service::{Clock, Service, Settings, explore, index, pipeline};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

const START: i64 = 1_790_000_000_000_000;
const TOKEN: &str = "a token";
/// Schedules with the same credential: everything, and some of it.
const QUERIES: [(&str, &str); 3] =
    [("all", "min_likes:0"), ("english", "min_likes:0 lang:en"), ("media", "min_likes:0 has:media")];
/// So long after the life before began: the lease that it took, be it late on a slow machine, has ended by then.
const BETWEEN_LIVES: i64 = 60_000_000;
/// Requests of a killed process that may have been on their way.
const IN_FLIGHT: usize = 4;
/// Where a life works: it is a process of its own, of this very program.
const FOLDER: &str = "ROOST_FETCH_FOLDER";
const LIFE: &str = "ROOST_FETCH_LIFE";

/// Time goes on from where a life begins.
struct StoryClock {
    start: AtomicI64,
    since: Mutex<Instant>,
}

impl StoryClock {
    fn of_life(life: i64) -> Arc<Self> {
        Arc::new(Self { start: AtomicI64::new(START + life * BETWEEN_LIVES), since: Mutex::new(Instant::now()) })
    }

    fn begin(&self, life: i64) {
        *self.since.lock().unwrap() = Instant::now();
        self.start.store(START + life * BETWEEN_LIVES, Ordering::SeqCst);
    }
}

impl StoryClock {
    fn put_forward(&self, to: Timestamp) {
        self.start.fetch_add((to - self.now()).max(0), Ordering::SeqCst);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.since.lock().unwrap().elapsed().as_micros()).unwrap();
        Timestamp(self.start.load(Ordering::SeqCst) + elapsed)
    }
}

async fn open(folder: &Path, clock: Arc<StoryClock>) -> Service {
    Service::open(&Settings::folder(folder.join("data")), clock).await.unwrap()
}

/// Fetches until it is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process of the stories below"]
async fn one_life() {
    #[expect(clippy::disallowed_methods, reason = "this is how a process of a story is told what to do")]
    let (Some(folder), Ok(life)) = (std::env::var_os(FOLDER).map(PathBuf::from), std::env::var(LIFE)) else { return };
    let service = open(&folder, StoryClock::of_life(life.parse().unwrap())).await;
    tokio::spawn(pipeline::follow(service.clone(), CancellationToken::new()));
    println!("alive");
    fetch::follow_schedules(service, CancellationToken::new()).await;
}

/// A life that is killed after a while between 1 and 500 ms.
fn live(folder: &Path, life: i64, seed: &mut u64) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["one_life", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(LIFE, life.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    if !out.any(|line| line.unwrap().ends_with("alive")) {
        let mut told = String::new();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        panic!("life {life} did not begin: {told}");
    }
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    std::thread::sleep(Duration::from_millis(1 + *seed % 500));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The searches that X answered after the request with that number, and the number of the last one.
async fn searches(x: &str, after: u64) -> (u64, usize) {
    let mut stream = TcpStream::connect(x.strip_prefix("http://").unwrap()).await.unwrap();
    let request = format!("GET /_sim/ledger/requests?after={after} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let body = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let entries: serde_json::Value = serde_json::from_slice(&answer[body..]).unwrap();
    let entries = entries.as_array().unwrap();
    let is_search = |entry: &&serde_json::Value| entry["path"].as_str().unwrap().contains("/search/recent");
    let last = entries.last().map_or(after, |entry| entry["number"].as_u64().unwrap());
    (last, entries.iter().filter(is_search).count())
}

/// Reads all that is due to the end, and stores it. Where X takes no more requests, time goes on.
async fn finish(service: &Service, clock: &StoryClock) {
    let mut fetching = Fetching::new(service);
    loop {
        let next = fetching.advance(&CancellationToken::new()).await.unwrap();
        let Some(next) = next.filter(|next| *next - clock.now() < 3_600_000_000) else { break };
        clock.put_forward(next);
    }
    fetching.close().await;
    pipeline::drain(service).await.unwrap();
    index::catch_up(service).await.unwrap();
}

async fn schedule(service: &Service, x: &str) {
    let credential = schedules::save_credential(service, "x", x, TOKEN).await.unwrap();
    for (name, query) in QUERIES {
        let new = NewSchedule {
            collection: name,
            credential,
            name,
            reads: Reads::recent(query),
            expansions: Expansions::ALL,
            cadence: "every day",
        };
        schedules::create(service, new).await.unwrap();
    }
}

async fn stored(service: &Service, collection: &str) -> BTreeSet<u64> {
    let rows = explore::newest(service, &format!("collection:{collection}"), 250_000).await.unwrap();
    rows.into_iter().map(|row| row.tweet.id.0).collect()
}

async fn survives(lives: i64, tweets: u64) {
    let clock = StoryClock::of_life(0);
    let of_x = Arc::clone(&clock);
    let config = simulator::Config {
        tweets,
        rate_per_second: 0.0,
        origin: Some(START),
        bearer_token: TOKEN.to_owned(),
        requests_per_window: 1_000_000,
        clock: Arc::new(move || of_x.now().0),
        ..Default::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let x = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(simulator::serve(listener, config, std::future::pending()));

    // What it takes and brings when nobody is killed.
    let undisturbed = TempDir::new().unwrap();
    let service = open(undisturbed.path(), Arc::clone(&clock)).await;
    schedule(&service, &x).await;
    finish(&service, &clock).await;
    let mut expected = BTreeMap::new();
    for (name, _) in QUERIES {
        expected.insert(name, stored(&service, name).await);
    }
    let all = u64::try_from(expected[QUERIES[0].0].len()).unwrap();
    assert!(all <= tweets && tweets - all < tweets / 100, "{all} of {tweets}, but for the oldest quarter of an hour");
    service.close().await.unwrap();
    let (after, needed) = searches(&x, 0).await;

    let folder = TempDir::new().unwrap();
    let service = open(folder.path(), Arc::clone(&clock)).await;
    schedule(&service, &x).await;
    service.close().await.unwrap();
    let mut seed = 0x2545_f491_4f6c_dd1d;
    for life in 1..=lives {
        clock.begin(life);
        live(folder.path(), life, &mut seed);
    }
    clock.begin(lives + 1);
    let service = open(folder.path(), Arc::clone(&clock)).await;
    finish(&service, &clock).await;
    for schedule in schedules::list(&service).await.unwrap() {
        let (name, found) = (&schedule.name, stored(&service, &schedule.name).await);
        let gaps = schedules::gaps(&service, schedule.id).await.unwrap();
        assert!(gaps.iter().all(|gap| gap.cause == Cause::Horizon), "{name}: {gaps:?}");
        let is_named = |id: u64| gaps.iter().any(|gap| (gap.from.0..gap.to.0).contains(&id));
        let expected = &expected[name.as_str()];
        // The first life begins a little later than the undisturbed run.
        let first = TweetId::first_at(Timestamp(START - 7 * DAY + 2 * MINUTE));
        let lost: Vec<_> = expected.difference(&found).filter(|id| **id >= first.0 && !is_named(**id)).collect();
        let times = lost.iter().map(|id| TweetId(**id).time() - Timestamp(START)).collect::<Vec<_>>();
        assert!(lost.is_empty(), "{name}: of {} are lost, µs after the start: {times:?}; {gaps:?}", expected.len());
        assert!(found.len() * 100 > expected.len() * 95, "{name}: {} of {}", found.len(), expected.len());
        let runs = schedules::runs(&service, schedule.id).await.unwrap();
        let ended: Vec<_> = runs.iter().map(|run| (run.status, run.counts.duplicate)).collect();
        assert_eq!(runs.len(), 1, "each kill is survived by the run itself: {ended:?}");
        assert_eq!(runs[0].status, RunStatus::Done);
    }
    let (_, asked) = searches(&x, after).await;
    let most = needed + 2 * QUERIES.len() + usize::try_from(lives).unwrap() * IN_FLIGHT;
    assert!(asked <= most, "{asked} requests, {needed} without {lives} kills");
    println!("{lives} kills: {asked} requests, {needed} without");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_asked_for_in_vain_in_20_lives() {
    survives(20, 30_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes"]
async fn nothing_is_lost_or_asked_for_in_vain_in_200_lives() {
    survives(200, 200_000).await;
}
