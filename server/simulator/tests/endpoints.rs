//! Each endpoint beside recent search: does it answer as X does?
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use std::collections::HashSet;

use common::{HOUR, SECOND, START, World, ids, micros, time};
use serde_json::{Value, json};

const DAY: i64 = 24 * HOUR;
const TYPE: &str = "https://api.twitter.com/2/problems/resource-not-found";

fn sum(buckets: &[Value], name: &str) -> u64 {
    buckets.iter().map(|bucket| bucket[name].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn the_archive_reaches_further_back_and_takes_one_request_a_second() {
    let world = World::new(|_| {});
    let (start, end) = (time(START - 20 * DAY), time(START - 15 * DAY));
    let path = format!("/2/tweets/search/all?query=the OR a&max_results=500&start_time={start}&end_time={end}");
    let old = world.ask(&path).await;
    assert_eq!((old.status.as_u16(), old.header("x-rate-limit-limit")), (200, 300));
    let found = ids(old.body["data"].as_array().unwrap());
    assert!(found.len() > 50 && found.iter().all(|&id| micros(id) < START - 15 * DAY), "{}", found.len());
    let hasty = world.ask(&path).await;
    assert_eq!((hasty.status.as_u16(), hasty.header("x-rate-limit-remaining")), (429, 299));
    world.advance(SECOND);
    assert_eq!(world.ask(&path).await.body, old.body);
    world.advance(SECOND);
    let annotated = world.ask("/2/tweets/search/all?query=the&max_results=500&tweet.fields=context_annotations").await;
    assert_eq!(annotated.status, 400, "long posts come on short pages");
    world.advance(SECOND);
    let month = world.ask("/2/tweets/search/all?query=nobodywritesthisword").await;
    assert_eq!(month.body, json!({ "meta": { "result_count": 0 } }));
    let basic = World::new(|config| config.tier = simulator::Tier::Basic);
    assert_eq!(basic.ask("/2/tweets/search/all?query=the").await.body["reason"], "client-not-enrolled");
    assert_eq!(basic.search("query=the").await.header("x-rate-limit-limit"), 60);
}

#[tokio::test]
async fn a_page_that_would_take_too_long_ends_before_it_is_full() {
    let world = World::new(|_| {});
    let path = "/2/tweets/search/all?query=from:nobody&start_time=2015-01-01T00:00:00Z";
    let first = world.ask(path).await.body["meta"].clone();
    assert_eq!(first["result_count"], 0);
    let token = first["next_token"].as_str().expect("there is more to look through");
    world.advance(SECOND);
    let second = world.ask(&format!("{path}&next_token={token}")).await.body["meta"].clone();
    assert!(second["next_token"].is_string() && second["next_token"] != first["next_token"], "{second}");
}

#[tokio::test]
async fn counts_are_those_of_a_search_in_intervals_that_touch() {
    let world = World::new(|_| {});
    let path = "/2/tweets/counts/recent?query=the OR a";
    for (granularity, most) in [("minute", 10_081), ("hour", 169), ("day", 8)] {
        let body = world.ask(&format!("{path}&granularity={granularity}")).await.body;
        let buckets = body["data"].as_array().unwrap();
        assert_eq!(buckets.len(), most, "{granularity}");
        assert!(buckets.windows(2).all(|pair| pair[0]["end"] == pair[1]["start"]), "{granularity}");
        assert_eq!(buckets[0]["start"], "2026-11-16T11:59:50.000Z");
        assert_eq!(buckets[most - 1]["end"], "2026-11-23T11:59:50.000Z");
        assert_eq!(body["meta"]["total_post_count"], sum(buckets, "post_count"));
    }
    let (start, end) = (time(START - 50 * HOUR - 17 * SECOND), time(START - 3 * HOUR));
    let span = format!("&start_time={start}&end_time={end}");
    let counted = world.ask(&format!("{path}{span}")).await.body;
    let found = world.all(&format!("query=the OR a&max_results=100{span}")).await;
    assert_eq!(counted["meta"]["total_post_count"], found.len());
    let third = &counted["data"][2];
    let hour = format!("&start_time={}&end_time={}", third["start"].as_str().unwrap(), third["end"].as_str().unwrap());
    assert_eq!(third["post_count"], world.all(&format!("query=the OR a&max_results=100{hour}")).await.len());
}

#[tokio::test]
async fn counts_of_the_archive_come_in_pages_of_a_month() {
    let world = World::new(|_| {});
    let start = START - 40 * DAY;
    let path = format!("/2/tweets/counts/all?query=the&granularity=day&start_time={}", time(start));
    let buckets = world.pages(&path, "next_token").await;
    let days: HashSet<&str> = buckets.iter().map(|bucket| bucket["start"].as_str().unwrap()).collect();
    assert_eq!((days.len(), buckets.len()), (41, 41), "each day once");
    let span = format!("start_time={}&end_time={}", time(start), time(START - 10 * SECOND));
    assert_eq!(world.count(&format!("query=the&{span}")).await, sum(&buckets, "post_count"));
}

#[tokio::test]
async fn posts_are_looked_up_by_id_and_missing_ones_are_errors_beside_them() {
    let world = World::new(|_| {});
    let known = ids(&world.all("query=the is:retweet&max_results=100").await);
    let (first, second) = (known[0], known[1]);
    let path =
        format!("/2/tweets?ids={second},20,{first},{second}&tweet.fields=author_id&expansions=referenced_tweets.id");
    let body = world.ask(&path).await.body;
    assert_eq!(ids(body["data"].as_array().unwrap()), [second, first], "in the order of the request, each once");
    assert_eq!(
        body["errors"],
        json!([{
            "value": "20", "resource_id": "20", "parameter": "ids", "resource_type": "tweet", "title": "Not Found Error",
            "detail": "Could not find tweet with ids: [20].", "type": TYPE,
        }])
    );
    assert!(body["includes"]["tweets"].is_array());
    assert_eq!(world.ask(&format!("/2/tweets/{first}")).await.body["data"]["id"], first.to_string());
    let future = (((START + DAY) / 1_000 - 1_288_834_974_657) << 22).to_string();
    for id in ["20", &future, "9999999999999999999"] {
        let answer = world.ask(&format!("/2/tweets/{id}")).await;
        assert_eq!(answer.status, 200, "{id}");
        assert_eq!((answer.body.get("data"), &answer.body["errors"][0]["parameter"]), (None, &json!("id")));
    }
    assert_eq!(world.ask("/2/tweets/abc").await.status, 400);
    let many = vec!["1"; 101].join(",");
    for query in ["", "?ids=", "?ids=1,x", &format!("?ids={many}")] {
        assert_eq!(world.ask(&format!("/2/tweets{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn each_version_of_an_edited_post_is_there_from_when_it_was_written() {
    let world = World::new(|_| {});
    let posts = world.all("query=min_likes:0&max_results=100").await;
    let mut histories = posts.iter().map(|post| post["edit_history_post_ids"].as_array().unwrap());
    let history = histories.rfind(|ids| ids.len() > 1).expect("some are edited");
    let (first, last) = (history[0].as_str().unwrap(), history[history.len() - 1].as_str().unwrap());
    let old = world.ask(&format!("/2/tweets/{first}")).await.body["data"].clone();
    let new = world.ask(&format!("/2/tweets/{last}")).await.body["data"].clone();
    assert_eq!((&old["id"], &old["edit_history_post_ids"]), (&json!(first), &json!(history)));
    assert_eq!(new["edit_history_post_ids"], json!(history));
    assert_ne!(old["text"], new["text"]);

    let then = time(micros(first.parse().unwrap()) + SECOND);
    world.send("POST", &format!("/_sim/clock?set={then}"), "").await;
    let both = world.ask(&format!("/2/tweets?ids={first},{last}")).await.body;
    assert_eq!(both["data"], json!([{ "id": first, "text": old["text"], "edit_history_post_ids": [first] }]));
    assert_eq!(both["errors"][0]["resource_id"], last, "nobody knows of it yet");
}

#[tokio::test]
async fn timelines_have_what_an_account_writes_and_what_mentions_it() {
    let world = World::new(|_| {});
    let mentioned = "max_results=100&tweet.fields=author_id,entities,referenced_tweets";
    let tweets = world.all(&format!("query=min_likes:0&{mentioned}")).await;
    let author = tweets[3]["author_id"].as_str().unwrap();
    let own = |kind: &'static str| {
        let is = move |tweet: &&Value| tweet["author_id"] == author && tweet["referenced_tweets"][0]["type"] != kind;
        ids(&tweets.iter().filter(is).cloned().collect::<Vec<_>>())
    };
    let since = time(START - 7 * DAY);
    let end = time(START - 30 * SECOND);
    let path = format!("/2/users/{author}/tweets?max_results=5&start_time={since}&end_time={end}");
    assert_eq!(ids(&world.pages(&path, "pagination_token").await), own("none"));
    let calm = format!("{path}&exclude=retweets");
    assert_eq!(ids(&world.pages(&calm, "pagination_token").await), own("retweeted"));
    let mention = tweets.iter().find_map(|tweet| tweet["entities"]["mentions"][0]["id"].as_str()).unwrap();
    let is_mentioned = |tweet: &&Value| {
        let mentions = tweet["entities"]["mentions"].as_array();
        mentions.is_some_and(|all| all.iter().any(|entity| entity["id"] == mention))
    };
    let expected = ids(&tweets.iter().filter(is_mentioned).cloned().collect::<Vec<_>>());
    let path = format!("/2/users/{mention}/mentions?max_results=100&start_time={since}&end_time={end}");
    assert_eq!(ids(&world.pages(&path, "pagination_token").await), expected);
    assert_eq!(world.ask("/2/users/1/tweets").await.body["errors"][0]["resource_type"], "user");
    assert_eq!(world.ask("/2/users/1/tweets?exclude=cats").await.status, 400);
    assert_eq!(world.ask(&format!("/2/users/{author}/tweets?pagination_token=zz")).await.status, 400);
}

#[tokio::test]
async fn a_timeline_ends_after_its_newest_posts() {
    let world = World::new(|_| {});
    let tweets = world.search("query=min_likes:0&max_results=100&tweet.fields=author_id").await.body;
    let author = tweets["data"][0]["author_id"].as_str().unwrap();
    // the token of a page before which so many came
    let token = |exclude: &str, came: usize| {
        let bound = format!("/2/users/{author}/tweets {exclude} {came:04x}");
        format!("{}{came:04x}", tweetgen::token::encode(u64::MAX >> 1, &bound))
    };
    for (exclude, newest) in [("", 3_200), ("replies", 800)] {
        let parameter = if exclude.is_empty() { "" } else { "&exclude=replies" };
        let path = |came| {
            format!("/2/users/{author}/tweets?max_results=5{parameter}&pagination_token={}", token(exclude, came))
        };
        let last = world.ask(&path(newest - 2)).await.body["meta"].clone();
        assert_eq!((last["result_count"].as_u64(), last.get("next_token")), (Some(2), None), "{exclude}");
        assert!(world.ask(&path(newest - 8)).await.body["meta"]["next_token"].is_string(), "{exclude}");
        assert_eq!(world.ask(&path(newest)).await.body, json!({ "meta": { "result_count": 0 } }));
    }
}

#[tokio::test]
async fn users_are_looked_up_by_id_and_by_handle() {
    let world = World::new(|_| {});
    let query = "query=the&expansions=author_id&user.fields=created_at,public_metrics";
    let users = world.search(query).await.body["includes"]["users"].as_array().unwrap().clone();
    let fields = "user.fields=created_at,public_metrics";
    let (id, name) = (users[0]["id"].as_str().unwrap(), users[0]["username"].as_str().unwrap());
    let other = users[1]["username"].as_str().unwrap();
    let loud = name.to_uppercase();
    for path in [format!("/2/users/{id}?{fields}"), format!("/2/users/by/username/{loud}?{fields}")] {
        assert_eq!(world.ask(&path).await.body, json!({ "data": users[0] }), "{path}");
    }
    let by = world.ask(&format!("/2/users/by?usernames={name},{other},nobody&{fields}")).await.body;
    assert_eq!(by["data"], json!([users[0], users[1]]));
    assert_eq!(by["errors"][0]["detail"], "Could not find user with usernames: [nobody].");
    let none = world.ask("/2/users?ids=1,2").await.body;
    assert_eq!((none.get("data"), none["errors"].as_array().unwrap().len()), (None, 2));
    let ledger = world.ask("/_sim/ledger").await.body;
    assert!(ledger["billed"]["users"].as_u64() >= Some(2), "{ledger}");
}

#[tokio::test]
async fn time_takes_posts_and_accounts_away() {
    let world = World::new(|config| config.life = true);
    let query = "query=(the OR a) is:quote&max_results=100";
    let before = ids(&world.all(query).await);
    let upload = world.send("POST", "/2/compliance/jobs", r#"{"type":"tweets"}"#).await.body["data"].clone();
    let list = before.iter().map(u64::to_string).collect::<Vec<_>>().join("\n");
    world.advance(10 * 60 * SECOND);
    let done = world.send("PUT", path(&upload["upload_url"]), list).await.body["data"].clone();
    assert_eq!(done["status"], "in_progress");
    let early = world.ask(path(&upload["download_url"])).await;
    assert_eq!(early.status, 404);
    world.advance(60 * SECOND);
    let id = upload["id"].as_str().unwrap();
    assert_eq!(world.ask(&format!("/2/compliance/jobs/{id}")).await.body["data"]["status"], "complete");
    let lines = world.ask(path(&upload["download_url"])).await.text;
    let gone: HashSet<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["action"] == "delete")
        .map(|line| line["id"].as_str().unwrap().to_owned())
        .collect();
    for chunk in before.chunks(100) {
        let ids = chunk.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        let body = world.ask(&format!("/2/tweets?ids={ids}")).await.body;
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let missing: HashSet<String> =
            errors.iter().map(|error| error["resource_id"].as_str().unwrap().to_owned()).collect();
        let expected = chunk.iter().map(u64::to_string).filter(|id| gone.contains(id)).collect();
        assert_eq!(missing, expected, "what a job tells is what a look-up finds");
    }
    world.advance(6 * DAY);
    let later = world.ask("/2/tweets/search/recent?query=(the OR a) is:quote&max_results=100&expansions=referenced_tweets.id&tweet.fields=lang").await;
    let errors = later.body["errors"].as_array().unwrap();
    assert!(errors.iter().all(|error| error["parameter"] == "referenced_tweets.id"), "{errors:?}");
    assert!(ids(&world.all(query).await).iter().filter(|id| before.contains(id)).count() < before.len());
}

/// Of an address.
fn path(url: &Value) -> &str {
    let url = url.as_str().unwrap().strip_prefix("http://").unwrap();
    &url[url.find('/').unwrap()..]
}

#[tokio::test]
async fn compliance_jobs_have_their_rules() {
    let world = World::new(|_| {});
    let create = async |body: &'static str| world.send("POST", "/2/compliance/jobs", body).await;
    assert_eq!(create(r#"{"type":"cats"}"#).await.status, 400);
    assert_eq!(create("nonsense").await.status, 400);
    let job = create(r#"{"type":"users","name":"mine"}"#).await;
    assert_eq!((job.status.as_u16(), &job.body["data"]["name"]), (200, &json!("mine")));
    assert_eq!(create(r#"{"type":"users"}"#).await.status, 409, "one of a type");
    assert_eq!(world.ask("/2/compliance/jobs?type=users").await.body["meta"]["result_count"], 1);
    assert_eq!(world.ask("/2/compliance/jobs?type=tweets").await.body, json!({ "meta": { "result_count": 0 } }));
    assert_eq!(world.ask("/2/compliance/jobs").await.status, 400);
    let id = job.body["data"]["id"].as_str().unwrap();
    let wrong = world.send("PUT", &format!("/2/compliance/jobs/{id}/upload?token=x"), "1").await;
    assert_eq!(wrong.status, 401);
    world.advance(15 * 60 * SECOND);
    assert_eq!(world.ask(&format!("/2/compliance/jobs/{id}")).await.body["data"]["status"], "expired");
    assert_eq!(world.send("DELETE", &format!("/2/compliance/jobs/{id}"), "").await.status, 200);
    assert_eq!(world.ask(&format!("/2/compliance/jobs/{id}")).await.status, 404);
}

#[tokio::test]
async fn the_description_of_the_api_is_served_where_there_is_one() {
    let file = std::env::temp_dir().join(format!("simulator-openapi-{}.json", std::process::id()));
    std::fs::write(&file, r#"{"openapi":"3.0.0"}"#).unwrap();
    let path = file.clone();
    let world = World::new(|config| config.openapi = Some(path));
    assert_eq!(world.get("/2/openapi.json", None).await.body, json!({ "openapi": "3.0.0" }));
    std::fs::remove_file(&file).unwrap();
    let gone = world.get("/2/openapi.json", None).await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (404, ""));
    assert_eq!(world.ask("/2/no/such/path").await.status, 404);
}
