//! Two processes on one database.

use crate::gate::X;
use crate::life::{Life, StoryClock};
use crate::whole::{EVERYTHING, credential, is_done, is_whole, open, run_is, runs, schedule};
use model::Timestamp;
use model::schedule::{Run, RunStatus};
use model::time::SECOND;
use service::{Clock, Service, pipeline, schedules};
use std::time::Duration;
use store::{buckets, leases, windows};
use testing::TestStore;

testing::on_both_engines!(each_tick_is_one_run_whoever_is_killed, who_was_stopped_past_its_lease_changes_nothing,);

const SEARCH: &str = "/2/tweets/search/recent";
/// Fifteen pages, and five.
const MANY_AN_HOUR: f64 = 400.0;
const FEW_AN_HOUR: f64 = 60.0;
const UNLIMITED: u32 = 1_000_000;
/// Between two ticks (s).
const INTERVAL: u32 = 5;
/// Two with each of two credentials.
const SCHEDULES: [(&str, [&str; 2]); 2] = [("a", ["all", "everything"]), ("b", ["whole", "total"])];
/// How often a process looks whether it may take over, and how late a busy machine may be.
const LATE: i64 = (5 + 20) * SECOND;
const A_DAY: u32 = 86_400;
/// Time for what must not happen.
const MOMENT: Duration = Duration::from_secs(5);

async fn each_tick_is_one_run_whoever_is_killed(test: TestStore) {
    let clock = StoryClock::begin();
    let x = X::begin(&clock, FEW_AN_HOUR, UNLIMITED).await;
    let service = open(&test, &clock).await;
    let mut schedules = Vec::new();
    for (name, names) in SCHEDULES {
        let credential = credential(&service, &x, name).await;
        for name in names {
            schedules.push(schedule(&service, credential, (name, EVERYTHING), INTERVAL).await);
        }
    }
    let first = Life::begin(&test.settings, &clock);
    let second = Life::begin(&test.settings, &clock);
    have_run_since(&test, &schedules, clock.now()).await;
    let second = take_turns(&test, &clock, &schedules, first, second).await;
    let third = Life::begin(&test.settings, &clock);
    let third = take_turns(&test, &clock, &schedules, second, third).await;
    third.kill();

    for schedule in schedules {
        let mut runs = runs(&test, schedule).await;
        runs.reverse();
        assert!(runs.len() >= 3, "each process has run it: {runs:?}");
        let has_ended = |run: &Run| run.status == RunStatus::Done;
        assert!(runs[..runs.len() - 1].iter().all(has_ended), "a killed run is gone on with: {runs:?}");
        for pair in runs.windows(2) {
            let tick = |run: &Run| run.started_at.floor(i64::from(INTERVAL) * SECOND);
            assert!(tick(&pair[0]) < tick(&pair[1]), "two runs for a tick: {pair:?}");
            assert!(pair[0].finished_at.unwrap() <= pair[1].started_at, "two at a time: {pair:?}");
        }
        is_whole(&service, schedule, FEW_AN_HOUR).await;
    }
}

/// One is killed; the other takes over what it did.
async fn take_turns(test: &TestStore, clock: &StoryClock, schedules: &[i64], killed: Life, other: Life) -> Life {
    killed.kill();
    let since = clock.now();
    let first_runs = have_run_since(test, schedules, since).await;
    for at in first_runs {
        let silence = at - since;
        let most = leases::LENGTH + i64::from(INTERVAL) * SECOND + LATE;
        assert!(silence <= most, "nothing ran for {} s", silence / SECOND);
    }
    other
}

/// Waits until each has begun a run since then, and ended it. Returns when they began.
async fn have_run_since(test: &TestStore, schedules: &[i64], since: Timestamp) -> Vec<Timestamp> {
    let mut began = Vec::new();
    for schedule in schedules {
        let is_later = |run: &Run| run.started_at > since && run.status == RunStatus::Done;
        run_is(test, *schedule, "run again", is_later).await;
        let later = runs(test, *schedule).await.into_iter().filter(|run| run.started_at > since);
        began.push(later.map(|run| run.started_at).min().unwrap());
    }
    began
}

async fn who_was_stopped_past_its_lease_changes_nothing(test: TestStore) {
    let clock = StoryClock::begin();
    let x = X::begin(&clock, MANY_AN_HOUR, UNLIMITED).await;
    let service = open(&test, &clock).await;
    let credential = credential(&service, &x, "a").await;
    let all = schedule(&service, credential, ("all", EVERYTHING), A_DAY).await;
    x.let_pass(5);
    let stopped = Life::begin(&test.settings, &clock);
    x.has_answered_all().await;
    stop_between_writes(&stopped, &service).await;
    // It finds the others when it goes on.
    x.let_pass(u32::MAX);
    let other = Life::begin(&test.settings, &clock);
    is_done(&test, all).await;
    let (before, asked) = (state(&test, all).await, x.searches().await);

    stopped.go_on();
    tokio::time::sleep(MOMENT).await;
    assert_eq!(state(&test, all).await, before);
    assert_eq!(x.searches().await, asked, "nor does it ask X");
    other.kill();
    let later = schedule(&service, credential, ("later", EVERYTHING), A_DAY).await;
    is_done(&test, later).await;
    stopped.kill();
    is_whole(&service, later, MANY_AN_HOUR).await;
    is_whole(&service, all, MANY_AN_HOUR).await;
}

/// Stops it where it holds no lock: who is stopped while it writes keeps all others from it, as SQLite has it.
async fn stop_between_writes(life: &Life, service: &Service) {
    loop {
        life.stop();
        let write = async {
            schedules::save_credential(service, "another", "https://api.x.com", "another token").await.unwrap();
            pipeline::remove(service, &[]).await.unwrap();
        };
        if tokio::time::timeout(Duration::from_secs(2), write).await.is_ok() {
            return;
        }
        life.go_on();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What is noted of a schedule: all but how many of the tweets that were read were known.
async fn state(test: &TestStore, schedule: i64) -> String {
    let runs: Vec<_> =
        runs(test, schedule).await.into_iter().map(|run| Run { counts: Default::default(), ..run }).collect();
    let windows = windows::of_schedule(&test.store, schedule).await.unwrap();
    let gaps = windows::gaps(&test.store, schedule).await.unwrap();
    let schedules = store::schedules::list(&test.store).await.unwrap();
    let bucket = buckets::load(&test.store, 1, SEARCH).await.unwrap();
    format!("{runs:?} {windows:?} {gaps:?} {schedules:?} {bucket:?}")
}
