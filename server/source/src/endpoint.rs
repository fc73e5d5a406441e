//! Every endpoint that Roost calls, a row each: the table of contents.

use crate::fields::Vocabulary;
use reqwest::Method;

/// One endpoint of the X API. X counts requests for each by itself.
#[derive(Debug)]
pub struct Endpoint {
    pub method: Method,
    /// With `{id}` where a number stands.
    pub path: &'static str,
    /// Who may ask; nobody need say who it is where this is empty.
    pub callers: &'static [Caller],
    /// In which names X takes the parameters for fields.
    pub vocabulary: Vocabulary,
    /// It takes no more than one request a second, whatever is left of the window.
    pub is_slow: bool,
}

/// The ways to say who one is. Each has windows of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The app, by its bearer token.
    App,
    /// A person, by a token of OAuth 2.0.
    User,
    /// A person, by a signature of OAuth 1.0a.
    Signed,
}

impl Endpoint {
    /// What the limits of this endpoint are kept under: the path, and the method where it is not `GET`.
    pub fn key(&self) -> String {
        if self.method == Method::GET { self.path.to_owned() } else { format!("{} {}", self.method, self.path) }
    }
}

const ANYBODY: &[Caller] = &[Caller::App, Caller::User, Caller::Signed];
const APP: &[Caller] = &[Caller::App];
const NOBODY: &[Caller] = &[];

const fn endpoint(method: Method, path: &'static str, callers: &'static [Caller]) -> Endpoint {
    Endpoint { method, path, callers, vocabulary: Vocabulary::Post, is_slow: false }
}

const fn get(path: &'static str, callers: &'static [Caller]) -> Endpoint {
    endpoint(Method::GET, path, callers)
}

pub static SEARCH_RECENT: Endpoint = get("/2/tweets/search/recent", ANYBODY);
pub static SEARCH_ALL: Endpoint = Endpoint {
    method: Method::GET,
    path: "/2/tweets/search/all",
    callers: APP,
    vocabulary: Vocabulary::Post,
    is_slow: true,
};
pub static COUNTS_RECENT: Endpoint = get("/2/tweets/counts/recent", &[Caller::App, Caller::User]);
pub static COUNTS_ALL: Endpoint = get("/2/tweets/counts/all", APP);
pub static POSTS: Endpoint = get("/2/tweets", ANYBODY);
pub static USER_POSTS: Endpoint = get("/2/users/{id}/tweets", ANYBODY);
pub static USER_MENTIONS: Endpoint = get("/2/users/{id}/mentions", ANYBODY);
pub static USERS: Endpoint = get("/2/users", ANYBODY);
pub static USERS_BY: Endpoint = get("/2/users/by", ANYBODY);
// X renamed the fields of its other endpoints in July 2026, but not those of streams.
pub static STREAM: Endpoint = Endpoint {
    method: Method::GET,
    path: "/2/tweets/search/stream",
    callers: APP,
    vocabulary: Vocabulary::Tweet,
    is_slow: false,
};
pub static RULES: Endpoint = get("/2/tweets/search/stream/rules", APP);
pub static CHANGE_RULES: Endpoint = endpoint(Method::POST, "/2/tweets/search/stream/rules", APP);
pub static CONNECTIONS: Endpoint = get("/2/connections", APP);
pub static END_CONNECTIONS: Endpoint = endpoint(Method::DELETE, "/2/connections", APP);
pub static USAGE: Endpoint = get("/2/usage/tweets", APP);
pub static CREDITS: Endpoint = get("/2/usage/credits", &[Caller::App, Caller::User]);
pub static JOBS: Endpoint = get("/2/compliance/jobs", APP);
pub static CREATE_JOB: Endpoint = endpoint(Method::POST, "/2/compliance/jobs", APP);
pub static JOB: Endpoint = get("/2/compliance/jobs/{id}", APP);
pub static DELETE_JOB: Endpoint = endpoint(Method::DELETE, "/2/compliance/jobs/{id}", APP);
pub static OPENAPI: Endpoint = get("/2/openapi.json", NOBODY);

pub static ENDPOINTS: [&Endpoint; 21] = [
    &SEARCH_RECENT,
    &SEARCH_ALL,
    &COUNTS_RECENT,
    &COUNTS_ALL,
    &POSTS,
    &USER_POSTS,
    &USER_MENTIONS,
    &USERS,
    &USERS_BY,
    &STREAM,
    &RULES,
    &CHANGE_RULES,
    &CONNECTIONS,
    &END_CONNECTIONS,
    &USAGE,
    &CREDITS,
    &JOBS,
    &CREATE_JOB,
    &JOB,
    &DELETE_JOB,
    &OPENAPI,
];
