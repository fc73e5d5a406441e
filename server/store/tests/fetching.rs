//! Who fetches, how far each schedule is, and what a process that was overtaken can no longer do.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::gap::{Cause, Gap};
use model::schedule::{Expansions, Reads, RunStatus, Wait};
use model::time::{MINUTE, SECOND};
use model::{Timestamp, TweetId, UserId};
use store::buckets::{self, Bucket};
use store::leases::{self, Lease};
use store::runs::{self, Outcome};
use store::schedules::{self, Due, NewSchedule};
use store::windows::{self, Checkpoint, Cursor, Marks, State, Sum, Window};
use store::{Store, StoreError, collections, credentials};
use testing::TestStore;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const MARKS: Marks = Marks { read: TweetId(7), settled: TweetId(7), since: NOW };
const ENDPOINT: &str = "/2/tweets/search/recent";

testing::on_both_engines!(
    a_work_is_done_by_one_process_until_it_is_silent,
    windows_are_kept_as_they_are,
    who_was_overtaken_changes_nothing_any_more,
    a_schedule_has_one_run_at_a_time,
    a_tick_is_begun_once,
    what_is_read_is_kept_as_it_is_and_whose_it_is_sealed,
    a_run_ends_as_a_whole,
    another_secret_has_limits_of_its_own,
    only_who_has_the_lease_spends,
);

fn later(micros: i64) -> Timestamp {
    Timestamp(NOW.0 + micros)
}

async fn take(store: &Store, now: Timestamp) -> Option<Lease> {
    leases::take(store, "credential:1", now).await.unwrap()
}

/// A schedule that has nothing, and who may fetch for it.
async fn begin(test: &TestStore) -> (Due, Lease) {
    let store = &test.store;
    let collection = collections::find_or_create(store, "moon", "moon", NOW).await.unwrap().id;
    let credential = credentials::save(store, "x", "https://api.x.com", "secret", NOW).await.unwrap();
    let new = NewSchedule {
        collection,
        credential,
        name: "moon",
        reads: &Reads::recent("moon"),
        expansions: Expansions::ALL,
        cadence: "every minute",
        last_tick: None,
    };
    schedules::create(store, new, NOW).await.unwrap();
    (due(store).await, take(store, NOW).await.unwrap())
}

async fn due(store: &Store) -> Due {
    schedules::all(store).await.unwrap().remove(0)
}

fn window(number: u64, from: u64, to: u64) -> Window {
    Window {
        number,
        from: TweetId(from),
        to: TweetId(to),
        expected: None,
        is_counted: false,
        state: State::Open,
        page_limit: None,
        pages: 0,
        posts: 0,
        newest: None,
        reached: None,
        cursor: None,
        not_before: None,
    }
}

async fn note(store: &Store, lease: &Lease, checkpoint: Checkpoint) -> Result<(), StoreError> {
    windows::note(store, lease, checkpoint, (1, ENDPOINT), None).await
}

async fn a_work_is_done_by_one_process_until_it_is_silent(test: TestStore) {
    let store = &test.store;
    let first = take(store, NOW).await.unwrap();
    assert_eq!(take(store, later(leases::LENGTH - 1)).await, None);
    assert!(leases::renew(store, &first, later(leases::LENGTH - 1)).await.unwrap());
    assert_eq!(take(store, later(leases::LENGTH)).await, None, "it was renewed");
    let second = take(store, later(2 * leases::LENGTH)).await.unwrap();
    assert!(!leases::renew(store, &first, later(2 * leases::LENGTH)).await.unwrap(), "it was away for too long");
    leases::release(store, &first).await.unwrap();
    assert_eq!(take(store, later(2 * leases::LENGTH)).await, None, "it releases only what is its own");
    leases::release(store, &second).await.unwrap();
    assert!(take(store, later(2 * leases::LENGTH)).await.is_some());
}

