//! Alerts: written once, told once, on both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::account::Role;
use model::alert::{Pace, Quiet, Rule};
use model::explore::Fired;
use model::time::{DAY, HOUR, MINUTE};
use model::{Timestamp, TweetId};
use store::access::Hidden;
use store::alerts::deliveries::{self, Receiver};
use store::alerts::{self, NewAlert, NewFiring, notices, subscriptions};
use store::tweets::Origin;
use store::views::{self, Manner, NewView};
use store::{Store, collections, tweets, users};
use testing::{TestStore, batch, tweet};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

const PACE: Pace = Pace {
    cool_down_minutes: 60,
    max_per_day: 10,
    daily_at: Some(9),
    quiet: Some(Quiet { from: 22, to: 7, days: Quiet::ALL_DAYS }),
    all_clear: true,
};

fn later(micros: i64) -> Timestamp {
    Timestamp(NOW.0 + micros)
}

testing::on_both_engines!(
    an_alert_comes_back_as_it_was_made_to_those_who_may_see_it,
    what_fired_is_told_once_to_all_who_are_subscribed,
    of_two_processes_that_evaluate_an_alert_one_tells,
    a_delivery_is_claimed_by_one_and_tried_again_when_it_failed,
    what_waits_for_a_digest_goes_out_in_one_piece,
    who_unsubscribes_hears_no_more_and_the_others_do,
    a_deleted_alert_leaves_nothing,
    what_fired_is_marked_for_those_who_may_see_it_in_its_time,
    what_was_seen_first_after_a_change_is_known,
);

struct Story {
    test: TestStore,
    bea: i64,
    ana: i64,
    view: i64,
}

impl Story {
    async fn new(test: TestStore, is_shared: bool) -> Self {
        let bea = users::create(&test.store, "bea", "hash", Role::Viewer, NOW).await.unwrap();
        let ana = users::create(&test.store, "ana", "hash", Role::Viewer, NOW).await.unwrap();
        let collection = collections::find_or_create(&test.store, "moon", "Moon", NOW).await.unwrap().id;
        let (name, query) = ("launches".to_owned(), "q=launch".to_owned());
        let view = NewView { collection, owner: bea, name, query, is_shared, is_locked: true };
        let view = views::create(&test.store, view, NOW).await.unwrap();
        Self { test, bea, ana, view }
    }

    fn store(&self) -> &Store {
        &self.test.store
    }

    async fn alert(&self, webhook: Option<&str>) -> i64 {
        let found = views::find(self.store(), self.view).await.unwrap().unwrap();
        let new = NewAlert {
            view: self.view,
            collection: found.collection,
            owner: self.bea,
            name: "Launch!".to_owned(),
            rule: Rule::NewMatches { at_least: 3 },
            pace: PACE,
            webhook: webhook.map(|url| url.parse().unwrap()),
            email: Some("bea@roost.example".to_owned()),
            progress: "{}".to_owned(),
        };
        alerts::create(self.store(), new, NOW).await.unwrap()
    }

    /// The alert fires, to be told at that time.
    async fn fire(&self, alert: i64, told_at: Timestamp) -> bool {
        let alert = alerts::find(self.store(), alert).await.unwrap().unwrap();
        let progress = r#"{"went":"on"}"#.to_owned();
        alerts::advance(self.store(), &alert, progress, vec![firing(told_at)]).await.unwrap()
    }

    async fn unread(&self, user: i64, now: Timestamp) -> u64 {
        notices::unread(self.store(), user, now, &Hidden::default()).await.unwrap()
    }
}

fn firing(told_at: Timestamp) -> NewFiring {
    NewFiring {
        at: NOW,
        told_at,
        reason: model::alert::Reason::Told("3 posts new.".to_owned()),
        count: 3,
        all_clear: false,
        query: "q=launch".to_owned(),
        samples: vec![TweetId(7)],
    }
}

async fn an_alert_comes_back_as_it_was_made_to_those_who_may_see_it(test: TestStore) {
    let story = Story::new(test, false).await;
    let id = story.alert(Some("https://hooks.example/T0/secret")).await;
    let mine = alerts::list(story.store(), story.bea).await.unwrap().remove(0);
    assert_eq!((mine.id, mine.name.as_str(), mine.is_mine, mine.owner.as_str()), (id, "Launch!", true, "bea"));
    assert_eq!((mine.rule, mine.pace), (Rule::NewMatches { at_least: 3 }, PACE));
    assert_eq!(mine.webhook_host.as_deref(), Some("hooks.example"));
    assert_eq!(mine.subscription.unwrap().email.as_deref(), Some("bea@roost.example"));
    assert!(alerts::list(story.store(), story.ana).await.unwrap().is_empty(), "its view is bea's alone");
    let watched = alerts::active(story.store()).await.unwrap().remove(0);
    assert_eq!((watched.collection.as_str(), watched.has_webhook), ("moon", true));
    alerts::set_paused(story.store(), id, true, None).await.unwrap();
    assert!(alerts::active(story.store()).await.unwrap().is_empty());
    let shared = Story::new(testing::sqlite().await, true).await;
    shared.alert(None).await;
    let seen = alerts::list(shared.store(), shared.ana).await.unwrap().remove(0);
    assert!(seen.is_shared && !seen.is_mine && seen.subscription.is_none());
}

