//! Does the simulator answer as X does?

mod common;

use std::collections::HashSet;

use common::{HOUR, SECOND, START, World, ids, micros, time};
use serde_json::{Value, json};

fn keys(value: &Value) -> HashSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[tokio::test]
async fn paging_brings_every_matching_tweet_exactly_once_newest_first() {
    let world = World::new(|_| {});
    for (query, size) in [("from", 10), ("is", 37), ("lang", 100)] {
        let query = match query {
            "from" => "query=launch OR rocket OR 打ち上げ OR de OR の",
            "is" => "query=(a OR the OR to OR de OR la OR の) -is:retweet",
            _ => "query=(the OR a OR de) lang:en",
        };
        let tweets = world.all(&format!("{query}&max_results={size}")).await;
        let ids = ids(&tweets);
        assert!(ids.len() > size, "{query}: {}", ids.len());
        assert!(ids.windows(2).all(|pair| pair[0] > pair[1]), "{query}");
        assert_eq!(ids.len() as u64, world.count(query).await, "{query}");
    }
}

#[tokio::test]
async fn a_token_survives_the_client_and_the_server_and_belongs_to_its_query() {
    let adjust = |config: &mut simulator::Config| config.origin = Some(START);
    let first = World::new(adjust).search("query=the&max_results=10").await;
    let token = first.body["meta"]["next_token"].as_str().unwrap();
    let restarted = World::new(adjust);
    let one = restarted.search(&format!("query=the&next_token={token}")).await;
    let other = restarted.search(&format!("query=the&pagination_token={token}")).await;
    assert_eq!(one.body, other.body);
    assert_eq!(one.status, 200);
    assert!(one.body["meta"]["newest_id"].as_str() < first.body["meta"]["oldest_id"].as_str());

    let foreign = restarted.search(&format!("query=moon&next_token={token}")).await;
    assert_eq!(foreign.status, 400);
    assert!(foreign.message().contains("next_token"), "{}", foreign.message());
}

#[tokio::test]
async fn time_bounds_include_the_start_and_exclude_the_end() {
    let world = World::new(|_| {});
    let all = world.all("query=the OR a&max_results=100").await;
    let newest_second = micros(ids(&all)[3]) / SECOND * SECOND;
    let oldest_second = micros(ids(&all)[40]) / SECOND * SECOND;
    let query =
        format!("query=the OR a&max_results=100&start_time={}&end_time={}", time(oldest_second), time(newest_second));
    let found = ids(&world.all(&query).await);
    let expected: Vec<u64> =
        ids(&all).into_iter().filter(|&id| (oldest_second..newest_second).contains(&micros(id))).collect();
    assert!(!expected.is_empty());
    assert_eq!(found, expected);
}

#[tokio::test]
async fn id_bounds_exclude_both_ends() {
    let world = World::new(|_| {});
    let all = ids(&world.all("query=the OR a&max_results=100").await);
    let query = format!("query=the OR a&max_results=100&since_id={}&until_id={}", all[30], all[5]);
    assert_eq!(ids(&world.all(&query).await), all[6..30]);
}

#[tokio::test]
async fn the_corpus_grows_and_since_id_finds_only_what_is_new() {
    let world = World::new(|_| {});
    let query = "query=the OR a OR de OR la&max_results=100";
    let before = ids(&world.all(query).await);
    world.advance(6 * HOUR);
    let new = ids(&world.all(&format!("{query}&since_id={}", before[0])).await);
    assert!(!new.is_empty());
    assert!(new.iter().all(|&id| id > before[0]));
    let all = world.count("").await;
    let lost = 1_500 / 28; // a quarter of a day of seven
    let grown = 6 * 3_600 / 20;
    assert!(all.abs_diff(1_500 + grown - lost) < 600, "{all}");
    assert!(micros(new[0]) <= START + 6 * HOUR - 30 * SECOND, "nothing younger than 30 s by default");
}

#[tokio::test]
async fn default_fields_are_three_and_an_empty_page_is_only_a_count() {
    let world = World::new(|_| {});
    let answer = world.search("query=the").await;
    assert_eq!(answer.body["data"].as_array().unwrap().len(), 10);
    assert_eq!(keys(&answer.body["data"][0]), HashSet::from(["id", "text", "edit_history_post_ids"]));
    assert_eq!(keys(&answer.body), HashSet::from(["data", "meta"]));
    let none = world.search("query=nobodywritesthisword").await;
    assert_eq!(none.body, json!({ "meta": { "result_count": 0 } }));
}