async fn windows_are_kept_as_they_are(test: TestStore) {
    let (due, lease) = begin(&test).await;
    let (store, schedule) = (&test.store, due.schedule.id);
    let run = runs::begin(store, &lease, &due, NOW, MARKS, NOW).await.unwrap().unwrap();
    let begun = Window {
        expected: Some(312.5),
        is_counted: true,
        page_limit: Some((3, Cause::Requests)),
        pages: 2,
        posts: 200,
        newest: Some(TweetId(1_990_000_000_000_000_000)),
        reached: Some(TweetId(u64::MAX >> 2)),
        cursor: Some(Cursor { token: "b26v".into(), since_id: Some(TweetId(1)), until_id: TweetId(9) }),
        not_before: Some(later(MINUTE)),
        ..window(2, 20, 30)
    };
    let missed = Window { state: State::Missed(Cause::Horizon), ..window(0, 0, 10) };
    let done = Window { state: State::Done, ..window(1, 10, 20) };
    let changed = vec![begun.clone(), missed.clone(), done.clone(), window(7, 30, 40)];
    let checkpoint =
        Checkpoint { schedule, run, changed, sum: Sum { requests: 2, pages: 1, removed: 0 }, ..Checkpoint::default() };
    note(store, &lease, checkpoint).await.unwrap();
    assert_eq!(windows::of_schedule(store, schedule).await.unwrap(), [missed, done.clone(), begun, window(7, 30, 40)]);

    let joined = Window { from: TweetId(0), to: TweetId(40), ..done };
    let checkpoint = Checkpoint {
        schedule,
        run,
        changed: vec![joined.clone()],
        gone: vec![0, 2, 7],
        sum: Sum { requests: 1, pages: 1, removed: 4 },
        log: vec![(later(SECOND), "attempt 1 failed: X does not answer".into())],
        ..Checkpoint::default()
    };
    note(store, &lease, checkpoint).await.unwrap();
    assert_eq!(windows::of_schedule(store, schedule).await.unwrap(), [joined]);
    let run = runs::latest(store, 1).await.unwrap().remove(0);
    assert_eq!((run.requests, run.pages, run.removed), (3, 2, 4));
    let log = runs::log(store, run.id).await.unwrap();
    let told: Vec<&str> = log.iter().map(|(_, what)| what.as_str()).collect();
    assert_eq!(told, ["begun; it was due at 2026-09-21T14:13:20.000Z", "attempt 1 failed: X does not answer"]);
    assert_eq!(runs::find(store, run.id).await.unwrap(), Some(run));
}

async fn who_was_overtaken_changes_nothing_any_more(test: TestStore) {
    let (due, lease) = begin(&test).await;
    let (store, schedule) = (&test.store, due.schedule.id);
    let run = runs::begin(store, &lease, &due, NOW, MARKS, NOW).await.unwrap().unwrap();
    let successor = take(store, later(2 * leases::LENGTH)).await.unwrap();
    let checkpoint = || Checkpoint { schedule, run, changed: vec![window(0, 0, 10)], ..Checkpoint::default() };
    assert!(matches!(note(store, &lease, checkpoint()).await, Err(StoreError::Lost(_))));
    let outcome = Outcome::Cancelled;
    assert!(matches!(runs::end(store, &lease, schedule, run, &outcome, NOW).await, Err(StoreError::Lost(_))));
    assert!(matches!(runs::begin(store, &lease, &due, NOW, MARKS, NOW).await, Err(StoreError::Lost(_))));
    assert!(windows::of_schedule(store, schedule).await.unwrap().is_empty());
    note(store, &successor, checkpoint()).await.unwrap();
    assert_eq!(windows::of_schedule(store, schedule).await.unwrap().len(), 1, "its successor goes on with the run");

    runs::end(store, &successor, schedule, run, &outcome, NOW).await.unwrap();
    assert!(matches!(note(store, &successor, checkpoint()).await, Err(StoreError::Lost(_))), "the run has ended");
}

