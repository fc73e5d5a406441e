//! The filtered stream: what comes, what goes wrong, and how one connects again.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::{EVERYTHING, World, ask, ids, kind, seconds};
use model::time::{HOUR, MINUTE, SECOND};
use serde_json::Value;
use source::rules::{Mode, NewRule};
use source::{Event, Expansions, PATIENCE, Reconnect, RefusalKind, SourceError, Stream, StreamEnd, XClient};
use source::{connect, connections, rules};
use std::time::Duration;

async fn with_rule(world: &World) -> XClient {
    let client = world.client();
    let rule = NewRule { value: EVERYTHING.to_owned(), tag: Some("all".to_owned()) };
    ask(&client, &rules::add(&[rule], Mode::Do)).await.body.unwrap();
    client
}

async fn open(client: &XClient) -> Result<Stream, SourceError> {
    client.stream(&connect(Expansions::NONE, None), PATIENCE).await
}

/// Posts until so many signs of life have come, or the stream is over.
async fn read(stream: &mut Stream, beats: usize) -> (Vec<Value>, Option<SourceError>) {
    let (mut posts, mut alive) = (Vec::new(), 0);
    while alive < beats {
        match stream.next().await {
            Ok(Event::Post(line)) => posts.push(serde_json::from_slice(&line).unwrap()),
            Ok(Event::Alive) => alive += 1,
            Ok(Event::Unknown(line)) => panic!("{}", String::from_utf8_lossy(&line)),
            Err(error) => return (posts, Some(error)),
        }
    }
    (posts, None)
}

#[tokio::test]
async fn posts_come_with_their_rules_and_signs_of_life_between() {
    let world = World::new(|_| {}).await;
    let without_rules = open(&world.client()).await.unwrap_err();
    assert_eq!(kind(&without_rules), RefusalKind::NoRules);
    let client = with_rule(&world).await;
    let mut stream = open(&client).await.unwrap();
    let busy = open(&client).await.unwrap_err();
    assert_eq!(kind(&busy), RefusalKind::TooManyConnections);
    world.advance(HOUR);
    let (posts, end) = read(&mut stream, 180).await;
    assert!(end.is_none() && posts.len() > 50, "{} {end:?}", posts.len());
    assert!(posts.iter().all(|post| post["matching_rules"][0]["tag"] == "all"));
    assert!(posts[0]["data"]["author_id"].is_string(), "it is asked in the older names, where an author costs nothing");
    assert_eq!(world.simulator("GET", "ledger", "").await["tweets_served"], posts.len());
}

#[tokio::test]
async fn a_stream_that_says_nothing_is_given_up() {
    let world = World::new(|_| {}).await;
    let client = with_rule(&world).await;
    let patience = Duration::from_millis(300);
    let mut stream = client.stream(&connect(Expansions::NONE, None), patience).await.unwrap();
    assert!(matches!(stream.next().await, Err(SourceError::Stream(StreamEnd::Silent))));
    assert!(matches!(stream.next().await, Err(SourceError::Stream(StreamEnd::Closed))), "and it stays over");
}

#[tokio::test]
async fn half_a_line_is_no_post_and_a_double_one_is_two() {
    let faults = "[[fault]]\nkind = \"duplicate\"\ntimes = 1\n[[fault]]\nkind = \"half-line\"\nafter = 4\ntimes = 1\n";
    let world = World::new(|_| {}).await;
    let client = with_rule(&world).await;
    world.begin(faults).await;
    let mut stream = open(&client).await.unwrap();
    world.advance(HOUR);
    let (posts, end) = read(&mut stream, 1_000).await;
    assert!(matches!(end, Some(SourceError::Stream(StreamEnd::HalfLine))), "{end:?}");
    let ids: Vec<&Value> = posts.iter().map(|post| &post["data"]["id"]).collect();
    assert!(ids.len() == 5 && ids[0] == ids[1] && ids[1] != ids[2], "{ids:?}");
}

#[tokio::test]
async fn a_connection_that_x_did_not_see_end_is_ended_by_its_id() {
    let faults = "[[fault]]\nkind = \"left-open\"\ntimes = 1\n[[fault]]\nkind = \"disconnect\"\ntimes = 1\n";
    let world = World::new(|_| {}).await;
    let client = with_rule(&world).await;
    world.begin(faults).await;
    let mut stream = open(&client).await.unwrap();
    world.advance(HOUR);
    let (_, end) = read(&mut stream, 1_000).await;
    let end = end.unwrap();
    assert!(
        matches!(&end, SourceError::Stream(StreamEnd::Disconnected { kind, .. }) if kind == "OperationalDisconnect"),
        "{end}"
    );
    let mut reconnect = Reconnect::default();
    assert_eq!(reconnect.after(&end, world.now()).unwrap() - world.now(), SECOND / 4);

    let refused = open(&client).await.unwrap_err();
    assert_eq!(kind(&refused), RefusalKind::TooManyConnections);
    assert_eq!(reconnect.after(&refused, world.now()).unwrap() - world.now(), MINUTE);
    let open_ones = connections::read(&ask(&client, &connections::open()).await.body.unwrap()).unwrap();
    assert_eq!((open_ones.len(), open_ones[0].stream.as_str()), (1, "filtered_stream"));
    let ended = ask(&client, &connections::end(&[open_ones[0].id.clone()])).await.body.unwrap();
    assert_eq!(connections::read_ended(&ended).unwrap(), 1);
    assert!(open(&client).await.is_ok());
}

#[tokio::test]
async fn connections_are_counted_and_their_window_is_waited_for() {
    let world = World::new(|config| config.requests_per_window = 2).await;
    let client = with_rule(&world).await;
    drop(open(&client).await.unwrap());
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(open(&client).await.unwrap());
    let refused = open(&client).await.unwrap_err();
    let again = Reconnect::default().after(&refused, world.now()).unwrap();
    assert!((14 * MINUTE..=15 * MINUTE + seconds(1)).contains(&(again - world.now())), "{}", again - world.now());
    world.advance(again - world.now());
    let mut stream = open(&client).await.unwrap();
    world.advance(MINUTE);
    let (posts, _) = read(&mut stream, 2).await;
    assert!(posts.iter().all(|post| ids(post).is_empty()), "data of a stream is one post");
}
