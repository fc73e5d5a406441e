//! What Roost does by itself: whether it can, and whether it did.

use super::Check;
use model::Timestamp;
use model::schedule::{Run, RunStatus};
use model::time::MINUTE;
use planner::Cadence;
use std::collections::BTreeMap;
use store::schedules::Due;
use store::{Store, StoreError};

/// Runs that are looked at, and as many in a row as make a failure of it.
const RUNS: u64 = 3;
/// A schedule may be so late beyond its interval.
const LATE: i64 = 5 * MINUTE;
/// A clock may be so far behind what was noted: machines differ a little.
const BACK: i64 = MINUTE;

pub async fn examine(store: &Store, now: Timestamp, checks: &mut Vec<Check>) {
    let looked = async {
        checks.push(clock(store::inspect::latest_noted(store).await?, now));
        checks.push(audit(store).await?);
        let schedules = store::schedules::all(store).await?;
        checks.extend(credentials(store, &schedules).await?);
        let mut runs = BTreeMap::new();
        for Due { schedule, .. } in schedules.iter().filter(|due| due.schedule.enabled) {
            runs.insert(schedule.id, store::runs::of_schedule(store, schedule.id, RUNS).await?);
        }
        let found: Vec<Check> =
            schedules.iter().filter_map(|due| judge(due, runs.get(&due.schedule.id)?, now)).collect();
        if found.is_empty() {
            checks.push(Check::ok("schedules", format!("{} of {} are at work", runs.len(), schedules.len())));
        }
        checks.extend(found);
        Ok::<(), StoreError>(())
    };
    if let Err(error) = looked.await {
        let what = format!("the database does not answer: {error}");
        checks.push(Check::failed("schedules", what, "they cannot be looked at", "see what is said of the database"));
    }
}

fn clock(noted: Option<Timestamp>, now: Timestamp) -> Check {
    const NAME: &str = "clock";
    match noted.filter(|noted| now - *noted < -BACK) {
        None => Check::ok(NAME, format!("{} (UTC)", now.format("%Y-%m-%d %H:%M:%S"))),
        Some(noted) => Check::failed(
            NAME,
            format!("it says {}, and something was done at {}", now.to_rfc3339(), noted.to_rfc3339()),
            "nothing is fetched until it gets there, and later observations look earlier",
            "set the clock (timedatectl set-ntp true); if it is right now, it was wrong then: wait",
        ),
    }
}

async fn audit(store: &Store) -> Result<Check, StoreError> {
    let verdict = store::audit::verify(store).await?;
    Ok(match verdict.problems.first() {
        None => Check::ok("audit", format!("as it was written: {} entries", verdict.entries)),
        Some(problem) => Check::failed(
            "audit",
            problem.to_string(),
            "somebody has changed the database past Roost, or it was put back by hand",
            "`roost audit verify` tells all; find out who could",
        ),
    })
}

/// Those that a schedule needs and cannot have, and those that X refuses; one check that all is well where nothing is.
async fn credentials(store: &Store, schedules: &[Due]) -> Result<Vec<Check>, StoreError> {
    const NAME: &str = "credentials";
    let why = "the schedules that use it fetch nothing";
    let mut used: BTreeMap<i64, &str> = BTreeMap::new();
    schedules.iter().for_each(|due| _ = used.entry(due.credential).or_insert(&due.schedule.name));
    let mut found = Vec::new();
    for (id, schedule) in &used {
        let what = match store::credentials::open(store, *id).await {
            Ok(Some(_)) => continue,
            Ok(None) => format!("number {id}, which \"{schedule}\" uses, is not there"),
            Err(StoreError::Sealed(_)) => format!("number {id}, which \"{schedule}\" uses, cannot be opened"),
            Err(error) => return Err(error),
        };
        found.push(Check::failed(NAME, what, why, "enter it anew, or give the schedule another"));
    }
    let known = store::credentials::list(store).await?;
    for refusal in store::refusals::list(store).await? {
        let Some(credential) = known.iter().find(|known| known.id == refusal.credential) else { continue };
        let what = format!("\"{}\" was refused at {}: {}", credential.name, refusal.at.to_rfc3339(), refusal.reason);
        let why = "the schedules that may use no other fetch nothing";
        found.push(Check::warning(NAME, what, why, "do what the reason says, and enter it anew"));
    }
    if found.is_empty() {
        found.push(Check::ok(NAME, format!("{} in use, all there", used.len())));
    }
    Ok(found)
}

/// What is wrong with an enabled schedule, if anything is. Its latest runs come first.
fn judge(due: &Due, runs: &[Run], now: Timestamp) -> Option<Check> {
    const NAME: &str = "schedules";
    let schedule = &due.schedule;
    let failed: Vec<&Run> = runs.iter().take_while(|run| run.status == RunStatus::Failed).collect();
    if let Some(last) = failed.first() {
        let reason = last.reason.as_deref().unwrap_or("no reason was noted");
        let what = format!("\"{}\" failed at {}: {reason}", schedule.name, last.started_at.to_rfc3339());
        let why = "what it should fetch is missing until it succeeds";
        let remedy = "do what the reason says; the next run goes on where this one ended";
        let again = failed.len() as u64 >= RUNS;
        return Some(if again {
            Check::failed(NAME, what, why, remedy)
        } else {
            Check::warning(NAME, what, why, remedy)
        });
    }
    if let Some(wait) = runs.first().and_then(|run| run.wait.as_ref()) {
        return Some(Check::warning(
            NAME,
            format!("\"{}\" waits until {}: {}", schedule.name, wait.until.to_rfc3339(), wait.reason),
            "what it should fetch comes later",
            "nothing if it is X's limit of requests; else do what the reason says",
        ));
    }
    let cadence: Option<Cadence> = schedule.cadence.parse().ok();
    let due = cadence.and_then(|cadence| cadence.due(schedule.last_tick, Timestamp(now.0 - LATE)));
    let is_late = matches!(due, Some(planner::Due::Run { .. })) && !schedule.is_complete();
    let is_running = runs.first().is_some_and(|run| run.status == RunStatus::Running);
    (is_late && !is_running).then(|| {
        let last = schedule
            .last_run_at
            .map_or("it never ran".to_owned(), |last| format!("it last ran at {}", last.to_rfc3339()));
        let what = format!("\"{}\" is overdue: {last}", schedule.name);
        Check::warning(
            NAME,
            what,
            "what it should fetch is missing",
            "start `roost serve`; if it runs, see its messages",
        )
    })
}