async fn a_schedule_has_one_run_at_a_time(test: TestStore) {
    let (before, lease) = begin(&test).await;
    let store = &test.store;
    let run = runs::begin(store, &lease, &before, NOW, MARKS, NOW).await.unwrap().unwrap();
    assert_eq!(runs::begin(store, &lease, &before, NOW, MARKS, NOW).await.unwrap(), None);
    assert_eq!(due(store).await.running, Some(run));
    let wait = Wait { until: later(MINUTE), reason: "X's limit of requests is used up".into() };
    runs::note_wait(store, &lease, run, Some(&wait), later(SECOND)).await.unwrap();
    assert_eq!(runs::latest(store, 9).await.unwrap().remove(0).wait, Some(wait));
    assert!(runs::cancelled(store, &[run]).await.unwrap().is_empty());
    assert!(runs::cancel(store, run, later(SECOND)).await.unwrap());
    assert!(runs::cancelled(store, &[run, 99]).await.unwrap().contains(&run));
    runs::end(store, &lease, before.schedule.id, run, &Outcome::Cancelled, later(SECOND)).await.unwrap();
    let ended = runs::latest(store, 9).await.unwrap().remove(0);
    assert_eq!((ended.status, ended.wait, ended.finished_at), (RunStatus::Cancelled, None, Some(later(SECOND))));
    assert!(!runs::cancel(store, run, NOW).await.unwrap());
    assert!(
        runs::begin(store, &lease, &due(store).await, later(MINUTE), MARKS, later(MINUTE)).await.unwrap().is_some()
    );
}

async fn a_run_ends_as_a_whole(test: TestStore) {
    let (before, lease) = begin(&test).await;
    let (store, schedule) = (&test.store, before.schedule.id);
    let run = runs::begin(store, &lease, &before, NOW, MARKS, NOW).await.unwrap().unwrap();
    let checkpoint = Checkpoint { schedule, run, changed: vec![window(0, 0, 10)], ..Checkpoint::default() };
    note(store, &lease, checkpoint).await.unwrap();
    let gap = |from, missed, cause| Gap { from: TweetId(from), to: TweetId(from + 5), missed, cause, noted_at: NOW };
    let missed = vec![gap(10, None, Cause::Stuck), gap(0, Some(17), Cause::Horizon)];
    let marks = Marks { read: TweetId(100), settled: TweetId(90), since: later(-MINUTE) };
    let outcome = Outcome::Done { missed: missed.clone(), marks };
    runs::end(store, &lease, schedule, run, &outcome, NOW).await.unwrap();
    assert!(windows::of_schedule(store, schedule).await.unwrap().is_empty());
    assert_eq!(windows::gaps(store, schedule).await.unwrap(), [missed[1].clone(), missed[0].clone()]);
    let Due { schedule, running, .. } = due(store).await;
    assert_eq!((schedule.since_id, schedule.settled_id), (Some(TweetId(100)), Some(TweetId(90))));
    assert_eq!((schedule.unsettled_since, schedule.last_run_at, running), (Some(later(-MINUTE)), Some(NOW), None));
}

async fn another_secret_has_limits_of_its_own(test: TestStore) {
    let (before, lease) = begin(&test).await;
    let store = &test.store;
    let run = runs::begin(store, &lease, &before, NOW, MARKS, NOW).await.unwrap().unwrap();
    let bucket = Bucket { most: 450, is_told: true, remaining: 3, reset: later(MINUTE), closed_until: None };
    let checkpoint = || Checkpoint { schedule: before.schedule.id, run, ..Checkpoint::default() };
    windows::note(store, &lease, checkpoint(), (1, ENDPOINT), Some(bucket)).await.unwrap();
    assert_eq!(buckets::load(store, 1, ENDPOINT).await.unwrap(), Some(bucket));
    let closed = Bucket { remaining: 0, is_told: false, closed_until: Some(later(2 * MINUTE)), ..bucket };
    windows::note(store, &lease, checkpoint(), (1, ENDPOINT), Some(closed)).await.unwrap();
    assert_eq!(buckets::load(store, 1, ENDPOINT).await.unwrap(), Some(closed));
    assert_eq!(buckets::load(store, 2, ENDPOINT).await.unwrap(), None);
    credentials::save(store, "x", "https://api.x.com", "another secret", NOW).await.unwrap();
    assert_eq!(buckets::load(store, 1, ENDPOINT).await.unwrap(), None);
}

