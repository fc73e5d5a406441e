//! What X answered is taken: it changes windows, the bucket, the run, and what is known of the credential.

use super::{Driver, Trouble};
use crate::fetch::answer::{self, Answer, Kept};
use crate::fetch::lane::Lane;
use crate::fetch::run::Active;
use model::Timestamp;
use planner::{Answered, Cost, Failure, ScheduleId};
use ring::rand::{SecureRandom, SystemRandom};
use store::runs::Outcome;
use store::windows::Sum;

/// Failures in a row after which a run gives up; the next one goes on.
const MOST_FAILURES: u32 = 8;

impl Driver {
    /// Takes an answer to a request with a secret that was saved then: what it changes is noted.
    pub(super) async fn take_answer(&mut self, answer: Answer, saved_at: Option<Timestamp>) -> Result<(), Trouble> {
        let schedule = answer.request.schedule.0;
        let answered = Answered { at: answer.at, limits: answer.window(), cost: Cost::default() };
        let Some(lane) = self.lanes.get_mut(answer.path) else { return Ok(()) };
        lane.in_flight -= 1;
        let Some(active) = self.active.get_mut(&schedule).filter(|active| active.id == answer.run) else {
            // Its run has ended: what came is kept, and asked for again.
            lane.planner.allowance.answered(answered.limits, answered.at);
            return Ok(());
        };
        let (mut sum, mut over) = (Sum { requests: 1, ..Sum::default() }, None);
        match &answer.came {
            Ok(Kept { page, removed }) => {
                (active.failures, active.trouble) = (0, None);
                (sum.pages, sum.removed) = (1, *removed);
                lane.planner.taken(&answer.request, page, &answered);
            }
            Err(trouble) => {
                let failure = failed(lane, active, trouble, answer.at);
                over = (failure.is_hopeless || active.failures >= MOST_FAILURES).then(|| trouble.to_string());
                if let Failure::Closed { .. } = failure.kind {
                    // Another credential may have to take over.
                    self.looked = None;
                }
                lane.planner.failed(&answer.request, failure.kind, &answered);
            }
        }
        if let Some(until) = answer.closed_until() {
            lane.planner.allowance.close(until, answer.at);
        }
        let work = lane.planner.job_mut(ScheduleId(schedule)).map(|job| &mut job.work);
        active.answered(&self.service, &answer.request.question, work).await?;
        self.note(schedule, sum).await?;
        match &answer.came {
            Ok(_) => self.served(answer.path).await?,
            Err(trouble) if trouble.is_of_the_credential() => {
                self.refused(answer.path, schedule, trouble.to_string(), saved_at).await?;
            }
            Err(_) => {}
        }
        match over.zip(self.active.get(&schedule)) {
            Some((reason, active)) => {
                let (due, run) = (active.due.clone(), active.id);
                self.end(&due, run, Outcome::Failed(reason)).await
            }
            None => self.end_if_done(schedule).await,
        }
    }
}

struct Failed {
    kind: Failure,
    /// It would fail again.
    is_hopeless: bool,
}

/// A request of a run brought no page: what that means for it and for the bucket.
fn failed(lane: &mut Lane, active: &mut Active, trouble: &answer::Trouble, at: Timestamp) -> Failed {
    if !trouble.is_of_the_bucket() {
        active.failures += 1;
        active.trouble = Some(trouble.to_string());
    }
    let again = trouble.again(active.failures.max(1), at, chance());
    let kind = match again {
        _ if trouble.is_of_the_token() => Failure::Token,
        Some(until) if trouble.is_of_the_bucket() => Failure::Closed { until },
        Some(again) => Failure::Later { at: again },
        None => Failure::Later { at },
    };
    if let Failure::Closed { .. } = kind {
        lane.closed_for = Some(trouble.to_string());
    }
    active.tell(at, words(active.failures, trouble, again));
    let is_hopeless = again.is_none() && kind != Failure::Token && !trouble.is_of_the_credential();
    Failed { kind, is_hopeless }
}

fn words(failures: u32, trouble: &answer::Trouble, again: Option<Timestamp>) -> String {
    let attempt = if trouble.is_of_the_bucket() { String::new() } else { format!("attempt {failures} failed: ") };
    let next = again.map(|again| format!("; not again before {}", again.to_rfc3339()));
    format!("{attempt}{trouble}{}", next.unwrap_or_default())
}

/// A number of chance in `[0, 1)`.
fn chance() -> f64 {
    let mut bytes = [0; 4];
    // Without chance all would come back together, which X stands.
    let _ = SystemRandom::new().fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}
