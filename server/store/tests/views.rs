//! Saved views that several people change, on both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::account::Role;
use model::alert::{Pace, Rule};
use model::view::SavedView;
use model::{CollectionId, Timestamp};
use store::alerts::{self, NewAlert};
use store::views::{self, Manner, NewView};
use store::{StoreError, users};
use testing::TestStore;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const LATER: Timestamp = Timestamp::from_seconds(1_790_000_060);
const MOON: CollectionId = CollectionId(7);

testing::on_both_engines!(
    of_two_who_save_over_a_view_the_second_is_told,
    a_view_is_renamed_shared_and_locked_and_no_name_is_used_twice,
    a_view_tells_which_alerts_watch_it,
);

async fn bea(test: &TestStore) -> i64 {
    users::create(&test.store, "bea", "hash", Role::Viewer, NOW).await.unwrap()
}

fn new(owner: i64, name: &str) -> NewView {
    let (name, query) = (name.to_owned(), "q=a".to_owned());
    NewView { collection: MOON, owner, name, query, is_shared: true, is_locked: false }
}

async fn seen(test: &TestStore, user: i64, id: i64) -> SavedView {
    let list = views::list(&test.store, MOON, user).await.unwrap();
    list.into_iter().find(|view| view.id == id).unwrap()
}

async fn of_two_who_save_over_a_view_the_second_is_told(test: TestStore) {
    let bea = bea(&test).await;
    let id = views::create(&test.store, new(bea, "Launches"), NOW).await.unwrap();
    let version = seen(&test, bea, id).await.version;
    assert!(views::save_over(&test.store, id, version, "q=b".into(), LATER).await.unwrap());
    assert!(!views::save_over(&test.store, id, version, "q=c".into(), LATER).await.unwrap());
    let now = seen(&test, bea, id).await;
    assert_eq!((now.query.as_str(), now.changed_at, now.version), ("q=b", LATER, version + 1));
}

async fn a_view_is_renamed_shared_and_locked_and_no_name_is_used_twice(test: TestStore) {
    let bea = bea(&test).await;
    let id = views::create(&test.store, new(bea, "Launches"), NOW).await.unwrap();
    views::create(&test.store, new(bea, "Landings"), NOW).await.unwrap();
    let refused = views::create(&test.store, new(bea, "Launches"), NOW).await.unwrap_err();
    assert!(matches!(refused, StoreError::Taken(_)), "{refused}");
    let manner = |name: &str| Manner { name: name.to_owned(), is_shared: false, is_locked: true };
    let refused = views::set(&test.store, id, manner("Landings")).await.unwrap_err();
    assert!(matches!(refused, StoreError::Taken(_)), "{refused}");
    views::set(&test.store, id, manner("Starts")).await.unwrap();
    let now = seen(&test, bea, id).await;
    assert_eq!((now.name.as_str(), now.is_shared, now.is_locked, now.version), ("Starts", false, true, 0));
    assert_eq!(views::names(&test.store, MOON, bea + 1).await.unwrap().len(), 1, "it is hers alone now");
}

async fn a_view_tells_which_alerts_watch_it(test: TestStore) {
    let bea = bea(&test).await;
    let view = views::create(&test.store, new(bea, "Launches"), NOW).await.unwrap();
    assert!(seen(&test, bea, view).await.alerts.is_empty());
    for name in ["Told", "Asked"] {
        let alert = NewAlert {
            view,
            collection: MOON,
            owner: bea,
            name: name.to_owned(),
            rule: Rule::NewMatches { at_least: 1 },
            pace: Pace::default(),
            webhook: None,
            email: None,
            progress: "{}".to_owned(),
        };
        alerts::create(&test.store, alert, NOW).await.unwrap();
    }
    assert_eq!(seen(&test, bea, view).await.alerts, ["Asked", "Told"]);
}
