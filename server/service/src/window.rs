//! Requests within X's limits: none while a window is closed.
//!
//! X counts requests by credential and endpoint, and says with every answer how many are left and when the next
//! window begins. When none is left, that is noted in the store, and nobody asks before then, after a restart either.

use crate::fetch::Stop;
use crate::{Error, Service};
use model::Timestamp;
use source::endpoint::{Endpoint, SEARCH_RECENT};
use source::{Answer, Refusal, RefusalKind, Request, SourceError, XClient, backoff};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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
    end_of(service, credential, &SEARCH_RECENT).await
}

async fn end_of(service: &Service, credential: i64, endpoint: &Endpoint) -> Result<Option<Timestamp>, Error> {
    Ok(store::windows::closed_until(&service.store, credential, &endpoint.key(), service.now()).await?)
}

/// Sends a request if it may be sent now, and notes what X says of the next one.
pub(crate) async fn ask(
    service: &Service,
    credential: i64,
    client: &XClient,
    request: &Request,
) -> Result<Vec<u8>, Stop> {
    let turn = service.turns.of(credential);
    let _turn = turn.lock().await;
    if let Some(until) = end_of(service, credential, request.endpoint()).await.map_err(Stop::Broken)? {
        return Err(SourceError::from(Refusal::closed(until)).into());
    }
    let answer = client.send(request).await?;
    if let Some(until) = closed_by(&answer, service.now()) {
        store::windows::close(&service.store, credential, &request.endpoint().key(), until).await?;
    }
    Ok(answer.body?)
}

/// Until when an answer closes the window.
fn closed_by(answer: &Answer, now: Timestamp) -> Option<Timestamp> {
    let refused = answer.body.as_ref().err().filter(|error| is_of_the_window(error));
    let again = refused.and_then(|error| backoff::again(error, 1, now, 0.0));
    again.max(answer.limits.closed_until(now))
}

/// Whether others with this credential would be refused as well, until time has passed.
fn is_of_the_window(error: &SourceError) -> bool {
    let kind = error.refusal().map(|refusal| refusal.kind);
    matches!(kind, Some(RefusalKind::WindowUsedUp { .. } | RefusalKind::TooFast | RefusalKind::UsageCap(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::{HOUR, MINUTE, SECOND};
    use source::{Limits, Period, RateLimits};

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn closed(kind: Option<RefusalKind>, remaining: u32) -> Option<i64> {
        let refusal = |kind| Refusal { status: 0, kind, detail: String::new(), parameters: Vec::new() };
        let body = kind.map_or(Ok(Vec::new()), |kind| Err(refusal(kind).into()));
        let window = RateLimits { limit: Some(450), remaining, reset: Some(Timestamp(NOW.0 + 5 * MINUTE)) };
        let limits = Limits { window: Some(window), ..Limits::default() };
        closed_by(&Answer { body, limits }, NOW).map(|until| until - NOW)
    }

    #[test]
    fn a_window_is_closed_by_its_last_request_by_a_refusal_and_by_a_cap_with_healthy_headers() {
        assert_eq!(closed(None, 1), None);
        assert_eq!(closed(None, 0), Some(5 * MINUTE));
        assert_eq!(closed(Some(RefusalKind::Invalid), 0), Some(5 * MINUTE));
        assert_eq!(closed(Some(RefusalKind::Unavailable), 7), None);
        let until = Some(Timestamp(NOW.0 + 9 * MINUTE));
        assert_eq!(closed(Some(RefusalKind::WindowUsedUp { until }), 0), Some(9 * MINUTE));
        assert_eq!(closed(Some(RefusalKind::WindowUsedUp { until: None }), 7), Some(15 * MINUTE));
        assert!(closed(Some(RefusalKind::TooFast), 7).is_some_and(|wait| wait < 2 * SECOND));
        assert_eq!(closed(Some(RefusalKind::UsageCap(Period::Month)), 39_999), Some(HOUR));
    }
}
