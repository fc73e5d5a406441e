//! All that one credential fetches, as long as this process holds its lease.

use super::answer::{self, Answer};
use super::kept;
use super::run::Active;
use crate::{Error, Service};
use model::Timestamp;
use model::schedule::Wait;
use model::time::SECOND;
use planner::{Allowance, Answered, Budget, Cost, Failure, Job, Planner, ScheduleId, Turn, Work, endpoint};
use ring::rand::{SecureRandom, SystemRandom};
use source::endpoint::SEARCH_RECENT;
use source::{Auth, Egress, XClient};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;
use store::leases::{self, Lease};
use store::runs::{self, Outcome};
use store::schedules::Due;
use store::windows::{self, Checkpoint};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Requests in 15 minutes, until X says how many: what an app may at least.
const FIRST_LIMIT: u32 = 450;
/// Requests that are on their way at once.
const IN_FLIGHT: usize = 4;
/// How often it is looked for what is due, changed or cancelled while answers are awaited.
const GLANCE: Duration = Duration::from_secs(1);
/// How long answers are awaited that are on their way when the process ends.
const LAST: Duration = Duration::from_secs(5);
/// Failures in a row after which a run gives up; the next one goes on.
const MOST_FAILURES: u32 = 8;
/// A wait that is worth telling.
const WORTH_TELLING: i64 = 5 * SECOND;
const USED_UP: &str = "X's limit of requests is used up";

pub(super) struct Driver {
    service: Service,
    credential: i64,
    lease: Lease,
    renewed: Timestamp,
    /// Or why the credential cannot be used.
    client: Result<Arc<XClient>, String>,
    /// When the credential was saved that the client has.
    saved_at: Option<Timestamp>,
    planner: Planner,
    /// By schedule.
    active: BTreeMap<i64, Active>,
    /// Schedules that fetch with the credential.
    schedules: Vec<Due>,
    in_flight: JoinSet<Answer>,
    /// Why the bucket is closed, in X's words.
    closed_for: Option<String>,
    /// A run has ended since schedules were looked at: its schedule may be due.
    has_ended: bool,
}

/// Why a driver stops.
pub(super) enum Trouble {
    /// Another process has the lease.
    Lost,
    Failed(Error),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Lost(_)) { Self::Lost } else { Self::Failed(error.into()) }
    }
}

impl Driver {
    pub async fn open(service: &Service, credential: i64, lease: Lease) -> Result<Self, Error> {
        let saved_at = store::credentials::saved_at(&service.store, credential).await?;
        Ok(Self {
            service: service.clone(),
            credential,
            lease,
            renewed: service.now(),
            client: client(service, credential).await,
            saved_at,
            planner: Planner::new(allowance(service, credential).await?, Budget::default()),
            active: BTreeMap::new(),
            schedules: Vec::new(),
            in_flight: JoinSet::new(),
            closed_for: None,
            has_ended: false,
        })
    }

    pub fn has_schedules(&self) -> bool {
        !self.schedules.is_empty()
    }

    /// Does all that can be done now. Returns when there is more to do, if nobody changes anything until then.
    pub async fn advance(&mut self, stop: &CancellationToken) -> Result<Option<Timestamp>, Trouble> {
        loop {
            let is_over = stop.is_cancelled();
            if is_over && self.in_flight.is_empty() {
                return Ok(None);
            }
            self.look(is_over).await?;
            let again = if is_over { None } else { self.send()? };
            self.tell_waits(again).await?;
            if self.in_flight.is_empty() && self.has_ended {
                continue;
            }
            if self.in_flight.is_empty() {
                return Ok([again, self.next_due()].into_iter().flatten().min());
            }
            match tokio::time::timeout(GLANCE, self.in_flight.join_next()).await {
                Ok(Some(Ok(answer))) => self.take(answer).await?,
                // A request that panicked has said so; its window is asked for again when the driver is opened anew.
                Ok(Some(Err(_))) => return Err(Trouble::Failed(Error::Internal)),
                Ok(None) | Err(_) => {}
            }
        }
    }

