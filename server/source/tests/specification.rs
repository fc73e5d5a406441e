//! Every request that can be made is one that X's own specification describes.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::{START, scripted, shared_data};
use model::{Timestamp, TweetId, UserId};
use secrecy::SecretString;
use serde_json::Value;
use source::auth::oauth1::SigningKeys;
use source::counts::Granularity;
use source::endpoint::{Caller, ENDPOINTS};
use source::rules::{Mode, NewRule};
use source::search::SearchRequest;
use source::timelines::{Excluded, Timeline};
use source::{Auth, Expansions, Request, Span, Vocabulary, XClient};
use source::{compliance, connect, connections, counts, description, lookup, rules, search, timelines, usage};
use std::collections::HashSet;
use std::sync::Arc;
use url::Url;

const POSTS: &str = "openapi/x-openapi-newest-from-xdk-rs-0.4.1.json";
const TWEETS: &str = "openapi/x-openapi-2026-07-06-541ef718.json";

/// One of each, with all that it can ask.
fn requests() -> Vec<Request> {
    let ids = Span::Ids { since: Some(TweetId(1)), until: Some(TweetId(2)) };
    let times = Span::Times { start: Some(START), end: Some(Timestamp(START.0 + 1)) };
    let token = Some("a1b2c3d4e5f6a7b8");
    let mut requests = Vec::new();
    for expansions in [Expansions::ALL, Expansions::NONE, Expansions { tweets: true, ..Expansions::NONE }] {
        let timeline = Timeline { user: UserId(3), span: ids, expansions, next_token: token, max_results: None };
        let search = SearchRequest { query: "a", span: ids, expansions, next_token: token, ..Default::default() };
        requests.extend([
            search::recent(&search),
            search::all(&SearchRequest { span: times, ..search.clone() }, false),
            search::all(&search, true),
            timelines::posts(&timeline, Excluded { replies: true, reposts: true }),
            timelines::mentions(&timeline),
            lookup::posts(&[TweetId(1), TweetId(2)], expansions),
            connect(expansions, Some(5)),
        ]);
    }
    let rule = NewRule { value: "a".to_owned(), tag: Some("b".to_owned()) };
    requests.extend([
        counts::recent("a", times, Granularity::Minute),
        counts::all("a", ids, Granularity::Day, token),
        lookup::users(&[UserId(1)]),
        lookup::users_by_names(&["a", "b"]),
        rules::list(token),
        rules::add(std::slice::from_ref(&rule), Mode::Try),
        rules::delete(&["1".to_owned()], Mode::Do),
        connections::open(),
        connections::end(&["a".to_owned()]),
        usage::posts(90),
        usage::credits(),
        compliance::create(compliance::JobKind::Posts, "a"),
        compliance::list(compliance::JobKind::Users),
        compliance::show(5),
        compliance::delete(5),
        description::openapi(),
    ]);
    requests
}

struct Specification(Value);

impl Specification {
    fn read(name: &str) -> Option<Self> {
        let text = std::fs::read(shared_data()?.join(name)).unwrap();
        Some(Self(serde_json::from_slice(&text).unwrap()))
    }

    fn operation(&self, method: &str, path: &str) -> &Value {
        &self.0["paths"][path][method.to_lowercase()]
    }

    fn parameter(&self, operation: &Value, name: &str) -> Value {
        let resolve = |value: &Value| match value["$ref"].as_str() {
            Some(reference) => self.0.pointer(&reference[1..]).unwrap().clone(),
            None => value.clone(),
        };
        let all = operation["parameters"].as_array().cloned().unwrap_or_default();
        all.iter().map(resolve).find(|parameter| parameter["name"] == name).unwrap_or(Value::Null)
    }

