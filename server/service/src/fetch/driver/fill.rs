//! What streams have missed is read by search, as part of their runs. Who keeps a stream begins and ends its run.

use super::{Driver, Trouble};
use crate::fetch::kind;
use crate::fetch::run::Active;
use model::Timestamp;
use model::schedule::Reads;
use model::time::MINUTE;
use store::runs::Outcome;
use store::schedules::Due;
use store::streams;

/// How long what a stream missed is let be where X refuses to say what it was.
const PUT_OFF: i64 = 15 * MINUTE;

impl Driver {
    /// Begins to read what streams have missed, where X's search has it by now.
    pub(super) async fn fill_streams(&mut self, now: Timestamp) -> Result<(), Trouble> {
        let highest = kind::highest(&Reads::recent(""), now);
        let to_fill = streams::to_fill(&self.service.store, self.credential, highest).await?;
        for due in self.schedules.clone().into_iter().filter(|due| to_fill.contains(&due.schedule.id)) {
            let schedule = due.schedule.id;
            let is_put_off = self.put_off.get(&schedule).is_some_and(|until| *until > now);
            if self.active.contains_key(&schedule) {
                // What is left may have become too old meanwhile.
                self.end_if_done(schedule).await?;
            } else if let Some(run) = due.running.filter(|_| !is_put_off && !self.planned.contains(&schedule)) {
                self.plan(due, run, false).await?;
            }
        }
        Ok(())
    }

    /// Takes what was missed for done where it is read or noted as a gap, or tries again later.
    pub(super) async fn end_fill(
        &mut self,
        due: &Due,
        run: i64,
        active: Option<Active>,
        outcome: Outcome,
    ) -> Result<(), Trouble> {
        let schedule = due.schedule.id;
        if let (Outcome::Done { missed, .. }, Some(read)) = (&outcome, active.and_then(|active| active.stretch())) {
            return Ok(streams::filled(&self.service.store, &self.lease, run, read, missed).await?);
        }
        let reason = if let Outcome::Failed(reason) = outcome { reason } else { String::new() };
        let name = &due.schedule.name;
        tracing::warn!(schedule.name = name, reason, "what a stream missed cannot be read; trying again later");
        self.put_off.insert(schedule, Timestamp(self.service.now().0 + PUT_OFF));
        Ok(())
    }
}