    /// Waits a little for what is on its way, and lets another process have the lease.
    pub async fn close(mut self) {
        let rest = async {
            while let Some(Ok(answer)) = self.in_flight.join_next().await {
                if self.take(answer).await.is_err() {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(LAST, rest).await;
        if let Err(error) = leases::release(&self.service.store, &self.lease).await {
            tracing::warn!(error = %error, "a lease could not be released; it ends by itself");
        }
    }

    /// Renews the lease, ends what was cancelled, takes up what runs and begins what is due.
    async fn look(&mut self, is_over: bool) -> Result<(), Trouble> {
        let now = self.service.now();
        if now - self.renewed > leases::LENGTH / 4 {
            if !leases::renew(&self.service.store, &self.lease, now).await? {
                return Err(Trouble::Lost);
            }
            self.renewed = now;
        }
        let saved_at = store::credentials::saved_at(&self.service.store, self.credential).await?;
        if saved_at != self.saved_at {
            (self.client, self.saved_at) = (client(&self.service, self.credential).await, saved_at);
            self.planner.allowance = allowance(&self.service, self.credential).await?;
        }
        self.has_ended = false;
        self.schedules = store::schedules::of_credential(&self.service.store, self.credential).await?;
        let running: Vec<i64> = self.schedules.iter().filter_map(|due| due.running).collect();
        let cancelled = runs::cancelled(&self.service.store, &running).await?;
        for due in self.schedules.clone() {
            match due.running.filter(|run| cancelled.contains(run)) {
                Some(run) => self.end(&due, run, Outcome::Cancelled).await?,
                None if is_over => {}
                None => self.begin(due, now).await?,
            }
        }
        Ok(())
    }

    async fn begin(&mut self, due: Due, now: Timestamp) -> Result<(), Trouble> {
        if self.active.contains_key(&due.schedule.id) {
            return Ok(());
        }
        let run = match due.running {
            Some(run) => run,
            None if due.schedule.enabled && due.schedule.due_at() <= now => {
                match runs::begin(&self.service.store, &self.lease, &due, kept::first_marks(now), now).await? {
                    Some(run) => run,
                    None => return Ok(()),
                }
            }
            None => return Ok(()),
        };
        let schedule = due.schedule.id;
        if due.running.is_some() {
            runs::note_wait(&self.service.store, &self.lease, run, None).await?;
        }
        let client = match &self.client {
            Ok(client) => Arc::clone(client),
            Err(reason) => {
                let outcome = Outcome::Failed(reason.clone());
                return self.end(&due, run, outcome).await;
            }
        };
        let (active, track) = Active::take_up(&self.service, &client, due, run).await?;
        self.active.insert(schedule, active);
        let job = Job { work: Work::Posts(track), budget: Budget::default(), price: 0 };
        self.planner.put(ScheduleId(schedule), 1, job);
        self.planner.ration(now);
        self.note(schedule, 0, 0).await?;
        self.end_if_done(schedule).await
    }

    /// Sends what may be sent now. Returns when more may be.
    fn send(&mut self) -> Result<Option<Timestamp>, Trouble> {
        let Ok(client) = &self.client else { return Ok(None) };
        while self.in_flight.len() < IN_FLIGHT {
            let request = match self.planner.next(self.service.now()) {
                Turn::Ask(request) => request,
                Turn::Wait(until) => return Ok(Some(until)),
                Turn::Busy | Turn::Idle => return Ok(None),
            };
            let Some(active) = self.active.get(&request.schedule.0) else { continue };
            let (service, client) = (self.service.clone(), Arc::clone(client));
            let (schedule, run) = (active.due.schedule.clone(), active.id);
            self.in_flight.spawn(async move { answer::ask(service, &client, &schedule, run, request).await });
        }
        Ok(None)
    }

    /// Takes an answer: what it changes is noted.
    async fn take(&mut self, answer: Answer) -> Result<(), Trouble> {
        let schedule = answer.request.schedule.0;
        let answered = Answered { at: answer.at, limits: answer.window(), cost: Cost::default() };
        let Some(active) = self.active.get_mut(&schedule).filter(|active| active.id == answer.run) else {
            // Its run has ended: what came is kept, and asked for again.
            self.planner.allowance.answered(answered.limits, answered.at);
            return Ok(());
        };
        let (mut pages, mut over) = (0, None);
        match &answer.came {
            Ok(page) => {
                (active.failures, active.trouble) = (0, None);
                pages = 1;
                self.planner.taken(&answer.request, page, &answered);
            }
            Err(trouble) => {
                if !trouble.is_of_the_bucket() {
                    active.failures += 1;
                    active.trouble = Some(trouble.to_string());
                }
                let again = trouble.again(active.failures.max(1), answer.at, chance());
                let failure = match again {
                    _ if trouble.is_of_the_token() => Failure::Token,
                    Some(until) if trouble.is_of_the_bucket() => Failure::Closed { until },
                    Some(at) => Failure::Later { at },
                    None => Failure::Later { at: answer.at },
                };
                if let Failure::Closed { .. } = failure {
                    self.closed_for = Some(trouble.to_string());
                }
                let is_hopeless = again.is_none() && failure != Failure::Token;
                over = (is_hopeless || active.failures >= MOST_FAILURES).then(|| trouble.to_string());
                self.planner.failed(&answer.request, failure, &answered);
            }
        }
        if let Some(until) = answer.closed_until() {
            self.planner.allowance.close(until, answer.at);
        }
        self.note(schedule, 1, pages).await?;
        match over.zip(self.active.get(&schedule)) {
            Some((reason, active)) => {
                let (due, run) = (active.due.clone(), active.id);
                self.end(&due, run, Outcome::Failed(reason)).await
            }
            None => self.end_if_done(schedule).await,
        }
    }

    /// Notes what changed of a schedule's windows, and the bucket.
    async fn note(&mut self, schedule: i64, requests: u32, pages: u32) -> Result<(), Trouble> {
        let Some(run) = self.active.get(&schedule).map(|active| active.id) else { return Ok(()) };
        let job = self.planner.job_mut(ScheduleId(schedule));
        let Some(track) = job.and_then(|job| job.work.track_mut()) else { return Ok(()) };
        let mut checkpoint = Checkpoint { schedule, run, requests, pages, ..Checkpoint::default() };
        for id in track.changes() {
            match track.window(id) {
                Some(window) => checkpoint.changed.push(kept::to_kept(window)),
                None => checkpoint.gone.push(id.0),
            }
        }
        let bucket = (requests > 0).then(|| kept::bucket(&self.planner.allowance));
        let of = (self.credential, SEARCH_RECENT.path);
        Ok(windows::note(&self.service.store, &self.lease, checkpoint, of, bucket).await?)
    }

    async fn end_if_done(&mut self, schedule: i64) -> Result<(), Trouble> {
        let Some(active) = self.active.get(&schedule) else { return Ok(()) };
        let track = self.planner.job(ScheduleId(schedule)).and_then(|job| job.work.track());
        match track.filter(|track| track.is_done()) {
            Some(track) => {
                let outcome = active.done(track, self.service.now());
                let (due, run) = (active.due.clone(), active.id);
                self.end(&due, run, outcome).await
            }
            None => Ok(()),
        }
    }

    async fn end(&mut self, due: &Due, run: i64, outcome: Outcome) -> Result<(), Trouble> {
        let schedule = due.schedule.id;
        self.has_ended = true;
        self.active.remove(&schedule);
        self.planner.remove(ScheduleId(schedule));
        runs::end(&self.service.store, &self.lease, schedule, run, &outcome, self.service.now()).await?;
        let name = &due.schedule.name;
        match outcome {
            Outcome::Done { .. } => tracing::info!(schedule.name = name, "a run ended"),
            Outcome::Failed(reason) => tracing::warn!(schedule.name = name, reason, "a run failed"),
            Outcome::Cancelled => tracing::info!(schedule.name = name, "a run was cancelled"),
        }
        Ok(())
    }

    /// Notes what the runs wait for, where that has changed.
    async fn tell_waits(&mut self, again: Option<Timestamp>) -> Result<(), Trouble> {
        let now = self.service.now();
        let is_closed = self.planner.allowance.opens_at(now) > now;
        if !is_closed {
            self.closed_for = None;
        }
        let until = again.filter(|until| *until - now > WORTH_TELLING);
        for active in self.active.values_mut() {
            let reason = active.trouble.as_ref().or(self.closed_for.as_ref());
            let reason = reason.map_or(USED_UP, String::as_str);
            let wait = until.map(|until| Wait { until, reason: reason.to_owned() });
            if active.wait != wait {
                runs::note_wait(&self.service.store, &self.lease, active.id, wait.as_ref()).await?;
                active.wait = wait;
            }
        }
        Ok(())
    }

    fn next_due(&self) -> Option<Timestamp> {
        let waiting = self.schedules.iter().filter(|due| due.schedule.enabled && due.running.is_none());
        waiting.map(|due| due.schedule.due_at()).min()
    }
}

/// A client with the secret as it is now, or why there is none, in words for the person who looks after the schedule.
async fn client(service: &Service, credential: i64) -> Result<Arc<XClient>, String> {
    let secret = store::credentials::open(&service.store, credential).await.map_err(|error| error.to_string())?;
    let secret = secret.ok_or("its credential is gone: choose another")?;
    let clock = Arc::clone(&service.clock);
    let egress = Egress::new(&secret.base_url, service.reach, None, Arc::new(move || clock.now()));
    let egress = egress.map_err(|error| error.to_string())?;
    Ok(Arc::new(XClient::new(egress, Auth::app(&secret.bearer_token))))
}

/// What X allows, as it was noted last.
async fn allowance(service: &Service, credential: i64) -> Result<Allowance, StoreError> {
    let known = store::buckets::load(&service.store, credential, &SEARCH_RECENT.key()).await?;
    Ok(kept::allowance(known, FIRST_LIMIT, endpoint::RECENT.spacing))
}

/// A number of chance in `[0, 1)`.
fn chance() -> f64 {
    let mut bytes = [0; 4];
    // Without chance all would come back together, which X stands.
    let _ = SystemRandom::new().fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}