#[tokio::test]
async fn fields_and_expansions_are_honoured() {
    let world = World::new(|_| {});
    let query = "query=the has:media&max_results=100&tweet.fields=created_at,lang&user.fields=verified\
                 &media.fields=alt_text,width&expansions=author_id,attachments.media_keys,referenced_tweets.id";
    let body = world.search(query).await.body;
    assert_eq!(keys(&body["includes"]), HashSet::from(["users", "tweets", "media"]));
    for tweet in body["data"].as_array().unwrap() {
        let (keys, wanted) = (keys(tweet), ["created_at", "lang", "author_id", "attachments"]);
        assert!(wanted.iter().all(|key| keys.contains(key)), "{tweet}");
        assert!(!keys.contains("public_metrics") && !keys.contains("entities"), "{tweet}");
    }
    assert_eq!(keys(&body["includes"]["users"][0]), HashSet::from(["id", "name", "username", "verified"]));
    let media = keys(&body["includes"]["media"][0]);
    assert!(media.contains("width") && media.contains("type") && !media.contains("url"), "{media:?}");
}

#[tokio::test]
async fn the_vocabulary_follows_the_request_or_the_configuration() {
    let world = World::new(|_| {});
    let query = |fields: &str| format!("query=is:retweet the&{fields}&expansions=referenced_tweets.id");
    let old = world.search(&query("tweet.fields=public_metrics,referenced_tweets")).await.body;
    assert!(old["data"][0]["referenced_tweets"].is_array() && old["includes"]["tweets"].is_array());
    assert!(old["data"][0]["public_metrics"]["retweet_count"].is_u64());
    assert!(old["data"][0]["edit_history_tweet_ids"].is_array());
    let new = world.search(&query("post.fields=public_metrics")).await.body;
    assert!(new["data"][0]["referenced_posts"].is_array() && new["includes"]["posts"].is_array());
    assert!(new["data"][0]["public_metrics"]["repost_count"].is_u64());
    assert!(new["data"][0]["edit_history_post_ids"].is_array());

    let fixed = World::new(|config| config.vocabulary = Some(simulator::Vocabulary::Tweet));
    let body = fixed.search(&query("post.fields=public_metrics")).await.body;
    assert!(body["data"][0]["referenced_tweets"].is_array());
}

#[tokio::test]
async fn operators_find_what_they_name() {
    let world = World::new(|_| {});
    let fields = "&max_results=100&tweet.fields=entities,lang,author_id,referenced_tweets,conversation_id,public_metrics\
                  &expansions=author_id&user.fields=username";
    let check = async |query: &str, holds: fn(&Value) -> bool| {
        let body = world.search(&format!("query={query}{fields}")).await.body;
        let tweets = body["data"].as_array().unwrap_or_else(|| panic!("{query}: {body}")).clone();
        assert!(tweets.iter().all(holds), "{query}");
        body
    };
    check("(de OR la) lang:es", |tweet| tweet["lang"] == "es").await;
    check("the is:reply", |tweet| tweet["referenced_tweets"][0]["type"] == "replied_to").await;
    check("the -is:retweet", |tweet| tweet["referenced_tweets"][0]["type"] != "retweeted").await;
    check("the has:hashtags", |tweet| tweet["entities"]["hashtags"].is_array()).await;
    check("\"the launch\" OR \"the docking\"", |tweet| {
        let text = tweet["text"].as_str().unwrap().to_lowercase();
        text.contains("the launch") || text.contains("the docking")
    })
    .await;
    check("url:example has:links", |tweet| tweet["entities"]["urls"][0]["expanded_url"].is_string()).await;
    check("min_likes:5", |tweet| tweet["public_metrics"]["like_count"].as_u64() >= Some(5)).await;
    let body = check("the is:retweet", |tweet| tweet["text"].as_str().unwrap().starts_with("RT @")).await;

    let user = &body["includes"]["users"][0];
    let handle = user["username"].as_str().unwrap();
    let by_handle = world.all(&format!("query=from:{handle}{fields}")).await;
    let by_id = world.all(&format!("query=from:{}{fields}", user["id"].as_str().unwrap())).await;
    assert_eq!(by_handle, by_id);
    assert!(by_handle.iter().all(|tweet| tweet["author_id"] == user["id"]));
    let without_accents = world.count("query=manana OR senorita OR receta OR cafe").await;
    assert_eq!(without_accents, world.count("query=mañana OR señorita OR receta OR café").await);
}

