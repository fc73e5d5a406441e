//! Who asks.

use axum::http::{HeaderMap, header};

use super::Simulator;
use super::endpoints::Endpoint;
use super::problem::Problem;

/// The kinds of tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Auth {
    /// The app's bearer token.
    App,
    /// A token that a user gave the app.
    User,
}

/// Whose request it is; each has windows of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Caller {
    App,
    /// By id.
    #[expect(dead_code, reason = "nothing gives out a user's token yet")]
    User(u64),
}

impl Auth {
    /// As X's sentences have it.
    fn name(self) -> &'static str {
        match self {
            Self::App => "OAuth 2.0 Application-Only",
            Self::User => "OAuth 2.0 User Context",
        }
    }
}

impl Caller {
    fn auth(self) -> Auth {
        match self {
            Self::App => Auth::App,
            Self::User(_) => Auth::User,
        }
    }
}

/// Who asks this endpoint with these headers.
///
/// # Errors
/// 401 without a token that is known, 403 with one of a kind that is not for this endpoint.
pub fn caller(simulator: &Simulator, endpoint: &Endpoint, headers: &HeaderMap) -> Result<Caller, Problem> {
    if endpoint.auth.is_empty() {
        return Ok(Caller::App);
    }
    let token = bearer(headers).ok_or_else(Problem::unauthorized)?;
    let caller = match token == simulator.config.bearer_token {
        true => Caller::App,
        false => return Err(Problem::unauthorized()),
    };
    if endpoint.auth.contains(&caller.auth()) {
        return Ok(caller);
    }
    let supported: Vec<&str> = endpoint.auth.iter().map(|auth| auth.name()).collect();
    Err(Problem::unsupported_authentication(caller.auth().name(), &supported))
}

pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
