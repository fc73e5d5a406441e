//! Each way in which X says no has a state of its own: by faults of the simulator, and by answers that were recorded.

mod common;

use common::{EVERYTHING, World, ask, refused, shared_data};
use model::time::{DAY, HOUR, MINUTE, SECOND};
use serde_json::Value;
use source::search::SearchRequest;
use source::{Auth, Period, RefusalKind, Request, SourceError, XClient, backoff, search, usage};
use std::collections::BTreeMap;

fn request() -> Request {
    search::recent(&SearchRequest { query: EVERYTHING, ..SearchRequest::default() })
}

fn fault(kind: &str) -> String {
    format!("[[fault]]\nkind = \"{kind}\"\ntimes = 1\n")
}

#[tokio::test]
async fn every_fault_of_a_status_has_its_state_and_is_over_after_it() {
    for (name, expected) in [
        ("usage-cap", RefusalKind::UsageCap(Period::Month)),
        ("too-fast", RefusalKind::TooFast),
        ("connection-limit", RefusalKind::TooManyConnections),
        ("credits-depleted", RefusalKind::CreditsDepleted),
        ("payment-required", RefusalKind::CreditsDepleted),
        ("server-error", RefusalKind::Unavailable),
        ("not-enabled", RefusalKind::NotEnabled),
    ] {
        let world = World::with_faults(&fault(name)).await;
        let client = world.client();
        assert_eq!(refused(&client, &request()).await, expected, "{name}");
        assert!(ask(&client, &request()).await.body.is_ok(), "{name}");
    }
    let world = World::with_faults(&fault("rate-limit")).await;
    let kind = refused(&world.client(), &request()).await;
    assert!(matches!(kind, RefusalKind::WindowUsedUp { until: Some(_) }), "{kind:?}");
}

#[tokio::test]
async fn a_window_that_is_used_up_is_known_before_and_after_it_is() {
    let world = World::new(|config| config.requests_per_window = 2).await;
    let client = world.client();
    assert_eq!(ask(&client, &request()).await.limits.closed_until(world.now()), None);
    let last = ask(&client, &request()).await;
    let until = last.limits.closed_until(world.now()).unwrap();
    assert!(last.body.is_ok() && until - world.now() <= 15 * MINUTE + SECOND);
    let error = ask(&client, &request()).await.body.unwrap_err();
    assert_eq!(backoff::again(&error, 1, world.now(), 0.5), Some(until));
    world.advance(until - world.now());
    assert!(ask(&client, &request()).await.body.is_ok(), "not a moment too early");
}

#[tokio::test]
async fn odd_missing_and_shifted_headers_do_not_mislead() {
    let missing = World::with_faults(&(fault("no-headers") + &fault("rate-limit"))).await;
    let kind = refused(&missing.client(), &request()).await;
    assert_eq!(kind, RefusalKind::WindowUsedUp { until: None });

    let odd = World::with_faults(&fault("odd-headers")).await;
    let limits = ask(&odd.client(), &request()).await.limits;
    assert_eq!(limits.window, None);
    assert_eq!(limits.closed_until(odd.now()).unwrap() - odd.now(), DAY, "the day's requests are used up");

    for skew in [-7_200, 7_200] {
        let script = format!("[[fault]]\nkind = \"clock-skew\"\nseconds = {skew}\n");
        let world = World::with_faults(&script).await;
        let reset = ask(&world.client(), &request()).await.limits.window.unwrap().reset.unwrap();
        let wait = reset - world.now();
        assert!((14 * MINUTE..=15 * MINUTE + SECOND).contains(&wait), "{skew}: {wait}");
    }
}

#[tokio::test]
async fn torn_and_broken_answers_are_no_answers_and_worth_another_try() {
    for name in ["half-line", "disconnect"] {
        let world = World::with_faults(&fault(name)).await;
        let client = world.client();
        let error = match client.send(&request()).await {
            Ok(answer) => answer.body.unwrap_err(),
            Err(error) => error,
        };
        assert!(matches!(error, SourceError::Garbled(_) | SourceError::Network(_)), "{name}: {error}");
        assert!(backoff::again(&error, 1, world.now(), 0.0).is_some());
        assert!(ask(&client, &request()).await.body.is_ok(), "{name}");
    }
}

#[tokio::test]
async fn credentials_that_x_does_not_take_are_told_apart() {
    let world = World::new(|config| config.tier = simulator::Tier::Basic).await;
    let wrong = XClient::new(world.egress(), Auth::app("wrong"));
    assert_eq!(refused(&wrong, &request()).await, RefusalKind::Unauthorized);
    let archive = search::all(&SearchRequest { query: EVERYTHING, ..SearchRequest::default() }, false);
    assert_eq!(refused(&world.client(), &archive).await, RefusalKind::AccessLevel);
    assert_eq!(refused(&world.client(), &usage::credits()).await, RefusalKind::NotEnabled);
    let long = search::recent(&SearchRequest { query: &"a ".repeat(300), ..SearchRequest::default() });
    let error = ask(&world.client(), &long).await.body.unwrap_err();
    assert_eq!(
        (common::kind(&error), error.refusal().unwrap().parameters.as_slice()),
        (RefusalKind::Invalid, ["query".to_owned()].as_slice())
    );
    assert!(
        !XClient::new(world.egress(), Auth::app("a\nb")).send(&request()).await.unwrap_err().to_string().contains('\n')
    );
}