async fn what_fired_is_marked_for_those_who_may_see_it_in_its_time(test: TestStore) {
    let story = Story::new(test, false).await;
    let id = story.alert(None).await;
    story.fire(id, NOW).await;
    let collection = collections::find(story.store(), "moon").await.unwrap().unwrap().id;
    let count = async |user: i64, view: i64, from: i64, to: i64| {
        let time = later(from)..later(to);
        alerts::fired_on(story.store(), user, (collection, view), time, 10).await.unwrap().len()
    };
    assert_eq!(count(story.bea, story.view, 0, 1).await, 1);
    assert_eq!(count(story.bea, story.view, -HOUR, 0).await, 0, "the end is not included");
    assert_eq!(count(story.bea, story.view, 1, HOUR).await, 0);
    assert_eq!(count(story.bea, story.view + 1, 0, 1).await, 0);
    assert_eq!(count(story.ana, story.view, 0, 1).await, 0, "the view is bea's alone");
    views::set(story.store(), story.view, Manner { name: "launches".into(), is_shared: true, is_locked: true })
        .await
        .unwrap();
    assert_eq!(count(story.ana, story.view, 0, 1).await, 1);
    story.fire(id, NOW).await;
    let time = later(0)..later(1);
    let latest = alerts::fired_on(story.store(), story.bea, (collection, story.view), time, 1).await.unwrap();
    assert_eq!(
        latest[0],
        Fired { at: NOW, alert: "Launch!".into(), reason: "3 posts new.".into(), query: "q=launch".into() }
    );
    assert_eq!(latest.len(), 1);
    let alert = alerts::find(story.store(), id).await.unwrap().unwrap();
    let over = NewFiring { at: later(2), all_clear: true, ..firing(NOW) };
    assert!(alerts::advance(story.store(), &alert, "{}".to_owned(), vec![over]).await.unwrap());
    assert_eq!(count(story.bea, story.view, 2, 3).await, 0, "that it is over is no mark");
    let listed = alerts::list(story.store(), story.bea).await.unwrap().remove(0);
    assert_eq!(listed.last_fired, Some(NOW));
}

async fn what_fired_is_told_once_to_all_who_are_subscribed(test: TestStore) {
    let story = Story::new(test, true).await;
    let id = story.alert(None).await;
    subscriptions::subscribe(story.store(), id, story.ana, None, NOW).await.unwrap();
    assert!(story.fire(id, NOW).await);
    for user in [story.bea, story.ana] {
        assert_eq!(story.unread(user, NOW).await, 1);
        let notice = notices::list(story.store(), user, NOW, &Hidden::default(), 10).await.unwrap().remove(0);
        assert_eq!((notice.alert_name.as_str(), notice.collection.as_str()), ("Launch!", "moon"));
        assert_eq!((notice.count, notice.samples, notice.is_read), (3, vec![TweetId(7)], false));
    }
    notices::mark_read(story.store(), story.bea, None, NOW).await.unwrap();
    assert_eq!((story.unread(story.bea, NOW).await, story.unread(story.ana, NOW).await), (0, 1));
    alerts::forget_before(story.store(), later(2 * DAY)).await.unwrap();
    assert_eq!(story.unread(story.ana, NOW).await, 0);
}

async fn of_two_processes_that_evaluate_an_alert_one_tells(test: TestStore) {
    let story = Story::new(test, false).await;
    let id = story.alert(None).await;
    let seen = alerts::find(story.store(), id).await.unwrap().unwrap();
    let advance = || alerts::advance(story.store(), &seen, "{}".to_owned(), vec![firing(NOW)]);
    let (one, other) = tokio::join!(advance(), advance());
    assert!(one.unwrap() ^ other.unwrap(), "one of them, and not both");
    assert_eq!(story.unread(story.bea, NOW).await, 1);
    alerts::set_paused(story.store(), id, true, None).await.unwrap();
    assert!(!story.fire(id, NOW).await, "a paused alert tells nothing");
}

