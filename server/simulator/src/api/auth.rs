//! Who asks.

use axum::http::{StatusCode, header};

use super::Simulator;
use super::endpoints::Endpoint;
use super::gate::Raw;
use super::ledger::Price;
use super::oauth1;
use super::problem::Problem;

/// The ways to say who one is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Auth {
    /// The app's bearer token.
    App,
    /// A token that a user gave the app.
    User,
    /// A signature with the secrets of app and user.
    Signed,
}

/// Whose request it is; each has windows of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Caller {
    App,
    /// By id.
    User(u64),
}

impl Auth {
    /// As X's sentences have it.
    fn name(self) -> &'static str {
        match self {
            Self::App => "OAuth 2.0 Application-Only",
            Self::User => "OAuth 2.0 User Context",
            Self::Signed => "OAuth 1.0a User Context",
        }
    }
}

/// Who asks this endpoint.
///
/// # Errors
/// 401 without a token that is known, 403 with one of a kind that is not for this endpoint, or to which the user did not
/// allow it.
pub fn caller(simulator: &Simulator, endpoint: &Endpoint, raw: &Raw, now: i64) -> Result<Caller, Problem> {
    if endpoint.auth.is_empty() {
        return Ok(Caller::App);
    }
    let shown = raw.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (kind, value) = shown.and_then(|shown| shown.split_once(' ')).ok_or_else(Problem::unauthorized)?;
    let (auth, caller, may_read) = match kind {
        "Bearer" => bearer(simulator, value, now).ok_or_else(Problem::unauthorized)?,
        "OAuth" if oauth1::is_signed(&simulator.config.app, endpoint, raw, value, now) => {
            (Auth::Signed, Caller::User(simulator.first_user()), true)
        }
        _ => return Err(Problem::unauthorized()),
    };
    if !endpoint.auth.contains(&auth) {
        let supported: Vec<&str> = endpoint.auth.iter().map(|auth| auth.name()).collect();
        return Err(Problem::unsupported_authentication(auth.name(), &supported));
    }
    if !may_read && endpoint.price != Price::Free {
        return Err(Problem::plain(StatusCode::FORBIDDEN, "Forbidden"));
    }
    Ok(caller)
}

/// Whose token it is, and whether it is good for reading posts and users.
fn bearer(simulator: &Simulator, token: &str, now: i64) -> Option<(Auth, Caller, bool)> {
    if token == simulator.tokens.of_app(&simulator.config.bearer_token) {
        return Some((Auth::App, Caller::App, true));
    }
    let grant = simulator.tokens.of_user(token, now)?;
    Some((Auth::User, Caller::User(grant.user), grant.has("tweet.read") && grant.has("users.read")))
}
