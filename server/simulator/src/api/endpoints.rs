//! Every endpoint, a row each: the table of contents.

use std::sync::Arc;

use axum::http::Method;

use super::answer::{Answer, Asked};
use super::auth::Auth;
use super::ledger::Price;
use super::problem::Problem;
use super::{
    Simulator, compliance, connections, counts, openapi, rules, search, stream, timelines, tokens, tweets, usage, users,
};

pub struct Endpoint {
    pub method: Method,
    pub path: &'static str,
    /// Who may ask; nobody need say who it is where this is empty.
    pub auth: &'static [Auth],
    pub limits: Limits,
    pub price: Price,
    /// Names that may stand in the query string; others are refused.
    pub parameters: &'static [&'static [&'static str]],
    pub answer: fn(&Arc<Simulator>, &Asked) -> Result<Answer, Problem>,
}

/// Requests in 15 minutes; 0 where nobody counts.
#[derive(Clone, Copy)]
pub struct Limits {
    pub app: u32,
    pub user: u32,
    /// Of an app of the tier Basic, where that is known to be another.
    pub basic: Option<u32>,
    /// And no more than one a second.
    pub is_slow: bool,
}

const fn limits(app: u32, user: u32) -> Limits {
    Limits { app, user, basic: None, is_slow: false }
}

const UNLIMITED: Limits = limits(0, 0);

const APP: &[Auth] = &[Auth::App];
const USER: &[Auth] = &[Auth::User, Auth::Signed];
const ANYBODY: &[Auth] = &[Auth::App, Auth::User, Auth::Signed];

const FIELDS: &[&str] =
    &["expansions", "tweet.fields", "post.fields", "media.fields", "poll.fields", "place.fields", "user.fields"];
const AUTHORIZE: &[&str] =
    &["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"];
const SPAN: &[&str] = &["start_time", "end_time", "since_id", "until_id"];
const COUNTS: &[&str] = &["query", "granularity", "next_token", "pagination_token", "search_count.fields"];
const TIMELINE: &[&str] = &["max_results", "pagination_token", "exclude"];
const MENTIONS: &[&str] = &["max_results", "pagination_token"];
const JOB: &[&str] = &["compliance_job.fields"];
const SEARCH: &[&str] = &["query", "max_results", "next_token", "pagination_token", "sort_order"];

pub static ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Method::GET,
        path: "/2/tweets/search/recent",
        auth: ANYBODY,
        limits: Limits { basic: Some(60), ..limits(450, 300) },
        price: Price::Posts,
        parameters: &[SEARCH, SPAN, FIELDS],
        answer: search::recent,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/tweets/search/all",
        auth: APP,
        limits: Limits { is_slow: true, ..limits(300, 0) },
        price: Price::Posts,
        parameters: &[SEARCH, SPAN, FIELDS],
        answer: search::all,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/tweets/counts/recent",
        auth: &[Auth::App, Auth::User],
        limits: limits(300, 300),
        price: Price::Request(5_000),
        parameters: &[COUNTS, SPAN],
        answer: counts::recent,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/tweets/counts/all",
        auth: APP,
        limits: limits(300, 0),
        price: Price::Request(10_000),
        parameters: &[COUNTS, SPAN],
        answer: counts::all,
    },
    Endpoint {
        method: Method::GET,
        path: stream::PATH,
        auth: APP,
        limits: limits(50, 0),
        price: Price::Free, // each post is billed when it is sent
        parameters: &[&["backfill_minutes"], FIELDS],
        answer: stream::connect,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/tweets/search/stream/rules",
        auth: APP,
        limits: limits(450, 0),
        price: Price::Free,
        parameters: &[&["ids", "max_results", "pagination_token"]],
        answer: rules::list,
    },
    Endpoint {
        method: Method::POST,
        path: "/2/tweets/search/stream/rules",
        auth: APP,
        limits: limits(100, 0),
        price: Price::Free,
        parameters: &[&["dry_run", "delete_all"]],
        answer: rules::update,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/tweets/search/stream/rules/counts",
        auth: APP,
        limits: UNLIMITED,
        price: Price::Free,
        parameters: &[&["rules_count.fields"]],
        answer: rules::counts,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/connections",
        auth: APP,
        limits: limits(25, 0),
        price: Price::Free,
        parameters: &[&["status", "endpoints", "max_results", "pagination_token", "connection.fields"]],
        answer: connections::list,
    },
    Endpoint {
        method: Method::DELETE,
        path: "/2/connections",
        auth: APP,
        limits: limits(25, 0),
        price: Price::Free,
        parameters: &[],
        answer: connections::delete,
    },
    Endpoint {
        method: Method::DELETE,
        path: "/2/connections/all",
        auth: APP,
        limits: limits(25, 0),
        price: Price::Free,
        parameters: &[],
        answer: connections::delete_all,
    },
    Endpoint {
        method: Method::DELETE,
        path: "/2/connections/{endpoint_id}",
        auth: APP,
        limits: limits(25, 0),
        price: Price::Free,
        parameters: &[],
        answer: connections::delete_of,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/tweets",
        auth: ANYBODY,
        limits: limits(3_500, 5_000),
        price: Price::Posts,
        parameters: &[&["ids"], FIELDS],
        answer: tweets::many,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/tweets/{id}",
        auth: ANYBODY,
        limits: limits(450, 900),
        price: Price::Posts,
        parameters: &[FIELDS],
        answer: tweets::one,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/users/{id}/tweets",
        auth: ANYBODY,
        limits: limits(10_000, 900),
        price: Price::Posts,
        parameters: &[TIMELINE, SPAN, FIELDS],
        answer: timelines::tweets,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/users/{id}/mentions",
        auth: ANYBODY,
        limits: limits(450, 300),
        price: Price::Posts,
        parameters: &[MENTIONS, SPAN, FIELDS],
        answer: timelines::mentions,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/users",
        auth: ANYBODY,
        limits: limits(300, 900),
        price: Price::Users,
        parameters: &[&["ids"], FIELDS],
        answer: users::by_ids,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/users/me",
        auth: USER,
        limits: limits(0, 75),
        price: Price::Users,
        parameters: &[FIELDS],
        answer: users::me,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/users/{id}",
        auth: ANYBODY,
        limits: limits(300, 900),
        price: Price::Users,
        parameters: &[FIELDS],
        answer: users::by_id,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/users/by",
        auth: ANYBODY,
        limits: limits(300, 900),
        price: Price::Users,
        parameters: &[&["usernames"], FIELDS],
        answer: users::by_usernames,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/users/by/username/{username}",
        auth: ANYBODY,
        limits: limits(300, 900),
        price: Price::Users,
        parameters: &[FIELDS],
        answer: users::by_username,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/usage/tweets",
        auth: APP,
        limits: limits(50, 0),
        price: Price::Free,
        parameters: &[&["days", "usage.fields"]],
        answer: usage::tweets,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/usage/credits",
        auth: &[Auth::App, Auth::User],
        limits: limits(30, 30),
        price: Price::Free,
        parameters: &[],
        answer: usage::credits,
    },
    Endpoint {
        method: Method::POST,
        path: "/2/compliance/jobs",
        auth: APP,
        limits: limits(150, 0),
        price: Price::Free,
        parameters: &[JOB],
        answer: compliance::create,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/compliance/jobs",
        auth: APP,
        limits: limits(150, 0),
        price: Price::Free,
        parameters: &[JOB, &["type", "status"]],
        answer: compliance::list,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/compliance/jobs/{id}",
        auth: APP,
        limits: limits(150, 0),
        price: Price::Free,
        parameters: &[JOB],
        answer: compliance::show,
    },
    Endpoint {
        method: Method::DELETE,
        path: "/2/compliance/jobs/{id}",
        auth: APP,
        limits: limits(150, 0),
        price: Price::Free,
        parameters: &[JOB],
        answer: compliance::delete,
    },
    Endpoint {
        method: Method::PUT,
        path: "/2/compliance/jobs/{id}/upload",
        auth: &[],
        limits: UNLIMITED,
        price: Price::Free,
        parameters: &[JOB, &["token"]],
        answer: compliance::upload,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/compliance/jobs/{id}/download",
        auth: &[],
        limits: UNLIMITED,
        price: Price::Free,
        parameters: &[JOB, &["token"]],
        answer: compliance::download,
    },
    Endpoint {
        method: Method::POST,
        path: "/oauth2/token",
        auth: &[],
        limits: UNLIMITED,
        price: Price::Free,
        parameters: &[],
        answer: tokens::app_only,
    },
    Endpoint {
        method: Method::POST,
        path: "/oauth2/invalidate_token",
        auth: &[],
        limits: UNLIMITED,
        price: Price::Free,
        parameters: &[],
        answer: tokens::invalidate,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/oauth2/authorize",
        auth: &[],
        limits: UNLIMITED,
        price: Price::Free,
        parameters: &[AUTHORIZE],
        answer: tokens::authorize,
    },
    Endpoint {
        method: Method::POST,
        path: "/2/oauth2/token",
        auth: &[],
        limits: UNLIMITED,
        price: Price::Free,
        parameters: &[],
        answer: tokens::exchange,
    },
    Endpoint {
        method: Method::POST,
        path: "/2/oauth2/revoke",
        auth: &[],
        limits: UNLIMITED,
        price: Price::Free,
        parameters: &[],
        answer: tokens::revoke,
    },
    Endpoint {
        method: Method::GET,
        path: "/2/openapi.json",
        auth: &[],
        limits: UNLIMITED,
        price: Price::Free,
        parameters: &[],
        answer: openapi::document,
    },
];
