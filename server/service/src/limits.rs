//! How much X lets be asked in each access tier, as long as it does not say so itself: data that admins edit.

use crate::fetch::{client, limits as asked};
use crate::{Error, Service};
use model::credential::Kind;
pub use model::limit::{Caller, Limit};
use model::time::{MINUTE, SECOND};
use std::collections::BTreeSet;

/// A hundred times what X gives anybody.
const MOST_REQUESTS: u32 = 1_000_000;
/// Two requests further apart are never in the same window.
const WIDEST_SPACING: i64 = 15 * MINUTE;

/// A limit that somebody sets.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    pub tier: &'a str,
    pub endpoint: &'a str,
    pub caller: Caller,
    /// Requests in 15 minutes.
    pub requests: u32,
    /// Microseconds from a request to the next; without it, they stay as they are.
    pub spacing: Option<i64>,
}

/// All that there are, by tier, endpoint and caller.
pub async fn list(service: &Service) -> Result<Vec<Limit>, Error> {
    Ok(store::limits::list(&service.store).await?)
}

/// Sets one. Who fetches with a credential of the tier goes by it within a second, unless X said itself what it allows.
/// `by` is who says so, none where it is a command.
///
/// # Errors
/// `NotFound` where there is no such tier or endpoint, `Invalid` where X can have no such limit.
pub async fn set(service: &Service, change: &Change<'_>, by: Option<i64>) -> Result<(), Error> {
    let Change { tier, endpoint, caller, requests, spacing } = change.clone();
    let known = list(service).await?;
    check_tier(&known, tier)?;
    check_endpoint(endpoint, caller)?;
    if !(1..=MOST_REQUESTS).contains(&requests) {
        return Err(Error::Invalid(format!("{requests} requests are no limit: it is between 1 and {MOST_REQUESTS}")));
    }
    let is_it = |limit: &&Limit| limit.tier == tier && limit.endpoint == endpoint && limit.caller == caller;
    let before = known.iter().find(is_it).map_or(asked::UNKNOWN_SPACING, |limit| limit.spacing);
    let spacing = spacing.unwrap_or(before);
    if !(0..=WIDEST_SPACING).contains(&spacing) {
        let most = WIDEST_SPACING / SECOND;
        return Err(Error::Invalid(format!("two requests are between 0 and {most} seconds apart")));
    }
    let limit = Limit { tier: tier.to_owned(), endpoint: endpoint.to_owned(), caller, requests, spacing };
    Ok(store::limits::set(&service.store, &limit, by, service.now()).await?)
}

/// Whether a tier is one of those that have limits.
pub(crate) fn check_tier(known: &[Limit], tier: &str) -> Result<(), Error> {
    let tiers: BTreeSet<&str> = known.iter().map(|limit| limit.tier.as_str()).collect();
    match tiers.contains(tier) {
        true => Ok(()),
        false => Err(Error::NotFound(format!("there is no access tier \"{tier}\", but {}", list_of(tiers)))),
    }
}

fn check_endpoint(endpoint: &str, caller: Caller) -> Result<(), Error> {
    let endpoints = asked::endpoints();
    if !endpoints.contains(&endpoint) {
        return Err(Error::NotFound(format!("no schedule asks \"{endpoint}\", but {}", list_of(endpoints))));
    }
    let may_ask = |kind: &Kind| kind.caller() == caller && client::may_ask(*kind, endpoint);
    match Kind::ALL.iter().any(may_ask) {
        true => Ok(()),
        false => Err(Error::Invalid(format!("X lets apps alone ask {endpoint}, so there is no limit for people"))),
    }
}

fn list_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}
