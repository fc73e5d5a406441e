//! Faults that strike as the script says.

use std::future::ready;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use futures::stream::{self, Stream, StreamExt};
use serde_json::{Value, json};
use tweetgen::time::{DAY, MINUTE, SECOND};

use super::answer::{Answer, Content};
use super::limiter::Quota;
use super::problem::Problem;
use crate::Vocabulary;
use crate::script::{Fault, Kind, Script};

/// After which the first half of an answer is on its way.
const FLUSHED: Duration = Duration::from_millis(20);

pub struct Faults(Mutex<State>);

struct State {
    script: Script,
    /// How many each fault has seen that it could strike.
    seen: Vec<u64>,
}

impl Faults {
    pub fn new(script: Script) -> Self {
        Self(Mutex::new(State { seen: vec![0; script.faults.len()], script }))
    }

    /// Begins another script.
    pub fn begin(&self, script: Script) {
        *self.state() = State { seen: vec![0; script.faults.len()], script };
    }

    pub fn vocabulary(&self) -> Option<Vocabulary> {
        self.state().script.vocabulary
    }

    /// The faults of these kinds that strike what is at this path now.
    pub fn strike(&self, path: &str, is_possible: impl Fn(Kind) -> bool) -> Vec<Fault> {
        let mut state = self.state();
        let State { script, seen } = &mut *state;
        let candidates = script.faults.iter().enumerate().zip(seen);
        let possible = candidates.filter(|((_, fault), _)| is_possible(fault.kind) && path.starts_with(&fault.path));
        possible
            .filter_map(|((index, fault), seen)| {
                *seen += 1;
                let number = (*seen - 1).checked_sub(fault.after)?;
                let holds = fault.times.is_none_or(|times| number < times);
                (holds && unit(script.seed, index, *seen) < fault.chance).then(|| fault.clone())
            })
            .collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A number in `[0, 1)` that depends on these only (the finisher of SplitMix64).
fn unit(seed: u64, index: usize, number: u64) -> f64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ ((index as u64) << 40) ^ number;
    for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
        z = (z ^ (z >> 30)).wrapping_mul(factor);
    }
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

impl Kind {
    /// A stream has these at its lines, other answers as a whole.
    pub fn is_of_lines(self) -> bool {
        matches!(self, Self::HalfLine | Self::Duplicate | Self::Disconnect | Self::Break)
    }
}

/// What X answers instead, if one of the faults is of that kind.
pub fn problem(faults: &[Fault]) -> Option<Problem> {
    faults.iter().find_map(|fault| {
        Some(match fault.kind {
            Kind::RateLimit | Kind::TooFast => Problem::too_many_requests(),
            Kind::UsageCap => Problem::usage_cap(),
            Kind::ConnectionLimit => Problem::too_many_connections(),
            Kind::CreditsDepleted => Problem::credits_depleted(),
            Kind::PaymentRequired => Problem::payment_required(),
            Kind::ServerError => {
                let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
                Problem::plain(status, status.canonical_reason().unwrap_or("Server Error"))
            }
            Kind::NotEnabled => Problem::nothing_there(),
            _ => return None,
        })
    })
}

/// What the faults make of a page before it is billed.
pub fn spoil_page(answer: &mut Answer, faults: &[Fault]) {
    let Content::Json(Value::Object(body)) = &mut answer.content else { return };
    for fault in faults {
        match fault.kind {
            Kind::EmptyPage | Kind::EmptyEnd => {
                let next = body.get("meta").and_then(|meta| meta.get("next_token")).cloned();
                body.clear();
                body.insert("meta".to_owned(), json!({ "result_count": 0 }));
                if let (Some(token), Kind::EmptyPage) = (next, fault.kind) {
                    body["meta"]["next_token"] = token;
                }
            }
            Kind::Duplicate => {
                if let Some(Value::Array(data)) = body.get_mut("data")
                    && let Some(first) = data.first().cloned()
                {
                    data.push(first);
                }
            }
            _ => {}
        }
    }
}

/// What the faults make of the state of the window.
pub fn spoil_quota(quota: Quota, faults: &[Fault], now: i64) -> Quota {
    faults.iter().fold(quota, |quota, fault| match fault.kind {
        Kind::RateLimit => Quota { remaining: 0, resets_at: quota.resets_at.max(now + 15 * MINUTE), ..quota },
        Kind::TooFast => Quota { remaining: quota.remaining.max(1), ..quota },
        Kind::UsageCap => Quota { limit: 40_000, remaining: 39_999, ..quota },
        Kind::ClockSkew => Quota { resets_at: quota.resets_at + fault.seconds * SECOND, ..quota },
        _ => quota,
    })
}

/// Says what time it is, and what the faults make of that and of the other headers.
pub fn spoil_headers(headers: &mut HeaderMap, faults: &[Fault], now: i64) {
    let ahead: i64 = faults.iter().filter(|fault| fault.kind == Kind::ClockSkew).map(|fault| fault.seconds).sum();
    let time = DateTime::from_timestamp_micros(now + ahead * SECOND).unwrap_or_default();
    if let Ok(date) = HeaderValue::from_str(&time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
        headers.insert(header::DATE, date);
    }
    const WINDOW: [&str; 3] = ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"];
    for fault in faults {
        match fault.kind {
            Kind::NoHeaders => WINDOW.iter().for_each(|&name| drop(headers.remove(name))),
            Kind::OddHeaders => {
                let odd = ["", "-1", "soon"];
                WINDOW
                    .iter()
                    .zip(odd)
                    .for_each(|(&name, value)| drop(headers.insert(name, HeaderValue::from_static(value))));
                headers.insert("x-app-limit-24hour-limit", HeaderValue::from_static("100"));
                headers.insert("x-app-limit-24hour-remaining", HeaderValue::from_static("0"));
                headers.insert("x-app-limit-24hour-reset", HeaderValue::from((now + DAY).div_euclid(SECOND)));
            }
            _ => {}
        }
    }
}

/// The answer as it leaves: whole, or as far as a fault lets it come.
pub fn respond(answer: Answer, faults: &[Fault]) -> Response {
    let fault = faults.iter().find(|fault| matches!(fault.kind, Kind::HalfLine | Kind::Disconnect));
    let (Some(fault), Content::Json(body)) = (fault, &answer.content) else { return answer.into_response() };
    let half = half(&Bytes::from(body.to_string()));
    let body = match fault.kind {
        Kind::HalfLine => Body::from(half),
        _ => Body::from_stream(broken(half)),
    };
    (answer.status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

pub fn half(line: &Bytes) -> Bytes {
    line.slice(..line.len() / 2)
}

/// Text, and then nothing more: the connection is gone.
fn broken(half: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
    stream::once(ready(Ok(half))).chain(stream::once(async { Err(gone().await) }))
}

/// What ends a connection, once that is on its way which was sent before.
pub async fn gone() -> io::Error {
    tokio::time::sleep(FLUSHED).await;
    io::ErrorKind::ConnectionReset.into()
}
