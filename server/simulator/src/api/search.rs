//! `GET /2/tweets/search/recent`, and the exact count beside it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query as QueryString, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::Simulator;
use super::fields::named;
use super::params::{Params, Search, parse_query};
use super::problem::Problem;
use tweetgen::time::{SECOND, WEEK};
use tweetgen::wire::{Includes, Meta};
use tweetgen::{Record, token};

/// One page, and how many tweets it holds.
struct Page {
    body: Value,
    tweets: usize,
}

pub async fn recent(
    State(simulator): State<Arc<Simulator>>,
    headers: HeaderMap,
    QueryString(params): QueryString<Vec<(String, String)>>,
) -> Response {
    let now = simulator.now();
    let (quota, page) = if is_authorized(&headers, &simulator.config.bearer_token) {
        let (quota, allowed) = simulator.limiter.take(now);
        let page = match allowed {
            true => page(&simulator, Params(params), now).await,
            false => Err(Problem::too_many_requests()),
        };
        (quota, page)
    } else {
        (simulator.limiter.peek(now), Err(Problem::unauthorized()))
    };
    let tweets = page.as_ref().map_or(0, |page| page.tweets);
    let mut response = match page {
        Ok(page) => Json(page.body).into_response(),
        Err(problem) => problem.into_response(),
    };
    quota.write(response.headers_mut());
    simulator.ledger.record(response.status().as_u16(), tweets);
    response
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
            Some(query) => range.filter(|&ordinal| query.matches(&corpus.record(ordinal), corpus)).count(),
            None => range.count(),
        }
    });
    let count = count.await.map_err(|_| Problem::internal())?;
    Ok(Json(json!({ "count": count })))
}

fn is_authorized(headers: &HeaderMap, token: &str) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")) == Some(token)
}

async fn page(simulator: &Arc<Simulator>, params: Params, now: i64) -> Result<Page, Problem> {
    let search = params.search(simulator, now)?;
    let simulator = Arc::clone(simulator);
    // a rare word means looking through the whole corpus
    let page = tokio::task::spawn_blocking(move || simulator.page(&search));
    page.await.map_err(|_| Problem::internal())
}

impl Simulator {
    fn page(&self, search: &Search) -> Page {
        let mut matching = search
            .range
            .clone()
            .rev()
            .map(|ordinal| self.corpus.record(ordinal))
            .filter(|record| search.query.matches(record, &self.corpus));
        let records: Vec<Arc<Record>> = matching.by_ref().take(search.max_results).map(Arc::new).collect();
        let more = records.len() == search.max_results && matching.next().is_some();
        Page { tweets: records.len(), body: self.body(&records, more, search) }
    }

    fn body(&self, records: &[Arc<Record>], more: bool, search: &Search) -> Value {
        let mut body = Map::new();
        if !records.is_empty() {
            let data = records.iter().map(|record| search.selection.tweet(json!(record.tweet)));
            body.insert("data".to_owned(), data.collect());
            let includes = Includes::of(records, &self.corpus, search.selection.expansions);
            if !includes.is_empty() {
                body.insert("includes".to_owned(), search.selection.includes(json!(includes)));
            }
        }
        let oldest_id = records.last().map(|record| record.tweet.id);
        let meta = Meta {
            newest_id: records.first().map(|record| record.tweet.id),
            oldest_id,
            result_count: records.len(),
            next_token: oldest_id.filter(|_| more).map(|id| token::encode(id.0, &search.text)),
        };
        body.insert("meta".to_owned(), json!(meta));
        named(Value::Object(body), search.vocabulary)
    }
}
