//! Who may open a collection, on both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::account::Role;
use model::schedule::{Expansions, Reads};
use model::{CollectionId, Timestamp};
use std::collections::BTreeSet;
use store::access::{self, Access};
use store::schedules::{self, NewSchedule};
use store::{Store, audit, collections, credentials, users};
use testing::TestStore;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

testing::on_both_engines!(
    a_new_collection_is_open_to_everyone,
    a_restricted_one_is_hidden_from_all_but_those_who_are_named,
    names_of_schedules_are_hidden_with_all_that_they_fill,
    every_change_is_audited_and_nobody_is_named_who_does_not_exist,
);

async fn people(store: &Store) -> (i64, i64, CollectionId) {
    let bea = users::create(store, "bea", "hash", Role::Viewer, NOW).await.unwrap();
    let out = users::create(store, "out", "hash", Role::Viewer, NOW).await.unwrap();
    (bea, out, collections::find_or_create(store, "moon", "Moon", NOW).await.unwrap().id)
}

async fn hidden(store: &Store, user: i64) -> BTreeSet<String> {
    access::hidden_from(store, user).await.unwrap().closed.collections
}

fn only(people: impl IntoIterator<Item = i64>) -> Access {
    Access { is_restricted: true, people: people.into_iter().collect() }
}

async fn a_new_collection_is_open_to_everyone(test: TestStore) {
    let (bea, _, moon) = people(&test.store).await;
    assert_eq!(access::find(&test.store, moon).await.unwrap(), Access::default());
    assert!(hidden(&test.store, bea).await.is_empty());
}

async fn a_restricted_one_is_hidden_from_all_but_those_who_are_named(test: TestStore) {
    let (bea, out, moon) = people(&test.store).await;
    collections::find_or_create(&test.store, "sun", "Sun", NOW).await.unwrap();
    access::set(&test.store, moon, &only([bea]), bea, NOW).await.unwrap();
    assert_eq!(access::find(&test.store, moon).await.unwrap(), only([bea]));
    assert!(hidden(&test.store, bea).await.is_empty());
    assert_eq!(hidden(&test.store, out).await, BTreeSet::from(["moon".to_owned()]));

    let open = Access { is_restricted: false, ..only([bea]) };
    access::set(&test.store, moon, &open, bea, NOW).await.unwrap();
    assert!(hidden(&test.store, out).await.is_empty());
    assert_eq!(access::find(&test.store, moon).await.unwrap(), open, "who was named is kept");
}

async fn names_of_schedules_are_hidden_with_all_that_they_fill(test: TestStore) {
    let (_, out, moon) = people(&test.store).await;
    let sun = collections::find_or_create(&test.store, "sun", "Sun", NOW).await.unwrap().id;
    let credential = credentials::save(&test.store, "x", "http://localhost", "token", NOW).await.unwrap();
    for (collection, name) in [(moon, "landers"), (moon, "both"), (sun, "both"), (sun, "spots")] {
        let new = NewSchedule {
            collection,
            credential,
            name,
            reads: &Reads::recent("q"),
            expansions: Expansions::ALL,
            cadence: "every minute",
            last_tick: None,
        };
        schedules::create(&test.store, new, NOW).await.unwrap();
    }
    access::set(&test.store, moon, &only([]), out, NOW).await.unwrap();
    let hidden = access::hidden_from(&test.store, out).await.unwrap();
    assert_eq!(hidden.closed.schedules, BTreeSet::from(["landers".to_owned()]));
}

async fn every_change_is_audited_and_nobody_is_named_who_does_not_exist(test: TestStore) {
    let (bea, out, moon) = people(&test.store).await;
    access::set(&test.store, moon, &only([bea, 999]), out, NOW).await.unwrap();
    assert_eq!(access::find(&test.store, moon).await.unwrap(), only([bea]));
    let entry = audit::latest(&test.store, 1).await.unwrap().remove(0);
    assert_eq!((entry.user, entry.action.as_str()), (Some(out), "collection.access"));
    assert_eq!(entry.subject, format!("collection:{}", moon.0));
    assert_eq!(entry.details, serde_json::json!({ "restricted": true, "people": [bea] }));
}
