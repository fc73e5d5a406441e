//! What a schedule is going to ask of X, and when: told by what is stored. X is asked nothing, and nothing changes.
//!
//! The planner's state is made as a driver makes it that takes the schedules up, and the planner explains it.

use super::kept;
use super::kind::Way;
use super::lane::Lane;
use super::lookups::Lookups;
use crate::{Error, Service, error};
use model::collection::Collection;
use model::gap::Cause;
use model::schedule::{Reads, Schedule};
use model::texts::refusals;
use model::time::SECOND;
use model::{Timestamp, TweetId};
pub use planner::Span;
pub use planner::explain::{Row, Step};
use planner::{Budget, Cadence, Due as Moment, Gap, Job, ScheduleId, Window, Work, explain, window};
use store::StoreError;
use store::schedules::Due;
use store::windows;

/// What a request takes until the next is sent, on the whole: four are on their way at once.
const PACE: i64 = SECOND / 4;
/// Requests that are looked ahead.
const MOST: u32 = 3_000;
/// Points of the curve.
const STEPS: u32 = 120;
/// Times that are told of when it is due.
const NEXT: usize = 5;

/// What a schedule does, and what it is going to do as far as it is planned.
#[derive(Clone, Debug)]
pub struct Plan {
    pub at: Timestamp,
    pub schedule: Schedule,
    /// The collection that it fills.
    pub collection: Option<Collection>,
    /// The name of the credential that it fetches with; none where it is gone.
    pub credential: Option<String>,
    /// Its run that is under way.
    pub running: Option<i64>,
    /// Whether somebody asked that run to end.
    pub is_cancelled: bool,
    /// Whether a run is due that nobody has begun.
    pub is_due: bool,
    /// When it is due next, the first times.
    pub next: Vec<Timestamp>,
    /// Expected tweets over time, as far as windows tell.
    pub curve: Vec<Step>,
    /// From the oldest on.
    pub windows: Vec<Stretch>,
    /// Ids that are looked up, and requests for it.
    pub lookups: Option<Row>,
    /// Other schedules whose requests come out of the same bucket, and that have something to ask.
    pub beside: u64,
    /// Whether there is more than was looked ahead.
    pub is_cut: bool,
}

/// A stretch of time that is read for itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    pub span: Span,
    pub state: State,
    /// Tweets that are expected in it.
    pub expected: Option<f64>,
    /// Tweets and pages that came.
    pub came: u64,
    pub pages: u32,
    /// What is asked of X for it from now on, and when; none where nothing is, or where it is too far ahead.
    pub ahead: Option<Row>,
}

/// What becomes of a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// All that X gave is read.
    Done,
    /// To be read, or being read.
    Open,
    /// Not read.
    Missed(Cause),
    /// It will not be read.
    WillMiss(Cause),
}

/// What a schedule is going to do. A schedule without a run goes on with what its last one has left when it is due; what
/// comes until then is in no plan yet.
///
/// # Errors
/// When there is no such schedule.
pub async fn plan(service: &Service, schedule: i64) -> Result<Plan, Error> {
    let at = service.now();
    let all = store::schedules::all(&service.store).await?;
    let own = all.iter().find(|due| due.schedule.id == schedule);
    let own = own.ok_or_else(|| Error::NotFound(refusals::no_schedule().to_owned()))?;
    let way = Way::of(&own.schedule.reads);
    let mut planner = Lane::open(service, own.credential, way).await?.planner;
    let mut is_part = false;
    let shares = |due: &&Due| due.credential == own.credential && Way::of(&due.schedule.reads).endpoint == way.endpoint;
    for due in all.iter().filter(shares) {
        let Some((work, has_more)) = work(service, due, at).await? else { continue };
        is_part |= has_more && due.schedule.id == schedule;
        planner.put(ScheduleId(due.schedule.id), 1, Job { work, budget: Budget::default(), price: 0 });
    }
    planner.ration(at);
    let kept = windows_of(service, own, &planner).await?;
    let beside = planner.jobs().filter(|(other, _)| *other != ScheduleId(schedule)).count() as u64;
    let explained = error::blocking(move || planner::explain(&planner, at, PACE, MOST, STEPS)).await?;
    let ahead = explained.schedules.into_iter().find(|ahead| ahead.schedule == ScheduleId(schedule));
    let cancelled = store::runs::cancelled(&service.store, own.running.as_slice()).await?;
    let named = store::credentials::list(&service.store).await?.into_iter().find(|named| named.id == own.credential);
    let collections = store::collections::list(&service.store).await?;
    Ok(Plan {
        at,
        collection: collections.into_iter().find(|collection| collection.id == own.schedule.collection),
        credential: named.map(|named| named.name),
        running: own.running,
        is_cancelled: !cancelled.is_empty(),
        is_due: own.running.is_none() && begins(&own.schedule, at) == Some(at),
        next: next(&own.schedule, at),
        windows: stretches(&kept, ahead.as_ref()),
        lookups: ahead.as_ref().and_then(|ahead| ahead.lookups),
        curve: ahead.map(|ahead| ahead.curve).unwrap_or_default(),
        beside,
        is_cut: explained.is_cut || is_part,
        schedule: own.schedule.clone(),
    })
}

