//! Schedules and the credentials they use.

use crate::{Error, Service, collections, credentials};
use model::TweetId;
use model::gap::Gap;
use model::import::Counts;
use model::schedule::{Expansions, Reads, Run, Schedule};
use planner::Cadence;
use planner::cadence::BadText;
pub use store::rejects::Reject;

/// A schedule that is to be made.
pub struct NewSchedule<'a> {
    /// Name of the collection that it fills; it is made if there is none.
    pub collection: &'a str,
    pub credential: i64,
    pub name: &'a str,
    pub reads: Reads,
    pub expansions: Expansions,
    /// When it runs: `every 15 minutes`, `at 09:00 on weekdays, Europe/Vienna`.
    pub cadence: &'a str,
}

/// Seals an app's bearer token under a name, in place of an earlier credential of that name. Returns its number.
pub async fn save_credential(service: &Service, name: &str, base_url: &str, bearer_token: &str) -> Result<i64, Error> {
    credentials::save(service, name, base_url, bearer_token).await
}

/// Makes a schedule, which is due at once. Returns its number.
///
/// # Errors
/// When there is no such cadence, or nothing to read.
pub async fn create(service: &Service, new: NewSchedule<'_>) -> Result<i64, Error> {
    let cadence: Cadence = new.cadence.parse().map_err(|error: BadText| Error::Invalid(error.to_string()))?;
    check(&new.reads)?;
    let collection = collections::find_or_create(service, new.collection).await?;
    let new = store::schedules::NewSchedule {
        collection: collection.id,
        credential: new.credential,
        name: new.name,
        reads: &new.reads,
        expansions: new.expansions,
        cadence: &cadence.to_string(),
        last_tick: None,
    };
    Ok(store::schedules::create(&service.store, new, service.now()).await?)
}

fn check(reads: &Reads) -> Result<(), Error> {
    let invalid = |text: &str| Err(Error::Invalid(text.to_owned()));
    if reads.query().is_some_and(|query| query.trim().is_empty()) {
        return invalid("the query is empty: write what to look for, in X's query language");
    }
    match reads {
        Reads::Archive { from, to, .. } if from >= to => invalid("the archive is read from a time to a later one"),
        Reads::Archive { from, .. } if TweetId::first_at(*from) == TweetId(0) => {
            invalid("the archive can be read from 2010-11-05 on: ids of older tweets tell no time")
        }
        Reads::Stored { days: 0 } => invalid("tweets of at least one day are looked up again"),
        _ => Ok(()),
    }
}

pub async fn list(service: &Service) -> Result<Vec<Schedule>, Error> {
    Ok(store::schedules::list(&service.store).await?)
}

/// The latest runs of a schedule, newest first.
pub async fn runs(service: &Service, schedule: i64) -> Result<Vec<Run>, Error> {
    Ok(store::runs::of_schedule(&service.store, schedule, 50).await?)
}

/// Asks a run to end: it does within seconds, even while it waits. False if it has ended.
pub async fn cancel(service: &Service, run: i64) -> Result<bool, Error> {
    Ok(store::runs::cancel(&service.store, run, service.now()).await?)
}

/// What happened in a run, a line for each thing: for a file.
///
/// # Errors
/// When there is no such run.
pub async fn run_log(service: &Service, run: i64) -> Result<String, Error> {
    let gone = || Error::NotFound(model::texts::refusals::no_run().to_owned());
    let found = store::runs::find(&service.store, run).await?.ok_or_else(gone)?;
    let mut text = format!("run {run} of schedule {}\n", found.schedule);
    for (at, what) in store::runs::log(&service.store, run).await? {
        // One line each, whatever X wrote.
        let what = what.replace(char::is_control, " ");
        text.push_str(&format!("{}  {what}\n", at.to_rfc3339()));
    }
    let Run { requests, pages, removed, counts, .. } = found;
    let Counts { read, new, updated, duplicate, rejected } = counts;
    text.push_str(&format!(
        "requests: {requests}, pages: {pages}; tweets read: {read} ({new} new, {updated} updated, {duplicate} known, {rejected} not understood), gone: {removed}\n"
    ));
    Ok(text)
}

/// What was missed of a schedule, from the oldest on.
pub async fn gaps(service: &Service, schedule: i64) -> Result<Vec<Gap>, Error> {
    Ok(store::windows::gaps(&service.store, schedule).await?)
}

/// The latest of what X sent for a schedule and could not be understood, newest first: with its content, which names
/// people.
pub async fn rejects(service: &Service, schedule: i64) -> Result<Vec<Reject>, Error> {
    Ok(store::rejects::list(&service.store, schedule, 50).await?)
}
