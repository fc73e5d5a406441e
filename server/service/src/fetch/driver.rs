//! All that one credential fetches, as long as this process holds its lease.

mod answers;
mod fail_over;
mod fill;

use super::answer::{self, Answer};
use super::client;
use super::counting::Counting;
use super::due::Ticks;
use super::kept;
use super::kind::Way;
use super::lane::Lane;
use super::run::{self, Active, Planned};
use crate::{Error, Service};
use fail_over::FailOver;
use model::Timestamp;
use model::schedule::Wait;
use model::time::SECOND;
use planner::{Budget, Due as Moment, Job, ScheduleId};
use source::XClient;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::StoreError;
use store::buckets;
use store::leases::{self, Lease};
use store::runs::{self, Outcome};
use store::schedules::Due;
use store::windows::{self, Checkpoint, Sum};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How often it is looked for what is due, changed or cancelled while answers are awaited.
const GLANCE: Duration = Duration::from_secs(1);
/// How long answers are awaited that are on their way when the process ends.
const LAST: Duration = Duration::from_secs(5);
/// A wait that is worth telling.
const WORTH_TELLING: i64 = 5 * SECOND;
const USED_UP: &str = "X's limit of requests is used up";

pub(super) struct Driver {
    service: Service,
    credential: i64,
    lease: Lease,
    renewed: Timestamp,
    /// Or why the credential cannot be used.
    client: Result<Client, String>,
    /// When the credential was saved that the client has.
    saved_at: Option<Timestamp>,
    /// By the path of the endpoint.
    lanes: BTreeMap<&'static str, Lane>,
    /// Streams whose gaps are not read before then: X refused that.
    put_off: BTreeMap<i64, Timestamp>,
    /// Schedules whose run is being planned.
    planned: BTreeSet<i64>,
    /// By schedule.
    active: BTreeMap<i64, Active>,
    /// Schedules that fetch with the credential.
    schedules: Vec<Due>,
    ticks: Ticks,
    in_flight: JoinSet<Came>,
    /// When schedules were looked at. A run that has ended may be due again, so then they have to be.
    looked: Option<Instant>,
    fail_over: FailOver,
}

/// What the credential can do.
#[derive(Clone)]
struct Client {
    x: Arc<XClient>,
    counting: Counting,
}

