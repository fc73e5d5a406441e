//! Stories of counters that are observed more than once, on both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::change::Change;
use model::growth::Observation;
use model::observed::{Batch, Removal};
use model::tweet::{Metrics, Pace};
use model::{Row, Timestamp, TweetId};
use store::StoreError;
use store::positions::{Consumed, Partition};
use store::tweets::{Delivery, Origin, Sealer, by_ids, changes_after, history, last_change};
use testing::{TestStore, batch, tweet};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const ID: TweetId = TweetId(7);

testing::on_both_engines!(
    every_observation_is_kept_in_whatever_order_it_comes,
    the_same_again_adds_nothing,
    observations_of_one_time_are_one,
    the_pace_is_that_since_the_look_before,
    a_late_observation_reaches_who_follows,
    a_removal_takes_the_history_up_to_it,
    a_write_that_fails_keeps_nothing,
);

async fn origin(test: &TestStore) -> Origin {
    let collection = store::collections::find_or_create(&test.store, "moon", "moon", NOW).await.unwrap();
    Origin { collection: collection.id, schedule: None }
}

fn at(hour: i64) -> Timestamp {
    Timestamp::from_seconds(hour * 3_600)
}

/// The tweet, posted at hour 0, as it was at an hour.
fn seen(hour: i64, likes: impl Into<Option<u64>>, views: impl Into<Option<u64>>) -> Batch {
    let mut observed = tweet(ID.0, 0);
    observed.tweet.version = at(hour);
    observed.tweet.metrics = Metrics { likes: likes.into(), views: views.into(), ..Metrics::default() };
    batch([observed])
}

/// Everything in one transaction.
async fn write(test: &TestStore, batches: impl IntoIterator<Item = Batch>, removals: Vec<Removal>) {
    let origin = origin(test).await;
    let deliveries = batches.into_iter().map(|batch| Delivery::of(origin, batch)).collect();
    let mut ready = Sealer::new(&test.store, NOW).await.unwrap().prepare(deliveries).unwrap();
    ready.remove(removals);
    let written = store::tweets::write(&test.store, ready, None, NOW).await.unwrap();
    for change in written.handover.changes(&test.store).await.unwrap() {
        if let Change::Put(row) = change {
            assert_eq!(row, by_ids(&test.store, &[row.tweet.id]).await.unwrap()[0], "it is handed over as it is");
        }
    }
}

/// Hours with likes and views.
async fn kept(test: &TestStore) -> Vec<(i64, Option<u64>, Option<u64>)> {
    let of = |Observation { at, metrics }: Observation| (at.0 / model::time::HOUR, metrics.likes, metrics.views);
    history(&test.store, ID).await.unwrap().into_iter().map(of).collect()
}

async fn pace(test: &TestStore) -> Pace {
    by_ids(&test.store, &[ID]).await.unwrap()[0].pace
}

async fn every_observation_is_kept_in_whatever_order_it_comes(test: TestStore) {
    write(&test, [seen(3, 5, 50)], vec![]).await;
    assert_eq!(kept(&test).await, [(3, Some(5), Some(50))]);
    write(&test, [seen(5, 9, None)], vec![]).await;
    // The same counters later, earlier, between the others, and three at once.
    write(&test, [seen(7, 9, None)], vec![]).await;
    write(&test, [seen(2, 5, 50)], vec![]).await;
    write(&test, [seen(6, 9, None), seen(9, 9, 60), seen(8, 9, 58)], vec![]).await;
    let expected = [
        (2, Some(5), Some(50)),
        (3, Some(5), Some(50)),
        (5, Some(9), None),
        (6, Some(9), None),
        (7, Some(9), None),
        (8, Some(9), Some(58)),
        (9, Some(9), Some(60)),
    ];
    assert_eq!(kept(&test).await, expected);
}

async fn the_same_again_adds_nothing(test: TestStore) {
    let all = || [seen(1, 1, 10), seen(3, 5, 50), seen(2, 5, 50), seen(4, None, 70)];
    write(&test, all(), vec![]).await;
    let (before, change) = (kept(&test).await, last_change(&test.store).await.unwrap());
    for batch in all() {
        write(&test, [batch], vec![]).await;
    }
    write(&test, all().into_iter().rev(), vec![]).await;
    assert_eq!(kept(&test).await, before);
    assert_eq!(last_change(&test.store).await.unwrap(), change, "nothing changed, so nothing is to be followed");
}

