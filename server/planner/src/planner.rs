//! Who asks what next with one bucket: the requests of one credential at one endpoint.

use crate::allowance::{Allowance, Limits};
use crate::budget::{Budget, Cost};
use crate::ration;
use crate::share::{ScheduleId, Shares};
use crate::window::Page;
use crate::work::{Question, Work};
use model::Timestamp;
use model::time::MINUTE;
use std::collections::{BTreeMap, BTreeSet};

/// Kept when it is looked what would become too old before all is read.
const GUARD: i64 = 15 * MINUTE;

/// The schedules that share a bucket.
///
/// Drive it so: [`Self::next`]; send what it says; when the page is durable, [`Self::taken`], or else [`Self::failed`];
/// then note the windows that [`crate::Track::changes`] names. Requests may be on their way at the same time, one for
/// each window.
#[derive(Clone, Debug)]
pub struct Planner {
    pub allowance: Allowance,
    /// Of the credential. Each schedule has its own, too.
    pub budget: Budget,
    pub(crate) shares: Shares,
    pub(crate) jobs: BTreeMap<ScheduleId, Job>,
}

/// A schedule, and what it may spend.
#[derive(Clone, Debug)]
pub struct Job {
    pub work: Work,
    pub budget: Budget,
    /// Of a post at worst, with what is expanded, in millionths of a dollar.
    pub price: u64,
}

/// A request to send, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub schedule: ScheduleId,
    pub question: Question,
    /// What is taken out of the budgets until it is answered.
    pub worst: Cost,
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    Ask(Request),
    /// Nothing may be sent before then, unless an answer comes.
    Wait(Timestamp),
    /// Nothing can be sent before an answer comes.
    Busy,
    /// All is read, or missed and named.
    Idle,
}

/// What is known of an answer beside its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    pub at: Timestamp,
    /// What X says of its window, if it does.
    pub limits: Option<Limits>,
    /// What X bills: nothing for posts that it billed on this day (UTC) already, and at worst [`Request::worst`] where
    /// nobody knows, such as for an answer that was torn.
    pub cost: Cost,
}

/// Why a request brought no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// X takes none at this endpoint before then: the window, or a cap, is used up.
    Closed { until: Timestamp },
    /// X does not know the page token: the window goes on by ids.
    Token,
    /// Something else, that may be over then: the window waits, the others go on.
    Later { at: Timestamp },
}

impl Planner {
    pub fn new(allowance: Allowance, budget: Budget) -> Self {
        Self { allowance, budget, shares: Shares::default(), jobs: BTreeMap::new() }
    }

    /// Adds a schedule, or changes it. Call [`Self::ration`] when all are there.
    pub fn put(&mut self, schedule: ScheduleId, weight: u16, job: Job) {
        self.shares.set_weight(schedule, weight);
        self.jobs.insert(schedule, job);
    }

    /// Takes a schedule out. What is on its way for it is only counted when its answer comes.
    pub fn remove(&mut self, schedule: ScheduleId) {
        self.jobs.remove(&schedule);
    }

    pub fn job(&self, schedule: ScheduleId) -> Option<&Job> {
        self.jobs.get(&schedule)
    }

    pub fn job_mut(&mut self, schedule: ScheduleId) -> Option<&mut Job> {
        self.jobs.get_mut(&schedule)
    }

    pub fn jobs(&self) -> impl Iterator<Item = (ScheduleId, &Job)> {
        self.jobs.iter().map(|(schedule, job)| (*schedule, job))
    }

    /// Looks whether requests and money suffice, and where not, has windows read in part, evenly.
    pub fn ration(&mut self, now: Timestamp) {
        ration::ration(self, now);
    }

    /// What to do now.
    pub fn next(&mut self, now: Timestamp) -> Turn {
        let opens = self.allowance.opens_at(now);
        let finish_by = self.finish_by(now);
        let mut wait_for_money = BTreeSet::new();
        loop {
            let has_free =
                |(schedule, job): &(&ScheduleId, &Job)| job.work.has_free(now) && !wait_for_money.contains(*schedule);
            let free: Vec<ScheduleId> = self.jobs.iter().filter(has_free).map(|(schedule, _)| *schedule).collect();
            if opens > now && !free.is_empty() {
                return Turn::Wait(opens);
            }
            let Some(schedule) = self.shares.next(&free) else { return self.nothing_free(opens, now) };
            match self.request(schedule, finish_by, now) {
                Found::Request(request) => return Turn::Ask(request),
                Found::NoMoneyYet => {
                    wait_for_money.insert(schedule);
                }
                Found::Nothing => {}
            }
        }
    }

