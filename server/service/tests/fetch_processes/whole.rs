//! What stories do before and after their processes live: schedules, and whether all is there.

use crate::gate::{TOKEN, X};
use crate::life::{START, StoryClock, settings};
use model::schedule::{Expansions, Reads, Run, RunStatus};
use model::time::{DAY, HOUR, SECOND};
use service::schedules::{self, NewSchedule};
use service::{Service, explore, index, pipeline};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testing::TestStore;
use tweetgen::{Corpus, World};

/// Every tweet there is.
pub const EVERYTHING: &str = "min_likes:0";
const GLANCE: Duration = Duration::from_millis(50);
/// A story that waits for longer has failed, however busy the machine is.
pub const PATIENCE: Duration = Duration::from_secs(240);

pub async fn open(test: &TestStore, clock: &Arc<StoryClock>) -> Service {
    Service::open(&settings(&test.settings), Arc::clone(clock) as Arc<_>).await.unwrap()
}

/// Who asks X. A credential that is saved again has limits of its own.
pub async fn credential(service: &Service, x: &X, name: &str) -> i64 {
    schedules::save_credential(service, name, &x.address, TOKEN).await.unwrap()
}

/// A schedule that is due at once. Returns its number.
pub async fn schedule(service: &Service, credential: i64, (name, query): (&str, &str), interval_seconds: u32) -> i64 {
    let (reads, expansions) = (Reads::recent(query), Expansions::ALL);
    let cadence = &format!("every {interval_seconds} seconds");
    let new = NewSchedule { collection: name, credential, name, reads, expansions, cadence };
    schedules::create(service, new).await.unwrap()
}

/// Its runs, newest first.
pub async fn runs(test: &TestStore, schedule: i64) -> Vec<Run> {
    store::runs::of_schedule(&test.store, schedule, 1_000).await.unwrap()
}

/// Waits until its latest run is like that.
pub async fn run_is(test: &TestStore, schedule: i64, what: &str, is_so: impl Fn(&Run) -> bool) {
    let began = Instant::now();
    while !runs(test, schedule).await.first().is_some_and(&is_so) {
        let runs = runs(test, schedule).await;
        assert!(began.elapsed() < PATIENCE, "the schedule {schedule} does not {what}: {:?}", runs.first());
        tokio::time::sleep(GLANCE).await;
    }
}

pub async fn is_done(test: &TestStore, schedule: i64) {
    run_is(test, schedule, "end", |run| run.status == RunStatus::Done).await;
}

/// Waits until somebody has begun its first run.
pub async fn is_begun(test: &TestStore, schedule: i64) {
    run_is(test, schedule, "begin", |_| true).await;
}

/// All that X has up to the mark of a schedule that reads everything is there, once. What is older than six days at the
/// start may have left X's reach since.
pub async fn is_whole(service: &Service, schedule: i64, tweets_an_hour: f64) {
    pipeline::drain(service).await.unwrap();
    index::catch_up(service).await.unwrap();
    let all = schedules::list(service).await.unwrap();
    let schedule = all.iter().find(|known| known.id == schedule).unwrap();
    let mark = schedule.since_id.unwrap();
    let corpus = Corpus::new(world(tweets_an_hour));
    let ordinals = corpus.ordinals(START.0 - 6 * DAY, mark.time().0 + SECOND);
    let ids = ordinals.map(|ordinal| corpus.record(ordinal).tweet.id.0);
    let expected: BTreeSet<u64> = ids.filter(|id| *id < mark.0).collect();
    let rows = explore::newest(service, &format!("collection:{}", schedule.name), 250_000).await.unwrap();
    let found: BTreeSet<u64> = rows.iter().map(|row| row.tweet.id.0).collect();
    let lost: Vec<_> = expected.difference(&found).collect();
    assert!(lost.is_empty(), "{}: of {} are lost: {lost:?}", schedule.name, expected.len());
    assert_eq!(rows.len(), found.len(), "{}: some are there twice", schedule.name);
    assert!(expected.len() > 100, "{}: {} tweets are no test", schedule.name, expected.len());
    assert!(index::verify(service).await.unwrap().agrees());
}

/// So many tweets an hour since some hours before the start, and few before.
pub fn world(tweets_an_hour: f64) -> World {
    World {
        profile: tweetgen::Profile::Lean,
        seed: 5,
        tweets: 300,
        origin_micros: START.0 - 3 * HOUR,
        rate_per_second: tweets_an_hour / 3_600.0,
    }
}
