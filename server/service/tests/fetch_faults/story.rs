//! Schedules that are fetched over a wire on which things go wrong, in time that moves only when there is nothing to do.

use crate::kinds::Kind;
use crate::wire::{Wire, exchange};
use model::gap::{Cause, Gap};
use model::schedule::{Expansions, Reads, RunStatus};
use model::time::{DAY, HOUR, MINUTE, SECOND};
use model::{Timestamp, TweetId};
use service::fetch::Fetching;
use service::schedules::{self, NewSchedule};
use service::{Clock, Service, Settings, explore, index, pipeline};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tweetgen::{Corpus, Profile, Record, World};

/// In the middle of a day.
pub const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const TOKEN: &str = "a token";
/// For so long before the start there are many tweets, as there are from then on; few in the week before.
const MANY: i64 = 3 * HOUR;
const RATE: f64 = 0.03;
const FEW: u64 = 200;
/// What is older at the start may leave X's reach while a run waits.
const SAFE: i64 = 5 * DAY;
/// After so long what came is looked at again.
const SECOND_LOOK: i64 = 31 * MINUTE;
/// A story that has not ended by then never ends.
const NEVER: i64 = 6 * DAY;

/// Whether a query finds a tweet.
type Finds = fn(&Record) -> bool;

/// Schedules with the same credential, and what each has to find.
const SCHEDULES: [(&str, &str, Finds); 3] = [
    ("all", "min_likes:0", |_| true),
    ("english", "min_likes:0 lang:en", |record| record.tweet.lang == "en"),
    ("media", "min_likes:0 has:media", |record| !record.media.is_empty()),
];

/// Time that moves only when the story says so; the simulator has the same.
#[derive(Clone)]
pub struct StoryClock(Arc<AtomicI64>);

impl StoryClock {
    pub fn time(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        self.time()
    }
}

pub struct Story {
    name: &'static str,
    /// The longest that a fault may make a run wait.
    longest: i64,
    interval: u32,
    clock: StoryClock,
    wire: Wire,
    x: String,
    service: Service,
    fetching: Fetching,
    _folder: TempDir,
}

