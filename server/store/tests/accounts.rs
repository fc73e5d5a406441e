//! Users, sessions, one-time links, views: on both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::account::Role;
use model::time::{HOUR, MINUTE};
use model::{CollectionId, Timestamp};
use store::views::NewView;
use store::{StoreError, sessions, users, views};
use testing::TestStore;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn later(micros: i64) -> Timestamp {
    Timestamp(NOW.0 + micros)
}

testing::on_both_engines!(
    names_are_taken_in_any_case,
    a_session_ends_when_idle_too_long_or_open_too_long,
    a_disabled_user_is_out_at_once,
    a_set_up_link_works_once,
    a_set_up_link_is_void_once_there_is_a_user,
    a_sign_in_link_works_once_and_not_too_late,
    a_sign_in_link_works_for_one_of_many_who_use_it_at_once,
    a_sign_in_link_is_void_once_the_password_is_new_or_the_user_is_out,
    a_view_is_seen_by_its_owner_or_by_all_and_a_name_is_used_once,
);

async fn names_are_taken_in_any_case(test: TestStore) {
    users::create(&test.store, "Ann", "hash", Role::Viewer, NOW).await.unwrap();
    let again = users::create(&test.store, " ann ", "hash", Role::Viewer, NOW).await;
    assert!(matches!(again, Err(StoreError::Taken(_))));
    let user = users::find(&test.store, "ANN").await.unwrap().unwrap();
    assert_eq!((user.user.name.as_str(), user.user.role), ("ann", Role::Viewer));
}

async fn a_session_ends_when_idle_too_long_or_open_too_long(test: TestStore) {
    let user = users::create(&test.store, "ann", "hash", Role::Viewer, NOW).await.unwrap();
    sessions::create(&test.store, [1; 32], user, NOW).await.unwrap();
    let valid = async |time| sessions::user(&test.store, [1; 32], time).await.unwrap().is_some();
    assert!(valid(later(HOUR)).await);
    assert!(!valid(later(14 * HOUR)).await, "13 hours without a request");
    let mut time = NOW;
    while time.0 - NOW.0 < sessions::TOTAL_LIMIT {
        assert!(valid(time).await, "used every few hours");
        time = Timestamp(time.0 + 6 * HOUR);
    }
    assert!(!valid(time).await, "14 days old");
    assert!(sessions::user(&test.store, [2; 32], NOW).await.unwrap().is_none());
}

async fn a_disabled_user_is_out_at_once(test: TestStore) {
    let user = users::create(&test.store, "ann", "hash", Role::Admin, NOW).await.unwrap();
    sessions::create(&test.store, [1; 32], user, NOW).await.unwrap();
    assert!(users::set_disabled(&test.store, "ann", true).await.unwrap());
    assert!(sessions::user(&test.store, [1; 32], later(MINUTE)).await.unwrap().is_none());
    assert!(!users::set_disabled(&test.store, "bob", true).await.unwrap());
}

async fn a_set_up_link_works_once(test: TestStore) {
    users::save_one_time_token(&test.store, [1; 32], None, later(HOUR), NOW).await.unwrap();
    users::save_one_time_token(&test.store, [2; 32], None, later(HOUR), NOW).await.unwrap();
    let create = async |token| users::create_first_admin(&test.store, token, "ann", "hash", NOW).await.unwrap();
    assert!(create([1; 32]).await.is_none(), "a newer link took its place");
    assert!(create([2; 32]).await.is_some());
    assert!(create([2; 32]).await.is_none());
}

async fn a_set_up_link_is_void_once_there_is_a_user(test: TestStore) {
    let make_link = async |token| users::save_one_time_token(&test.store, token, None, later(HOUR), NOW).await.unwrap();
    let is_valid = async |token| users::is_set_up_token(&test.store, token, NOW).await.unwrap();
    let set_up = async |token| users::create_first_admin(&test.store, token, "eve", "hash", NOW).await.unwrap();
    make_link([1; 32]).await;
    assert!(is_valid([1; 32]).await);
    users::create(&test.store, "ann", "hash", Role::Admin, NOW).await.unwrap();
    assert!(!is_valid([1; 32]).await);
    assert!(set_up([1; 32]).await.is_none());
    // Even one that another process made just before it saw the user.
    make_link([2; 32]).await;
    assert!(set_up([2; 32]).await.is_none());
    assert_eq!(users::count(&test.store).await.unwrap(), 1);
}