async fn a_delivery_is_claimed_by_one_and_tried_again_when_it_failed(test: TestStore) {
    let story = Story::new(test, false).await;
    let id = story.alert(Some("https://hooks.example/T0/secret")).await;
    story.fire(id, NOW).await;
    let claimed = deliveries::claim(story.store(), NOW, 50).await.unwrap();
    assert_eq!(claimed.len(), 2, "a mail and a webhook: {claimed:?}");
    assert!(deliveries::claim(story.store(), later(MINUTE), 50).await.unwrap().is_empty(), "they are being sent");
    let webhook = claimed.iter().find(|parcel| matches!(&parcel.receiver, Receiver::Webhook(_))).unwrap();
    let mail = claimed.iter().find(|parcel| matches!(&parcel.receiver, Receiver::Mail { .. })).unwrap();
    deliveries::settle(story.store(), mail, NOW).await.unwrap();
    let again_at = Some(later(HOUR));
    deliveries::put_off(story.store(), webhook, "answered 503".to_owned(), again_at, NOW).await.unwrap();
    assert_eq!(deliveries::troubles(story.store()).await.unwrap()[&id], "answered 503");
    assert!(deliveries::claim(story.store(), later(HOUR - 1), 50).await.unwrap().is_empty());
    let again = deliveries::claim(story.store(), later(HOUR), 50).await.unwrap().remove(0);
    assert_eq!((again.attempts, &again.ids), (1, &webhook.ids));
    // The process that had it was killed.
    let after = deliveries::claim(story.store(), later(2 * HOUR), 50).await.unwrap().remove(0);
    deliveries::put_off(story.store(), &after, "answered 503".to_owned(), None, NOW).await.unwrap();
    assert!(deliveries::claim(story.store(), later(DAY), 50).await.unwrap().is_empty(), "it was given up");
}

async fn what_waits_for_a_digest_goes_out_in_one_piece(test: TestStore) {
    let story = Story::new(test, false).await;
    let id = story.alert(None).await;
    for _ in 0..3 {
        story.fire(id, later(HOUR)).await;
    }
    assert_eq!(story.unread(story.bea, NOW).await, 0, "nothing before its hour");
    assert!(deliveries::claim(story.store(), NOW, 50).await.unwrap().is_empty());
    let parcels = deliveries::claim(story.store(), later(HOUR), 50).await.unwrap();
    assert_eq!((parcels.len(), parcels[0].firings.len()), (1, 3));
    assert_eq!(story.unread(story.bea, later(HOUR)).await, 3);
}

async fn who_unsubscribes_hears_no_more_and_the_others_do(test: TestStore) {
    let story = Story::new(test, true).await;
    let id = story.alert(None).await;
    let email = Some("ana@roost.example".to_owned());
    subscriptions::subscribe(story.store(), id, story.ana, email, NOW).await.unwrap();
    story.fire(id, later(HOUR)).await;
    subscriptions::unsubscribe(story.store(), id, story.bea, NOW).await.unwrap();
    let parcels = deliveries::claim(story.store(), later(HOUR), 50).await.unwrap();
    let [parcel] = parcels.as_slice() else { panic!("only ana is told: {parcels:?}") };
    let Receiver::Mail { subscription, email } = &parcel.receiver else { panic!("{parcel:?}") };
    assert_eq!(email, "ana@roost.example");
    assert_eq!(subscriptions::find(story.store(), *subscription).await.unwrap().unwrap().user, story.ana);
    assert_eq!((story.unread(story.bea, later(HOUR)).await, story.unread(story.ana, later(HOUR)).await), (0, 1));
    assert_eq!(alerts::list(story.store(), story.bea).await.unwrap()[0].subscription, None, "the alert stays");
}

async fn a_deleted_alert_leaves_nothing(test: TestStore) {
    let story = Story::new(test, false).await;
    let id = story.alert(None).await;
    story.fire(id, NOW).await;
    alerts::delete(story.store(), id).await.unwrap();
    assert!(alerts::find(story.store(), id).await.unwrap().is_none());
    assert_eq!(story.unread(story.bea, NOW).await, 0);
    assert!(deliveries::claim(story.store(), NOW, 50).await.unwrap().is_empty());
}

async fn what_was_seen_first_after_a_change_is_known(test: TestStore) {
    let collection = collections::find_or_create(&test.store, "moon", "Moon", NOW).await.unwrap().id;
    let origin = Origin { collection, schedule: None };
    testing::write(&test.store, origin, batch([tweet(1, 1)]), NOW).await.unwrap();
    let position = tweets::last_change(&test.store).await.unwrap();
    let first = async |position, since| tweets::first_seen_after(&test.store, position, since).await.unwrap();
    assert_eq!(first(position, NOW).await, None, "the index has all");
    testing::write(&test.store, origin, batch([tweet(1, 2), tweet(2, 2)]), later(HOUR)).await.unwrap();
    assert_eq!(first(position, NOW).await, Some(NOW), "the first was changed since");
    assert_eq!(first(position, later(MINUTE)).await, Some(later(HOUR)));
}
