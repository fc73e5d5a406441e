//! Requests within X's limits: none while a window is closed.
//!
//! X counts requests by credential and endpoint, and says with every answer how many are left and when the next
//! window begins. When none is left, that is noted in the store, and nobody asks before then, after a restart either.

use crate::fetch::Stop;
use crate::{Error, Service};
use model::Timestamp;
use model::time::{HOUR, MINUTE, SECOND};
use source::search::{ENDPOINT, SearchRequest, recent};
use source::{Answer, SourceError, XClient};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A window of X, where X does not say when it ends.
const WINDOW: i64 = 15 * MINUTE;
/// After a refusal that says it is over already: clocks differ.
const AT_LEAST: i64 = 10 * SECOND;
/// How often it is tried whether a cap of a day or a month is lifted.
const CAP_RETRY: i64 = HOUR;

/// One request of a credential at a time, so that the answer to one is known before the next is sent.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<i64, Turn>>>);

type Turn = Arc<tokio::sync::Mutex<()>>;

impl Turns {
    fn of(&self, credential: i64) -> Turn {
        Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(credential).or_default())
    }
}

/// When the credential may search again, if it may not now.
pub(crate) async fn closed_until(service: &Service, credential: i64) -> Result<Option<Timestamp>, Error> {
    Ok(store::windows::closed_until(&service.store, credential, ENDPOINT, service.now()).await?)
}

/// Sends a request if it may be sent now, and notes what X says of the next one.
pub(crate) async fn ask(
    service: &Service,
    credential: i64,
    client: &XClient,
    request: &SearchRequest<'_>,
) -> Result<Vec<u8>, Stop> {
    let turn = service.turns.of(credential);
    let _turn = turn.lock().await;
    if let Some(until) = closed_until(service, credential).await.map_err(Stop::Broken)? {
        return Err(SourceError::RateLimited { reset: Some(until) }.into());
    }
    let answer = recent(client, request).await?;
    if let Some(until) = closed_by(&answer, service.now()) {
        store::windows::close(&service.store, credential, ENDPOINT, until).await?;
    }
    Ok(answer.body?)
}

/// Until when an answer closes the window.
fn closed_by(answer: &Answer, now: Timestamp) -> Option<Timestamp> {
    let after = |micros| Timestamp(now.0 + micros);
    match (&answer.body, answer.limits) {
        (Err(SourceError::CapReached(_)), _) => Some(after(CAP_RETRY)),
        (Err(SourceError::RateLimited { reset }), _) => Some(reset.unwrap_or(after(WINDOW)).max(after(AT_LEAST))),
        (_, Some(limits)) if limits.remaining == 0 => Some(limits.reset),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::RateLimits;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn closed(body: Result<Vec<u8>, SourceError>, remaining: u32) -> Option<i64> {
        let reset = Timestamp(NOW.0 + 5 * MINUTE);
        let limits = Some(RateLimits { limit: 450, remaining, reset });
        closed_by(&Answer { body, limits }, NOW).map(|until| until - NOW)
    }

    #[test]
    fn a_window_is_closed_by_its_last_request_by_a_refusal_and_by_a_cap_with_healthy_headers() {
        assert_eq!(closed(Ok(Vec::new()), 1), None);
        assert_eq!(closed(Ok(Vec::new()), 0), Some(5 * MINUTE));
        assert_eq!(closed(Err(SourceError::Refused { status: 400, detail: String::new() }), 0), Some(5 * MINUTE));
        assert_eq!(closed(Err(SourceError::Unavailable(503)), 7), None);
        let refused = |reset| closed(Err(SourceError::RateLimited { reset }), 0);
        assert_eq!(refused(Some(Timestamp(NOW.0 + MINUTE))), Some(MINUTE));
        assert_eq!(refused(None), Some(WINDOW));
        assert_eq!(refused(Some(Timestamp(NOW.0 - MINUTE))), Some(AT_LEAST));
        assert_eq!(closed(Err(SourceError::CapReached(String::new())), 39_999), Some(CAP_RETRY));
    }
}
