//! What every request passes: who asks, how often, and that it is written down.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, RawPathParams};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};

use super::Simulator;
use super::answer::{Answer, Asked};
use super::auth::{Caller, caller};
use super::endpoints::Endpoint;
use super::faults;
use super::ledger::{Price, Request};
use super::params::Params;
use super::problem::Problem;
use super::stream;
use crate::Kind;

/// A request as it came.
pub struct Raw {
    pub path: RawPathParams,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

pub async fn pass(simulator: Arc<Simulator>, endpoint: &'static Endpoint, raw: Raw) -> Response {
    let now = simulator.now();
    let path = raw.uri.path().to_owned();
    let query =
        Query::try_from_uri(&raw.uri).ok().and_then(|Query(params)| Params(params).get("query").map(str::to_owned));
    let is_stream = endpoint.path == stream::PATH;
    let mut faults = Vec::new();
    let (quota, mut answer) = match caller(&simulator, endpoint, &raw, now) {
        Ok(caller) => {
            faults =
                simulator.faults.strike(&path, |kind| kind != Kind::LeftOpen && !(is_stream && kind.is_of_lines()));
            let (quota, is_allowed) = simulator.limiter.take(endpoint, caller, now);
            let answer = match faults::problem(&faults).or_else(|| unpaid(&simulator, endpoint, now)) {
                Some(problem) => Err(problem),
                None if is_allowed => answer(&simulator, endpoint, raw, caller, now).await,
                None => Err(Problem::too_many_requests()),
            };
            (quota, answer)
        }
        Err(problem) => (simulator.limiter.peek(endpoint, Caller::App, now), Err(problem)),
    };
    if let Ok(answer) = &mut answer {
        faults::spoil_page(answer, &faults);
    }
    let method = endpoint.method.as_str();
    let request = Request { at: now, method, path, query, price: endpoint.price, window: quota };
    simulator.ledger.record(request, &answer);
    let mut response = answer.map_or_else(Problem::into_response, |answer| faults::respond(answer, &faults));
    if let Some(quota) = quota {
        faults::spoil_quota(quota, &faults, now).write(response.headers_mut());
    }
    faults::spoil_headers(response.headers_mut(), &faults, now);
    response
}

/// Why nothing more is to be had that costs: credits or the month's posts are used up.
fn unpaid(simulator: &Simulator, endpoint: &Endpoint, now: i64) -> Option<Problem> {
    let is_free = endpoint.price == Price::Free && endpoint.path != stream::PATH;
    if is_free {
        return None;
    }
    if simulator.credits_left().is_some_and(|left| left <= 0.0) {
        return Some(Problem::payment_required());
    }
    let cap = simulator.config.tier.rights().monthly_posts?;
    (simulator.ledger.posts_in_month(now) >= cap).then(Problem::usage_cap)
}

async fn answer(
    simulator: &Arc<Simulator>,
    endpoint: &'static Endpoint,
    raw: Raw,
    caller: Caller,
    now: i64,
) -> Result<Answer, Problem> {
    let params = match Query::try_from_uri(&raw.uri) {
        Ok(Query(params)) => Params(params),
        Err(_) => return Err(Problem::invalid(&[], "The query string is not URL-encoded UTF-8")),
    };
    params.check_names(endpoint.parameters)?;
    let path = Params(raw.path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
    let host = raw.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let host = format!("http://{host}");
    let asked = Asked { now, caller, params, path, host, headers: raw.headers, body: raw.body };
    let simulator = Arc::clone(simulator);
    // a rare word means looking through the whole corpus
    let answer = tokio::task::spawn_blocking(move || (endpoint.answer)(&simulator, &asked));
    answer.await.map_err(|_| Problem::internal())?
}
