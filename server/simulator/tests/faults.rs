//! What goes wrong where a script says so, and the time that a test decides.

mod common;

use axum::body::Body;
use axum::http::Request;
use common::{HOUR, SECOND, START, Stream, World, ids};
use futures::StreamExt;
use serde_json::{Value, json};
use simulator::{Script, Vocabulary};
use tower::ServiceExt;

const RECENT: &str = "/2/tweets/search/recent?query=the";

async fn begin(world: &World, script: &str) {
    let answer = world.send("POST", "/_sim/script", script.to_owned()).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
}

/// A fault of this kind, with further lines of TOML.
fn fault(kind: &str, more: &str) -> String {
    format!("[[fault]]\nkind = \"{kind}\"\n{more}\n")
}

#[tokio::test]
async fn four_kinds_of_429_and_two_of_402_have_bodies_and_headers_of_their_own() {
    let world = World::new(|_| {});
    let cases = [
        ("rate-limit", 429, "Too Many Requests", (450, 0)),
        ("too-fast", 429, "Too Many Requests", (450, 448)),
        ("usage-cap", 429, "UsageCapExceeded", (40_000, 39_999)),
        ("connection-limit", 429, "ConnectionException", (450, 446)),
        ("credits-depleted", 402, "CreditsDepleted", (450, 445)),
        ("payment-required", 402, "Payment Required", (450, 444)),
    ];
    for (kind, status, title, window) in cases {
        begin(&world, &fault(kind, "")).await;
        let answer = world.ask(RECENT).await;
        assert_eq!((answer.status.as_u16(), &answer.body["title"]), (status, &json!(title)), "{kind}");
        let headers = (answer.header("x-rate-limit-limit"), answer.header("x-rate-limit-remaining"));
        assert_eq!(headers, window, "{kind}");
        assert!(answer.header("x-rate-limit-reset") > START / SECOND, "{kind}");
    }
    begin(&world, "").await;
    assert_eq!(world.ask(RECENT).await.status, 200);
    assert_eq!(world.ask("/_sim/ledger").await.body["by_status"], json!({ "200": 1, "402": 2, "429": 4 }));
}

#[tokio::test]
async fn a_burst_of_server_errors_lasts_as_long_as_the_script_says_and_a_seed_repeats_what_is_left_to_chance() {
    let burst = fault("server-error", "path = \"/2/tweets/search\"\nstatus = 502\nafter = 1\ntimes = 2");
    let world = World::new(|config| config.script = Script::parse(&burst).expect("a script"));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(world.ask(RECENT).await.status.as_u16());
        assert_eq!(world.ask("/2/tweets/20").await.status, 200, "another path");
    }
    assert_eq!(statuses, [200, 502, 502, 200]);
    let pattern = async |seed: u64| {
        let script = format!("seed = {seed}\n{}", fault("not-enabled", "chance = 0.5"));
        let world = World::new(|config| config.script = Script::parse(&script).expect("a script"));
        let mut struck = Vec::new();
        for _ in 0..40 {
            let answer = world.ask("/2/tweets/20").await;
            assert!(answer.status == 200 || answer.text.is_empty());
            struck.push(answer.status == 404);
        }
        struck
    };
    let first = pattern(1).await;
    let hits = first.iter().filter(|&&struck| struck).count();
    assert!((10..30).contains(&hits), "{hits}");
    assert_eq!(pattern(1).await, first);
    assert_ne!(pattern(2).await, first);
}

#[tokio::test]
async fn headers_are_missing_odd_or_of_a_clock_that_goes_ahead() {
    let world = World::new(|_| {});
    let plain = world.ask(RECENT).await;
    assert_eq!(plain.headers["date"], "Mon, 23 Nov 2026 12:00:00 GMT", "X says what time it is");
    begin(&world, &fault("no-headers", "")).await;
    let bare = world.ask(RECENT).await;
    assert!(bare.headers.keys().all(|name| !name.as_str().starts_with("x-rate")), "{:?}", bare.headers);
    begin(&world, &fault("odd-headers", "")).await;
    let odd = world.ask(RECENT).await;
    assert_eq!(
        (&odd.headers["x-rate-limit-reset"], odd.header("x-app-limit-24hour-remaining")),
        (&"soon".parse().expect("a value"), 0)
    );
    begin(&world, &fault("clock-skew", "seconds = 8148")).await;
    let ahead = world.ask(RECENT).await;
    assert_eq!(ahead.headers["date"], "Mon, 23 Nov 2026 14:15:48 GMT");
    assert_eq!(ahead.header("x-rate-limit-reset"), plain.header("x-rate-limit-reset") + 8_148);
}

