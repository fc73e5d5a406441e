//! What becomes of schedules whose credential is out of service: another takes over, if one may.
//!
//! A schedule is given away under the lease of the credential that has it, once no request of that one is on its way: all
//! that it brought is noted by then, and who takes over goes on from there.

use super::{Driver, Trouble, USED_UP};
use crate::Service;
use crate::fetch::kind::Way;
use crate::fetch::{client, limits};
use model::Timestamp;
use model::credential::Credential;
use model::time::DAY;
use planner::credentials::{self, CredentialId, Need, Standing, assign};
use planner::{Allowance, ScheduleId};
use std::collections::{BTreeMap, BTreeSet};
use store::assignments::{self, Move};
use store::refusals::{self, Refusal};
use store::runs::Outcome;
use store::schedules::Due;
use store::{StoreError, buckets};

/// After so long X may take a credential again that it refused, though nobody entered another secret: the app is in a
/// project now, or has another plan.
const REFUSED_FOR: i64 = DAY;

/// How far X takes the credential, and who has gone to another.
#[derive(Default)]
pub(super) struct FailOver {
    /// What X said of it last, where it said no, by the path of the endpoint.
    refused: BTreeMap<String, Refusal>,
    /// Schedules whose runs it refused, and why: they are given away, or end.
    stopped: BTreeMap<i64, String>,
    /// Schedules are to be given away as soon as nothing is on its way.
    has_to_give: bool,
    has_given: bool,
}

impl FailOver {
    pub async fn open(service: &Service, credential: i64) -> Result<Self, StoreError> {
        let refusals = refusals::list(&service.store).await?.into_iter();
        let refused = refusals.filter(|refusal| refusal.credential == credential);
        let refused = refused.map(|refusal| (refusal.endpoint.clone(), refusal)).collect();
        Ok(Self { refused, ..Self::default() })
    }

    /// Whether nothing is to be asked before it is clear who goes on.
    pub fn is_pending(&self) -> bool {
        self.has_to_give || !self.stopped.is_empty()
    }
}

impl Driver {
    /// X refused a secret that was saved then. If there is another by now, that one is asked with.
    pub(super) async fn refused(
        &mut self,
        path: &str,
        schedule: i64,
        reason: String,
        saved_at: Option<Timestamp>,
    ) -> Result<(), Trouble> {
        if self.note_refusal(path, reason.clone(), saved_at).await? {
            self.fail_over.stopped.insert(schedule, reason);
        }
        Ok(())
    }

    async fn note_refusal(&mut self, path: &str, reason: String, saved_at: Option<Timestamp>) -> Result<bool, Trouble> {
        let (credential, endpoint, at) = (self.credential, path.to_owned(), self.service.now());
        let refusal = Refusal { credential, endpoint, at, reason };
        let is_noted = refusals::note(&self.service.store, &self.lease, &refusal, saved_at).await?;
        if is_noted {
            self.fail_over.refused.insert(path.to_owned(), refusal);
        }
        Ok(is_noted)
    }

    /// X took the credential: what it said before is over, unless it said so while this request was on its way.
    pub(super) async fn served(&mut self, path: &str) -> Result<(), Trouble> {
        if self.fail_over.refused.contains_key(path) && self.fail_over.stopped.is_empty() {
            refusals::forget(&self.service.store, &self.lease, path, self.credential).await?;
            self.fail_over.refused.remove(path);
        }
        Ok(())
    }

    /// Whether schedules went to another credential since this was asked last: there may be work for that one's driver.
    pub fn has_given(&mut self) -> bool {
        std::mem::take(&mut self.fail_over.has_given)
    }

    /// Gives schedules to credentials that serve, and ends the runs that X refused where there are none. Returns whether
    /// that changed anything.
    pub(super) async fn give_away(&mut self, now: Timestamp) -> Result<bool, Trouble> {
        let others = self.others(now).await?;
        self.fail_over.has_to_give = !others.is_empty();
        if !self.in_flight.is_empty() {
            return Ok(false);
        }
        self.fail_over.has_to_give = false;
        let stopped = std::mem::take(&mut self.fail_over.stopped);
        let mut has_changed = false;
        for due in self.schedules.clone() {
            let schedule = due.schedule.id;
            let run = self.active.get(&schedule).map(|active| active.id);
            if let Some((other, reason)) = others.get(&schedule) {
                has_changed |= self.give(&due, other.id, reason, now).await?;
            } else if let Some((run, reason)) = run.zip(stopped.get(&schedule)) {
                self.end(&due, run, Outcome::Failed(reason.clone())).await?;
                has_changed = true;
            }
        }
        Ok(has_changed)
    }

    async fn give(&mut self, due: &Due, to: i64, reason: &str, now: Timestamp) -> Result<bool, Trouble> {
        let path = Way::of(&due.schedule.reads).endpoint.path;
        if let Err(unusable) = &self.client {
            // Others must know: they would give it back.
            self.note_refusal(path, unusable.clone(), self.saved_at).await?;
        }
        let moved = Move { schedule: due.schedule.id, from: self.credential, to, reason };
        if !assignments::hand_over(&self.service.store, &self.lease, &moved, now).await? {
            return Ok(false);
        }
        self.active.remove(&due.schedule.id);
        if let Some(lane) = self.lanes.get_mut(path) {
            lane.planner.remove(ScheduleId(due.schedule.id));
        }
        self.fail_over.has_given = true;
        tracing::warn!(schedule.name = due.schedule.name, reason, "a schedule has another credential now");
        Ok(true)
    }

