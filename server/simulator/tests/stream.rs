//! The filtered stream: its rules, what it sends, and how it ends.

mod common;

use common::{HOUR, START, Stream, World, ids, micros, time};
use serde_json::{Value, json};

const RULES: &str = "/2/tweets/search/stream/rules";

async fn add(world: &World, rules: &Value) -> common::Answer {
    world.send("POST", RULES, json!({ "add": rules }).to_string()).await
}

#[tokio::test]
async fn rules_are_added_listed_and_deleted() {
    let world = World::new(|_| {});
    assert_eq!(world.ask(RULES).await.body, json!({ "meta": { "result_count": 0 } }));
    let cats = json!([{ "value": "cat has:media", "tag": "cats" }, { "value": "dog" }]);
    let trial = world.send("POST", &format!("{RULES}?dry_run=true"), json!({ "add": cats }).to_string()).await;
    assert_eq!(trial.body["meta"]["summary"]["created"], 2);
    let python = world.send("POST", &format!("{RULES}?dry_run=True"), json!({ "add": cats }).to_string()).await;
    assert_eq!(python.body["meta"]["summary"]["created"], 2, "as tweepy writes it");
    assert_eq!(
        world.send("POST", &format!("{RULES}?dry_run=yes"), json!({ "add": cats }).to_string()).await.status,
        400
    );
    assert_eq!(world.ask(RULES).await.body["meta"]["result_count"], 0, "that was only tried");

    let added = add(&world, &cats).await;
    assert_eq!(added.status, 201);
    assert_eq!(added.body["data"][0]["tag"], "cats");
    let again = add(&world, &json!([{ "value": "dog" }, { "value": "is:retweet" }, { "value": "mouse" }])).await;
    assert_eq!(again.body["meta"]["summary"], json!({ "created": 1, "not_created": 2, "valid": 1, "invalid": 2 }));
    assert_eq!(again.body["errors"][0]["title"], "DuplicateRule");
    assert_eq!(again.body["errors"][0]["id"], added.body["data"][1]["id"]);
    assert!(again.body["errors"][1]["details"][0].as_str().unwrap().contains("at least one positive"));
    let listed = world.ask(RULES).await.body;
    assert_eq!(listed["data"].as_array().unwrap().len(), 3);
    let first = world.ask(&format!("{RULES}?max_results=2")).await.body;
    let rest = format!("{RULES}?pagination_token={}", first["meta"]["next_token"].as_str().unwrap());
    assert_eq!(world.ask(&rest).await.body["data"], json!([listed["data"][2]]));
    let counts = world.ask(&format!("{RULES}/counts")).await.body;
    assert_eq!(
        (&counts["data"]["project_rules_count"], &counts["data"]["cap_per_project"]),
        (&json!("3"), &json!("1000"))
    );

    let gone = json!({ "delete": { "ids": [listed["data"][0]["id"], "1"] } }).to_string();
    let deleted = world.send("POST", RULES, gone).await.body;
    assert_eq!(deleted["meta"]["summary"], json!({ "deleted": 1, "not_deleted": 1 }));
    assert_eq!(deleted["errors"][0]["detail"], "Rule does not exist");
    world.send("POST", RULES, json!({ "delete": { "values": ["dog"] } }).to_string()).await;
    assert_eq!(world.ask(RULES).await.body["data"][0]["value"], "mouse");
    let all = world.send("POST", &format!("{RULES}?delete_all=true"), "").await.body;
    assert_eq!(all["meta"]["summary"]["deleted"], 1);
}

#[tokio::test]
async fn rules_have_their_limits_and_wrong_bodies_are_refused() {
    let world = World::new(|_| {});
    for body in ["", "[]", "{}", r#"{"delete":[]}"#, r#"{"add":[]}"#, r#"{"add":[{"tag":"x"}]}"#] {
        let answer = world.send("POST", RULES, body).await;
        assert_eq!((answer.status.as_u16(), answer.message()), (400, "JSON doesn't match expected schema"), "{body}");
    }
    let long = add(&world, &json!([{ "value": "cat ".repeat(257) }])).await;
    assert!(long.body["errors"][0]["details"][0].as_str().unwrap().contains("1028"), "{}", long.body);
    let many: Vec<Value> = (0..1_001).map(|number| json!({ "value": format!("word{number}") })).collect();
    let full = add(&world, &json!(many)).await.body;
    assert_eq!(
        (&full["meta"]["summary"]["created"], &full["errors"][0]["title"]),
        (&json!(1_000), &json!("RulesCapExceeded"))
    );
}

