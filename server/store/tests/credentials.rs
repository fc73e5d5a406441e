//! Credentials of all kinds, what X refuses of them, and which one fetches what: on both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::credential::Kind;
use model::schedule::{Expansions, Reads};
use model::time::{HOUR, MINUTE};
use model::{Timestamp, TweetId};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use store::assignments::{self, Move};
use store::buckets::{self, Bucket};
use store::credentials::{self, Keys, Secret, Tokens};
use store::leases::{self, Lease};
use store::refusals::{self, Refusal};
use store::runs;
use store::schedules::{self, NewSchedule};
use store::windows::{self, Checkpoint, Cursor, Marks, State, Window};
use store::{Store, StoreError, audit, collections};
use testing::TestStore;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const X: &str = "https://api.x.com";
const ENDPOINT: &str = "/2/tweets/search/recent";

testing::on_both_engines!(
    each_kind_comes_back_as_it_was_entered,
    that_a_secret_was_entered_is_in_the_audit_and_the_secret_is_not,
    a_bearer_token_of_before_other_kinds_opens,
    a_secret_opens_only_as_one_of_its_kind,
    a_refresh_is_kept_and_is_no_other_secret,
    a_refresh_of_before_does_not_undo_what_somebody_entered,
    of_a_hundred_refreshes_each_is_there_when_it_was_acknowledged,
    what_x_refuses_is_noted_until_somebody_enters_another_secret,
    a_schedule_goes_over_with_its_run_and_without_its_page_tokens,
    who_was_overtaken_hands_nothing_over,
);

fn later(micros: i64) -> Timestamp {
    Timestamp(NOW.0 + micros)
}

fn tokens(name: &str, expires_at: Timestamp) -> Tokens {
    let token = |kind: &str| SecretString::from(format!("{kind}-{name}"));
    Tokens { access: token("access"), refresh: Some(token("refresh")), expires_at }
}

fn consent(name: &str) -> Secret {
    let client_secret = Some(SecretString::from("client-secret"));
    Secret::Oauth2 { client_id: "client".to_owned(), client_secret, tokens: tokens(name, later(2 * HOUR)) }
}

fn keys() -> Secret {
    let [key, secret, token, token_secret] = ["key", "secret", "token", "token-secret"].map(SecretString::from);
    Secret::Oauth1(Keys { key, secret, token, token_secret })
}

async fn opened(store: &Store, id: i64) -> Secret {
    credentials::open(store, id).await.unwrap().unwrap().secret
}

/// The tokens of a person's credential: access, refresh, end.
async fn held(store: &Store, id: i64) -> (String, Option<String>, Timestamp) {
    let Secret::Oauth2 { tokens, .. } = opened(store, id).await else { panic!("another kind") };
    let clear = |secret: SecretString| secret.expose_secret().to_owned();
    (clear(tokens.access), tokens.refresh.map(clear), tokens.expires_at)
}

fn named(name: &str, expires_at: Timestamp) -> (String, Option<String>, Timestamp) {
    (format!("access-{name}"), Some(format!("refresh-{name}")), expires_at)
}