async fn observations_of_one_time_are_one(test: TestStore) {
    write(&test, [seen(1, 3, None)], vec![]).await;
    write(&test, [seen(5, 8, 80)], vec![]).await;
    write(&test, [seen(1, None, 30)], vec![]).await;
    assert_eq!(kept(&test).await, [(1, Some(3), Some(30)), (5, Some(8), Some(80))]);
}

async fn the_pace_is_that_since_the_look_before(test: TestStore) {
    write(&test, [seen(2, 5, None)], vec![]).await;
    assert_eq!(pace(&test).await, Pace { likes: Some(25), views: None }, "2.5 an hour since it was posted");
    write(&test, [seen(4, 25, 100)], vec![]).await;
    assert_eq!(pace(&test).await, Pace { likes: Some(100), views: Some(250) }, "views were not told before");
    write(&test, [seen(3, 20, 60)], vec![]).await;
    assert_eq!(pace(&test).await, Pace { likes: Some(50), views: Some(400) }, "since the look that came late");
    // Two looks within seconds say nothing of growth: it is that since the one before.
    let mut soon = seen(4, 26, 101);
    soon.tweets[0].tweet.version = Timestamp::from_seconds(4 * 3_600 + 5);
    write(&test, [soon], vec![]).await;
    assert_eq!(pace(&test).await, Pace { likes: Some(60), views: Some(409) });
    // What the last look did not tell is as it was.
    write(&test, [seen(9, None, 1_101)], vec![]).await;
    assert_eq!(pace(&test).await, Pace { likes: Some(65), views: Some(2_001) });
}

async fn a_late_observation_reaches_who_follows(test: TestStore) {
    write(&test, [seen(2, 5, 10)], vec![]).await;
    write(&test, [seen(4, 25, 10)], vec![]).await;
    let position = last_change(&test.store).await.unwrap();
    write(&test, [seen(3, 25, 10)], vec![]).await;
    let changes = changes_after(&test.store, position, 10).await.unwrap().changes;
    let rows: Vec<&Row> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Put(row) => Some(row),
            Change::Remove(_) => None,
        })
        .collect();
    assert_eq!(rows.iter().map(|row| row.pace.likes).collect::<Vec<_>>(), [Some(0)]);
}

async fn a_removal_takes_the_history_up_to_it(test: TestStore) {
    let removal = |hour| Removal { id: ID, version: at(hour), reason: "deleted".into() };
    write(&test, [seen(1, 1, None), seen(2, 2, None), seen(4, 4, None), seen(5, 5, None)], vec![]).await;
    write(&test, [], vec![removal(2)]).await;
    assert_eq!(kept(&test).await, [(4, Some(4), None), (5, Some(5), None)]);
    write(&test, [seen(1, 1, None)], vec![]).await;
    assert_eq!(kept(&test).await.len(), 2, "what was removed does not come back");
    write(&test, [seen(6, 6, None)], vec![removal(6)]).await;
    assert_eq!(kept(&test).await, []);
    write(&test, [seen(7, 7, None), seen(3, 3, None)], vec![]).await;
    assert_eq!(kept(&test).await, [(7, Some(7), None)], "nothing is left of what was before");
}

async fn a_write_that_fails_keeps_nothing(test: TestStore) {
    let partition = Partition { log: "a log".into(), topic: "changes".into(), number: 0 };
    let consumed = Consumed { partition, from: 0, next: 1 };
    let origin = origin(&test).await;
    let ready = async |batch| {
        let sealer = Sealer::new(&test.store, NOW).await.unwrap();
        sealer.prepare(vec![Delivery::of(origin, batch)]).unwrap()
    };
    store::tweets::write(&test.store, ready(seen(1, 1, None)).await, Some(&consumed), NOW).await.unwrap();
    let again = store::tweets::write(&test.store, ready(seen(2, 2, None)).await, Some(&consumed), NOW).await;
    assert!(matches!(again, Err(StoreError::Overtaken { .. })), "it fails after all is written");
    assert_eq!(test.count("SELECT COUNT(*) FROM metric_history").await, 0);
    assert_eq!(kept(&test).await, [(1, Some(1), None)]);
}
