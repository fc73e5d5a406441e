//! Stories of what comes from the log: written once each, counted for its run, kept where it cannot be understood; on
//! both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::observed::Batch;
use model::schedule::{Expansions, Reads};
use model::{Timestamp, TweetId};
use store::positions::{self, Consumed, Partition};
use store::rejects::{self, NewReject, RejectKind};
use store::runs;
use store::schedules::{self, NewSchedule};
use store::tweets::{Delivery, Origin, Sealer, Written, by_ids, last_change};
use store::windows::Marks;
use store::{StoreError, collections, credentials, leases};
use testing::{TestStore, batch, tweet};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const MARKS: Marks = Marks { read: TweetId(0), settled: TweetId(0), since: NOW };

testing::on_both_engines!(
    what_is_delivered_twice_is_written_once,
    deliveries_of_several_schedules_are_written_together_and_counted_apart,
    what_could_not_be_understood_is_kept_as_it_came_and_seen_by_its_shape,
    a_delivery_that_fails_leaves_nothing_behind,
);

/// A schedule that runs: what it is called, and its run.
async fn running(test: &TestStore, name: &str) -> (Origin, i64) {
    let store = &test.store;
    let collection = collections::find_or_create(store, name, name, NOW).await.unwrap().id;
    let credential = credentials::save(store, "x", "https://api.x.com", "secret", NOW).await.unwrap();
    let new = NewSchedule {
        collection,
        credential,
        name,
        reads: &Reads::recent("moon"),
        expansions: Expansions::ALL,
        cadence: "every minute",
        last_tick: None,
    };
    let schedule = schedules::create(store, new, NOW).await.unwrap();
    let lease = leases::take(store, name, NOW).await.unwrap().unwrap();
    let due = schedules::all(store).await.unwrap();
    let due = due.into_iter().find(|due| due.schedule.id == schedule).unwrap();
    let run = runs::begin(store, &lease, &due, NOW, MARKS, NOW).await.unwrap().unwrap();
    (Origin { collection, schedule: Some(schedule) }, run)
}

fn partition() -> Partition {
    Partition { log: "a log".into(), topic: "changes".into(), number: 0 }
}

fn consumed(from: u64, next: u64) -> Consumed {
    Consumed { partition: partition(), from, next }
}

fn delivery(origin: Origin, run: i64, batch: Batch) -> Delivery {
    Delivery { run: Some(run), ..Delivery::of(origin, batch) }
}

async fn write(test: &TestStore, deliveries: Vec<Delivery>, consumed: &Consumed) -> Result<Written, StoreError> {
    let ready = Sealer::new(&test.store, NOW).await?.prepare(deliveries)?;
    store::tweets::write(&test.store, ready, Some(consumed), NOW).await
}

async fn what_is_delivered_twice_is_written_once(test: TestStore) {
    let (origin, run) = running(&test, "moon").await;
    let page = || vec![delivery(origin, run, batch([tweet(1, 100), tweet(2, 100)]))];
    assert_eq!(positions::next_of(&test.store, &partition()).await.unwrap(), 0);
    write(&test, page(), &consumed(0, 3)).await.unwrap();
    assert_eq!(positions::next_of(&test.store, &partition()).await.unwrap(), 3);
    let again = write(&test, page(), &consumed(2, 4)).await;
    assert!(matches!(again, Err(StoreError::Overtaken { from: 2, done: 3, .. })), "another process was faster");
    assert_eq!(runs::of_schedule(&test.store, origin.schedule.unwrap(), 1).await.unwrap()[0].counts.read, 2);
    let elsewhere = Partition { log: "another log".into(), ..partition() };
    assert_eq!(positions::next_of(&test.store, &elsewhere).await.unwrap(), 0);
    positions::forget(&test.store, &partition()).await.unwrap();
    assert_eq!(write(&test, page(), &consumed(0, 1)).await.unwrap().counts.duplicate, 2);
}

