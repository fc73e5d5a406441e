//! Who got which token: app-only ones under `/oauth2`, those of users under `/2/oauth2`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest;
use serde_json::{Value, json};
use tweetgen::time::SECOND;
use tweetgen::token;

use super::Simulator;
use super::answer::{Answer, Asked};
use super::params::Params;
use super::problem::Problem;

/// How long a code and an access token are good (µs).
const CODE: i64 = 30 * SECOND;
const ACCESS: i64 = 7_200 * SECOND;

#[derive(Default)]
pub struct Tokens(Mutex<Book>);

#[derive(Default)]
struct Book {
    /// So no two are alike.
    made: u64,
    /// App-only tokens that are no longer good.
    invalidated: u64,
    codes: HashMap<String, Code>,
    access: HashMap<String, Grant>,
    refresh: HashMap<String, Grant>,
}

/// What a user allowed the app.
#[derive(Clone)]
pub struct Grant {
    pub user: u64,
    /// Words between spaces.
    scope: String,
    /// µs UTC; refresh tokens are good until they are used.
    until: i64,
}

struct Code {
    grant: Grant,
    challenge: String,
    is_hashed: bool,
}

impl Grant {
    pub fn has(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|word| word == scope)
    }
}

impl Tokens {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The app-only token that is good; `first` is the one that nobody invalidated yet.
    pub fn of_app(&self, first: &str) -> String {
        match self.book().invalidated {
            0 => first.to_owned(),
            number => format!("{first}-{number}"),
        }
    }

    /// What a user's access token is good for, if it is.
    pub fn of_user(&self, token: &str, now: i64) -> Option<Grant> {
        self.book().access.get(token).filter(|grant| now < grant.until).cloned()
    }
}

impl Book {
    fn make(&mut self, kind: &str) -> String {
        self.made += 1;
        token::encode(self.made, kind)
    }

    /// An access token, and one to refresh it where the user allowed that.
    fn give(&mut self, grant: &Grant, now: i64) -> Value {
        let access = self.make("access");
        let mut body = json!({
            "token_type": "bearer",
            "expires_in": ACCESS / SECOND,
            "access_token": access,
            "scope": grant.scope,
        });
        self.access.insert(access, Grant { until: now + ACCESS, ..grant.clone() });
        if grant.has("offline.access") {
            let refresh = self.make("refresh");
            body["refresh_token"] = json!(refresh);
            self.refresh.insert(refresh, grant.clone());
        }
        body
    }
}

/// `GET /2/oauth2/authorize`: X shows a page on which a user consents; here one always does, the first there is.
pub fn authorize(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let Asked { params, now, .. } = asked;
    let app = &simulator.config.app;
    for (name, wanted) in
        [("response_type", "code"), ("client_id", app.client_id.as_str()), ("redirect_uri", app.redirect_uri.as_str())]
    {
        let value = params.get(name).unwrap_or_default();
        if value != wanted {
            let message = format!("Value passed for the {name} [{value}] was invalid.");
            return Err(Problem::invalid(&[(name, value)], message));
        }
    }
    let method = params.word("code_challenge_method", &["S256", "plain"])?.unwrap_or("plain");
    let given = |name: &str| params.get(name).filter(|value| !value.is_empty());
    let (Some(challenge), Some(scope)) = (given("code_challenge"), given("scope")) else {
        return Err(Problem::invalid(&[], "The `scope` and `code_challenge` query parameters can not be empty"));
    };
    let grant = Grant { user: simulator.first_user(), scope: scope.to_owned(), until: now + CODE };
    let mut book = simulator.tokens.book();
    let code = book.make("code");
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("state", params.get("state").unwrap_or_default())
        .append_pair("code", &code)
        .finish();
    book.codes.insert(code, Code { grant, challenge: challenge.to_owned(), is_hashed: method == "S256" });
    Ok(Answer::redirect(format!("{}?{query}", app.redirect_uri)))
}

