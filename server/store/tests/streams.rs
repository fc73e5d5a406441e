//! How far streams are: marks and what was missed are one, and two processes do not write over each other's windows.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::gap::{Cause, Gap};
use model::schedule::{Expansions, Reads, RunStatus};
use model::{Timestamp, TweetId};
use store::leases::{self, Lease};
use store::runs::{self, Outcome};
use store::schedules::{self, Due, NewSchedule};
use store::streams::{self, Missed, Progress};
use store::windows::{self, Checkpoint, Marks, State, Sum};
use store::{Store, StoreError, collections, credentials};
use testing::TestStore;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const MARKS: Marks = Marks { read: TweetId(1_000), settled: TweetId(1_000), since: NOW };

testing::on_both_engines!(
    marks_move_up_with_what_is_noted,
    what_was_missed_is_there_until_it_is_read_or_named,
    who_was_overtaken_notes_nothing,
    a_stream_that_ends_leaves_what_it_missed,
);

async fn create(store: &Store, reads: &Reads) -> i64 {
    let collection = collections::find_or_create(store, "moon", "moon", NOW).await.unwrap().id;
    let credential = credentials::save(store, "x", "https://api.x.com", "secret", NOW).await.unwrap();
    let (name, cadence, expansions) = ("moon", "every minute", Expansions::ALL);
    let new = NewSchedule { collection, credential, name, reads, expansions, cadence, last_tick: None };
    schedules::create(store, new, NOW).await.unwrap()
}

/// A stream with a run, and who keeps it.
async fn begin(store: &Store) -> (Due, i64, Lease) {
    let schedule = create(store, &Reads::Stream { query: "moon".into() }).await;
    let lease = leases::take(store, "stream:1", NOW).await.unwrap().unwrap();
    let due = due(store, schedule).await;
    let run = runs::begin(store, &lease, &due, NOW, MARKS, NOW).await.unwrap().unwrap();
    (due, run, lease)
}

async fn due(store: &Store, schedule: i64) -> Due {
    schedules::all(store).await.unwrap().into_iter().find(|due| due.schedule.id == schedule).unwrap()
}

async fn mark(store: &Store, schedule: i64) -> u64 {
    due(store, schedule).await.schedule.since_id.unwrap().0
}

fn progress(missed: &[Missed], reached: u64, schedules: &[i64]) -> Progress {
    Progress { missed: missed.to_vec(), reached: TweetId(reached), schedules: schedules.to_vec(), pages: Vec::new() }
}

fn missed(schedule: i64, from: u64, to: u64) -> Missed {
    Missed { schedule, from: TweetId(from), to: TweetId(to) }
}

async fn marks_move_up_with_what_is_noted(test: TestStore) {
    let store = &test.store;
    let (due, run, lease) = begin(store).await;
    let schedule = due.schedule.id;
    let recent = create(store, &Reads::recent("moon")).await;
    assert_eq!(streams::credentials(store).await.unwrap(), [1]);
    let of_credential = streams::of_credential(store, 1).await.unwrap();
    assert_eq!(of_credential.iter().map(|due| due.schedule.id).collect::<Vec<_>>(), [schedule], "not {recent}");

    let first = progress(&[missed(schedule, 1_000, 5_000)], 3_000, &[schedule]);
    streams::note(store, &lease, 1, &Progress { pages: vec![(run, 2), (run, 1)], ..first }).await.unwrap();
    assert_eq!(mark(store, schedule).await, 5_000, "what was missed lies above what has come");
    streams::note(store, &lease, 1, &progress(&[], 7_000, &[schedule])).await.unwrap();
    streams::note(store, &lease, 1, &progress(&[], 6_000, &[schedule])).await.unwrap();
    assert_eq!(mark(store, schedule).await, 7_000, "it never moves down");
    let kept = windows::of_schedule(store, schedule).await.unwrap();
    assert_eq!((kept.len(), kept[0].from, kept[0].to, kept[0].state), (1, TweetId(1_000), TweetId(5_000), State::Open));
    assert_eq!(runs::of_schedule(store, schedule, 1).await.unwrap()[0].pages, 3);
}

