//! Live evaluation: each alert goes on from where it was.

use super::usual::{Hours, hour_of};
use super::watch::{Progress, Watch, open_hours};
use super::watched::WatchedView;
use super::written;
use crate::{Error, Service, access};
use model::Timestamp;
use model::alert::{Moment, Pace, Rule};
use model::time::{HOUR, SECOND};
use store::alerts::{NewFiring, Watched};

/// Posts take their `first_seen` before they are written: so long ago, all that carry it are there.
const SETTLES: i64 = 5 * SECOND;

/// So far behind, the index is being made anew: to look through all that it lacks would hold it up.
const FAR_BEHIND: u64 = 100_000;

/// Evaluates every alert that does not rest. Returns how often one fired.
pub async fn evaluate_all(service: &Service) -> Result<usize, Error> {
    let last = store::tweets::last_change(&service.store).await?;
    if last.saturating_sub(service.index.position()) > FAR_BEHIND {
        return Ok(0);
    }
    let mut fired = 0;
    for alert in store::alerts::active(&service.store).await? {
        let problem = match evaluate(service, &alert).await {
            Ok(count) => {
                fired += count;
                None
            }
            // It was logged where it happened, and passes.
            Err(Error::Internal) => continue,
            Err(error) => Some(error.to_string()),
        };
        if problem != alert.problem {
            store::alerts::set_problem(&service.store, alert.id, problem).await?;
        }
    }
    Ok(fired)
}

/// What the alert watches, as its view is now, and as its owner may see it now.
pub(super) async fn view_of(service: &Service, alert: &Watched) -> Result<WatchedView, Error> {
    let view = store::views::find(&service.store, alert.view).await?;
    let view = view.filter(|view| view.is_shared || view.owner == alert.owner);
    let gone = || Error::NotFound("The view that it watches was deleted. Delete the alert too.".to_owned());
    let query = view.ok_or_else(gone)?.query;
    let locked_out = || Error::NotFound("Its owner cannot sign in any more. Delete the alert.".to_owned());
    let owner = access::person(service, alert.owner).await?.ok_or_else(locked_out)?;
    WatchedView::new(service, &owner, &alert.collection, &query, &alert.rule).await
}

/// Where an alert begins at that moment.
pub(super) async fn begin(
    service: &Service,
    view: &WatchedView,
    rule: &Rule,
    pace: Pace,
    now: Timestamp,
) -> Result<Progress, Error> {
    let at = now.floor(SECOND);
    let hours = match rule {
        Rule::Spike { .. } => view.hours(service, hour_of(at) - 1, hour_of(at)).await?,
        _ => Hours::default(),
    };
    let watch = Watch { rule, pace, hours: &hours };
    begin_with(service, view, &watch, at).await
}

/// The same where the usual hours are known.
pub(super) async fn begin_with(
    service: &Service,
    view: &WatchedView,
    watch: &Watch<'_>,
    at: Timestamp,
) -> Result<Progress, Error> {
    let earlier = match watch.rule {
        Rule::Spike { .. } => view.posted(service, open_hours(at), at).await?,
        _ => Vec::new(),
    };
    let newest = match watch.rule {
        Rule::Silence { .. } => view.newest_before(service, at).await?,
        _ => None,
    };
    Ok(watch.begin(at, &earlier, newest))
}

async fn evaluate(service: &Service, alert: &Watched) -> Result<usize, Error> {
    let mut progress: Progress = serde_json::from_str(&alert.progress).map_err(|error| {
        tracing::error!(alert = alert.id, error = %error, "the progress of an alert cannot be read");
        Error::Internal
    })?;
    let cut = settled(service, &progress).await?;
    if cut <= progress.until {
        return Ok(0);
    }
    let view = view_of(service, alert).await?;
    let matches = view.arrived(service, &alert.rule, &progress, cut).await?;
    let hours = match (&alert.rule, progress.unknown_hours(&matches).as_slice()) {
        (Rule::Spike { .. }, [first, others @ ..]) => {
            view.hours(service, *first, others.last().copied().unwrap_or(*first)).await?
        }
        _ => Hours::default(),
    };
    let (before, history) = (progress.until, progress.history);
    let watch = Watch { rule: &alert.rule, pace: alert.pace, hours: &hours };
    let moments = watch.go_on(&mut progress, &matches, cut);
    // Nothing has come: the next evaluation may as well begin where this one did.
    if matches.is_empty() && moments.is_empty() && cut - before < HOUR {
        return Ok(0);
    }
    let mut firings = Vec::with_capacity(moments.len());
    for moment in &moments {
        firings.push(firing(service, alert, &view, moment, history).await?);
    }
    let count = firings.len();
    let is_told = store::alerts::advance(&service.store, alert, written(&progress)?, firings).await?;
    Ok(if is_told { count } else { 0 })
}

/// Up to where all that was seen is in the index, to the second.
async fn settled(service: &Service, progress: &Progress) -> Result<Timestamp, Error> {
    let settled = Timestamp(service.now().0 - SETTLES);
    let position = service.index.position();
    let missing = store::tweets::first_seen_after(&service.store, position, progress.until).await?;
    Ok(missing.map_or(settled, |missing| missing.min(settled)).floor(SECOND))
}

async fn firing(
    service: &Service,
    alert: &Watched,
    view: &WatchedView,
    moment: &Moment,
    history: Timestamp,
) -> Result<NewFiring, Error> {
    Ok(NewFiring {
        at: moment.at,
        told_at: alert.pace.told_at(moment.at),
        reason: alert.rule.reason(moment),
        count: moment.count,
        all_clear: moment.all_clear,
        query: view.link(&alert.rule, moment, Some(history))?,
        samples: view.samples(service, &alert.rule, moment, history).await?,
    })
}
