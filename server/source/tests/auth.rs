//! Who asks: bearer tokens, tokens of people that are good once, and signatures.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use async_trait::async_trait;
use common::{EVERYTHING, World, ask, json, refused};
use model::Timestamp;
use model::time::HOUR;
use secrecy::{ExposeSecret, SecretString};
use source::auth::oauth1::SigningKeys;
use source::auth::oauth2::{self, App, TokenKeeper, Tokens, UserTokens};
use source::auth::{Auth, app_only};
use source::search::SearchRequest;
use source::{Expansions, RefusalKind, Request, SourceError, Span, XClient, lookup, search, usage};
use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use url::Url;

fn request() -> Request {
    search::recent(&SearchRequest { query: EVERYTHING, ..SearchRequest::default() })
}

fn app() -> App {
    App {
        client_id: "simulator-client".to_owned(),
        client_secret: Some(SecretString::from("simulator-client-secret")),
        redirect_uri: "http://localhost/callback".to_owned(),
    }
}

/// Keeps tokens as a database would, and can fail and be slow like one.
struct Drawer {
    tokens: Mutex<Tokens>,
    kept: AtomicU32,
    is_stuck: AtomicBool,
    delay: Duration,
}

impl Drawer {
    fn with(tokens: Tokens) -> Arc<Self> {
        Self::slow(tokens, Duration::ZERO)
    }

    fn slow(tokens: Tokens, delay: Duration) -> Arc<Self> {
        let (kept, is_stuck) = Default::default();
        Arc::new(Self { tokens: Mutex::new(tokens), kept, is_stuck, delay })
    }

    fn refresh_token(&self) -> String {
        self.tokens.lock().unwrap().refresh.as_ref().unwrap().expose_secret().to_owned()
    }

