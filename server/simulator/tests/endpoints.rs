//! Each endpoint beside recent search: does it answer as X does?

mod common;

use common::{HOUR, SECOND, START, World, ids};
use serde_json::json;

const DAY: i64 = 24 * HOUR;
const TYPE: &str = "https://api.twitter.com/2/problems/resource-not-found";

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
async fn the_ledger_bills_a_post_once_a_day() {
    let world = World::new(|config| config.credits = Some(1.0));
    let bill = async || world.ask("/_sim/ledger").await.body["billed"].clone();
    let query = "query=the&max_results=20&post.fields=lang";
    for _ in 0..3 {
        world.search(query).await;
    }
    assert_eq!(bill().await, json!({ "posts": 20, "users": 0, "micro_dollars": 100_000 }));
    world.advance(12 * HOUR); // a new day begins
    let new = ids(&world.all("query=the&max_results=20").await).len() as u64;
    assert_eq!(bill().await["posts"], 20 + new);
    let billed = bill().await["micro_dollars"].as_u64().unwrap();
    assert_eq!(billed, (20 + new) * 5_000);
    let usage = world.ask("/2/usage/tweets?usage.fields=project_usage,daily_project_usage,project_cap").await.body;
    assert_eq!(usage["data"]["project_usage"], (20 + new).to_string());
    assert_eq!(usage["data"]["daily_project_usage"]["usage"][1]["usage"], "20");
    let left = world.ask("/2/usage/credits").await.body["data"]["total_balance"].as_f64().unwrap();
    assert!((left - (1.0 - billed as f64 / 1e6)).abs() < 1e-9, "{left}");
    let requests = world.ask("/_sim/ledger/requests?after=1").await.body;
    assert_eq!((&requests[0]["number"], &requests[0]["micro_dollars"]), (&json!(2), &json!(0)));
    assert_eq!(requests[0]["posts"].as_array().unwrap().len(), 20);
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