    /// What is wrong with the query of a request.
    fn complaints(&self, operation: &Value, url: &Url) -> Vec<String> {
        let mut complaints = Vec::new();
        for (name, value) in url.query_pairs() {
            let schema = &self.parameter(operation, &name)["schema"];
            let is_list = schema["type"] == "array";
            let known = if is_list { &schema["items"]["enum"] } else { &schema["enum"] };
            if schema.is_null() {
                complaints.push(format!("{name} is no parameter of {}", url.path()));
            }
            let values: Vec<&str> = if is_list { value.split(',').collect() } else { vec![&value] };
            let unique: HashSet<&&str> = values.iter().collect();
            if unique.len() != values.len() {
                complaints.push(format!("{name} has something twice"));
            }
            if let Some(known) = known.as_array() {
                let odd = values.iter().filter(|value| !known.iter().any(|known| known == *value));
                complaints.extend(odd.map(|value| format!("{value} is no value of {name} for {}", url.path())));
            }
            let most = schema["maximum"].as_u64();
            if most.is_some_and(|most| value.parse::<u64>().is_ok_and(|number| number > most)) {
                complaints.push(format!("{name} is more than {most:?}"));
            }
            if let Some(length) = schema["minLength"].as_u64().filter(|&least| (value.len() as u64) < least) {
                complaints.push(format!("{name} is shorter than {length}"));
            }
        }
        let required = operation["parameters"].as_array().cloned().unwrap_or_default();
        let missing = required.iter().filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
        let names = missing.filter_map(|parameter| parameter["name"].as_str());
        complaints.extend(
            names
                .filter(|name| !url.query_pairs().any(|(given, _)| given == *name))
                .map(|name| format!("{name} is missing")),
        );
        complaints
    }
}

/// The address of a request in the words of a vocabulary, as a server gets it.
async fn sent(request: &Request, vocabulary: Vocabulary) -> Url {
    let other = request.endpoint().vocabulary != vocabulary;
    let unknown = br#"{"errors":[{"parameters":{"expansions":["x"]},"message":"unknown"}],"title":"Invalid Request"}"#;
    let refusal = common::answer("400 Bad Request", "", unknown);
    let (address, asked) = scripted(vec![refusal.clone(), refusal]).await;
    let client = match request.endpoint().callers {
        [Caller::Signed, ..] => XClient::new(common::egress(&address, Arc::new(|| START)), signed()),
        _ => common::client_of(&address),
    };
    let _ = client.send(request).await;
    let asked = asked.lock().unwrap();
    let head = &asked[if other && asked.len() > 1 { 1 } else { 0 }];
    let path = head.split(' ').nth(1).unwrap();
    Url::parse(&address).unwrap().join(path).unwrap()
}

fn signed() -> Auth {
    let secret = || SecretString::from("a");
    Auth::Signed(SigningKeys { key: secret(), secret: secret(), token: secret(), token_secret: secret() })
}

#[tokio::test]
async fn requests_are_as_the_specification_says_in_both_vocabularies() {
    let (Some(posts), Some(tweets)) = (Specification::read(POSTS), Specification::read(TWEETS)) else { return };
    let mut complaints = Vec::new();
    let (mut asked, mut in_both) = (HashSet::new(), 0);
    for request in requests() {
        let endpoint = request.endpoint();
        asked.insert(endpoint.key());
        let own = if endpoint.path == "/2/tweets/search/stream" { Vocabulary::Tweet } else { Vocabulary::Post };
        assert_eq!(endpoint.vocabulary, own);
        let newest = posts.operation(endpoint.method.as_str(), endpoint.path);
        complaints.extend(posts.complaints(newest, &sent(&request, own).await));
        let older = tweets.operation(endpoint.method.as_str(), endpoint.path);
        let sent = sent(&request, Vocabulary::Tweet).await;
        if sent.query_pairs().any(|(name, _)| name == "tweet.fields") {
            complaints.extend(tweets.complaints(older, &sent));
            in_both += 1;
        }
    }
    assert_eq!((complaints, in_both), (Vec::new(), 21));
    let all: HashSet<String> = ENDPOINTS.iter().map(|endpoint| endpoint.key()).collect();
    assert_eq!(asked, all, "each endpoint has a request, and each request an endpoint in the table");
}

#[test]
fn who_may_ask_is_as_the_specification_says() {
    let Some(posts) = Specification::read(POSTS) else { return };
    for endpoint in ENDPOINTS {
        let operation = posts.operation(endpoint.method.as_str(), endpoint.path);
        assert!(operation.is_object(), "{} {} is no operation", endpoint.method, endpoint.path);
        let security = operation["security"].as_array().cloned().unwrap_or_default();
        let takes = |name: &str| security.iter().any(|way| way.get(name).is_some());
        for (caller, name) in
            [(Caller::App, "BearerToken"), (Caller::User, "OAuth2UserToken"), (Caller::Signed, "UserToken")]
        {
            // Of the archive the documentation says that only apps may ask; there the specification is wider.
            let is_narrower = endpoint.path == "/2/tweets/search/all" && caller != Caller::App;
            assert_eq!(endpoint.callers.contains(&caller), takes(name) && !is_narrower, "{}: {name}", endpoint.key());
        }
    }
}
