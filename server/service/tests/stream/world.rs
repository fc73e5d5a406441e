//! Roost and a simulated X whose clocks go five times as fast, with a wire between them that can be silenced.

use model::schedule::{Expansions, Reads, Run};
use model::time::SECOND;
use model::{Timestamp, TweetId};
use sea_orm::{ConnectionTrait, Database, DatabaseTransaction, TransactionTrait};
use serde_json::Value;
use service::schedules::{self, NewSchedule};
use service::stream::{self, Manner};
use service::{Clock, Service, Settings, SystemClock, explore, fetch, index, pipeline};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tweetgen::{Corpus, Profile, World as Tweets};

pub const START: i64 = 1_790_000_000 * SECOND;
pub const TOKEN: &str = "a token";
/// Every tweet there is.
pub const EVERYTHING: &str = "min_likes:0";
pub const SPEED: i64 = 5;
pub const RULES: &str = "/2/tweets/search/stream/rules";
/// How long something may take that has to happen.
const PATIENCE: Duration = Duration::from_secs(300);

/// Of a connection: what X's 25 seconds are where clocks go faster.
pub fn manner() -> Manner {
    Manner { patience: stream::PATIENCE / u32::try_from(SPEED).unwrap(), ..Manner::default() }
}

/// From `base` on, by the machine's clock, it goes faster.
pub struct FastClock {
    pub base: i64,
    ahead: AtomicI64,
}

impl FastClock {
    pub fn since(base: i64) -> Arc<Self> {
        Arc::new(Self { base, ahead: AtomicI64::new(0) })
    }

    pub fn put_forward(&self, micros: i64) {
        self.ahead.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        Timestamp(START + (SystemClock.now().0 - self.base) * SPEED + self.ahead.load(Ordering::SeqCst))
    }
}

pub struct World {
    pub clock: Arc<FastClock>,
    pub folder: TempDir,
    x: String,
    /// What stands between Roost and X.
    wire: String,
    pub is_silent: Arc<AtomicBool>,
    tweets: Tweets,
}

impl World {
    /// X writes so many tweets in a second of its time.
    pub async fn new(rate_per_second: f64) -> Self {
        let clock = FastClock::since(SystemClock.now().0);
        let of_x = Arc::clone(&clock);
        let tweets = Tweets { profile: Profile::Lean, seed: 7, tweets: 500, origin_micros: START, rate_per_second };
        let config = simulator::Config {
            profile: tweets.profile,
            seed: tweets.seed,
            tweets: tweets.tweets,
            rate_per_second,
            origin: Some(START),
            bearer_token: TOKEN.to_owned(),
            clock: Arc::new(move || of_x.now().0),
            ..Default::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let x = listener.local_addr().unwrap().to_string();
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        let is_silent = Arc::new(AtomicBool::new(false));
        let wire = wire(x.clone(), Arc::clone(&is_silent)).await;
        Self { clock, folder: TempDir::new().unwrap(), x, wire, is_silent, tweets }
    }

    pub async fn open(&self) -> Service {
        open(&self.data(), Arc::clone(&self.clock)).await
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What Roost does with a service, until it is stopped.
    pub fn work(&self, service: &Service, manner: Manner) -> Work {
        let stop = CancellationToken::new();
        let tasks = [
            tokio::spawn(pipeline::follow(service.clone(), stop.clone())),
            tokio::spawn(fetch::follow_schedules(service.clone(), stop.clone())),
            tokio::spawn(stream::follow(service.clone(), manner, stop.clone())),
        ];
        Work { stop, tasks }
    }

    pub async fn connect(&self, service: &Service, token: &str) -> i64 {
        schedules::save_credential(service, "x", &format!("http://{}", self.wire), token).await.unwrap()
    }

    pub async fn schedule(&self, service: &Service, name: &str, query: &str) -> i64 {
        let credential = match schedules::list(service).await.unwrap().is_empty() {
            true => self.connect(service, TOKEN).await,
            false => 1,
        };
        let reads = Reads::Stream { query: query.to_owned() };
        let new = NewSchedule {
            collection: name,
            credential,
            name,
            reads,
            expansions: Expansions::ALL,
            cadence: "every day",
        };
        schedules::create(service, new).await.unwrap()
    }

    /// Asks X something, as another program would.
    pub async fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let mut stream = TcpStream::connect(&self.x).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let body = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
        serde_json::from_slice(&answer[body..]).unwrap_or_default()
    }

    pub async fn script(&self, script: &str) {
        self.ask("POST", "/_sim/script", script).await;
    }

    /// X's rules: tag and value, by value.
    pub async fn rules(&self) -> Vec<(String, String)> {
        let listed = self.ask("GET", RULES, "").await;
        let text = |rule: &Value, name: &str| rule[name].as_str().unwrap_or_default().to_owned();
        let rules = listed["data"].as_array().cloned().unwrap_or_default();
        let mut rules: Vec<_> = rules.iter().map(|rule| (text(rule, "tag"), text(rule, "value"))).collect();
        rules.sort();
        rules
    }

    /// How many requests X had for paths that end so.
    pub async fn requests(&self, path: &str) -> usize {
        let entries = self.ask("GET", "/_sim/ledger/requests?after=0", "").await;
        entries.as_array().unwrap().iter().filter(|entry| entry["path"].as_str().unwrap().ends_with(path)).count()
    }

    /// What X has of a span of time.
    pub fn written(&self, from: Timestamp, to: Timestamp) -> BTreeSet<u64> {
        let corpus = Corpus::new(self.tweets.clone());
        let all = corpus.ordinals(from.0, to.0);
        all.map(|ordinal| tweetgen::snowflake::id_at(corpus.micros_of(ordinal), ordinal)).collect()
    }

    /// Does something to the database, past Roost.
    pub async fn tamper(&self, statement: &str) {
        testing::execute(&store::Settings::sqlite(self.data()), statement).await.unwrap();
    }

    /// Waits until all from before now has come by the stream, or was searched for. Returns when that was.
    pub async fn settle(&self, service: &Service, schedule: i64) -> Timestamp {
        let end = self.clock.now();
        eventually("all that was missed is filled", async || {
            let known = schedules::list(service).await.unwrap();
            let mark = known.iter().find(|known| known.id == schedule).unwrap().since_id;
            let open = open_windows(&self.data()).await;
            mark.is_some_and(|mark| mark > TweetId::first_at(end))
                && open.iter().all(|from| *from > TweetId::first_at(end))
        })
        .await;
        end
    }
}

async fn open_windows(data: &Path) -> Vec<TweetId> {
    let store = store::Store::open(&store::Settings::sqlite(data)).await.unwrap();
    let windows = store::windows::of_schedule(&store, 1).await.unwrap();
    store.close().await.unwrap();
    windows.into_iter().map(|window| window.from).collect()
}

pub async fn open(data: &Path, clock: Arc<FastClock>) -> Service {
    Service::open(&Settings::folder(data), clock).await.unwrap()
}

/// Tasks at work.
pub struct Work {
    stop: CancellationToken,
    tasks: [JoinHandle<()>; 3],
}

impl Work {
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
    }