/// Bodies as X sent them, each by a server that says nothing else.
#[tokio::test]
async fn recorded_refusals_are_what_they_were() {
    let Some(folder) = shared_data() else { return };
    let recorded = std::fs::read_to_string(folder.join("errors/observed-errors.jsonl")).unwrap();
    let mut seen = 0;
    for line in recorded.lines() {
        let exchange: Value = serde_json::from_str(line).unwrap();
        let status = exchange["http"].as_u64().unwrap();
        if status == 200 {
            continue;
        }
        let name = exchange["kind"].as_str().unwrap();
        let expected = match name {
            name if name.starts_with("usage cap") => RefusalKind::UsageCap(Period::Month),
            name if name.starts_with("out of credits") => RefusalKind::CreditsDepleted,
            "stream connection limit" => RefusalKind::TooManyConnections,
            name if name.starts_with("app not in a project") => RefusalKind::NotEnrolled,
            name if name.starts_with("v1.1-style") => RefusalKind::WindowUsedUp { until: None },
            name if name.starts_with("empty body") => RefusalKind::NotEnabled,
            _ if status == 400 => RefusalKind::Invalid,
            other => panic!("{other}: a new kind of refusal"),
        };
        let headers: String = exchange["headers"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("{name}: {}\r\n", value.as_str().unwrap()))
            .collect();
        let body = if exchange["body"].is_null() { String::new() } else { exchange["body"].to_string() };
        let answer = common::answer(&format!("{status} X"), &headers, body.as_bytes());
        let (address, _) = common::scripted(vec![answer]).await;
        let answer = ask(&common::client_of(&address), &usage::posts(1)).await;
        let error = answer.body.unwrap_err();
        assert_eq!(common::kind(&error), expected, "{name}");
        let again = backoff::again(&error, 1, common::START, 0.0).map(|time| time - common::START);
        assert!(again.is_none_or(|wait| wait <= HOUR), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 11);
}

/// The problems that X's specifications describe: hosts and fields of theirs changed.
#[tokio::test]
async fn a_problem_means_the_same_in_every_specification() {
    let Some(folder) = shared_data() else { return };
    let mut meanings: BTreeMap<(String, u16), Vec<RefusalKind>> = BTreeMap::new();
    for file in std::fs::read_dir(folder.join("openapi")).unwrap() {
        let specification: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        let schemas = &specification["components"]["schemas"];
        for (name, schema) in schemas["Problem"]["discriminator"]["mapping"].as_object().unwrap() {
            let mut body = Value::Object(example(schemas, schema.as_str().unwrap()));
            body["type"] = name.as_str().into();
            for status in [400, 402, 403, 409, 429] {
                let answer = common::answer(&format!("{status} X"), "", body.to_string().as_bytes());
                let (address, _) = common::scripted(vec![answer]).await;
                let kind = refused(&common::client_of(&address), &usage::posts(1)).await;
                let last = name.rsplit('/').next().unwrap().to_owned();
                meanings.entry((last, status)).or_default().push(kind);
            }
        }
    }
    for (problem, kinds) in &meanings {
        assert!(kinds.iter().all(|kind| *kind == kinds[0]), "{problem:?}: {kinds:?}");
    }
    let of = |name: &str, status| meanings[&(name.to_owned(), status)][0];
    assert_eq!(of("usage-capped", 429), RefusalKind::UsageCap(Period::Day));
    assert_eq!(of("unsupported-authentication", 403), RefusalKind::WrongAuthentication);
    assert_eq!(of("not-authorized-for-resource", 403), RefusalKind::NotAuthorized);
    let shared = meanings.values().filter(|kinds| kinds.len() == 5).count();
    assert!(shared >= 20, "{shared} are in all of them");
}

/// An object that a schema describes: of each text the first that it may be.
fn example(schemas: &Value, reference: &str) -> serde_json::Map<String, Value> {
    let (_, name) = reference.rsplit_once('/').unwrap_or_default();
    let schema = &schemas[name];
    let parts = schema["allOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
    let mut object = serde_json::Map::new();
    for part in parts {
        if let Some(reference) = part["$ref"].as_str().filter(|other| *other != reference) {
            object.extend(example(schemas, reference));
        }
        for (name, property) in part["properties"].as_object().into_iter().flatten() {
            let first = property["enum"][0].as_str().unwrap_or(name);
            let is_text = property["type"] == "string";
            object.extend(is_text.then(|| (name.clone(), Value::from(first))));
        }
    }
    object
}

/// Whole exchanges with X: their headers are understood.
#[tokio::test]
async fn recorded_limits_are_read() {
    let Some(folder) = shared_data() else { return };
    let recorded = std::fs::read_to_string(folder.join("http/tweepy_v2_http_responses.jsonl")).unwrap();
    let (mut seen, mut untold) = (0, 0);
    for line in recorded.lines() {
        let exchange: Value = serde_json::from_str(line).unwrap();
        let header = |name: &str| {
            let headers = exchange["headers"].as_object().unwrap();
            let (_, value) = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
            value.as_str().or_else(|| value[0].as_str()).map(str::to_owned)
        };
        let (Some(remaining), Some(date)) = (header("x-rate-limit-remaining"), header("date")) else { continue };
        let headers: String = ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset", "date"]
            .iter()
            .filter_map(|name| Some(format!("{name}: {}\r\n", header(name)?)))
            .collect();
        let (address, _) = common::scripted(vec![common::answer("200 OK", &headers, b"{}")]).await;
        let window = ask(&common::client_of(&address), &usage::posts(1)).await.limits.window.unwrap();
        assert_eq!(window.remaining.to_string(), remaining, "{date}");
        match window.reset.map(|reset| reset - common::START) {
            Some(wait) => assert!((0..=15 * MINUTE + SECOND).contains(&wait), "{wait}: recorded years ago: {headers}"),
            None => untold += 1,
        }
        seen += 1;
    }
    assert_eq!((seen, untold), (119, 1), "one was recorded with a window from years before");
}
