//! The runs of streams: they last as long as their schedules are to be read.

use super::{Keeper, Stream, Trouble};
use model::schedule::Schedule;
use model::time::{MINUTE, SECOND};
use model::{Timestamp, TweetId};
use std::collections::BTreeSet;
use store::runs::{self, Outcome};
use store::schedules::Due;
use store::streams;
use store::windows::Marks;

/// How long a stream rests that has failed or was cancelled.
pub(super) const REST: i64 = 15 * MINUTE;
/// A wait that is worth telling.
const WORTH_TELLING: i64 = 5 * SECOND;

impl Keeper {
    /// Begins the runs of schedules that are to be read, and ends those of others.
    pub(super) async fn look_at_schedules(&mut self, now: Timestamp) -> Result<(), Trouble> {
        let found = streams::of_credential(&self.service.store, self.credential).await?;
        let running: Vec<i64> = found.iter().filter_map(|due| due.running).collect();
        let cancelled = runs::cancelled(&self.service.store, &running).await?;
        let enabled: BTreeSet<i64> =
            found.iter().filter(|due| due.schedule.enabled).map(|due| due.schedule.id).collect();
        self.resting.retain(|schedule, (_, until)| enabled.contains(schedule) && *until > now);
        let known: BTreeSet<i64> = found.iter().map(|due| due.schedule.id).collect();
        // Whose credential is another now, is another keeper's matter.
        self.streams.retain(|schedule, _| known.contains(schedule));
        self.cover.retain(&known);
        let paused: Vec<i64> = self.streams.keys().filter(|schedule| !enabled.contains(schedule)).copied().collect();
        paused.into_iter().for_each(|schedule| self.end(schedule, Outcome::Stopped));
        for due in found {
            let schedule = due.schedule.id;
            let is_cancelled = due.running.is_some_and(|run| cancelled.contains(&run));
            let query = due.schedule.reads.query().map(str::to_owned);
            match self.streams.get_mut(&schedule) {
                Some(stream) if is_cancelled && stream.ends.is_none() => {
                    self.resting.insert(schedule, (query, Timestamp(now.0 + REST)));
                    self.end(schedule, Outcome::Cancelled);
                }
                Some(stream) => stream.schedule = due.schedule,
                None if !enabled.contains(&schedule) => self.end_run(&due).await?,
                None if self.resting.get(&schedule).is_some_and(|(with, _)| *with == query) => {}
                None => self.begin(due, now).await?,
            }
        }
        self.end_streams().await
    }

    /// Begins the run of a schedule, or takes up the one that it has.
    async fn begin(&mut self, due: Due, now: Timestamp) -> Result<(), Trouble> {
        let first = TweetId::first_at(now);
        let marks = Marks { read: first, settled: first, since: now };
        let run = match due.running {
            Some(run) => {
                // What the process before this waited for is told anew.
                runs::note_wait(&self.service.store, &self.lease, run, None, now).await?;
                run
            }
            None => match runs::begin(&self.service.store, &self.lease, &due, now, marks, now).await? {
                Some(run) => run,
                None => return Ok(()),
            },
        };
        let mark = due.schedule.since_id.unwrap_or(first);
        let schedule = due.schedule.id;
        self.streams.insert(schedule, Stream { schedule: due.schedule, run, mark, told: None, ends: None });
        if let Err(reason) = &self.client {
            let reason = reason.clone();
            self.fail(schedule, reason);
        }
        Ok(())
    }

    /// Ends the run of a schedule that was paused while nobody read it.
    async fn end_run(&mut self, due: &Due) -> Result<(), Trouble> {
        let Some(run) = due.running else { return Ok(()) };
        let (store, now) = (&self.service.store, self.service.now());
        Ok(runs::end(store, &self.lease, due.schedule.id, run, &Outcome::Stopped, now).await?)
    }

    /// A stream ends once what has come for it is noted.
    fn end(&mut self, schedule: i64, outcome: Outcome) {
        if let Some(stream) = self.streams.get_mut(&schedule) {
            stream.ends.get_or_insert(outcome);
        }
        self.route();
    }

    pub(super) fn fail(&mut self, schedule: i64, reason: String) {
        let Some(stream) = self.streams.get(&schedule) else { return };
        let query = stream.schedule.reads.query().map(str::to_owned);
        self.resting.insert(schedule, (query, Timestamp(self.service.now().0 + REST)));
        self.end(schedule, Outcome::Failed(reason));
    }

    pub(super) async fn end_streams(&mut self) -> Result<(), Trouble> {
        if self.unnoted.is_some() {
            return Ok(());
        }
        let ending: Vec<i64> =
            self.streams.values().filter(|stream| stream.ends.is_some()).map(|stream| stream.schedule.id).collect();
        for schedule in ending {
            let Some(Stream { schedule: Schedule { name, .. }, run, ends: Some(outcome), .. }) =
                self.streams.remove(&schedule)
            else {
                continue;
            };
            self.cover.leave(schedule);
            runs::end(&self.service.store, &self.lease, schedule, run, &outcome, self.service.now()).await?;
            match outcome {
                Outcome::Failed(reason) => tracing::warn!(schedule.name = name, reason, "a stream failed"),
                _ => tracing::info!(schedule.name = name, "a stream is no longer read"),
            }
        }
        Ok(())
    }

    pub(super) fn fail_all(&mut self, reason: &str) {
        let all: Vec<i64> = self.streams.keys().copied().collect();
        all.into_iter().for_each(|schedule| self.fail(schedule, reason.to_owned()));
    }

    /// Notes what the runs wait for, where that has changed.
    pub(super) async fn tell_waits(&mut self, now: Timestamp) -> Result<(), Trouble> {
        let wait = self.shared.wait().or(self.rules_wait.clone()).filter(|wait| wait.until - now > WORTH_TELLING);
        for stream in self.streams.values_mut().filter(|stream| stream.told != wait) {
            runs::note_wait(&self.service.store, &self.lease, stream.run, wait.as_ref(), now).await?;
            stream.told = wait.clone();
        }
        Ok(())
    }
}
