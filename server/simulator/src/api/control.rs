//! `/_sim`: what tests ask of the simulator itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query as QueryString, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Simulator;
use super::params::{Params, parse_query};
use super::problem::Problem;
use crate::Script;
use tweetgen::time::{SECOND, WEEK, timestamp};

/// What was asked, served and billed, in numbers.
pub async fn ledger(State(simulator): State<Arc<Simulator>>) -> Json<Value> {
    Json(simulator.ledger.totals())
}

/// Each request after the one with the number `after`.
pub async fn requests(
    State(simulator): State<Arc<Simulator>>,
    QueryString(params): QueryString<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    let after = Params(params).number("after", 0, usize::MAX)?.unwrap_or(0);
    Ok(Json(simulator.ledger.requests(after as u64)))
}

/// `{"now": "2026-11-23T12:00:00.000Z"}`
pub async fn clock(State(simulator): State<Arc<Simulator>>) -> Json<Value> {
    Json(json!({ "now": timestamp(simulator.now()) }))
}

/// Stops the clock at `set`, puts it forward by the seconds of `advance`, or both; tells what time it is then.
pub async fn set_clock(
    State(simulator): State<Arc<Simulator>>,
    QueryString(params): QueryString<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    let params = Params(params);
    if let Some(time) = params.time("set")? {
        simulator.hands.set(time);
    }
    if let Some(seconds) = params.number("advance", 0, u32::MAX as usize)? {
        simulator.hands.advance(seconds as i64 * SECOND);
    }
    Ok(clock(State(simulator)).await)
}

/// Begins the script in the body; an empty one ends all faults.
pub async fn begin_script(State(simulator): State<Arc<Simulator>>, body: String) -> Result<StatusCode, Problem> {
    let script = Script::parse(&body).map_err(|error| Problem::invalid(&[], format!("{error:#}")))?;
    simulator.faults.begin(script);
    Ok(StatusCode::NO_CONTENT)
}

/// `{"count": n}`: the tweets matching `query` (all if not given) from `start_time` to
/// `end_time`, which default as in a search but may be older.
pub async fn count(
    State(simulator): State<Arc<Simulator>>,
    QueryString(params): QueryString<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    let params = Params(params);
    let now = simulator.now();
    let start = params.time("start_time")?.unwrap_or(now - WEEK);
    let end = params.time("end_time")?.unwrap_or(now - 30 * SECOND).min(now);
    let query = match params.get("query") {
        Some(text) => Some(parse_query(text, usize::MAX)?),
        None => None,
    };
    let count = tokio::task::spawn_blocking(move || {
        let corpus = &simulator.corpus;
        let range = corpus.ordinals(start, end);
        match query {
            Some(query) => {
                let may_match = range.filter(|&ordinal| query.may_match(ordinal, corpus));
                may_match.filter(|&ordinal| query.matches(&corpus.record(ordinal), corpus)).count()
            }
            None => range.count(),
        }
    });
    let count = count.await.map_err(|_| Problem::internal())?;
    Ok(Json(json!({ "count": count })))
}