    /// Stops, and has all stored that is in the log.
    pub async fn end(self, service: &Service) {
        self.stop().await;
        pipeline::drain(service).await.unwrap();
        index::catch_up(service).await.unwrap();
    }
}

/// Waits until something is so.
pub async fn eventually(what: &str, is_so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "it never came that {what}");
}

/// The ids in a collection, from a time to before another.
pub async fn stored(service: &Service, collection: &str, from: Timestamp, to: Timestamp) -> BTreeSet<u64> {
    let rows = explore::newest(service, &format!("collection:{collection}"), 250_000).await.unwrap();
    let ids: Vec<u64> = rows.into_iter().map(|row| row.tweet.id.0).collect();
    let set: BTreeSet<u64> = ids.iter().copied().collect();
    assert_eq!(ids.len(), set.len(), "each is there once");
    set.into_iter().filter(|id| (TweetId::first_at(from).0..TweetId::first_at(to).0).contains(id)).collect()
}

/// The latest run of a schedule.
pub async fn run(service: &Service, schedule: i64) -> Option<Run> {
    schedules::runs(service, schedule).await.unwrap().into_iter().next()
}

/// Brings bytes from here to X and back. While it is silent, those of streams do not come back.
async fn wire(x: String, is_silent: Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect(&x).await else { continue };
            tokio::spawn(carry(client, server, Arc::clone(&is_silent)));
        }
    });
    address
}

async fn carry(mut client: TcpStream, mut server: TcpStream, is_silent: Arc<AtomicBool>) {
    let (mut asked, mut answered) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    let mut is_stream = false;
    loop {
        tokio::select! {
            read = client.read(&mut asked) => match read {
                Ok(bytes @ 1..) => {
                    is_stream = asked.starts_with(b"GET /2/tweets/search/stream?");
                    if server.write_all(&asked[..bytes]).await.is_err() {
                        return;
                    }
                }
                _ => return,
            },
            read = server.read(&mut answered) => match read {
                Ok(_) if is_stream && is_silent.load(Ordering::SeqCst) => {}
                Ok(bytes @ 1..) => {
                    if client.write_all(&answered[..bytes]).await.is_err() {
                        return;
                    }
                }
                _ => return,
            },
        }
    }
}

/// Who keeps the log from being written to.
pub struct Hold(DatabaseTransaction);

impl World {
    /// From now on nothing can be put into the log.
    pub async fn hold_log(&self) -> Hold {
        let log = format!("sqlite://{}", self.data().join("log.db").display());
        let database = Database::connect(log).await.unwrap();
        let transaction = database.begin().await.unwrap();
        transaction.execute_unprepared("CREATE TABLE held (id INTEGER)").await.unwrap();
        Hold(transaction)
    }
}

impl Hold {
    pub async fn let_go(self) {
        self.0.rollback().await.unwrap();
    }
}
