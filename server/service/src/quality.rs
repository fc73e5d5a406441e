//! How good what X sends is: the share of a run that could not be understood, beside what is usual for its schedule.

use crate::{Error, Service};
use model::schedule::{Run, RunStatus};
use std::collections::{BTreeMap, BTreeSet};

/// Runs of a schedule that say what is usual for it.
const USUAL: usize = 20;
/// Fewer say nothing.
const LEAST_USUAL: usize = 3;
/// Standard deviations from the usual that are more than chance.
const DEVIATIONS: f64 = 3.0;

/// A run, and how it compares.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedRun {
    pub run: Run,
    /// The name of its schedule.
    pub schedule: String,
    /// The share of its schedule's runs before it that was refused, from 0 to 1; `None` where too few brought anything.
    pub usual: Option<f64>,
    pub is_unusual: bool,
}

/// The latest runs of all schedules, newest first.
pub async fn latest(service: &Service, limit: u64) -> Result<Vec<JudgedRun>, Error> {
    let runs = store::runs::latest(&service.store, limit).await?;
    let schedules = store::schedules::list(&service.store).await?;
    let names: BTreeMap<i64, String> = schedules.into_iter().map(|schedule| (schedule.id, schedule.name)).collect();
    let mut histories = BTreeMap::new();
    for schedule in runs.iter().map(|run| run.schedule).collect::<BTreeSet<_>>() {
        let most = limit + USUAL as u64;
        histories.insert(schedule, store::runs::of_schedule(&service.store, schedule, most).await?);
    }
    let judged = runs.into_iter().map(|run| {
        let usual = histories.get(&run.schedule).and_then(|history| usual_before(&run, history));
        let schedule = names.get(&run.schedule).cloned().unwrap_or_default();
        JudgedRun { schedule, usual, is_unusual: usual.is_some_and(|usual| is_unusual(&run, usual)), run }
    });
    Ok(judged.collect())
}

/// The share that was refused of what the runs before this one brought together. `history` is of its schedule, newest
/// first.
fn usual_before(run: &Run, history: &[Run]) -> Option<f64> {
    let before =
        history.iter().filter(|other| other.id < run.id && other.status != RunStatus::Running && other.counts.read > 0);
    let before: Vec<&Run> = before.take(USUAL).collect();
    let sum = |of: fn(&Run) -> u64| before.iter().map(|run| of(run)).sum::<u64>() as f64;
    (before.len() >= LEAST_USUAL).then(|| sum(|run| run.counts.rejected) / sum(|run| run.counts.read))
}

/// Whether so many are refused that it is hardly by chance, if each is with the usual probability.
fn is_unusual(run: &Run, usual: f64) -> bool {
    let expected = usual * run.counts.read as f64;
    run.counts.rejected as f64 > expected + DEVIATIONS * expected.max(1.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;
    use model::import::Counts;

    fn run(id: i64, read: u64, rejected: u64) -> Run {
        let counts = Counts { read, new: read - rejected, rejected, ..Default::default() };
        let at = Timestamp(id);
        Run {
            removed: 0,
            id,
            schedule: 1,
            status: RunStatus::Done,
            started_at: at,
            finished_at: None,
            requests: 1,
            pages: 1,
            counts,
            wait: None,
            reason: None,
        }
    }

    #[test]
    fn what_is_usual_is_said_by_the_runs_before_that_brought_something() {
        let history = [run(9, 100, 100), run(5, 0, 0), run(4, 100, 2), run(3, 50, 0), run(2, 50, 0), run(1, 0, 0)];
        assert_eq!(usual_before(&run(9, 100, 100), &history), Some(0.01));
        assert_eq!(usual_before(&run(4, 100, 2), &history), None, "two runs say nothing");
    }

    #[test]
    fn one_more_is_chance_and_many_more_are_not() {
        assert!(!is_unusual(&run(1, 100, 3), 0.0));
        assert!(is_unusual(&run(1, 100, 4), 0.0));
        assert!(!is_unusual(&run(1, 1000, 130), 0.1));
        assert!(is_unusual(&run(1, 1000, 131), 0.1));
        assert!(!is_unusual(&run(1, 0, 0), 0.5));
    }
}