#[tokio::test]
async fn wrong_requests_get_x_s_own_words() {
    let world = World::new(|_| {});
    let (early, late) = (time(START - 200 * HOUR), time(START - 5 * SECOND));
    let old_id = ((START - 200 * HOUR) / 1_000 - 1_288_834_974_657) << 22;
    let cases = [
        (
            "query=cat&since_id=1&start_time=x".to_owned(),
            "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'.",
        ),
        ("query=cat&max_results=5".to_owned(), "The `max_results` query parameter value [5] is not between 10 and 100"),
        ("query=cat&max_results=101".to_owned(), "is not between 10 and 100"),
        (format!("query=cat&end_time={late}"), "'end_time' must be a minimum of 10 seconds prior to the request time."),
        (format!("query=cat&start_time={early}"), "'start_time' must be on or after 2026-11-16T12:00Z"),
        (format!("query=cat&since_id={old_id}"), "'since_id' must be a tweet id created after"),
        ("query=cat&since_id=12a".to_owned(), "since_id"),
        ("query=cat&start_time=yesterday".to_owned(), "start_time"),
        (
            "query=cat&tweet.fields=colour".to_owned(),
            "The `tweet.fields` query parameter value [colour] is not one of [article,",
        ),
        (
            "query=cat&post.fields=author_id".to_owned(),
            "The `post.fields` query parameter value [author_id] is not one of [article,",
        ),
        ("query=cat&post.fields=note_tweet".to_owned(), "value [note_tweet] is not one of"),
        ("query=cat&post.fields=lang,referenced_posts".to_owned(), "value [referenced_posts] is not one of"),
        ("query=cat&expansions=friends".to_owned(), "The `expansions` query parameter value [friends] is not one of"),
        ("query=cat&colour=red".to_owned(), "The query parameter [colour] is not one of [query,"),
        ("query=".to_owned(), "can not be empty"),
        ("max_results=10".to_owned(), "can not be empty"),
        ("query=is:retweet".to_owned(), "There were errors processing your request: "),
        ("query=-cat".to_owned(), "at least one positive"),
        ("query=(cat".to_owned(), "missing ')'"),
        ("query=cat)".to_owned(), "missing EOF at ')' (at position 4)"),
        ("query=\"cat".to_owned(), "no viable alternative"),
        ("query=cat AND dog".to_owned(), "Ambiguous use of and as a keyword"),
        ("query=cat OR".to_owned(), "no viable alternative at input '<EOF>'"),
        ("query=cat -(dog mouse)".to_owned(), "Negation of a group"),
        ("query=cat min_faves:3".to_owned(), "Reference to invalid operator 'min_faves'."),
        ("query=cat is:happy".to_owned(), "Invalid value 'happy'"),
        (format!("query={}", "cat ".repeat(200)), "the maximum is 512"),
    ];
    for (query, message) in cases {
        let answer = world.search(&query).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.message().contains(message), "{query}: {}", answer.message());
        assert_eq!(answer.body["title"], "Invalid Request");
        assert_eq!(answer.body["detail"], "One or more parameters to your request was invalid.");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
}

#[tokio::test]
async fn without_the_token_there_is_no_answer() {
    let world = World::new(|_| {});
    for token in [None, Some("wrong")] {
        let answer = world.get("/2/tweets/search/recent?query=cat", token).await;
        assert_eq!(answer.status, 401);
        assert_eq!(
            answer.body,
            json!({ "title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized" })
        );
        assert_eq!(answer.header("x-rate-limit-remaining"), 450, "strangers do not use up the window");
    }
}

#[tokio::test]
async fn the_window_runs_out_says_when_it_reopens_and_the_ledger_knows() {
    let world = World::new(|config| config.requests_per_window = 2);
    let first = world.search("query=the").await;
    assert_eq!((first.header("x-rate-limit-limit"), first.header("x-rate-limit-remaining")), (2, 1));
    assert_eq!(first.header("x-rate-limit-reset"), START / SECOND + 900);
    assert_eq!(world.search("query=(").await.header("x-rate-limit-remaining"), 0, "a 400 counts too");
    world.advance(899 * SECOND);
    let refused = world.search("query=the").await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.body["title"], "Too Many Requests");
    assert_eq!(refused.header("x-rate-limit-remaining"), 0);
    world.advance(SECOND);
    assert_eq!(world.search("query=the").await.status, 200);

    let ledger = world.get("/_sim/ledger", None).await.body;
    assert_eq!(ledger["requests"], 4);
    assert_eq!(ledger["by_status"], json!({ "200": 2, "400": 1, "429": 1 }));
    assert_eq!((&ledger["tweets_served"], &ledger["rate_limited"]), (&json!(20), &json!(1)));
    let requests = world.get("/_sim/ledger/requests", None).await.body;
    let told = |number: usize| {
        let request = &requests[number];
        (&request["query"], &request["window"]["remaining"], request["posts"].as_array().unwrap().len())
    };
    let the = json!("the");
    assert_eq!((told(0), told(2)), ((&the, &json!(1), 10), (&the, &json!(0), 0)));
    assert_eq!(requests[0]["window"]["resets_at"], "2026-11-23T12:15:00.000Z");
}

#[tokio::test]
async fn a_real_listener_serves_until_it_is_told_to_stop() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let config = simulator::Config { tweets: 500, ..simulator::Config::default() };
    let server = tokio::spawn(simulator::serve(listener, config, async { drop(stopped.await) }));
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = "GET /2/tweets/search/recent?query=the%20OR%20a HTTP/1.1\r\nhost: x\r\n\
                   authorization: Bearer simulator\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
}