async fn a_tick_is_begun_once(test: TestStore) {
    let (before, lease) = begin(&test).await;
    let store = &test.store;
    let run = runs::begin(store, &lease, &before, NOW, MARKS, NOW).await.unwrap().unwrap();
    runs::end(store, &lease, before.schedule.id, run, &Outcome::Cancelled, NOW).await.unwrap();
    assert_eq!(runs::begin(store, &lease, &before, NOW, MARKS, NOW).await.unwrap(), None, "who looked before it began");
    assert_eq!(due(store).await.schedule.last_tick, Some(NOW));
    schedules::rewind(store, &lease, before.schedule.id, later(-MINUTE)).await.unwrap();
    let rewound = due(store).await;
    assert_eq!(rewound.schedule.last_tick, Some(later(-MINUTE)));
    assert!(runs::begin(store, &lease, &rewound, NOW, MARKS, NOW).await.unwrap().is_some());
}

async fn what_is_read_is_kept_as_it_is_and_whose_it_is_sealed(test: TestStore) {
    let store = &test.store;
    let collection = collections::find_or_create(store, "moon", "moon", NOW).await.unwrap().id;
    let user = UserId(2_244_994_945);
    let all = [
        Reads::recent("moon"),
        Reads::Archive { query: "moon".into(), from: later(-MINUTE), to: NOW },
        Reads::Timeline { user },
        Reads::Mentions { user },
        Reads::Stored { days: 30 },
        Reads::Stream { query: "moon -is:retweet".into() },
    ];
    for reads in &all {
        let expansions = Expansions { tweets: false, ..Expansions::ALL };
        let cadence = "at 09:00 on weekdays, Europe/Vienna";
        let new =
            NewSchedule { collection, credential: 1, name: "moon", reads, expansions, cadence, last_tick: Some(NOW) };
        let id = schedules::create(store, new, NOW).await.unwrap();
        let Due { schedule, .. } = schedules::all(store).await.unwrap().pop().unwrap();
        assert_eq!((schedule.id, &schedule.reads, schedule.expansions), (id, reads, expansions));
        assert_eq!((schedule.cadence.as_str(), schedule.last_tick), (cadence, Some(NOW)));
    }
    assert_eq!(test.count("SELECT COUNT(*) FROM schedules WHERE length(account) > 8").await, 2, "it is no number");
    test.execute("UPDATE schedules SET account = (SELECT account FROM schedules WHERE id = 3) WHERE id = 4")
        .await
        .unwrap();
    assert!(matches!(schedules::all(store).await, Err(StoreError::Sealed(_))), "it opens where it belongs alone");
}

async fn only_who_has_the_lease_spends(test: TestStore) {
    let (_, lease) = begin(&test).await;
    let store = &test.store;
    let bucket = |remaining| Bucket { most: 450, is_told: false, remaining, reset: later(MINUTE), closed_until: None };
    buckets::note(store, &lease, (1, ENDPOINT), bucket(3)).await.unwrap();
    take(store, later(2 * leases::LENGTH)).await.unwrap();
    let spent = buckets::note(store, &lease, (1, ENDPOINT), bucket(2)).await;
    assert!(matches!(spent, Err(StoreError::Lost(_))));
    assert_eq!(buckets::load(store, 1, ENDPOINT).await.unwrap(), Some(bucket(3)));
}