async fn what_was_missed_is_there_until_it_is_read_or_named(test: TestStore) {
    let store = &test.store;
    let (due, run, lease) = begin(store).await;
    let schedule = due.schedule.id;
    let fetches = leases::take(store, "credential:1", NOW).await.unwrap().unwrap();
    streams::note(store, &lease, 1, &progress(&[missed(schedule, 1_000, 5_000)], 0, &[])).await.unwrap();
    assert!(streams::to_fill(store, 1, TweetId(4_999)).await.unwrap().is_empty(), "search does not have it yet");
    assert_eq!(streams::to_fill(store, 1, TweetId(5_000)).await.unwrap(), [schedule]);
    assert!(streams::to_fill(store, 2, TweetId(5_000)).await.unwrap().is_empty());

    // While it is read, and split, more is missed.
    let kept = windows::of_schedule(store, schedule).await.unwrap().remove(0);
    streams::note(store, &lease, 1, &progress(&[missed(schedule, 8_000, 9_000)], 0, &[])).await.unwrap();
    let (below, above) = (
        windows::Window { number: kept.number + 1, to: TweetId(3_000), ..kept.clone() },
        windows::Window { from: TweetId(3_000), state: State::Done, ..kept },
    );
    let sum = Sum { requests: 1, pages: 1, ..Sum::default() };
    let changed = vec![below, above];
    let checkpoint = Checkpoint { schedule, run, is_of_stream: true, changed, sum, ..Checkpoint::default() };
    // The stream's run may end at any time.
    runs::end(store, &lease, schedule, run, &Outcome::Stopped, NOW).await.unwrap();
    windows::note(store, &fetches, checkpoint, (1, "/2/tweets/search/recent"), None).await.unwrap();
    assert_eq!(windows::of_schedule(store, schedule).await.unwrap().len(), 3);

    let (cause, noted_at) = (Cause::Horizon, NOW);
    let gap = Gap { from: TweetId(1_000), to: TweetId(2_000), missed: None, cause, noted_at };
    let read = missed(schedule, 1_000, 5_000);
    streams::filled(store, &fetches, run, read, std::slice::from_ref(&gap)).await.unwrap();
    let left = windows::of_schedule(store, schedule).await.unwrap();
    assert_eq!((left.len(), left[0].from), (1, TweetId(8_000)));
    assert_eq!(windows::gaps(store, schedule).await.unwrap(), [gap]);
}

async fn who_was_overtaken_notes_nothing(test: TestStore) {
    let store = &test.store;
    let (due, _, lease) = begin(store).await;
    let schedule = due.schedule.id;
    let later = Timestamp(NOW.0 + leases::LENGTH);
    leases::take(store, "stream:1", later).await.unwrap().unwrap();
    let late = progress(&[missed(schedule, 1_000, 5_000)], 9_000, &[schedule]);
    let refused = streams::note(store, &lease, 1, &late).await;
    assert!(matches!(refused, Err(StoreError::Lost(_))), "{refused:?}");
    let refused = streams::filled(store, &lease, 1, missed(schedule, 0, 9_000), &[]).await;
    assert!(matches!(refused, Err(StoreError::Lost(_))), "{refused:?}");
    assert_eq!((mark(store, schedule).await, windows::of_schedule(store, schedule).await.unwrap().len()), (1_000, 0));
}

async fn a_stream_that_ends_leaves_what_it_missed(test: TestStore) {
    let store = &test.store;
    let (due, run, lease) = begin(store).await;
    let schedule = due.schedule.id;
    streams::note(store, &lease, 1, &progress(&[missed(schedule, 1_000, 5_000)], 0, &[])).await.unwrap();
    runs::end(store, &lease, schedule, run, &Outcome::Stopped, NOW).await.unwrap();
    assert_eq!(runs::of_schedule(store, schedule, 1).await.unwrap()[0].status, RunStatus::Done);
    assert_eq!((mark(store, schedule).await, windows::of_schedule(store, schedule).await.unwrap().len()), (5_000, 1));
    assert_eq!(self::due(store, schedule).await.running, None);
}