#[tokio::test]
async fn pages_are_empty_double_or_torn() {
    let world = World::new(|_| {});
    let whole = world.ask(RECENT).await.body;
    begin(&world, &fault("empty-page", "times = 1")).await;
    let empty = world.ask(RECENT).await.body;
    assert_eq!(empty, json!({ "meta": { "result_count": 0, "next_token": whole["meta"]["next_token"] } }));
    assert_eq!(world.ask(RECENT).await.body, whole);
    begin(&world, &fault("empty-end", "")).await;
    assert_eq!(world.ask(RECENT).await.body, json!({ "meta": { "result_count": 0 } }));
    begin(&world, &fault("duplicate", "")).await;
    let double = ids(world.ask(RECENT).await.body["data"].as_array().expect("posts"));
    assert_eq!((double.len(), double[10]), (11, double[0]));
    begin(&world, &fault("half-line", "")).await;
    let torn = world.ask(RECENT).await;
    assert_eq!((torn.status.as_u16(), &torn.body), (200, &Value::Null));
    assert!(torn.text.starts_with("{\"data\":["), "{}", torn.text);

    begin(&world, &fault("disconnect", "")).await;
    let mut socket = tokio::net::TcpStream::connect(world.listen().await).await.expect("a connection");
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let request = format!("GET {RECENT} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer simulator\r\n\r\n");
    socket.write_all(request.as_bytes()).await.expect("a connection");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.ok();
    assert!(answer.starts_with("HTTP/1.1 200") && !answer.ends_with("0\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn a_stream_repeats_tears_and_leaves_its_connection_open() {
    let world = World::new(|_| {});
    let address = world.listen().await;
    world.send("POST", "/2/tweets/search/stream/rules", r#"{"add":[{"value":"min_likes:0"}]}"#).await;
    begin(&world, &(fault("duplicate", "times = 1") + &fault("half-line", "after = 2\ntimes = 1"))).await;
    let mut stream = Stream::open(address, "").await;
    world.advance(HOUR);
    let (mut lines, mut open) = (Vec::new(), true);
    while open {
        match stream.next().await {
            Some(beat) if beat == "\r\n" => {}
            Some(line) => lines.push(line),
            None => open = false,
        }
    }
    let twice: Vec<&str> = lines[0].trim_end().split("\r\n").collect();
    assert_eq!((twice.len(), twice[0]), (2, twice[1]));
    assert_eq!(lines.len(), 3, "the third is torn, and the last");
    assert!(lines[2].starts_with("{\"data\"") && !lines[2].ends_with("\r\n"));

    begin(&world, &(fault("left-open", "times = 1") + &fault("disconnect", "times = 1"))).await;
    let mut left = Stream::open(address, "").await;
    world.advance(HOUR);
    let mut last = left.next().await;
    while let Some(line) = left.next().await {
        last = Some(line);
    }
    assert!(last.expect("a line").contains("operational-disconnect"));
    assert_eq!(Stream::open(address, "").await.status, 429, "nobody has it, but it counts");
    world.send("DELETE", "/2/connections/all", "").await;
    assert_eq!(Stream::open(address, "").await.status, 200);
}

#[tokio::test]
async fn who_is_cut_off_connects_again_at_once_and_pays_for_what_was_sent() {
    let world = World::new(|_| {});
    world.send("POST", "/2/tweets/search/stream/rules", r#"{"add":[{"value":"min_likes:0"}]}"#).await;
    begin(&world, &fault("disconnect", "after = 2\ntimes = 1")).await;
    let open = async || {
        let request = Request::get("/2/tweets/search/stream").header("authorization", "Bearer simulator");
        world.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer")
    };
    let mut stream = open().await.into_body().into_data_stream();
    world.advance(HOUR);
    let mut last = String::new();
    while !last.contains("operational-disconnect") {
        let line = stream.next().await.expect("a line").expect("a line");
        last = String::from_utf8(line.to_vec()).expect("text");
    }
    assert_eq!(open().await.status(), 200, "though the end of the first answer has not been read");
    let ledger = world.ask("/_sim/ledger").await.body;
    assert_eq!((&ledger["tweets_served"], &ledger["billed"]["posts"]), (&json!(2), &json!(2)));
    drop(stream);
}

#[tokio::test]
async fn a_stream_breaks_in_the_middle_of_a_line_without_the_end_of_an_answer() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let world = World::new(|_| {});
    world.send("POST", "/2/tweets/search/stream/rules", r#"{"add":[{"value":"min_likes:0"}]}"#).await;
    begin(&world, &fault("break", "times = 1")).await;
    let mut socket = tokio::net::TcpStream::connect(world.listen().await).await.expect("a connection");
    let request = "GET /2/tweets/search/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer simulator\r\n\r\n";
    socket.write_all(request.as_bytes()).await.expect("a connection");
    let mut head = [0; 12];
    socket.read_exact(&mut head).await.expect("an answer");
    assert_eq!(&head, b"HTTP/1.1 200");
    world.advance(HOUR);
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.ok();
    assert!(answer.contains("{\"data\"") && !answer.contains("\"matching_rules\""), "{answer}");
    assert!(!answer.ends_with("0\r\n\r\n") && !answer.contains("disconnect"), "{answer}");
}

#[tokio::test]
async fn a_script_decides_the_names_and_a_wrong_one_is_refused() {
    let world = World::new(|_| {});
    let query = "query=the is:retweet&tweet.fields=public_metrics,referenced_tweets";
    begin(&world, "vocabulary = \"mixed\"").await;
    let mixed = world.search(query).await.body["data"][0].clone();
    assert!(mixed["referenced_posts"].is_array() && mixed["edit_history_tweet_ids"].is_array(), "{mixed}");
    begin(&world, "vocabulary = { drawn = 5 }").await;
    let drawn = world.search(query).await.body["data"].as_array().unwrap().clone();
    let with = |name: &str| drawn.iter().filter(|post| post[name].is_array()).count();
    let (posts, tweets) = (with("referenced_posts"), with("referenced_tweets"));
    assert!(posts > 0 && tweets > 0 && posts + tweets == drawn.len(), "{posts} and {tweets} of {}", drawn.len());
    assert_eq!(Script::parse("vocabulary = \"post\"").expect("a script").vocabulary, Some(Vocabulary::Post));
    for wrong in ["[[fault]]", "nonsense", "colour = 1", &fault("rain", ""), &fault("server-error", "status = 200")] {
        assert_eq!(world.send("POST", "/_sim/script", wrong.to_owned()).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_test_puts_the_clock_forward_and_stops_it() {
    let world = World::new(|_| {});
    assert_eq!(world.ask("/_sim/clock").await.body, json!({ "now": "2026-11-23T12:00:00.000Z" }));
    let first = world.ask("/2/tweets/search/recent?query=min_likes:0").await.body["meta"]["newest_id"].clone();
    world.send("POST", "/_sim/clock?advance=3600", "").await;
    let later = world.ask(RECENT).await;
    assert_eq!(later.header("x-rate-limit-remaining"), 449, "another window");
    assert!(
        world.ask("/2/tweets/search/recent?query=min_likes:0").await.body["meta"]["newest_id"].as_str()
            > first.as_str()
    );
    let stopped = world.send("POST", "/_sim/clock?set=2026-12-01T00:00:00Z&advance=5", "").await.body;
    assert_eq!(stopped, json!({ "now": "2026-12-01T00:00:05.000Z" }));
    world.advance(HOUR);
    assert_eq!(world.ask("/_sim/clock").await.body, stopped, "the machine's time is no matter any more");
}
