//! Whether each answer is one that X's own specification describes: a walk over the endpoints, with requests that are
//! drawn, against the specification of the vocabulary that was asked for. Objects may have no names that it does not know.

mod common;
#[path = "fidelity/specification.rs"]
mod specification;
#[path = "fidelity/walker.rs"]
mod walker;

use std::collections::BTreeMap;

use common::{SECOND, World};
use specification::Specifications;
use walker::Walker;

/// Endpoints that a walk must have had a good answer of.
const ENDPOINTS: [(&str, &str); 25] = [
    ("DELETE", "/2/compliance/jobs/{id}"),
    ("DELETE", "/2/connections"),
    ("DELETE", "/2/connections/all"),
    ("DELETE", "/2/connections/{endpoint_id}"),
    ("GET", "/2/compliance/jobs"),
    ("GET", "/2/compliance/jobs/{id}"),
    ("GET", "/2/connections"),
    ("GET", "/2/tweets"),
    ("GET", "/2/tweets/counts/all"),
    ("GET", "/2/tweets/counts/recent"),
    ("GET", "/2/tweets/search/all"),
    ("GET", "/2/tweets/search/recent"),
    ("GET", "/2/tweets/search/stream"),
    ("GET", "/2/tweets/search/stream/rules"),
    ("GET", "/2/tweets/search/stream/rules/counts"),
    ("GET", "/2/tweets/{id}"),
    ("GET", "/2/usage/credits"),
    ("GET", "/2/usage/tweets"),
    ("GET", "/2/users"),
    ("GET", "/2/users/by"),
    ("GET", "/2/users/by/username/{username}"),
    ("GET", "/2/users/{id}"),
    ("GET", "/2/users/{id}/mentions"),
    ("GET", "/2/users/{id}/tweets"),
    ("POST", "/2/tweets/search/stream/rules"),
];

#[tokio::test]
async fn three_hundred_answers_are_as_the_specification_says() {
    walk(1, 300).await;
}

#[tokio::test]
#[ignore = "takes minutes: make test-long"]
async fn two_thousand_answers_are_as_the_specification_says() {
    walk(2, 2_000).await;
}

async fn walk(seed: u64, requests: usize) {
    let Some(mut specifications) = Specifications::read() else { return };
    let world = World::new(|config| {
        config.profile = tweetgen::Profile::Full;
        config.life = true;
        config.credits = Some(1e6);
    });
    let mut walker = Walker::new(seed);
    let (mut good, mut wrong) = (BTreeMap::new(), Vec::new());
    let mut statuses = BTreeMap::<u16, usize>::new();
    for number in 0..requests {
        world.advance(walker.below(20) as i64 * SECOND);
        let step = walker.step(number);
        let answer = walker.take(&world, &step).await;
        *statuses.entry(answer.status.as_u16()).or_default() += 1;
        if answer.status.is_success() {
            *good.entry((step.method, step.template)).or_insert(0) += 1;
        }
        if let Err(reason) = specifications.check(&step, &answer) {
            wrong.push(format!("{} {}: {reason}", step.method, step.path));
        }
    }
    println!("{statuses:?}\n{good:?}");
    assert!(wrong.is_empty(), "{} of {requests}, such as\n{}", wrong.len(), wrong[..wrong.len().min(8)].join("\n"));
    let missing: Vec<_> = ENDPOINTS.iter().filter(|endpoint| !good.contains_key(endpoint)).collect();
    assert!(missing.is_empty(), "no good answer of {missing:?}");
    assert!(statuses.len() > 2, "only {statuses:?}");
}
