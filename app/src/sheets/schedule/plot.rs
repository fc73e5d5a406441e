//! The plan as a picture: what is expected over time, and over it the windows, each with what becomes of it.

use super::{cause, ends, minute};
use crate::components::histogram::ticks;
use crate::format::{self, grouped};
use crate::markup::{Element, svg};
use crate::sheets::plots::canvas::{Anchor, block, grid, label, legend, note, picture};
use model::Timestamp;
use model::texts::{common, schedule as say};
use service::fetch::{Plan, State, Step, Stretch};

/// The strip of the windows, and below it the curve.
const STRIP: f64 = 18.0;
const TOP: f64 = 40.0;
const HEIGHT: f64 = 120.0;
const BOTTOM: f64 = TOP + HEIGHT;

const CURVE: (&str, &str) = ("c1", "#0b7a75");
const DONE: (&str, &str) = ("window-done", "#87949c");
const OPEN: (&str, &str) = ("window-open", "#e6f0fa");
const MISSED: (&str, &str) = ("window-missed", "url(#plan-missed)");
const WILL_MISS: (&str, &str) = ("window-missed", "url(#plan-will-miss)");

/// Draws it. `summary` says it in words.
pub fn plot(plan: &Plan, summary: &str) -> Element {
    let (Some(first), Some(last)) = (plan.windows.first(), plan.windows.last()) else { return picture(0.0, vec![]) };
    let axis = Axis { from: first.span.starts_at(), to: last.span.ends_at() };
    let peak = plan.curve.iter().map(|step| step.posts).fold(0.0, f64::max);
    let peak_at = plan.curve.iter().find(|step| peak > 0.0 && step.posts >= peak);
    let marks = plan.windows.iter().map(|window| mark(&axis, window, plan.at));
    let steps = plan.curve.iter().filter(|step| step.posts > 0.0).map(|step| area(&axis, step, peak));
    let labels = ticks(axis.from, axis.to).into_iter();
    let labels = labels.map(|(at, words)| note(axis.x(at), BOTTOM + 16.0, Anchor::Middle, words));
    let inside = marks.chain(steps).chain(peak_at.map(|step| peak_label(&axis, step))).chain(labels).collect();
    let mut shapes = vec![hatches()];
    shapes.extend(grid(peak.round() as u64, BOTTOM, HEIGHT, inside));
    let (keys, height) = legend(keys(plan), BOTTOM + 30.0);
    shapes.extend(keys);
    // The table has what its marks say.
    picture(BOTTOM + 30.0 + height, shapes).class("picture").attr("role", "img").attr("aria-label", summary.to_owned())
}

struct Axis {
    from: Timestamp,
    to: Timestamp,
}

impl Axis {
    fn x(&self, at: Timestamp) -> f64 {
        let at = (at.clamp(self.from, self.to) - self.from).unsigned_abs();
        format::share(at, (self.to - self.from).unsigned_abs()) * 100.0
    }

    /// Where a stretch begins, and how wide it is. What is there must be seen.
    fn place(&self, from: Timestamp, to: Timestamp) -> (f64, f64) {
        let x = self.x(from);
        (x, (self.x(to) - x).max(0.1))
    }
}

fn area(axis: &Axis, step: &Step, peak: f64) -> Element {
    let (x, width) = axis.place(step.start, step.end);
    let height = (HEIGHT * step.posts / peak).max(1.0);
    // Wider by a trifle, so that no line is seen between two steps.
    block(CURVE, x, BOTTOM - height, width + 0.05, height)
}

fn peak_label(axis: &Axis, step: &Step) -> Element {
    let (x, width) = axis.place(step.start, step.end);
    let (x, anchor) = if x > 50.0 { (x + width, Anchor::End) } else { (x, Anchor::Start) };
    svg("g").add(label(x, TOP - 5.0, anchor, grouped(step.posts.round() as u64)))
}