async fn deliveries_of_several_schedules_are_written_together_and_counted_apart(test: TestStore) {
    let (moon, on_moon) = running(&test, "moon").await;
    let (mars, on_mars) = running(&test, "mars").await;
    let deliveries = vec![
        delivery(moon, on_moon, batch([tweet(1, 100), tweet(2, 100)])),
        delivery(moon, on_moon, batch([tweet(2, 100), tweet(3, 100)])),
        delivery(mars, on_mars, batch([tweet(3, 100)])),
        delivery(moon, on_moon, batch([tweet(4, 100)])),
    ];
    let written = write(&test, deliveries, &consumed(0, 4)).await.unwrap();
    assert_eq!((written.counts.new, written.counts.duplicate), (5, 1));
    let counts =
        async |origin: Origin| runs::of_schedule(&test.store, origin.schedule.unwrap(), 1).await.unwrap()[0].counts;
    let (on_moon, on_mars) = (counts(moon).await, counts(mars).await);
    assert_eq!((on_moon.read, on_moon.new, on_moon.duplicate), (5, 4, 1));
    assert_eq!((on_mars.read, on_mars.new), (1, 1));
    assert_eq!(by_ids(&test.store, &[TweetId(3)]).await.unwrap()[0].collections, ["mars", "moon"]);
}

async fn what_could_not_be_understood_is_kept_as_it_came_and_seen_by_its_shape(test: TestStore) {
    let (origin, run) = running(&test, "moon").await;
    let reject = |shape: &str, content: &str| NewReject {
        kind: RejectKind::Tweet,
        reason: "it has no id".into(),
        shape: shape.into(),
        content: content.into(),
        observed_at: Timestamp::from_seconds(7),
    };
    let rejected = vec![reject("text", "\"a\""), reject("object", "{\"text\":\"ö\"}"), reject("text", "\"b\"")];
    let delivery = Delivery { rejected, ..delivery(origin, run, batch([tweet(1, 100)])) };
    let written = write(&test, vec![delivery], &consumed(0, 1)).await.unwrap();
    assert_eq!((written.counts.read, written.counts.new, written.counts.rejected), (4, 1, 3));
    let shown = runs::of_schedule(&test.store, origin.schedule.unwrap(), 1).await.unwrap().remove(0);
    assert_eq!((shown.counts.rejected, shown.counts.balanced()), (3, true));

    let groups = rejects::groups(&test.store).await.unwrap();
    let shapes: Vec<_> = groups.iter().map(|group| (group.shape.as_str(), group.count)).collect();
    assert_eq!(shapes, [("text", 2), ("object", 1)]);
    let kept = rejects::of_group(&test.store, "object", "it has no id", 0, 10).await.unwrap();
    assert_eq!(kept[0].content.as_slice(), "{\"text\":\"ö\"}".as_bytes());
    assert_eq!((kept[0].collection, kept[0].run), (Some(origin.collection), run));
    assert_eq!(kept[0].observed_at, Timestamp::from_seconds(7));
    assert_eq!(rejects::list(&test.store, origin.schedule.unwrap(), 10).await.unwrap().len(), 3);
    assert_eq!(rejects::drop(&test.store, &[kept[0].id]).await.unwrap(), 1);
    assert_eq!(rejects::groups(&test.store).await.unwrap().len(), 1);
}

async fn a_delivery_that_fails_leaves_nothing_behind(test: TestStore) {
    let (origin, run) = running(&test, "moon").await;
    let before = last_change(&test.store).await.unwrap();
    test.execute("ALTER TABLE tweet_collections RENAME TO away").await.unwrap();
    let page = || vec![delivery(origin, run, batch([tweet(1, 100)]))];
    let error = write(&test, page(), &consumed(0, 1)).await.err().unwrap();
    assert!(!error.is_passing(), "the database is not as it should be, and will not be by waiting: {error}");
    test.execute("ALTER TABLE away RENAME TO tweet_collections").await.unwrap();
    assert_eq!(positions::next_of(&test.store, &partition()).await.unwrap(), 0);
    assert_eq!(last_change(&test.store).await.unwrap(), before);
    assert_eq!(write(&test, page(), &consumed(0, 1)).await.unwrap().counts.new, 1);
}