async fn each_kind_comes_back_as_it_was_entered(test: TestStore) {
    let store = &test.store;
    let id = credentials::save(store, "x", X, "bearer-1", NOW).await.unwrap();
    assert_eq!(id, credentials::save(store, "x", X, "bearer-2", NOW).await.unwrap());
    let Secret::Bearer(token) = opened(store, id).await else { panic!("another kind") };
    assert_eq!(token.expose_secret(), "bearer-2");

    assert_eq!(id, credentials::save(store, "x", X, keys(), NOW).await.unwrap(), "it may become another kind");
    let Secret::Oauth1(keys) = opened(store, id).await else { panic!("another kind") };
    let parts = [keys.key, keys.secret, keys.token, keys.token_secret].map(|part| part.expose_secret().to_owned());
    assert_eq!(parts, ["key", "secret", "token", "token-secret"]);

    let person = credentials::save(store, "ann", X, consent("1"), later(MINUTE)).await.unwrap();
    assert_eq!(held(store, person).await, named("1", later(2 * HOUR)));
    let Secret::Oauth2 { client_id, client_secret, .. } = opened(store, person).await else { panic!("another kind") };
    assert_eq!((client_id.as_str(), client_secret.unwrap().expose_secret()), ("client", "client-secret"));

    let known = credentials::list(store).await.unwrap();
    let kinds: Vec<_> = known.iter().map(|known| (known.name.as_str(), known.kind)).collect();
    assert_eq!(kinds, [("ann", Kind::Oauth2), ("x", Kind::Oauth1)]);
    assert_eq!((known[0].client_id.as_deref(), known[0].expires_at), (Some("client"), Some(later(2 * HOUR))));
    assert_eq!((&known[1].client_id, known[1].expires_at, known[1].refreshed_at), (&None, None, None));
    assert!(credentials::open(store, 99).await.unwrap().is_none());
    let shown = format!("{:?} {:?}", opened(store, person).await, credentials::open(store, id).await);
    for secret in ["access-1", "refresh-1", "client-secret", "token-secret"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

async fn that_a_secret_was_entered_is_in_the_audit_and_the_secret_is_not(test: TestStore) {
    let store = &test.store;
    let id = credentials::save(store, "x", X, "bearer-1", NOW).await.unwrap();
    credentials::save(store, "x", X, consent("1"), later(MINUTE)).await.unwrap();
    credentials::keep_tokens(store, id, later(MINUTE), &tokens("2", later(HOUR)), later(HOUR)).await.unwrap();
    let entries = audit::latest(store, 10).await.unwrap();
    let told: Vec<_> = entries.iter().map(|entry| (entry.user, entry.action.as_str(), entry.at)).collect();
    assert_eq!(told, [(None, "credential.saved", later(MINUTE)), (None, "credential.saved", NOW)], "a refresh is none");
    for (entry, (kind, is_new)) in entries.iter().zip([("oauth2", false), ("bearer", true)]) {
        assert_eq!(entry.subject, format!("credential:{id}"));
        assert_eq!(entry.details, json!({ "name": "x", "kind": kind, "address": X, "is_new": is_new }));
    }
    assert!(audit::verify(store).await.unwrap().problems.is_empty());
}

/// As the version before wrote it: it knows of no kind.
async fn a_bearer_token_of_before_other_kinds_opens(test: TestStore) {
    let store = &test.store;
    credentials::save(store, "x", X, "bearer-1", NOW).await.unwrap();
    let columns = "id, name, base_url, bearer_token, created_at";
    let older = format!("CREATE TABLE older AS SELECT {columns} FROM credentials");
    for statement in
        [&older, "DELETE FROM credentials", &format!("INSERT INTO credentials ({columns}) SELECT {columns} FROM older")]
    {
        test.execute(statement).await.unwrap();
    }
    let known = credentials::list(store).await.unwrap().remove(0);
    assert_eq!((known.kind, known.saved_at), (Kind::Bearer, NOW));
    let Secret::Bearer(token) = opened(store, known.id).await else { panic!("another kind") };
    assert_eq!(token.expose_secret(), "bearer-1");
}

async fn a_secret_opens_only_as_one_of_its_kind(test: TestStore) {
    let store = &test.store;
    let id = credentials::save(store, "x", X, consent("1"), NOW).await.unwrap();
    for kind in ["bearer", "oauth1"] {
        test.execute(&format!("UPDATE credentials SET kind = '{kind}'")).await.unwrap();
        assert!(matches!(credentials::open(store, id).await, Err(StoreError::Sealed(_))), "{kind}");
    }
}

async fn a_refresh_is_kept_and_is_no_other_secret(test: TestStore) {
    let store = &test.store;
    let id = credentials::save(store, "x", X, consent("1"), NOW).await.unwrap();
    let lease = take(store, id).await;
    let (before, run) = begin(store, &lease, id).await;
    let (reset, closed_until) = (later(MINUTE), Some(later(HOUR)));
    let bucket = Bucket { most: 300, is_told: true, remaining: 7, reset, closed_until };
    let checkpoint = Checkpoint { schedule: before, run, ..Checkpoint::default() };
    windows::note(store, &lease, checkpoint, (id, ENDPOINT), Some(bucket)).await.unwrap();

    credentials::keep_tokens(store, id, NOW, &tokens("2", later(4 * HOUR)), later(2 * HOUR)).await.unwrap();
    assert_eq!(held(store, id).await, named("2", later(4 * HOUR)));
    let once = Tokens { refresh: None, ..tokens("3", later(6 * HOUR)) };
    credentials::keep_tokens(store, id, NOW, &once, later(4 * HOUR)).await.unwrap();
    let other = store::Store::open(&test.settings).await.unwrap();
    assert_eq!(held(&other, id).await, ("access-3".to_owned(), None, later(6 * HOUR)), "another process has it");
    let Secret::Oauth2 { client_secret, .. } = opened(store, id).await else { panic!("another kind") };
    assert_eq!(client_secret.unwrap().expose_secret(), "client-secret", "the client's secret stays");

    assert_eq!(credentials::saved_at(store, id).await.unwrap(), Some(NOW));
    assert_eq!(buckets::load(store, id, ENDPOINT).await.unwrap(), Some(bucket), "what X allows is what it was");
    let known = credentials::list(store).await.unwrap().remove(0);
    assert_eq!((known.refreshed_at, known.expires_at), (Some(later(4 * HOUR)), Some(later(6 * HOUR))));
}

async fn a_refresh_of_before_does_not_undo_what_somebody_entered(test: TestStore) {
    let store = &test.store;
    let id = credentials::save(store, "x", X, consent("1"), NOW).await.unwrap();
    credentials::save(store, "x", X, consent("new"), later(MINUTE)).await.unwrap();
    let late = credentials::keep_tokens(store, id, NOW, &tokens("2", later(4 * HOUR)), later(MINUTE)).await;
    assert!(matches!(late, Err(StoreError::Replaced(_))), "{late:?}");
    assert_eq!(held(store, id).await, named("new", later(2 * HOUR)));
    credentials::save(store, "x", X, "a bearer token", later(2 * MINUTE)).await.unwrap();
    let late = credentials::keep_tokens(store, id, later(2 * MINUTE), &tokens("2", NOW), later(3 * MINUTE)).await;
    assert!(matches!(late, Err(StoreError::Replaced(_))), "{late:?}");
    assert!(matches!(
        credentials::keep_tokens(store, 99, NOW, &tokens("2", NOW), NOW).await,
        Err(StoreError::Replaced(_))
    ));
}

async fn of_a_hundred_refreshes_each_is_there_when_it_was_acknowledged(test: TestStore) {
    let store = &test.store;
    let id = credentials::save(store, "x", X, consent("0"), NOW).await.unwrap();
    let other = store::Store::open(&test.settings).await.unwrap();
    for number in 1..=100 {
        let at = later(number * HOUR);
        let (writes, reads) = if number % 2 == 0 { (store, &other) } else { (&other, store) };
        credentials::keep_tokens(writes, id, NOW, &tokens(&number.to_string(), at), at).await.unwrap();
        assert_eq!(held(reads, id).await, named(&number.to_string(), at));
    }
}

async fn take(store: &Store, credential: i64) -> Lease {
    leases::take(store, &format!("credential:{credential}"), NOW).await.unwrap().unwrap()
}

/// A schedule that runs with this credential, and its run.
async fn begin(store: &Store, lease: &Lease, credential: i64) -> (i64, i64) {
    let collection = collections::find_or_create(store, "moon", "moon", NOW).await.unwrap().id;
    let new = NewSchedule {
        collection,
        credential,
        name: "moon",
        reads: &Reads::recent("moon"),
        expansions: Expansions::ALL,
        cadence: "every minute",
        last_tick: None,
    };
    let schedule = schedules::create(store, new, NOW).await.unwrap();
    let due = schedules::all(store).await.unwrap().into_iter().find(|due| due.schedule.id == schedule).unwrap();
    let marks = Marks { read: TweetId(7), settled: TweetId(7), since: NOW };
    (schedule, runs::begin(store, lease, &due, NOW, marks, NOW).await.unwrap().unwrap())
}

async fn what_x_refuses_is_noted_until_somebody_enters_another_secret(test: TestStore) {
    let store = &test.store;
    let id = credentials::save(store, "x", X, "bearer-1", NOW).await.unwrap();
    let lease = take(store, id).await;
    let refusal = |minutes, reason: &str| Refusal {
        credential: id,
        endpoint: ENDPOINT.into(),
        at: later(minutes * MINUTE),
        reason: reason.into(),
    };
    assert!(refusals::note(store, &lease, &refusal(1, "no"), Some(NOW)).await.unwrap());
    assert!(refusals::note(store, &lease, &refusal(2, "still no"), Some(NOW)).await.unwrap());
    assert_eq!(refusals::list(store).await.unwrap(), [refusal(2, "still no")]);
    refusals::forget(store, &lease, ENDPOINT, id).await.unwrap();
    assert!(refusals::list(store).await.unwrap().is_empty());
    assert!(refusals::note(store, &lease, &refusal(3, "no"), Some(NOW)).await.unwrap());
    credentials::save(store, "x", X, "bearer-2", later(MINUTE)).await.unwrap();
    assert!(refusals::list(store).await.unwrap().is_empty());
    assert!(!refusals::note(store, &lease, &refusal(4, "late"), Some(NOW)).await.unwrap(), "it is of the old one");
    assert!(refusals::list(store).await.unwrap().is_empty());
}

async fn a_schedule_goes_over_with_its_run_and_without_its_page_tokens(test: TestStore) {
    let store = &test.store;
    let from = credentials::save(store, "first", X, "bearer-1", NOW).await.unwrap();
    let to = credentials::save(store, "second", X, keys(), NOW).await.unwrap();
    let lease = take(store, from).await;
    let (schedule, run) = begin(store, &lease, from).await;
    let window = Window {
        number: 3,
        from: TweetId(10),
        to: TweetId(90),
        expected: None,
        is_counted: false,
        state: State::Open,
        page_limit: None,
        pages: 1,
        posts: 100,
        newest: Some(TweetId(80)),
        reached: Some(TweetId(50)),
        cursor: Some(Cursor { token: "b26v".into(), since_id: Some(TweetId(9)), until_id: TweetId(90) }),
        not_before: None,
    };
    let checkpoint = Checkpoint { schedule, run, changed: vec![window.clone()], ..Checkpoint::default() };
    windows::note(store, &lease, checkpoint, (from, ENDPOINT), None).await.unwrap();

    assignments::allow(store, schedule, &[to, from]).await.unwrap();
    assert_eq!(assignments::allowed(store).await.unwrap()[&schedule], [from, to]);
    let moved = Move { schedule, from, to, reason: "X refused \"first\"" };
    assert!(assignments::hand_over(store, &lease, &moved, later(MINUTE)).await.unwrap());
    assert!(!assignments::hand_over(store, &lease, &moved, later(MINUTE)).await.unwrap(), "once is enough");
    let due = schedules::all(store).await.unwrap().remove(0);
    assert_eq!((due.credential, due.running), (to, Some(run)), "with its run");
    assert_eq!(windows::of_schedule(store, schedule).await.unwrap(), [Window { cursor: None, ..window }]);
    let told = runs::of_schedule(store, schedule, 1).await.unwrap().remove(0);
    assert_eq!(told.reason.as_deref(), Some("X refused \"first\""));
    assert_eq!(runs::log(store, run).await.unwrap().pop(), Some((later(MINUTE), "X refused \"first\"".to_owned())));
    let entry = audit::latest(store, 1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.subject), ("schedule.credential", format!("schedule:{schedule}")));
    assert_eq!((&entry.details["from"], &entry.details["to"]), (&from.into(), &to.into()));

    assignments::allow(store, schedule, &[]).await.unwrap();
    assert!(assignments::allowed(store).await.unwrap().is_empty());
}

async fn who_was_overtaken_hands_nothing_over(test: TestStore) {
    let store = &test.store;
    let from = credentials::save(store, "first", X, "bearer-1", NOW).await.unwrap();
    let lease = take(store, from).await;
    let (schedule, _) = begin(store, &lease, from).await;
    let successor =
        leases::take(store, &format!("credential:{from}"), later(2 * leases::LENGTH)).await.unwrap().unwrap();
    let moved = Move { schedule, from, to: 2, reason: "no" };
    assert!(matches!(assignments::hand_over(store, &lease, &moved, NOW).await, Err(StoreError::Lost(_))));
    assert_eq!(schedules::all(store).await.unwrap()[0].credential, from);
    let refusal = Refusal { credential: from, endpoint: ENDPOINT.into(), at: NOW, reason: "no".into() };
    assert!(matches!(refusals::note(store, &lease, &refusal, Some(NOW)).await, Err(StoreError::Lost(_))));
    assert!(matches!(refusals::forget(store, &lease, ENDPOINT, from).await, Err(StoreError::Lost(_))));
    assert!(assignments::hand_over(store, &successor, &moved, NOW).await.unwrap());
}