async fn a_sign_in_link_works_for_one_of_many_who_use_it_at_once(test: TestStore) {
    let user = users::create(&test.store, "ann", "hash", Role::Admin, NOW).await.unwrap();
    for token in 1..=10 {
        users::save_one_time_token(&test.store, [token; 32], Some(user), later(HOUR), NOW).await.unwrap();
        let tries = (0..4).map(|_| {
            let store = test.store.clone();
            tokio::spawn(async move { users::use_sign_in_token(&store, [token; 32], NOW).await.unwrap() })
        });
        let mut won = 0;
        for attempt in tries.collect::<Vec<_>>() {
            won += usize::from(attempt.await.unwrap().is_some());
        }
        assert_eq!(won, 1);
    }
}

async fn a_sign_in_link_is_void_once_the_password_is_new_or_the_user_is_out(test: TestStore) {
    let user = users::create(&test.store, "ann", "hash", Role::Admin, NOW).await.unwrap();
    let link = async || users::save_one_time_token(&test.store, [1; 32], Some(user), later(HOUR), NOW).await.unwrap();
    let works = async || users::use_sign_in_token(&test.store, [1; 32], NOW).await.unwrap().is_some();
    link().await;
    users::set_password(&test.store, "ann", "another").await.unwrap();
    assert!(!works().await);
    link().await;
    users::set_disabled(&test.store, "ann", true).await.unwrap();
    assert!(!works().await);
}

async fn a_sign_in_link_works_once_and_not_too_late(test: TestStore) {
    let user = users::create(&test.store, "ann", "hash", Role::Admin, NOW).await.unwrap();
    for token in [1, 2] {
        users::save_one_time_token(&test.store, [token; 32], Some(user), later(HOUR), NOW).await.unwrap();
    }
    let sign_in = async |token, time| users::use_sign_in_token(&test.store, token, time).await.unwrap();
    assert_eq!(sign_in([1; 32], NOW).await, Some(user));
    assert_eq!(sign_in([1; 32], NOW).await, None);
    assert_eq!(sign_in([2; 32], later(2 * HOUR)).await, None);
}

async fn a_view_is_seen_by_its_owner_or_by_all_and_a_name_is_used_once(test: TestStore) {
    let ann = users::create(&test.store, "ann", "hash", Role::Viewer, NOW).await.unwrap();
    let bob = users::create(&test.store, "bob", "hash", Role::Admin, NOW).await.unwrap();
    let moon = CollectionId(7);
    let new = |owner, name: &str, query: &str, is_shared| NewView {
        collection: moon,
        owner,
        name: name.into(),
        query: query.into(),
        is_shared,
        is_locked: true,
    };
    let own = views::create(&test.store, new(ann, "Own", "q=a", false), NOW).await.unwrap();
    let shared = views::create(&test.store, new(ann, "Shared", "q=b", true), NOW).await.unwrap();
    views::create(&test.store, new(bob, "Own", "q=c", false), NOW).await.unwrap();
    let seen = async |user| {
        let views = views::list(&test.store, moon, user).await.unwrap();
        views.into_iter().map(|view| (view.name, view.query, view.is_mine, view.owner)).collect::<Vec<_>>()
    };
    let row = |name: &str, query: &str, is_mine, owner: &str| (name.into(), query.into(), is_mine, owner.into());
    assert_eq!(seen(ann).await, [row("Own", "q=a", true, "ann"), row("Shared", "q=b", true, "ann")]);
    assert_eq!(seen(bob).await, [row("Own", "q=c", true, "bob"), row("Shared", "q=b", false, "ann")]);
    assert!(views::list(&test.store, CollectionId(8), ann).await.unwrap().is_empty());
    views::create(&test.store, new(ann, "Own", "q=d", false), NOW).await.unwrap_err();
    views::delete(&test.store, shared).await.unwrap();
    views::delete(&test.store, own).await.unwrap();
    assert!(seen(ann).await.is_empty());
}