/// `POST /2/oauth2/token`.
pub fn exchange(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let form = form(asked);
    if !is_client(simulator, &asked.headers, &form) {
        let detail = "Missing valid authorization header";
        return Ok(refusal(StatusCode::UNAUTHORIZED, "unauthorized_client", detail));
    }
    let given = |name: &str| form.get(name).unwrap_or_default();
    let mut book = simulator.tokens.book();
    let grant = match given("grant_type") {
        "authorization_code" => match book.codes.remove(given("code")) {
            Some(code)
                if asked.now >= code.grant.until || given("redirect_uri") != simulator.config.app.redirect_uri =>
            {
                Err("authorization code")
            }
            Some(code) if !code.is_answered_by(given("code_verifier")) => Err("code verifier"),
            Some(code) => Ok(code.grant),
            None => Err("authorization code"),
        },
        // it is good once: the answer brings another
        "refresh_token" => book.refresh.remove(given("refresh_token")).ok_or("token"),
        _ => Err("grant type"),
    };
    match grant {
        Ok(grant) => Ok(Answer::json(book.give(&grant, asked.now))),
        Err(what) => {
            let detail = format!("Value passed for the {what} was invalid.");
            Ok(refusal(StatusCode::BAD_REQUEST, "invalid_request", &detail))
        }
    }
}

impl Code {
    fn is_answered_by(&self, verifier: &str) -> bool {
        let hashed = || URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
        self.challenge == if self.is_hashed { hashed() } else { verifier.to_owned() }
    }
}

/// `POST /2/oauth2/revoke`.
pub fn revoke(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let form = form(asked);
    if !is_client(simulator, &asked.headers, &form) {
        let detail = "Missing valid authorization header";
        return Ok(refusal(StatusCode::UNAUTHORIZED, "unauthorized_client", detail));
    }
    let token = form.get("token").unwrap_or_default();
    let mut book = simulator.tokens.book();
    book.access.remove(token);
    book.refresh.remove(token);
    Ok(Answer::json(json!({ "revoked": true })))
}

/// `POST /oauth2/token`: the same token as long as nobody invalidates it.
pub fn app_only(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let grant_type = form(asked);
    if !is_app(simulator, &asked.headers) {
        return Ok(numbered(99, "Unable to verify your credentials", "authenticity_token_error"));
    }
    if grant_type.get("grant_type") != Some("client_credentials") {
        return Ok(numbered(170, "Missing required parameter: grant_type", "forbidden_missing_parameter"));
    }
    let token = simulator.tokens.of_app(&simulator.config.bearer_token);
    Ok(Answer::json(json!({ "token_type": "bearer", "access_token": token })))
}

/// `POST /oauth2/invalidate_token`.
pub fn invalidate(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let form = form(asked);
    let token = simulator.tokens.of_app(&simulator.config.bearer_token);
    if !is_app(simulator, &asked.headers) || form.get("access_token") != Some(&token) {
        return Ok(numbered(99, "Unable to verify your credentials", "authenticity_token_error"));
    }
    simulator.tokens.book().invalidated += 1;
    Ok(Answer::json(json!({ "access_token": token })))
}

fn form(asked: &Asked) -> Params {
    Params(form_urlencoded::parse(&asked.body).into_owned().collect())
}

/// Clients with a secret show it, others only say who they are.
fn is_client(simulator: &Simulator, headers: &HeaderMap, form: &Params) -> bool {
    let app = &simulator.config.app;
    match &app.client_secret {
        Some(secret) => basic(headers).is_some_and(|(name, shown)| name == app.client_id && shown == *secret),
        None => form.get("client_id") == Some(&app.client_id),
    }
}

fn is_app(simulator: &Simulator, headers: &HeaderMap) -> bool {
    let app = &simulator.config.app;
    basic(headers).is_some_and(|(key, secret)| key == app.key && secret == app.secret)
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let shown = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let shown = String::from_utf8(STANDARD.decode(shown).ok()?).ok()?;
    shown.split_once(':').map(|(name, secret)| (name.to_owned(), secret.to_owned()))
}

/// As OAuth 2.0 has it.
fn refusal(status: StatusCode, error: &str, detail: &str) -> Answer {
    Answer { status, ..Answer::json(json!({ "error": error, "error_description": detail })) }
}

/// As X had it before.
fn numbered(code: u32, message: &str, label: &str) -> Answer {
    let body = json!({ "errors": [{ "code": code, "message": message, "label": label }] });
    Answer { status: StatusCode::FORBIDDEN, ..Answer::json(body) }
}