/// What tasks bring.
enum Came {
    Planned {
        schedule: i64,
        planned: Result<Box<Planned>, StoreError>,
    },
    /// To a request with a secret that was saved then.
    Answered {
        answer: Box<Answer>,
        saved_at: Option<Timestamp>,
    },
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
            renewed: service.now(),
            client: connect(service, credential, &lease).await?,
            lease,
            saved_at,
            lanes: BTreeMap::new(),
            put_off: BTreeMap::new(),
            planned: BTreeSet::new(),
            active: BTreeMap::new(),
            schedules: Vec::new(),
            ticks: Ticks::default(),
            in_flight: JoinSet::new(),
            looked: None,
            fail_over: FailOver::open(service, credential).await?,
        })
    }

    pub fn has_schedules(&self) -> bool {
        !self.schedules.is_empty()
    }

    /// Does all that can be done now. Returns when there is more to do, if nobody changes anything until then.
    pub async fn advance(&mut self, stop: &CancellationToken) -> Result<Option<Timestamp>, Trouble> {
        self.looked = None;
        loop {
            let is_over = stop.is_cancelled();
            if is_over && self.in_flight.is_empty() {
                return Ok(None);
            }
            if self.looked.is_none_or(|looked| looked.elapsed() >= GLANCE) {
                self.looked = Some(Instant::now());
                self.look(is_over).await?;
            }
            if !is_over && !self.fail_over.is_pending() {
                self.send().await?;
            }
            self.tell_waits().await?;
            if self.in_flight.is_empty() && self.looked.is_none() {
                continue;
            }
            if self.in_flight.is_empty() {
                let again = self.lanes.values().filter_map(|lane| lane.again);
                return Ok(again.chain(self.next_due()).min());
            }
            match tokio::time::timeout(GLANCE, self.in_flight.join_next()).await {
                Ok(Some(Ok(came))) => self.take(came).await?,
                // A task that panicked has said so; its window is asked for again when the driver is opened anew.
                Ok(Some(Err(_))) => return Err(Trouble::Failed(Error::Internal)),
                Ok(None) | Err(_) => {}
            }
        }
    }

    /// Waits a little for what is on its way, and lets another process have the lease.
    pub async fn close(mut self) {
        let rest = async {
            while let Some(Ok(came)) = self.in_flight.join_next().await {
                if let Came::Answered { answer, saved_at } = came
                    && self.take_answer(*answer, saved_at).await.is_err()
                {
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
            self.client = connect(&self.service, self.credential, &self.lease).await?;
            self.saved_at = saved_at;
            self.fail_over = FailOver::open(&self.service, self.credential).await?;
            self.put_off.clear();
            for lane in self.lanes.values_mut() {
                lane.forget(&self.service, self.credential).await?;
            }
        }
        for lane in self.lanes.values_mut() {
            lane.renew(&self.service, self.credential).await?;
        }
        self.schedules = store::schedules::of_credential(&self.service.store, self.credential).await?;
        if self.give_away(now).await? {
            self.schedules = store::schedules::of_credential(&self.service.store, self.credential).await?;
        }
        let running: Vec<i64> = self.schedules.iter().filter_map(|due| due.running).collect();
        let cancelled = runs::cancelled(&self.service.store, &running).await?;
        if !is_over && !self.fail_over.is_pending() {
            self.fill_streams(now).await?;
        }
        for due in self.schedules.clone().into_iter().filter(|due| !due.schedule.reads.is_stream()) {
            match due.running.filter(|run| cancelled.contains(run)) {
                Some(run) => self.end(&due, run, Outcome::Cancelled).await?,
                None if is_over || self.fail_over.is_pending() => {}
                None => self.begin(due, now).await?,
            }
        }
        Ok(())
    }

    /// Begins the run of a schedule if it is due, or takes up the one that it has.
    async fn begin(&mut self, due: Due, now: Timestamp) -> Result<(), Trouble> {
        let schedule = due.schedule.id;
        if self.active.contains_key(&schedule) || self.planned.contains(&schedule) {
            return Ok(());
        }
        let (run, is_new) = match (due.running, self.ticks.due(&due.schedule, now)) {
            (Some(run), _) => {
                runs::note_wait(&self.service.store, &self.lease, run, None, now).await?;
                (run, false)
            }
            (None, Some(Moment::Run { tick, .. })) => {
                let first = kept::first_marks(&due.schedule.reads, now);
                match runs::begin(&self.service.store, &self.lease, &due, tick, first, now).await? {
                    Some(run) => (run, true),
                    None => return Ok(()),
                }
            }
            (None, Some(Moment::Rewind(tick))) => {
                return Ok(store::schedules::rewind(&self.service.store, &self.lease, schedule, tick).await?);
            }
            (None, None) => return Ok(()),
        };
        self.plan(due, run, is_new).await
    }

    async fn plan(&mut self, due: Due, run: i64, is_new: bool) -> Result<(), Trouble> {
        let schedule = due.schedule.id;
        let client = match &self.client {
            Ok(client) => client.clone(),
            Err(reason) => {
                let outcome = Outcome::Failed(reason.clone());
                return self.end(&due, run, outcome).await;
            }
        };
        let way = Way::of(&due.schedule.reads);
        if !self.lanes.contains_key(way.endpoint.path) {
            let lane = Lane::open(&self.service, self.credential, way).await?;
            self.lanes.insert(way.endpoint.path, lane);
        }
        self.planned.insert(schedule);
        let service = self.service.clone();
        self.in_flight.spawn(async move {
            let planned = run::plan(&service, &client.counting, due, run, is_new).await;
            Came::Planned { schedule, planned: planned.map(Box::new) }
        });
        Ok(())
    }

    /// Sends what may be sent now. It is noted as spent before: X may count it, and this process may not live to tell.
    async fn send(&mut self) -> Result<(), Trouble> {
        let Ok(client) = &self.client else { return Ok(()) };
        for (path, lane) in &mut self.lanes {
            let mut requests = Vec::new();
            while let Some(request) = lane.next(self.service.now()) {
                let Some(active) = self.active.get_mut(&request.schedule.0) else { continue };
                active.sent(&request.question);
                lane.in_flight += 1;
                requests.push((active.due.schedule.clone(), active.id, request));
            }
            if !requests.is_empty() {
                let bucket = kept::bucket(&lane.planner.allowance);
                buckets::note(&self.service.store, &self.lease, (self.credential, path), bucket).await?;
            }
            for (schedule, run, request) in requests {
                let (service, x, saved_at) = (self.service.clone(), Arc::clone(&client.x), self.saved_at);
                self.in_flight.spawn(async move {
                    let answer = answer::ask(service, &x, &schedule, run, request).await;
                    Came::Answered { answer: Box::new(answer), saved_at }
                });
            }
        }
        Ok(())
    }

    async fn take(&mut self, came: Came) -> Result<(), Trouble> {
        match came {
            Came::Planned { schedule, planned } => {
                self.planned.remove(&schedule);
                self.take_plan(*planned?).await
            }
            Came::Answered { answer, saved_at } => self.take_answer(*answer, saved_at).await,
        }?;
        if self.fail_over.is_pending() {
            // It may have been the last that was awaited.
            self.looked = None;
        }
        Ok(())
    }

    async fn take_plan(&mut self, planned: Planned) -> Result<(), Trouble> {
        let Planned { active, work, requests } = planned;
        let schedule = active.schedule();
        // It may have been cancelled meanwhile.
        let is_there = self.schedules.iter().any(|due| due.schedule.id == schedule);
        let Some(lane) = self.lanes.get_mut(active.way().endpoint.path).filter(|_| is_there) else { return Ok(()) };
        self.active.insert(schedule, active);
        lane.planner.put(ScheduleId(schedule), 1, Job { work, budget: Budget::default(), price: 0 });
        lane.planner.ration(self.service.now());
        self.note(schedule, Sum { requests, ..Sum::default() }).await?;
        self.end_if_done(schedule).await
    }

    /// Notes what changed of a schedule's windows, and the bucket.
    async fn note(&mut self, schedule: i64, sum: Sum) -> Result<(), Trouble> {
        let Some(active) = self.active.get_mut(&schedule) else { return Ok(()) };
        let path = active.way().endpoint.path;
        let Some(lane) = self.lanes.get_mut(path) else { return Ok(()) };
        let Some(job) = lane.planner.job_mut(ScheduleId(schedule)) else { return Ok(()) };
        let (changed, gone) = active.changes(&mut job.work);
        let is_of_stream = active.due.schedule.reads.is_stream();
        let log = active.told();
        let checkpoint = Checkpoint { schedule, run: active.id, is_of_stream, changed, gone, sum, log };
        let bucket = (sum.requests > 0).then(|| kept::bucket(&lane.planner.allowance));
        let of = (self.credential, path);
        Ok(windows::note(&self.service.store, &self.lease, checkpoint, of, bucket).await?)
    }

    async fn end_if_done(&mut self, schedule: i64) -> Result<(), Trouble> {
        let Some(active) = self.active.get(&schedule) else { return Ok(()) };
        let lane = self.lanes.get(active.way().endpoint.path);
        let Some(job) = lane.and_then(|lane| lane.planner.job(ScheduleId(schedule))) else { return Ok(()) };
        if !job.work.is_done() {
            return Ok(());
        }
        let outcome = active.done(&job.work, self.service.now());
        let (due, run) = (active.due.clone(), active.id);
        self.end(&due, run, outcome).await
    }

    async fn end(&mut self, due: &Due, run: i64, outcome: Outcome) -> Result<(), Trouble> {
        let schedule = due.schedule.id;
        self.looked = None;
        let active = self.active.remove(&schedule);
        if let Some(lane) = self.lanes.get_mut(Way::of(&due.schedule.reads).endpoint.path) {
            lane.planner.remove(ScheduleId(schedule));
        }
        if due.schedule.reads.is_stream() {
            return self.end_fill(due, run, active, outcome).await;
        }
        runs::end(&self.service.store, &self.lease, schedule, run, &outcome, self.service.now()).await?;
        let name = &due.schedule.name;
        match outcome {
            Outcome::Done { .. } | Outcome::Stopped => tracing::info!(schedule.name = name, "a run ended"),
            Outcome::Failed(reason) => tracing::warn!(schedule.name = name, reason, "a run failed"),
            Outcome::Cancelled => tracing::info!(schedule.name = name, "a run was cancelled"),
        }
        Ok(())
    }

    /// Notes what the runs wait for, where that has changed.
    async fn tell_waits(&mut self) -> Result<(), Trouble> {
        let now = self.service.now();
        // What a stream's run waits for, its keeper tells.
        let runs = self.active.values_mut().filter(|active| !active.due.schedule.reads.is_stream());
        for active in runs {
            let Some(lane) = self.lanes.get_mut(active.way().endpoint.path) else { continue };
            let until = lane.again.filter(|until| *until - now > WORTH_TELLING);
            let reason = active.trouble.as_deref().or(lane.closed_for(now)).unwrap_or(USED_UP);
            let wait = until.map(|until| Wait { until, reason: reason.to_owned() });
            if active.wait != wait {
                runs::note_wait(&self.service.store, &self.lease, active.id, wait.as_ref(), now).await?;
                active.wait = wait;
            }
        }
        Ok(())
    }

    fn next_due(&self) -> Option<Timestamp> {
        let now = self.service.now();
        let waiting = self.schedules.iter().filter(|due| due.running.is_none() && !due.schedule.reads.is_stream());
        waiting.filter_map(|due| self.ticks.next(&due.schedule, now)).min()
    }
}

/// What the credential can do as it is now, or why nothing, in words for the person who looks after the schedule.
async fn connect(service: &Service, credential: i64, lease: &Lease) -> Result<Result<Client, String>, StoreError> {
    let x = match client::open(service, credential).await {
        Ok(x) => x,
        Err(reason) => return Ok(Err(reason)),
    };
    let counting = Counting::open(service, Arc::clone(&x), credential, lease).await?;
    Ok(Ok(Client { x, counting }))
}