/// What a schedule has to do, as a driver takes it up, and whether that is a part of it only. None where it asks nothing
/// as long as no run begins.
async fn work(service: &Service, due: &Due, now: Timestamp) -> Result<Option<(Work, bool)>, StoreError> {
    let kept = windows::of_schedule(&service.store, due.schedule.id).await?;
    if kept.is_empty() {
        return Ok(None);
    }
    // Who has no run asks nothing before the next one.
    let begins = match due.running {
        Some(_) => None,
        None => match begins(&due.schedule, now) {
            Some(begins) => Some(begins),
            None => return Ok(None),
        },
    };
    if let Reads::Stored { days } = due.schedule.reads {
        if begins.is_some() {
            return Ok(None);
        }
        let left = kept.first();
        let (lookups, lookup) = Lookups::plan(service, due.schedule.collection, days, left, now).await?;
        return Ok(Some((Work::Ids(lookup), lookups.has_more())));
    }
    let later = |mut window: Window| {
        window.progress.not_before = window.progress.not_before.max(begins);
        window
    };
    let way = Way::of(&due.schedule.reads);
    let windows = kept.into_iter().map(kept::from_kept).map(later).collect();
    let track = planner::Track::restore(way.endpoint, way.size(), None, windows);
    Ok(Some((Work::Posts(track), false)))
}

/// The windows as they are now: those of the planner, or those that wait for somebody to switch the schedule on.
async fn windows_of(service: &Service, due: &Due, planner: &planner::Planner) -> Result<Vec<Window>, StoreError> {
    match (planner.job(ScheduleId(due.schedule.id)), &due.schedule.reads) {
        // They are looked up by their ids, whatever the time.
        (_, Reads::Stored { .. }) => Ok(Vec::new()),
        (Some(job), _) => Ok(job.work.track().map(|track| track.windows().to_vec()).unwrap_or_default()),
        (None, _) => {
            let kept = windows::of_schedule(&service.store, due.schedule.id).await?;
            Ok(kept.into_iter().map(kept::from_kept).collect())
        }
    }
}

fn cadence(schedule: &Schedule) -> Option<Cadence> {
    let is_over = !schedule.enabled || schedule.is_complete();
    schedule.cadence.parse().ok().filter(|_| !is_over)
}

/// When its next run begins.
fn begins(schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
    match cadence(schedule)?.due(schedule.last_tick, now) {
        Some(Moment::Run { .. }) => Some(now),
        Some(Moment::Rewind(_)) | None => next(schedule, now).first().copied(),
    }
}

/// The next times at which it is due.
fn next(schedule: &Schedule, now: Timestamp) -> Vec<Timestamp> {
    let last = schedule.last_tick.map_or(now, |last| last.max(now));
    cadence(schedule).map(|cadence| cadence.next_runs(last, NEXT)).unwrap_or_default()
}

/// What is done, what is going to be, and what is neither, side by side.
fn stretches(kept: &[Window], ahead: Option<&explain::Schedule>) -> Vec<Stretch> {
    let (rows, gaps) = ahead.map_or((&[][..], &[][..]), |ahead| (&ahead.windows, &ahead.gaps));
    let known = |window: &Window, state| Stretch {
        span: window.span,
        state,
        expected: window.expected,
        came: window.progress.posts,
        pages: window.progress.pages,
        ahead: None,
    };
    let over: Vec<Stretch> = kept.iter().filter_map(|window| Some(known(window, told(window.state)?))).collect();
    let coming = rows.iter().map(|row| {
        // What a page has of the windows below is read with it: then it ends where one of them did, but not there.
        let begun = kept.iter().find(|window| window.is_open() && window.span.to == row.span.to);
        let (came, pages) = begun.map_or((0, 0), |window| (window.progress.posts, window.progress.pages));
        let expected = Some(came as f64 + row.posts as f64);
        Stretch { span: row.span, state: State::Open, expected, came, pages, ahead: Some(*row) }
    });
    let will_miss = gaps.iter().filter_map(|gap| will_miss(gap, &over));
    let mut all: Vec<Stretch> = over.iter().copied().chain(coming).chain(will_miss).collect();
    let is_told = |window: &&Window| !all.iter().any(|other| meets(other.span, window.span));
    let left: Vec<Stretch> = kept.iter().filter(is_told).map(|window| known(window, State::Open)).collect();
    all.extend(left);
    all.sort_by_key(|stretch| (stretch.span.from, stretch.span.to));
    all
}

/// What a gap has above what is over already: what is missed grows by what is missed right above it for the same cause.
fn will_miss(gap: &Gap, over: &[Stretch]) -> Option<Stretch> {
    let told = || over.iter().filter(|over| meets(over.span, gap.span));
    let from = told().map(|over| over.span.to).fold(gap.span.from, TweetId::max);
    let missed: f64 = told().filter_map(|over| over.expected).sum();
    let expected = gap.missed.map(|posts| (posts as f64 - missed).max(0.0));
    let (span, state) = (Span { from, ..gap.span }, State::WillMiss(gap.cause));
    (!span.is_empty()).then_some(Stretch { span, state, expected, came: 0, pages: 0, ahead: None })
}

/// What became of a window that is not open any more.
fn told(state: window::State) -> Option<State> {
    match state {
        window::State::Open => None,
        window::State::Done => Some(State::Done),
        window::State::Missed(cause) => Some(State::Missed(cause)),
    }
}

fn meets(one: Span, other: Span) -> bool {
    let (from, to): (TweetId, TweetId) = (one.from.max(other.from), one.to.min(other.to));
    from < to
}