    fn nothing_free(&self, opens: Timestamp, now: Timestamp) -> Turn {
        let waits = self.jobs.values().filter_map(|job| job.work.waits_until()).filter(|at| *at > now);
        match waits.min() {
            Some(at) => Turn::Wait(at.max(opens)),
            None if self.is_in_flight() => Turn::Busy,
            None => Turn::Idle,
        }
    }

    fn is_in_flight(&self) -> bool {
        self.jobs.values().any(|job| job.work.is_in_flight())
    }

    /// Until when all is read, at the rate that X allows.
    fn finish_by(&self, now: Timestamp) -> Timestamp {
        let pages: u64 = self.jobs.values().map(|job| job.work.pages_left()).sum();
        let needed = pages as f64 / self.allowance.rate().max(1e-12);
        Timestamp(now.0.saturating_add(needed as i64).saturating_add(GUARD))
    }

    /// A request of this schedule, if one can be paid for at worst. If not, all of it is missed, unless answers are to
    /// come that may turn out cheaper.
    fn request(&mut self, schedule: ScheduleId, finish_by: Timestamp, now: Timestamp) -> Found {
        let is_in_flight = self.is_in_flight();
        let Some(job) = self.jobs.get_mut(&schedule) else { return Found::Nothing };
        let (own, shared) = (job.budget.affordable(job.price), self.budget.affordable(job.price));
        let (smallest, largest) = job.work.page_sizes();
        if own.min(shared) < u64::from(smallest) {
            if is_in_flight {
                return Found::NoMoneyYet;
            }
            let first = if own <= shared { &job.budget } else { &self.budget };
            job.work.give_up(first.cause(job.price));
            return Found::Nothing;
        }
        let posts = own.min(shared).min(u64::from(largest)) as u32;
        let Some(question) = job.work.next(finish_by, posts, now) else { return Found::Nothing };
        let worst = Cost::of_page(posts, job.price);
        job.budget.reserve(worst);
        self.budget.reserve(worst);
        self.allowance.spend(now);
        self.shares.charge(schedule);
        Found::Request(Request { schedule, question, worst })
    }

    /// A page came and is durable. For ids, only how many posts it has matters.
    pub fn taken(&mut self, request: &Request, page: &Page, answer: &Answered) {
        self.answered(request, answer);
        let track = self.jobs.get_mut(&request.schedule).and_then(|job| job.work.track_mut());
        if let (Some(track), Question::Page { window, ask }) = (track, &request.question) {
            track.take(*window, ask, page);
        }
    }

    /// No page came, or it could not be made durable: it is asked for again.
    pub fn failed(&mut self, request: &Request, failure: Failure, answer: &Answered) {
        self.answered(request, answer);
        let not_before = match failure {
            Failure::Closed { until } => {
                self.allowance.close(until, answer.at);
                None
            }
            Failure::Token => None,
            Failure::Later { at } => Some(at),
        };
        let Some(job) = self.jobs.get_mut(&request.schedule) else { return };
        match (&mut job.work, &request.question) {
            (Work::Posts(track), Question::Page { window, .. }) => {
                track.again(*window, failure == Failure::Token, not_before);
            }
            (Work::Ids(lookup), Question::Ids(ids)) => lookup.again(ids, not_before),
            _ => {}
        }
    }

    fn answered(&mut self, request: &Request, answer: &Answered) {
        self.allowance.answered(answer.limits, answer.at);
        self.budget.settle(request.worst, answer.cost);
        if let Some(job) = self.jobs.get_mut(&request.schedule) {
            job.budget.settle(request.worst, answer.cost);
            job.work.answered(&request.question);
        }
    }
}

enum Found {
    Request(Request),
    NoMoneyYet,
    Nothing,
}