    fn kept(&self) -> u32 {
        self.kept.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl TokenKeeper for Drawer {
    async fn load(&self) -> Result<Tokens, Box<dyn Error + Send + Sync>> {
        Ok(self.tokens.lock().unwrap().clone())
    }

    async fn keep(&self, tokens: &Tokens) -> Result<(), Box<dyn Error + Send + Sync>> {
        tokio::time::sleep(self.delay).await;
        if self.is_stuck.load(Ordering::SeqCst) {
            return Err("the disk is full".into());
        }
        *self.tokens.lock().unwrap() = tokens.clone();
        self.kept.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// What a person's consent brings, by the way a browser takes.
async fn consent(world: &World, app: &App) -> Tokens {
    let asked = oauth2::ask_consent(&world.egress(), app).unwrap();
    let (state, code) = browse(&asked.url).await;
    oauth2::exchange(&world.egress(), app, &asked.pending, &state, &code).await.unwrap()
}

/// Where the simulator's person, who always consents, is sent on to.
async fn browse(url: &Url) -> (String, SecretString) {
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = browser.get(url.clone()).send().await.unwrap();
    let location = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let value = |name: &str| location.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    (value("state"), SecretString::from(value("code")))
}

fn person(world: &World, app: App, drawer: &Arc<Drawer>) -> XClient {
    let keeper: Arc<dyn TokenKeeper> = Arc::clone(drawer) as _;
    XClient::new(world.egress(), Auth::User(UserTokens::new(world.egress(), app, keeper)))
}

#[tokio::test]
async fn an_app_gets_its_token_for_key_and_secret() {
    let world = World::new(|_| {}).await;
    let given = app_only::bearer_token(&world.egress(), "simulator-key", &SecretString::from("wrong")).await;
    assert_eq!(common::kind(&given.unwrap_err()), RefusalKind::Unauthorized);
    let secret = SecretString::from("simulator-secret");
    let token = app_only::bearer_token(&world.egress(), "simulator-key", &secret).await.unwrap();
    let client = XClient::new(world.egress(), Auth::App(token));
    assert!(ask(&client, &request()).await.body.is_ok());
}

#[tokio::test]
async fn a_person_allows_the_app_to_ask_and_goes_away() {
    let world = World::new(|_| {}).await;
    let drawer = Drawer::with(consent(&world, &app()).await);
    let client = person(&world, app(), &drawer);
    assert_eq!(ask(&client, &request()).await.limits.window.unwrap().limit, Some(300), "a window of its own");
    assert_eq!(drawer.kept(), 0, "what is good is not refreshed");
    let first = drawer.refresh_token();
    for refreshed in 1..=3 {
        world.advance(2 * HOUR);
        assert!(ask(&client, &request()).await.body.is_ok());
        assert_eq!(drawer.kept(), refreshed);
    }
    assert_ne!(drawer.refresh_token(), first);
    let restarted = person(&world, app(), &drawer);
    assert!(ask(&restarted, &request()).await.body.is_ok());
    assert_eq!(drawer.kept(), 3, "a restart finds a token that is good");
}

#[tokio::test]
async fn many_who_ask_at_once_refresh_once() {
    let world = World::new(|_| {}).await;
    let drawer = Drawer::slow(consent(&world, &app()).await, Duration::from_millis(50));
    let client = Arc::new(person(&world, app(), &drawer));
    world.advance(2 * HOUR);
    let asking = (0..40).map(|_| {
        let client = Arc::clone(&client);
        tokio::spawn(async move { ask(&client, &request()).await.body.is_ok() })
    });
    for asked in asking.collect::<Vec<_>>() {
        assert!(asked.await.unwrap());
    }
    assert_eq!(drawer.kept(), 1);
}

#[tokio::test]
async fn a_token_that_x_no_longer_takes_is_refreshed_before_its_time() {
    let world = World::new(|_| {}).await;
    let drawer = Drawer::with(consent(&world, &app()).await);
    let clock: source::Clock = Arc::new(|| common::START);
    let slow_clock = common::egress(&world.address, clock);
    let keeper: Arc<dyn TokenKeeper> = Arc::clone(&drawer) as _;
    let client = XClient::new(slow_clock.clone(), Auth::User(UserTokens::new(slow_clock, app(), keeper)));
    assert!(ask(&client, &request()).await.body.is_ok());
    world.advance(3 * HOUR);
    assert!(ask(&client, &request()).await.body.is_ok(), "though our clock stands still");
    assert_eq!(drawer.kept(), 1);
}

#[tokio::test]
async fn a_refresh_that_nobody_waits_for_is_kept_all_the_same() {
    let world = World::new(|_| {}).await;
    let drawer = Drawer::slow(consent(&world, &app()).await, Duration::from_millis(150));
    let client = person(&world, app(), &drawer);
    world.advance(2 * HOUR);
    let cut_off = tokio::time::timeout(Duration::from_millis(80), client.send(&request())).await;
    assert!(cut_off.is_err() && drawer.kept() == 0, "it was cancelled while X's answer was being kept");
    assert!(ask(&client, &request()).await.body.is_ok());
    assert_eq!(drawer.kept(), 1);
}

#[tokio::test]
async fn tokens_that_cannot_be_kept_are_not_used_but_not_lost() {
    let world = World::new(|_| {}).await;
    let drawer = Drawer::with(consent(&world, &app()).await);
    let client = person(&world, app(), &drawer);
    world.advance(2 * HOUR);
    drawer.is_stuck.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        let error = client.send(&request()).await.unwrap_err();
        assert!(error.to_string().contains("the disk is full"), "{error}");
    }
    drawer.is_stuck.store(false, Ordering::SeqCst);
    assert!(ask(&client, &request()).await.body.is_ok(), "X gave them once, and they are still here");
    assert_eq!(drawer.kept(), 1);
}

#[tokio::test]
async fn two_processes_share_what_either_has_refreshed() {
    let world = World::new(|_| {}).await;
    let drawer = Drawer::with(consent(&world, &app()).await);
    let (one, other) = (person(&world, app(), &drawer), person(&world, app(), &drawer));
    assert!(ask(&one, &request()).await.body.is_ok() && ask(&other, &request()).await.body.is_ok());
    world.advance(2 * HOUR);
    assert!(ask(&one, &request()).await.body.is_ok());
    assert!(ask(&other, &request()).await.body.is_ok(), "its own refresh token is worthless by now");
    assert_eq!(drawer.kept(), 1);
}

#[tokio::test]
async fn of_two_processes_that_refresh_at_once_one_waits_for_what_the_other_keeps() {
    let world = World::new(|_| {}).await;
    let drawer = Drawer::slow(consent(&world, &app()).await, Duration::from_millis(300));
    let (one, other) = (person(&world, app(), &drawer), person(&world, app(), &drawer));
    for round in 1..=3 {
        world.advance(2 * HOUR);
        let request = request();
        let (first, second) = tokio::join!(one.send(&request), other.send(&request));
        assert!(first.unwrap().body.is_ok() && second.unwrap().body.is_ok(), "X refuses the second for a moment");
        assert_eq!(drawer.kept(), round);
    }
}

#[tokio::test]
async fn a_consent_that_is_used_up_must_be_given_again() {
    let world = World::new(|_| {}).await;
    let tokens = consent(&world, &app()).await;
    let (one, other) = (Drawer::with(tokens.clone()), Drawer::with(tokens));
    world.advance(2 * HOUR);
    assert!(ask(&person(&world, app(), &one), &request()).await.body.is_ok());
    let stolen = person(&world, app(), &other).send(&request()).await.unwrap_err();
    assert!(matches!(stolen, SourceError::ConsentLost), "{stolen}");

    let asked = oauth2::ask_consent(&world.egress(), &app()).unwrap();
    let (state, code) = browse(&asked.url).await;
    let exchange = async |state: &str, code: &SecretString| {
        oauth2::exchange(&world.egress(), &app(), &asked.pending, state, code).await
    };
    assert!(matches!(exchange("another", &code).await, Err(SourceError::ConsentLost)), "somebody else's consent");
    assert!(exchange(&state, &code).await.is_ok());
    assert_eq!(common::kind(&exchange(&state, &code).await.unwrap_err()), RefusalKind::Invalid, "codes are good once");
}

#[tokio::test]
async fn a_client_that_keeps_no_secret_says_who_it_is() {
    let world = World::new(|config| config.app.client_secret = None).await;
    let public = App { client_secret: None, ..app() };
    let drawer = Drawer::with(consent(&world, &public).await);
    let client = person(&world, public, &drawer);
    world.advance(2 * HOUR);
    assert!(ask(&client, &request()).await.body.is_ok());
}

#[tokio::test]
async fn trouble_of_x_costs_no_token() {
    let world =
        World::with_faults("[[fault]]\nkind = \"server-error\"\npath = \"/2/oauth2/token\"\nafter = 1\ntimes = 1\n")
            .await;
    let drawer = Drawer::with(consent(&world, &app()).await);
    let client = person(&world, app(), &drawer);
    world.advance(2 * HOUR);
    assert_eq!(common::kind(&client.send(&request()).await.unwrap_err()), RefusalKind::Unavailable);
    assert!(ask(&client, &request()).await.body.is_ok());
}

#[tokio::test]
async fn signed_requests_are_a_person_s_whatever_letters_are_in_them() {
    let world = World::new(|_| {}).await;
    let [key, secret, token, token_secret] =
        ["simulator-key", "simulator-secret", "simulator-access-token", "simulator-access-secret"]
            .map(SecretString::from);
    let keys = SigningKeys { key, secret, token, token_secret };
    let client = XClient::new(world.egress(), Auth::Signed(keys.clone()));
    for query in ["the", "a b", "#tag OR \"Grüße & mehr\"", "100% (sure OR ~maybe!)", "a+b", "月"] {
        let request = search::recent(&SearchRequest { query, ..SearchRequest::default() });
        let answer = ask(&client, &request).await;
        assert!(!matches!(&answer.body, Err(error) if common::kind(error) == RefusalKind::Unauthorized), "{query}");
        assert_eq!(answer.limits.window.unwrap().limit, Some(300), "{query}");
    }
    let page = json(&client, &request()).await;
    let ids = [page["data"][0]["id"].as_str().unwrap().parse().unwrap()];
    assert_eq!(json(&client, &lookup::posts(&ids, Expansions::ALL)).await["data"].as_array().unwrap().len(), 1);
    let wrong = SigningKeys { token_secret: SecretString::from("wrong"), ..keys };
    assert_eq!(
        refused(&XClient::new(world.egress(), Auth::Signed(wrong)), &request()).await,
        RefusalKind::Unauthorized
    );
}

#[tokio::test]
async fn no_request_is_spent_where_the_credential_is_of_the_wrong_kind() {
    let world = World::new(|_| {}).await;
    let drawer = Drawer::with(consent(&world, &app()).await);
    let client = person(&world, app(), &drawer);
    let before = world.requests().await;
    let archive = search::all(&SearchRequest { query: "a", span: Span::All, ..SearchRequest::default() }, true);
    for request in [archive, usage::posts(7)] {
        let error = client.send(&request).await.unwrap_err();
        assert!(matches!(error, SourceError::WrongCredential { .. }), "{error}");
        assert!(error.to_string().contains("the bearer token of an app"), "{error}");
    }
    assert_eq!(world.requests().await, before);
}

#[test]
fn secrets_are_not_shown() {
    let tokens = Tokens {
        access: SecretString::from("secret-access"),
        refresh: Some(SecretString::from("secret-refresh")),
        expires_at: Timestamp(0),
    };
    let drawer = Drawer::with(tokens.clone());
    let egress = common::egress("http://127.0.0.1:1", Arc::new(|| common::START));
    let client = App { client_secret: Some(SecretString::from("secret-client")), ..app() };
    let asked = oauth2::ask_consent(&egress, &client).unwrap();
    let user = Auth::User(UserTokens::new(egress, client.clone(), drawer));
    let shown = format!("{tokens:?} {client:?} {user:?} {:?} {:?}", Auth::app("secret-bearer"), asked.pending);
    assert!(!shown.contains("secret-"), "{shown}");
    assert!(!asked.url.as_str().contains(asked.pending.verifier.expose_secret()), "only its hash leaves");
}
