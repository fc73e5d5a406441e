//! Who may ask: app-only tokens, tokens that a user gives, and signatures.

mod common;

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::{Answer, HOUR, SECOND, World};
use serde_json::{Value, json};

const VERIFIER: &str = "a verifier of a client that keeps it to itself";
/// Its SHA-256 in base64url.
const CHALLENGE: &str = "cDexggZq9KdTETZu-6PcLcT1JN9zBGnxWn3CBEo-C3I";
const SEARCH: &str = "/2/tweets/search/recent?query=the";

/// A form, with a name and a secret where there is one.
async fn post(world: &World, path: &str, client: Option<(&str, &str)>, form: &str) -> Answer {
    let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    if let Some((name, secret)) = client {
        request = request.header("authorization", format!("Basic {}", STANDARD.encode(format!("{name}:{secret}"))));
    }
    world.answer(request.body(Body::from(form.to_owned())).expect("a request")).await
}

const APP: Option<(&str, &str)> = Some(("simulator-key", "simulator-secret"));
const CLIENT: Option<(&str, &str)> = Some(("simulator-client", "simulator-client-secret"));

/// The code that a user's consent brings.
async fn code(world: &World, scope: &str) -> String {
    let path = format!(
        "/2/oauth2/authorize?response_type=code&client_id=simulator-client&redirect_uri=http://localhost/callback\
         &scope={scope}&state=so it is&code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let answer = world.get(&path, None).await;
    assert_eq!(answer.status, 302, "{}", answer.text);
    let address = answer.headers["location"].to_str().expect("an address");
    let code = address.strip_prefix("http://localhost/callback?state=so+it+is&code=");
    code.unwrap_or_else(|| panic!("{address}")).to_owned()
}

async fn exchange(world: &World, code: &str, verifier: &str) -> Answer {
    let verifier = verifier.replace(' ', "+");
    let form = format!(
        "grant_type=authorization_code&code={code}&redirect_uri=http://localhost/callback&code_verifier={verifier}"
    );
    post(world, "/2/oauth2/token", CLIENT, &form).await
}

async fn refresh(world: &World, token: &Value) -> Answer {
    let form = format!("grant_type=refresh_token&refresh_token={}", token.as_str().expect("a token"));
    post(world, "/2/oauth2/token", CLIENT, &form).await
}

async fn search(world: &World, token: &Value) -> Answer {
    world.get(SEARCH, token.as_str()).await
}

#[tokio::test]
async fn an_app_gets_its_token_for_key_and_secret_until_it_gives_it_back() {
    let world = World::new(|_| {});
    let grant = "grant_type=client_credentials";
    let token = post(&world, "/oauth2/token", APP, grant).await.body["access_token"].clone();
    assert_eq!(search(&world, &token).await.status, 200);
    assert_eq!(post(&world, "/oauth2/token", APP, grant).await.body["access_token"], token, "as long as it is good");
    for (client, form, code) in [(Some(("a", "b")), grant, 99), (None, grant, 99), (APP, "", 170)] {
        let answer = post(&world, "/oauth2/token", client, form).await;
        assert_eq!((answer.status.as_u16(), &answer.body["errors"][0]["code"]), (403, &json!(code)));
    }
    let form = format!("access_token={}", token.as_str().expect("a token"));
    assert_eq!(post(&world, "/oauth2/invalidate_token", APP, &form).await.body["access_token"], token);
    assert_eq!(search(&world, &token).await.status, 401);
    let other = post(&world, "/oauth2/token", APP, grant).await.body["access_token"].clone();
    assert_eq!(search(&world, &other).await.status, 200);
}

#[tokio::test]
async fn a_user_s_token_is_refreshed_by_one_that_is_good_once() {
    let world = World::new(|_| {});
    let given = exchange(&world, &code(&world, "tweet.read users.read offline.access").await, VERIFIER).await.body;
    assert_eq!((&given["token_type"], &given["expires_in"]), (&json!("bearer"), &json!(7_200)));
    let found = search(&world, &given["access_token"]).await;
    assert_eq!((found.status.as_u16(), found.header("x-rate-limit-limit")), (200, 300), "a window of its own");
    assert_eq!(world.search("query=the").await.header("x-rate-limit-remaining"), 449);
    let me = world.get("/2/users/me", given["access_token"].as_str()).await.body;
    assert!(me["data"]["username"].is_string(), "{me}");
    assert_eq!(world.ask("/2/users/me").await.status, 403, "an app is nobody");
    let archive = world.get("/2/tweets/search/all?query=the", given["access_token"].as_str()).await;
    assert_eq!((archive.status.as_u16(), &archive.body["title"]), (403, &json!("Unsupported Authentication")));
    let detail = "Authenticating with OAuth 2.0 User Context is forbidden for this endpoint.  \
                  Supported authentication types are [OAuth 2.0 Application-Only].";
    assert_eq!(archive.body["detail"], detail);

    world.advance(2 * HOUR);
    assert_eq!(search(&world, &given["access_token"]).await.status, 401);
    let next = refresh(&world, &given["refresh_token"]).await.body;
    assert_eq!(search(&world, &next["access_token"]).await.status, 200);
    let again = refresh(&world, &given["refresh_token"]).await;
    assert_eq!((again.status.as_u16(), &again.body["error"]), (400, &json!("invalid_request")));
    let last = refresh(&world, &next["refresh_token"]).await.body;
    let form = format!("token={}", last["access_token"].as_str().expect("a token"));
    assert_eq!(post(&world, "/2/oauth2/revoke", CLIENT, &form).await.body, json!({ "revoked": true }));
    assert_eq!(search(&world, &last["access_token"]).await.status, 401);
}

#[tokio::test]
async fn codes_are_good_once_for_half_a_minute_and_for_who_began() {
    let world = World::new(|_| {});
    let first = code(&world, "tweet.read users.read").await;
    let given = exchange(&world, &first, VERIFIER).await.body;
    assert!(given["access_token"].is_string() && given.get("refresh_token").is_none(), "{given}");
    assert_eq!(exchange(&world, &first, VERIFIER).await.status, 400);
    let foreign = code(&world, "tweet.read").await;
    assert_eq!(
        exchange(&world, &foreign, "another").await.body["error_description"],
        "Value passed for the code verifier was invalid."
    );
    let late = code(&world, "tweet.read").await;
    world.advance(30 * SECOND);
    assert_eq!(exchange(&world, &late, VERIFIER).await.status, 400);
    let modest = exchange(&world, &code(&world, "users.read").await, VERIFIER).await.body;
    assert_eq!(search(&world, &modest["access_token"]).await.status, 403, "the user did not allow it to read posts");
    let nobody = post(&world, "/2/oauth2/token", None, "grant_type=refresh_token&refresh_token=x").await;
    assert_eq!((nobody.status.as_u16(), &nobody.body["error"]), (401, &json!("unauthorized_client")));
    let public = World::new(|config| config.app.client_secret = None);
    let form = "client_id=simulator-client&grant_type=refresh_token&refresh_token=x";
    assert_eq!(post(&public, "/2/oauth2/token", None, form).await.status, 400, "a public client only says who it is");
    let path = "/2/oauth2/authorize?response_type=code&client_id=another";
    assert_eq!(world.get(path, None).await.status, 400);
}

#[tokio::test]
async fn a_signed_request_is_the_user_s() {
    let world = World::new(|_| {});
    // made with Python's hmac for this request at START
    let ask = async |signature: &str, query: &str| {
        let authorization = format!(
            "OAuth oauth_consumer_key=\"simulator-key\", \
             oauth_nonce=\"kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg\", oauth_signature=\"{signature}\", \
             oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1795435200\", \
             oauth_token=\"simulator-access-token\", oauth_version=\"1.0\""
        );
        let request = Request::get(format!("/2/tweets/search/recent?{query}"))
            .header("host", "127.0.0.1:4000")
            .header("authorization", authorization);
        world.answer(request.body(Body::empty()).expect("a request")).await
    };
    let query = "query=the%20%28moon%20OR%20%C3%A9%29%20%22x%22&max_results=20";
    let signature = "dpNVDMO8xZo%2FUYTKb%2FZLwJFfhc8%3D";
    let found = ask(signature, query).await;
    assert_eq!((found.status.as_u16(), found.header("x-rate-limit-limit")), (200, 300));
    assert_eq!(ask(signature, &query.replace("=20", "=30")).await.status, 401, "signed was another number");
    assert_eq!(ask("AAAA", query).await.status, 401);
    let for_x = "1hA%2B4LNQy5i4BL9EhSEmskjm7Sc%3D";
    assert_eq!(ask(for_x, query).await.status, 200, "for a client that believes that it asks https://api.twitter.com");
    assert_eq!(ask("WJ1H4VgShRB55D1OA4sj4IH5Wdc%3D", query).await.status, 401, "that is for another host");
    world.advance(400 * SECOND);
    assert_eq!(ask(signature, query).await.status, 401, "that was too long ago");
}