#[tokio::test]
async fn a_stream_sends_what_is_written_with_the_rules_it_matches_and_signs_of_life() {
    let world = World::new(|_| {});
    let address = world.listen().await;
    let idle = world.ask("/2/tweets/search/stream").await;
    assert_eq!((idle.status.as_u16(), &idle.body["connection_issue"]), (409, &json!("RuleConfigurationIssue")));
    assert!(idle.body["detail"].as_str().unwrap().starts_with("You must define rules using the POST"), "{}", idle.body);
    add(&world, &json!([{ "value": "min_likes:0", "tag": "all" }, { "value": "the OR a" }])).await;
    let late = world.ask("/2/tweets/search/stream?backfill_minutes=2").await;
    assert_eq!(late.status, 400, "only for enterprises");

    let mut stream = Stream::open(address, "tweet.fields=created_at").await;
    assert_eq!(stream.status, 200);
    world.advance(HOUR);
    let lines = stream.until_beats(180).await;
    let posts: Vec<Value> = lines.iter().map(|line| line["data"].clone()).collect();
    let span = format!("start_time={}&end_time={}", time(START), time(START + HOUR));
    assert_eq!(posts.len() as u64, world.count(&span).await);
    let ids = ids(&posts);
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]) && micros(ids[0]) >= START);
    assert!(posts[0]["created_at"].is_string() && posts[0].get("lang").is_none());
    assert!(lines.iter().all(|line| line["matching_rules"][0]["tag"] == "all"));
    let both: Vec<&Value> = lines.iter().filter(|line| line["matching_rules"][1].is_object()).collect();
    assert!((1..lines.len()).contains(&both.len()), "{} of {}", both.len(), lines.len());
    assert!(both.iter().all(|line| line["matching_rules"][1]["tag"] == ""), "a rule without a tag has an empty one");
    let ledger = world.ask("/_sim/ledger").await.body;
    assert_eq!((&ledger["tweets_served"], &ledger["billed"]["posts"]), (&json!(posts.len()), &json!(posts.len())));
}

#[tokio::test]
async fn a_stream_tells_diacritics_apart_and_reads_what_is_quoted() {
    let world = World::new(|_| {});
    let address = world.listen().await;
    let rules = json!([{ "value": "mañana", "tag": "with" }, { "value": "manana", "tag": "without" }, { "value": "the is:quote", "tag": "quoted" }]);
    add(&world, &rules).await;
    let mut stream = Stream::open(address, "tweet.fields=text&expansions=referenced_tweets.id").await;
    world.advance(48 * HOUR);
    let lines = stream.until_beats(48 * 180).await;
    let with = |tag: &str| {
        let has = |line: &&Value| line["matching_rules"].as_array().unwrap().iter().any(|rule| rule["tag"] == tag);
        lines.iter().filter(has).collect::<Vec<_>>()
    };
    assert!(!with("with").is_empty() && with("without").is_empty());
    let own = |line: &&&Value| {
        let text = line["data"]["text"].as_str().unwrap().to_lowercase();
        text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "the")
    };
    let quoted = with("quoted");
    assert!(quoted.iter().filter(own).count() < quoted.len(), "of {} some only quote it", quoted.len());
}

#[tokio::test]
async fn one_stream_at_a_time_until_it_is_closed() {
    let world = World::new(|_| {});
    let address = world.listen().await;
    add(&world, &json!([{ "value": "min_likes:0" }])).await;
    let mut first = Stream::open(address, "").await;
    let second = world.ask("/2/tweets/search/stream").await;
    assert_eq!((second.status.as_u16(), &second.body["connection_issue"]), (429, &json!("TooManyConnections")));
    assert_eq!(second.header("x-rate-limit-remaining"), 48, "the window is open");
    let active = world.ask("/2/connections").await.body;
    let id = active["data"][0]["id"].as_str().unwrap();
    let wanted = json!({ "uuids": [id, "another"] }).to_string();
    let killed = world.send("DELETE", "/2/connections", wanted).await.body;
    assert_eq!((&killed["data"]["successful_kills"], &killed["data"]["failed_kills"]), (&json!(1), &json!(1)));
    let last: Value = serde_json::from_str(&first.next().await.unwrap()).unwrap();
    assert_eq!(last["errors"][0]["title"], "operational-disconnect");
    assert_eq!(first.next().await, None);
    assert_eq!(world.ask("/2/connections?status=inactive").await.body["data"][0]["id"], id);

    let third = Stream::open(address, "").await;
    assert_eq!(third.status, 200);
    drop(third); // and that is noticed
    let mut tries = 0;
    while Stream::open(address, "").await.status != 200 {
        tries += 1;
        assert!(tries < 40, "a client that is gone has no connection");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn streams_end_when_the_simulator_stops() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let config = simulator::Config { tweets: 500, ..simulator::Config::default() };
    let server = tokio::spawn(simulator::serve(listener, config, async { drop(stopped.await) }));
    let body = r#"{"add":[{"value":"nobodywritesthisword"}]}"#;
    let request = format!(
        "POST {RULES} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer simulator\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    socket.read_to_string(&mut String::new()).await.unwrap();
    let mut stream = Stream::open(address, "").await;
    stop.send(()).unwrap();
    assert!(stream.next().await.unwrap().contains("operational-disconnect"));
    assert_eq!(stream.next().await, None);
    server.await.unwrap().unwrap();
}