/// A window: its part of the strip, and its ground below it, with what it costs and when it runs.
fn mark(axis: &Axis, window: &Stretch, now: Timestamp) -> Element {
    let (x, width) = axis.place(window.span.starts_at(), window.span.ends_at());
    let look = look(window.state);
    let ground = match window.state {
        State::Missed(_) | State::WillMiss(_) => block(look, x, STRIP, width, BOTTOM - STRIP),
        State::Open | State::Done => block(("window-ground", "none"), x, STRIP, width, BOTTOM - STRIP),
    };
    let mut shapes = vec![ground, block(look, x, 0.0, width, STRIP - 4.0)];
    // Where there is room for it on a phone.
    if let Some(row) = window.ahead.filter(|_| width >= 6.0) {
        shapes.push(note(x + width / 2.0, STRIP - 7.0, Anchor::Middle, grouped(u64::from(row.requests))));
    }
    svg("g").class("window").add(svg("title").add(words(window, now))).each(shapes)
}

fn look(state: State) -> (&'static str, &'static str) {
    match state {
        State::Done => DONE,
        State::Open => OPEN,
        State::Missed(_) => MISSED,
        State::WillMiss(_) => WILL_MISS,
    }
}

/// What a window's mark says.
fn words(window: &Stretch, now: Timestamp) -> String {
    let between = |from, to| {
        let [first, last] = ends(from, to, now);
        say::between(&first, &last)
    };
    let span = between(window.span.starts_at(), window.span.ends_at());
    let missed = |state, why| say::mark_missed(&span, state, cause(why));
    match (window.state, window.ahead) {
        (State::Done, _) => say::mark_done(&span, &common::tweets(window.came), &say::pages(u64::from(window.pages))),
        (State::Missed(why), _) => missed(say::missed(), why),
        (State::WillMiss(why), _) => missed(say::will_miss(), why),
        (State::Open, None) => say::mark_later(&span),
        (State::Open, Some(row)) => {
            let (first, last) = (minute(row.first_at, now), minute(row.last_at, now));
            let runs = if first == last { first } else { between(row.first_at, row.last_at) };
            let requests = say::requests(u64::from(row.requests));
            let told = say::mark_open(&span, &common::tweets(row.posts), &requests, &runs);
            let limit = row.limit.map(|(pages, why)| say::because(&say::at_most(u64::from(pages)), cause(why)));
            [Some(told), limit].into_iter().flatten().collect::<Vec<_>>().join("; ")
        }
    }
}

/// What is drawn, in words.
fn keys(plan: &Plan) -> Vec<((&'static str, &'static str), String)> {
    let is_there = |is: fn(State) -> bool| plan.windows.iter().any(|window| is(window.state));
    let states = [
        (OPEN, say::open_key(), is_there(|state| state == State::Open)),
        (DONE, say::done(), is_there(|state| state == State::Done)),
        (MISSED, say::missed(), is_there(|state| matches!(state, State::Missed(_)))),
        (WILL_MISS, say::will_miss(), is_there(|state| matches!(state, State::WillMiss(_)))),
    ];
    let states = states.into_iter().filter(|(.., is_there)| *is_there).map(|(look, word, _)| (look, word.to_owned()));
    std::iter::once((CURVE, say::curve().to_owned())).chain(states).collect()
}

/// What is missed is hatched: told by more than a colour.
fn hatches() -> Element {
    let hatch = |id: &'static str, turn: &'static str| {
        svg("pattern")
            .attr("id", id)
            .attr("width", "6")
            .attr("height", "6")
            .attr("patternUnits", "userSpaceOnUse")
            .attr("patternTransform", turn)
            .add(svg("rect").class("hatch").attr("width", "2").attr("height", "6").attr("fill", "#d9a441"))
    };
    svg("defs").add(hatch("plan-missed", "rotate(45)")).add(hatch("plan-will-miss", "rotate(-45)"))
}
