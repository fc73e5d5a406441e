//! When an alert would have fired: its rule, run over the past by the same code that runs it live.
//!
//! What is stored tells when a post was posted, and not when it would have come to a schedule that did not exist then.
//! So the back-test lets every post come at once.

use super::evaluate::begin_with;
use super::usual::{Hours, hour_of};
use super::watch::Watch;
use super::watched::WatchedView;
use crate::{Error, Service};
use model::Timestamp;
use model::account::CurrentUser;
use model::alert::{Moment, Pace, Reason, Rule};
use model::explore::Bucket;
use model::time::{DAY, SECOND};
use model::zone;
use std::collections::BTreeMap;

/// What a back-test found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackTest {
    pub from: Timestamp,
    pub to: Timestamp,
    pub fired: Vec<Fired>,
    /// Matches by day of the current zone; days without are left out.
    pub days: Vec<Bucket>,
}

/// A moment at which it would have fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    pub moment: Moment,
    pub reason: Reason,
    /// Query string of the explore page that shows what it would have been about.
    pub query: String,
}

/// Runs a rule over the last days of what the query string shows.
///
/// # Errors
/// `Invalid` says what is wrong with the rule, `Filter` if the query's filter cannot be read.
pub async fn back_test(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    query: &str,
    rule: &Rule,
    pace: Pace,
    days: u32,
) -> Result<BackTest, Error> {
    if let Some(fault) = rule.fault().or_else(|| pace.fault()) {
        return Err(Error::Invalid(fault));
    }
    let to = service.now().floor(SECOND);
    let from = Timestamp(to.0 - i64::from(days) * DAY);
    let view = WatchedView::new(service, user, collection, query, rule).await?;
    let hours = match rule {
        Rule::Spike { .. } => view.hours(service, hour_of(from) - 1, hour_of(to)).await?,
        _ => Hours::default(),
    };
    let watch = Watch { rule, pace, hours: &hours };
    let mut progress = begin_with(service, &view, &watch, from).await?;
    let matches = view.posted(service, from, to).await?;
    let moments = watch.go_on(&mut progress, &matches, to);
    let zone = zone::current();
    let mut days: BTreeMap<Timestamp, u64> = BTreeMap::new();
    for of_second in &matches {
        *days.entry(zone.floor(of_second.posted, DAY, from)).or_default() += of_second.count;
    }
    let fired = moments.into_iter().map(|moment| {
        let (reason, query) = (rule.reason(&moment), view.link(rule, &moment, None)?);
        Ok::<_, Error>(Fired { moment, reason, query })
    });
    Ok(BackTest {
        from,
        to,
        fired: fired.collect::<Result<_, _>>()?,
        days: days.into_iter().map(|(start, count)| Bucket { start, count }).collect(),
    })
}
