//! When schedules are due.

use model::Timestamp;
use model::schedule::Schedule;
use planner::{Cadence, Due};
use std::collections::HashMap;

/// Cadences that were read from their words, which takes long with hundreds of schedules twice a second.
#[derive(Default)]
pub(super) struct Ticks(HashMap<String, Option<Cadence>>);

impl Ticks {
    /// What to do for a schedule now, if anything is.
    pub fn due(&mut self, schedule: &Schedule, now: Timestamp) -> Option<Due> {
        if !self.0.contains_key(&schedule.cadence) {
            let cadence: Result<Cadence, _> = schedule.cadence.parse();
            if let Err(error) = &cadence {
                tracing::error!(schedule.name, error = %error, "nobody knows when a schedule is due");
            }
            self.0.insert(schedule.cadence.clone(), cadence.ok());
        }
        self.cadence(schedule)?.due(schedule.last_tick, now)
    }

    /// When it is due next, if it is not now.
    pub fn next(&self, schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
        let last = schedule.last_tick.map_or(now, |last| last.max(now));
        self.cadence(schedule)?.next_after(last)
    }

    fn cadence(&self, schedule: &Schedule) -> Option<&Cadence> {
        let is_over = !schedule.enabled || schedule.is_complete();
        self.0.get(&schedule.cadence).filter(|_| !is_over)?.as_ref()
    }
}
