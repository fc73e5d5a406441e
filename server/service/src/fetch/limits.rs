//! What X lets a credential ask at an endpoint: what it said itself, else what the access tier of the credential has.

use super::kept;
use crate::Service;
use model::time::SECOND;
use planner::{Allowance, endpoint};
use source::endpoint::{COUNTS_ALL, COUNTS_RECENT};
use store::StoreError;

/// Requests where a tier says nothing of an endpoint: one, whose answer tells.
const UNKNOWN: u32 = 1;
/// Microseconds between two requests, where a tier says nothing: those of X's slowest endpoint.
pub(crate) const UNKNOWN_SPACING: i64 = SECOND;

/// Paths of the endpoints that schedules ask, for posts and for counts.
pub(crate) fn endpoints() -> [&'static str; 7] {
    let [recent, all] = [endpoint::RECENT.path, endpoint::ALL.path];
    let [timeline, mentions, lookup] = [endpoint::TIMELINE.path, endpoint::MENTIONS.path, endpoint::LOOKUP.path];
    [recent, all, COUNTS_RECENT.path, COUNTS_ALL.path, timeline, mentions, lookup]
}

/// What may be asked, as it was noted last.
pub(super) async fn allowance(service: &Service, credential: i64, path: &str) -> Result<Allowance, StoreError> {
    let known = store::buckets::load(&service.store, credential, path).await?;
    let (requests, spacing) = of_tier(service, credential, path).await?;
    Ok(kept::allowance(known, requests, spacing))
}

/// Somebody may have edited the tier's limits, or said that the credential has another tier.
pub(super) async fn renew(
    allowance: &mut Allowance,
    service: &Service,
    credential: i64,
    path: &str,
) -> Result<(), StoreError> {
    let (requests, spacing) = of_tier(service, credential, path).await?;
    allowance.assume(requests, spacing);
    Ok(())
}

async fn of_tier(service: &Service, credential: i64, path: &str) -> Result<(u32, i64), StoreError> {
    let limit = store::limits::of_credential(&service.store, credential, path).await?;
    let (requests, spacing) = limit.map_or((UNKNOWN, UNKNOWN_SPACING), |limit| (limit.requests, limit.spacing));
    // X looks at when requests arrive: a little more is waited.
    Ok((requests, spacing + spacing / 20))
}