impl Story {
    /// With so many faults of each of these kinds.
    pub async fn of(name: &'static str, kinds: &'static [Kind], seed: u64, of_each: u32) -> Self {
        let clock = StoryClock(Arc::new(AtomicI64::new(START.0)));
        let of_x = clock.clone();
        let world = world();
        let config = simulator::Config {
            profile: world.profile,
            seed: world.seed,
            tweets: world.tweets,
            rate_per_second: world.rate_per_second,
            origin: Some(world.origin_micros),
            bearer_token: TOKEN.to_owned(),
            clock: Arc::new(move || of_x.time().0),
            ..Default::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let x = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        let longest = kinds.iter().map(|kind| kind.longest).max().unwrap();
        let interval = kinds.iter().map(|kind| kind.interval).max().unwrap();
        let wire = Wire::lay(&x, clock.clone(), kinds, seed, of_each).await;
        let folder = TempDir::new().unwrap();
        let service = Service::open(&Settings::folder(folder.path()), Arc::new(clock.clone())).await.unwrap();
        let credential = schedules::save_credential(&service, "x", &wire.address, TOKEN).await.unwrap();
        for (name, query, _) in SCHEDULES {
            let (reads, expansions) = (Reads::recent(query), Expansions::ALL);
            let cadence = &format!("every {interval} seconds");
            let new = NewSchedule { collection: name, credential, name, reads, expansions, cadence };
            schedules::create(&service, new).await.unwrap();
        }
        let fetching = Fetching::new(&service);
        Self { name, longest, interval, clock, wire, x, service, fetching, _folder: folder }
    }

    /// Until all has gone wrong that was to, and all is read and looked at again.
    pub async fn run(mut self) -> u32 {
        while !self.wire.is_still() {
            self.step().await;
        }
        // What waits for a fault to be over, what is due then, and the look after that.
        let quiet = self.longest + 2 * i64::from(self.interval) * SECOND + SECOND_LOOK;
        let end = Timestamp(self.clock.time().0 + quiet);
        while self.clock.time() < end {
            self.step().await;
        }
        self.ends_whole().await
    }

    /// All that can be done now, and then it is later.
    async fn step(&mut self) {
        let next = self.fetching.advance(&CancellationToken::new()).await.unwrap().unwrap();
        let now = self.clock.time();
        for schedule in schedules::list(&self.service).await.unwrap() {
            let run = schedules::runs(&self.service, schedule.id).await.unwrap().remove(0);
            let wait = run.wait.map_or(0, |wait| wait.until - now);
            assert!(wait <= self.longest, "{}: a run waits for {} s", self.name, wait / SECOND);
        }
        self.clock.0.fetch_max(next.0, Ordering::SeqCst);
        assert!(self.clock.time() - START < NEVER, "{}: it never ends", self.name);
    }

    /// Nothing is lost, nothing is there twice, nothing was asked in vain. Returns how many faults there were.
    async fn ends_whole(self) -> u32 {
        let Self { name, service, wire, .. } = &self;
        pipeline::drain(service).await.unwrap();
        index::catch_up(service).await.unwrap();
        for (schedule, (title, _, is_wanted)) in schedules::list(service).await.unwrap().iter().zip(SCHEDULES) {
            let run = schedules::runs(service, schedule.id).await.unwrap().remove(0);
            assert_eq!(run.status, RunStatus::Done, "{name}, {title}: {run:?}");
            let expected = tweets(START.0 - SAFE, schedule.since_id.unwrap(), is_wanted);
            let all = tweets(START.0 - 7 * DAY, schedule.since_id.unwrap(), is_wanted);
            let gaps = schedules::gaps(service, schedule.id).await.unwrap();
            let is_too_old = |gap: &Gap| gap.cause == Cause::Horizon && gap.to.time() < Timestamp(START.0 - SAFE);
            assert!(gaps.iter().all(is_too_old), "{name}, {title}: {gaps:?}");
            let rows = explore::newest(service, &format!("collection:{title}"), 250_000).await.unwrap();
            let found: BTreeSet<u64> = rows.iter().map(|row| row.tweet.id.0).collect();
            let age = |id: &u64| (self.clock.time() - TweetId(*id).time()) / SECOND;
            let missing: Vec<i64> = expected.difference(&found).map(age).collect();
            let strange: Vec<i64> = found.difference(&all).map(age).collect();
            let of = expected.len();
            assert!(missing.is_empty(), "{name}, {title}: {} of {of} are missing, s ago: {missing:?}", missing.len());
            assert!(strange.is_empty(), "{name}, {title}: nobody asked for these, s ago: {strange:?}");
            assert_eq!(rows.len(), found.len(), "{name}, {title}: some are there twice");
            assert!(of > 100, "{name}, {title}: {of} tweets are no test");
        }
        let verdict = index::verify(service).await.unwrap();
        assert!(verdict.agrees(), "{name}: {verdict:?}");
        assert_eq!(wire.asked_while_closed(), 0, "{name}: searches that X had said it does not take");
        self.x_never_had_to_refuse().await;
        let struck = self.wire.struck();
        self.fetching.close().await;
        self.service.close().await.unwrap();
        struck
    }

    /// But where the wire made it.
    async fn x_never_had_to_refuse(&self) {
        let ledger = exchange(
            self.x.strip_prefix("http://").unwrap(),
            "GET /_sim/ledger HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        );
        let ledger = String::from_utf8(ledger.await.unwrap()).unwrap();
        let ledger: serde_json::Value = serde_json::from_str(ledger.split_once("\r\n\r\n").unwrap().1).unwrap();
        let refused = ledger["rate_limited"].as_u64().unwrap();
        assert!(refused <= u64::from(self.wire.struck()), "{}: X refused {refused} requests", self.name);
    }
}

fn world() -> World {
    World { profile: Profile::Lean, seed: 5, tweets: FEW, origin_micros: START.0 - MANY, rate_per_second: RATE }
}

/// The tweets that X has from a time up to `mark`.
fn tweets(from: i64, mark: TweetId, is_wanted: fn(&Record) -> bool) -> BTreeSet<u64> {
    static CORPUS: LazyLock<Corpus> = LazyLock::new(|| Corpus::new(world()));
    let corpus = &*CORPUS;
    let records = corpus.ordinals(from, mark.time().0 + SECOND).map(|ordinal| corpus.record(ordinal));
    let wanted = records.filter(is_wanted).map(|record| record.tweet.id.0);
    wanted.filter(|id| *id < mark.0).collect()
}
