//! What X lets be asked in each access tier, and which tier a credential has: on both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::Timestamp;
use model::limit::{Caller, Limit};
use model::time::{MINUTE, SECOND};
use secrecy::SecretString;
use serde_json::json;
use std::collections::BTreeSet;
use store::credentials::{self, Keys, Secret};
use store::{Store, audit, limits};
use testing::TestStore;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const X: &str = "https://api.x.com";
const RECENT: &str = "/2/tweets/search/recent";
const ALL: &str = "/2/tweets/search/all";

testing::on_both_engines!(
    each_tier_begins_with_what_x_says_of_it,
    a_credential_has_the_limits_of_its_tier_and_kind,
    what_an_admin_sets_is_what_there_is_and_is_in_the_audit,
);

async fn held(store: &Store, credential: i64, endpoint: &str) -> Option<(u32, i64)> {
    let limit = limits::of_credential(store, credential, endpoint).await.unwrap();
    limit.map(|limit| (limit.requests, limit.spacing))
}

async fn each_tier_begins_with_what_x_says_of_it(test: TestStore) {
    let all = limits::list(&test.store).await.unwrap();
    let tiers: BTreeSet<&str> = all.iter().map(|limit| limit.tier.as_str()).collect();
    assert_eq!(tiers, BTreeSet::from(["basic", "enterprise", "free", "pay-per-use", "pro"]));
    let of = |tier: &str, endpoint: &str| -> Vec<_> {
        let found = all.iter().filter(|limit| limit.tier == tier && limit.endpoint == endpoint);
        found.map(|limit| (limit.caller, limit.requests, limit.spacing)).collect()
    };
    assert_eq!(of("pay-per-use", RECENT), [(Caller::App, 450, 0), (Caller::Person, 300, 0)]);
    assert_eq!(of("pay-per-use", ALL), [(Caller::App, 300, SECOND)], "one request a second, of apps alone");
    assert_eq!(of("basic", RECENT), [(Caller::App, 60, 0), (Caller::Person, 60, 0)]);
    assert_eq!(of("basic", ALL), [], "it has no archive");
}

async fn a_credential_has_the_limits_of_its_tier_and_kind(test: TestStore) {
    let store = &test.store;
    let app = credentials::save(store, "app", X, "bearer-1", NOW).await.unwrap();
    let [key, secret, token, token_secret] = ["key", "secret", "token", "token-secret"].map(SecretString::from);
    let keys = Secret::Oauth1(Keys { key, secret, token, token_secret });
    let person = credentials::save(store, "person", X, keys, NOW).await.unwrap();
    assert_eq!(held(store, app, RECENT).await, Some((450, 0)), "as who comes to X today");
    assert_eq!((held(store, person, RECENT).await, held(store, person, ALL).await), (Some((300, 0)), None));

    assert!(credentials::set_tier(store, app, "basic", Some(7), NOW).await.unwrap());
    assert!(!credentials::set_tier(store, 99, "basic", Some(7), NOW).await.unwrap());
    assert_eq!((held(store, app, RECENT).await, held(store, app, ALL).await), (Some((60, 0)), None));
    assert_eq!(held(store, person, RECENT).await, Some((300, 0)));
    assert_eq!(held(store, 99, RECENT).await, None);

    credentials::save(store, "app", X, "bearer-2", NOW).await.unwrap();
    let tiers = credentials::list(store).await.unwrap().into_iter().map(|known| known.tier);
    assert_eq!(tiers.collect::<Vec<_>>(), ["basic", "pay-per-use"], "another secret leaves the tier");
    let entries = audit::latest(store, 10).await.unwrap();
    let changed: Vec<_> = entries.into_iter().filter(|entry| entry.action == "credential.tier").collect();
    assert_eq!(changed.len(), 1, "what is not there is not changed");
    assert_eq!((changed[0].user, changed[0].subject.as_str()), (Some(7), "credential:1"));
    assert_eq!(changed[0].details, json!({ "name": "app", "from": "pay-per-use", "to": "basic" }));
}

async fn what_an_admin_sets_is_what_there_is_and_is_in_the_audit(test: TestStore) {
    let store = &test.store;
    let known = limits::list(store).await.unwrap().len();
    let limit = |tier: &str, endpoint: &str, requests, spacing| Limit {
        tier: tier.to_owned(),
        endpoint: endpoint.to_owned(),
        caller: Caller::App,
        requests,
        spacing,
    };
    let (fewer, new) = (limit("pay-per-use", RECENT, 15, 0), limit("basic", ALL, 30, 2 * SECOND));
    limits::set(store, &fewer, Some(7), NOW).await.unwrap();
    limits::set(store, &new, None, Timestamp(NOW.0 + MINUTE)).await.unwrap();
    let all = limits::list(store).await.unwrap();
    assert_eq!(all.len(), known + 1);
    assert!(all.contains(&fewer) && all.contains(&new));
    let app = credentials::save(store, "app", X, "bearer-1", NOW).await.unwrap();
    assert_eq!(held(store, app, RECENT).await, Some((15, 0)));

    let entries = audit::latest(store, 10).await.unwrap();
    let told: Vec<_> = entries.iter().filter(|entry| entry.action == "limit.set").collect();
    let of = |number: usize| (told[number].user, told[number].subject.as_str(), told[number].details.clone());
    let values = |requests: u32, spacing: i64| json!({ "requests": requests, "spacing": spacing });
    let details = |endpoint: &str, from: serde_json::Value, to: serde_json::Value| json!({ "endpoint": endpoint, "caller": "app", "from": from, "to": to });
    assert_eq!(of(0), (None, "tier:basic", details(ALL, json!(null), values(30, 2 * SECOND))));
    assert_eq!(of(1), (Some(7), "tier:pay-per-use", details(RECENT, values(450, 0), values(15, 0))));
    assert!(audit::verify(store).await.unwrap().problems.is_empty());
}