    /// Schedules of this driver that another credential should fetch: which one, and why.
    async fn others(&self, now: Timestamp) -> Result<BTreeMap<i64, (Credential, String)>, Trouble> {
        let store = &self.service.store;
        let allowed = assignments::allowed(store).await?;
        let of = |due: &Due| allowed.get(&due.schedule.id).cloned().unwrap_or_else(|| vec![due.credential]);
        // A stream's keeper has it by its credential: it stays there.
        let movable = |due: &&Due| !due.schedule.reads.is_stream();
        let may_go: Vec<&Due> =
            self.schedules.iter().filter(movable).filter(|due| of(due) != [self.credential]).collect();
        let is_shut_out = |due: &&&Due| !of(due).contains(&self.credential);
        let mut paths: BTreeSet<&str> = may_go.iter().filter(is_shut_out).map(|due| path_of(due)).collect();
        for path in may_go.iter().map(|due| path_of(due)).collect::<BTreeSet<&str>>() {
            let bucket = buckets::load(store, self.credential, path).await?;
            let noted = bucket.and_then(|bucket| bucket.closed_until);
            if !self.standing(path, noted, now).is_in_service(now) {
                paths.insert(path);
            }
        }
        if paths.is_empty() {
            return Ok(BTreeMap::new());
        }
        let known = store::credentials::list(store).await?;
        let all = store::schedules::all(store).await?;
        let need = |due: &Due| Need {
            schedule: ScheduleId(due.schedule.id),
            weight: 1,
            allowed: of(due).into_iter().map(CredentialId).collect(),
            current: Some(CredentialId(due.credential)),
        };
        let mut assigned = BTreeMap::new();
        for path in paths {
            let is_at_work = |due: &&Due| (due.schedule.enabled || due.running.is_some()) && path_of(due) == path;
            let needs: Vec<Need> = all.iter().filter(movable).filter(is_at_work).map(need).collect();
            assigned.extend(assign(&needs, &self.candidates(path, &known, now).await?, now));
        }
        let find = |id: i64| known.iter().find(|known| known.id == id);
        let own = find(self.credential).map_or(self.credential.to_string(), |own| format!("\"{}\"", own.name));
        let mut others = BTreeMap::new();
        for due in &self.schedules {
            let to = assigned.get(&ScheduleId(due.schedule.id)).filter(|to| to.0 != self.credential);
            if let Some(to) = to.and_then(|to| find(to.0)) {
                let is_allowed = of(due).contains(&self.credential);
                let why =
                    if is_allowed { self.why(path_of(due)) } else { "it is no longer among those of the schedule" };
                let reason = format!("the credential \"{}\" took over from {own}: {why}", to.name);
                others.insert(due.schedule.id, (to.clone(), reason));
            }
        }
        Ok(others)
    }

    /// Credentials of the same X API that may ask at an endpoint, as they stand there.
    async fn candidates(
        &self,
        path: &str,
        known: &[Credential],
        now: Timestamp,
    ) -> Result<Vec<credentials::Credential>, StoreError> {
        let store = &self.service.store;
        let refusals = refusals::list(store).await?;
        let base_url = known.iter().find(|known| known.id == self.credential).map(|own| &own.base_url);
        let may_ask = |known: &&Credential| {
            base_url.is_none_or(|url| *url == known.base_url) && client::may_ask(known.kind, path)
        };
        let mut candidates = Vec::new();
        for Credential { id, .. } in known.iter().filter(may_ask) {
            let Allowance { limit, closed_until, .. } = limits::allowance(&self.service, *id, path).await?;
            let refusal = refusals.iter().find(|refusal| refusal.credential == *id && refusal.endpoint == path);
            let standing = match *id {
                own if own == self.credential => self.standing(path, closed_until, now),
                _ => stands(refusal, closed_until, now),
            };
            candidates.push(credentials::Credential { id: CredentialId(*id), limit, standing });
        }
        Ok(candidates)
    }

    /// How it stands at an endpoint. `noted` is until when it was closed there, if nobody has asked there since.
    fn standing(&self, path: &str, noted: Option<Timestamp>, now: Timestamp) -> Standing {
        let closed_until = self.lanes.get(path).map_or(noted, |lane| lane.planner.allowance.closed_until);
        match self.client {
            Ok(_) => stands(self.fail_over.refused.get(path), closed_until, now),
            Err(_) => Standing::Refused,
        }
    }

    /// Why it is out of service at an endpoint.
    fn why(&self, path: &str) -> &str {
        match (&self.client, self.fail_over.refused.get(path)) {
            (Err(reason), _) => reason,
            (_, Some(refusal)) => &refusal.reason,
            _ => self.lanes.get(path).and_then(|lane| lane.closed_for.as_deref()).unwrap_or(USED_UP),
        }
    }
}

/// Of the endpoint that a schedule reads.
fn path_of(due: &Due) -> &'static str {
    Way::of(&due.schedule.reads).endpoint.path
}

fn stands(refusal: Option<&Refusal>, closed_until: Option<Timestamp>, now: Timestamp) -> Standing {
    if refusal.is_some_and(|refusal| now - refusal.at < REFUSED_FOR) {
        return Standing::Refused;
    }
    closed_until.filter(|until| *until > now).map_or(Standing::Usable, Standing::ClosedUntil)
}
