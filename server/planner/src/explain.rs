//! What is going to happen, for people: the windows over the curve of what is expected, what each costs, when it runs.
//!
//! It is no second way to plan. A copy of the planner fetches from an X that has exactly what is expected.

use crate::budget::Cost;
use crate::gap::{Cause, Gap};
use crate::planner::{Answered, Planner, Request, Turn};
use crate::share::ScheduleId;
use crate::span::Span;
use crate::track::Track;
use crate::window::{Ask, Page, WindowId};
use crate::work::{Question, Work};
use model::Timestamp;
use std::collections::BTreeMap;

/// A plan as it can be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    pub schedules: Vec<Schedule>,
    /// When all is read, as far as it was looked ahead.
    pub ends_at: Timestamp,
    /// Whether there is more than was looked ahead.
    pub is_cut: bool,
}

/// What one schedule is going to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    pub schedule: ScheduleId,
    /// Expected posts over time.
    pub curve: Vec<Step>,
    /// From the oldest on.
    pub windows: Vec<Row>,
    pub gaps: Vec<Gap>,
    /// Ids that are looked up, and requests for it.
    pub lookups: Option<Row>,
}

/// Expected posts in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub start: Timestamp,
    pub end: Timestamp,
    pub posts: f64,
}

/// A window: what it brings, what it takes, when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    pub span: Span,
    pub posts: u64,
    pub requests: u32,
    /// Millionths of a dollar, at worst.
    pub money: u64,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// Only so many of its pages are read, and why.
    pub limit: Option<(u32, Cause)>,
}

/// Requests of a window, as they come.
#[derive(Clone, Copy)]
struct Use {
    posts: u64,
    requests: u32,
    money: u64,
    first_at: Timestamp,
    last_at: Timestamp,
}

type Uses = BTreeMap<(ScheduleId, Option<WindowId>), Use>;

/// Looks ahead, for at most so many requests, of which each takes `pace` microseconds. Curves have `steps` points.
pub fn explain(planner: &Planner, now: Timestamp, pace: i64, most: u32, steps: u32) -> Explained {
    let curves = planner.jobs().map(|(schedule, job)| (schedule, curve(&job.work, steps))).collect::<BTreeMap<_, _>>();
    let limits = limits(planner);
    let mut planner = planner.clone();
    let mut uses = Uses::new();
    let mut time = now;
    let mut requests = 0;
    let is_cut = loop {
        match planner.next(time) {
            Turn::Ask(_) if requests == most => break true,
            Turn::Ask(request) => {
                requests += 1;
                let page = foresee(&planner, &request, requests);
                note(&mut uses, &planner, &request, page.posts, time);
                time = Timestamp(time.0 + pace);
                let price = planner.job(request.schedule).map_or(0, |job| job.price);
                let cost = Cost::of_page(page.posts, price);
                planner.taken(&request, &page, &Answered { at: time, limits: None, cost });
            }
            Turn::Wait(until) => time = until.max(Timestamp(time.0 + 1)),
            // What was on its way when the copy was made has no answer here.
            Turn::Busy | Turn::Idle => break false,
        }
    };
    let schedule = |(schedule, curve): (ScheduleId, Vec<Step>)| {
        let work = planner.job(schedule).map(|job| &job.work);
        let track = work.and_then(Work::track);
        Schedule {
            schedule,
            curve,
            windows: track.map(|track| rows(schedule, track, &uses, &limits)).unwrap_or_default(),
            gaps: track.map(Track::gaps).unwrap_or_default(),
            lookups: uses.get(&(schedule, None)).map(|used| row(used, Span::between(now, now), None)),
        }
    };
    Explained { schedules: curves.into_iter().map(schedule).collect(), ends_at: time, is_cut }
}

fn curve(work: &Work, steps: u32) -> Vec<Step> {
    let Some(track) = work.track() else { return Vec::new() };
    let (Some(first), Some(last)) = (track.windows().first(), track.windows().last()) else { return Vec::new() };
    let (start, length) = (first.span.starts_at(), last.span.ends_at() - first.span.starts_at());
    let at = |step: u32| Timestamp(start.0 + (i128::from(length) * i128::from(step) / i128::from(steps.max(1))) as i64);
    let step = |number| {
        let (start, end) = (at(number), at(number + 1));
        Step { start, end, posts: track.expected(Span::between(start, end)) }
    };
    (0..steps).map(step).collect()
}

/// The limits of windows, which they lose when they are read.
fn limits(planner: &Planner) -> BTreeMap<(ScheduleId, WindowId), (u32, Cause)> {
    let tracks = planner.jobs().filter_map(|(schedule, job)| Some((schedule, job.work.track()?)));
    let windows = tracks.flat_map(|(schedule, track)| track.windows().iter().map(move |window| (schedule, window)));
    windows.filter_map(|(schedule, window)| Some(((schedule, window.id), window.page_limit?))).collect()
}

/// The page of an X that has what is expected.
fn foresee(planner: &Planner, request: &Request, number: u32) -> Page {
    match &request.question {
        Question::Ids(ids) => Page { posts: ids.len() as u32, ..Page::default() },
        Question::Page { window, ask } => {
            let track = planner.job(request.schedule).and_then(|job| job.work.track());
            track.map(|track| foresee_page(track, *window, ask, number)).unwrap_or_default()
        }
    }
}

fn foresee_page(track: &Track, window: WindowId, ask: &Ask, number: u32) -> Page {
    let Some(window) = track.window(window) else { return Page::default() };
    let from = ask.since_id.map_or(window.span.from, |since| model::TweetId(since.0 + 1)).min(window.rest().to);
    let span = Span { from, to: window.rest().to };
    let posts = track.expected(span);
    if posts < 0.5 {
        return Page::default();
    }
    let newest = crate::span::since_id(span.to);
    if posts <= f64::from(ask.max_results) {
        return Page { posts: posts.round() as u32, oldest: Some(span.from), newest, next_token: None };
    }
    let oldest = Some(track.lowest_of(span, f64::from(ask.max_results)));
    Page { posts: ask.max_results, oldest, newest, next_token: Some(format!("page {number}")) }
}

fn note(uses: &mut Uses, planner: &Planner, request: &Request, posts: u32, now: Timestamp) {
    let window = match &request.question {
        Question::Page { window, .. } => Some(*window),
        Question::Ids(_) => None,
    };
    let price = planner.job(request.schedule).map_or(0, |job| job.price);
    let first = Use { posts: 0, requests: 0, money: 0, first_at: now, last_at: now };
    let used = uses.entry((request.schedule, window)).or_insert(first);
    used.posts += u64::from(posts);
    used.requests += 1;
    used.money += u64::from(posts) * price;
    used.last_at = now;
}

fn rows(
    schedule: ScheduleId,
    track: &Track,
    uses: &Uses,
    limits: &BTreeMap<(ScheduleId, WindowId), (u32, Cause)>,
) -> Vec<Row> {
    let of_window = |window: &crate::window::Window| {
        let used = uses.get(&(schedule, Some(window.id)))?;
        Some(row(used, window.span, limits.get(&(schedule, window.id)).copied()))
    };
    track.windows().iter().filter_map(of_window).collect()
}

fn row(used: &Use, span: Span, limit: Option<(u32, Cause)>) -> Row {
    let Use { posts, requests, money, first_at, last_at } = *used;
    Row { span, posts, requests, money, first_at, last_at, limit }
}
