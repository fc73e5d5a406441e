//! An X, a Roost that fetches from it, and a clock that both have.

use model::Timestamp;
use model::schedule::{Expansions, Reads, Run, RunStatus};
use model::time::SECOND;
use service::schedules::{self, NewSchedule};
use service::{Clock, Service, Settings, explore, fetch, index, pipeline};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

pub const START: i64 = 1_790_000_000 * SECOND;
pub const TOKEN: &str = "a token";
/// Every tweet there is.
pub const EVERYTHING: &str = "min_likes:0";

/// Time that moves only when the story says so; the simulator has the same.
#[derive(Clone)]
pub struct StoryClock(Arc<AtomicI64>);

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

pub struct Story {
    pub service: Service,
    pub clock: StoryClock,
    pub x: String,
    pub folder: TempDir,
}

impl Story {
    pub async fn new(tweets: u64, requests_per_window: u32) -> Self {
        Self::with_rate(tweets, requests_per_window, 1.0).await
    }

    pub async fn with_rate(tweets: u64, requests_per_window: u32, rate_per_second: f64) -> Self {
        let story = Self::of(|x| {
            (x.tweets, x.requests_per_window, x.rate_per_second) = (tweets, requests_per_window, rate_per_second)
        })
        .await;
        story.schedule("everything", Reads::recent(EVERYTHING)).await;
        story
    }

    /// Without a schedule, from an X that is not the usual one.
    pub async fn of(change: impl FnOnce(&mut simulator::Config)) -> Self {
        let clock = StoryClock(Arc::new(AtomicI64::new(START)));
        let simulated = clock.clone();
        let mut config = simulator::Config {
            bearer_token: TOKEN.to_owned(),
            clock: Arc::new(move || simulated.now().0),
            ..Default::default()
        };
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let x = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        let folder = TempDir::new().unwrap();
        let service = Service::open(&Settings::folder(folder.path()), Arc::new(clock.clone())).await.unwrap();
        Self { service, clock, x, folder }
    }

    /// A schedule that is due at once, and then every five seconds. Returns its number.
    pub async fn schedule(&self, name: &str, reads: Reads) -> i64 {
        let new = NewSchedule {
            collection: "Moon",
            credential: self.connect(TOKEN).await,
            name,
            reads,
            expansions: Expansions::ALL,
            cadence: "every 5 seconds",
        };
        schedules::create(&self.service, new).await.unwrap()
    }

    pub async fn connect(&self, token: &str) -> i64 {
        schedules::save_credential(&self.service, "x", &self.x, token).await.unwrap()
    }

    pub async fn run(&self) -> Run {
        self.tick().await;
        pipeline::drain(&self.service).await.unwrap();
        index::catch_up(&self.service).await.unwrap();
        schedules::runs(&self.service, 1).await.unwrap().remove(0)
    }

    /// Runs what is due, if anything is.
    pub async fn tick(&self) {
        fetch::run_due(&self.service, &CancellationToken::new()).await.unwrap();
    }

    /// Another process on the same data.
    pub async fn second_process(&self) -> Service {
        let settings = Settings::folder(self.folder.path());
        Service::open(&settings, Arc::new(self.clock.clone())).await.unwrap()
    }

    /// Has the schedule that was made last begin a run and end it, at the pace that X allows. Returns the run.
    pub async fn finish(&self) -> Run {
        let schedule = schedules::list(&self.service).await.unwrap().pop().unwrap().id;
        let before = schedules::runs(&self.service, schedule).await.unwrap().first().map_or(0, |run| run.id);
        for _ in 0..1_000 {
            let next = fetch::run_due(&self.service, &CancellationToken::new()).await.unwrap();
            pipeline::drain(&self.service).await.unwrap();
            index::catch_up(&self.service).await.unwrap();
            let runs = schedules::runs(&self.service, schedule).await.unwrap();
            let first = runs.into_iter().rev().find(|run| run.id > before);
            if let Some(run) = first.filter(|run| run.status != RunStatus::Running) {
                return run;
            }
            self.wait_until(next.unwrap());
        }
        panic!("the run does not end");
    }

    /// What the simulator says that it was asked.
    pub async fn ledger(&self, name: &str) -> u64 {
        self.ask("/_sim/ledger").await[name].as_u64().unwrap()
    }

    /// What the simulator answers.
    pub async fn ask(&self, path: &str) -> serde_json::Value {
        let mut stream = TcpStream::connect(self.x.strip_prefix("http://").unwrap()).await.unwrap();
        let head =
            format!("GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let body = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
        serde_json::from_slice(&answer[body..]).unwrap()
    }

    /// Pages that came, for all schedules.
    pub async fn pages(&self) -> u32 {
        let mut pages = 0;
        for schedule in schedules::list(&self.service).await.unwrap() {
            let runs = schedules::runs(&self.service, schedule.id).await.unwrap();
            pages += runs.iter().map(|run| run.pages).sum::<u32>();
        }
        pages
    }

    pub fn wait(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * SECOND, Ordering::SeqCst);
    }

    pub fn wait_until(&self, time: Timestamp) {
        self.clock.0.fetch_max(time.0, Ordering::SeqCst);
    }

    pub async fn stored(&self) -> u64 {
        explore::count(&self.service, "collection:moon").await.unwrap()
    }
}
