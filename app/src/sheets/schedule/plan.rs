//! What a schedule is going to ask of X: in a sentence, as a picture, and window by window.

use super::{about, between, cause, cell, minute, number, plot};
use crate::components::time::stamped;
use crate::format;
use crate::markup::{Element, el};
use crate::sheets::pipeline::{badge, table};
use model::Timestamp;
use model::schedule::Reads;
use model::texts::{common, schedule as say};
use service::fetch::{Plan, Row, State, Stretch};

/// Windows that are shown at once.
const FIRST: usize = 12;

/// The plan, or that there is none.
pub fn plan(plan: &Plan) -> Element {
    let is_planned = !plan.windows.is_empty() || plan.lookups.is_some();
    if !is_planned {
        let text = match plan.schedule.reads {
            Reads::Stream { .. } => say::nothing_to_search(),
            Reads::Stored { .. } => say::nothing_planned(),
            _ if plan.running.is_some() => say::being_planned(),
            _ => say::nothing_planned(),
        };
        return el("p").class("quiet").add(text);
    }
    let summary = summary(plan);
    let has_curve = plan.curve.iter().any(|step| step.posts > 0.0);
    // A picture of one window of which nothing is known tells nothing.
    let picture = (has_curve || plan.windows.len() > 1).then(|| plot::plot(plan, &summary));
    let waits = (plan.running.is_none() && !plan.next.is_empty()).then(say::no_run_yet);
    let notes = [
        Some(say::about().to_owned()),
        waits.map(str::to_owned),
        (plan.beside > 0).then(|| say::beside(plan.beside)),
        plan.is_cut.then(|| say::cut().to_owned()),
        plan.curve.first().filter(|_| has_curve).map(|step| say::bucket(&about(step.end - step.start))),
    ];
    let notes: Vec<String> = notes.into_iter().flatten().collect();
    el("div")
        .class("plan")
        .add(el("p").class("plan-summary").add(summary))
        .add(picture)
        .add(el("p").class("quiet").add(notes.join(" ")))
        .add((!plan.windows.is_empty()).then(|| windows(plan)))
}

/// What is asked for in all, and when that ends.
fn summary(plan: &Plan) -> String {
    let by = |row: &Row| format::short_time_by(row.last_at, plan.at);
    if let Some(row) = &plan.lookups {
        return say::summary_ids(&say::ids(row.posts), &say::requests(u64::from(row.requests)), &by(row));
    }
    let rows: Vec<&Row> = plan.windows.iter().filter_map(|window| window.ahead.as_ref()).collect();
    let requests: u64 = rows.iter().map(|row| u64::from(row.requests)).sum();
    let tweets: u64 = rows.iter().map(|row| row.posts).sum();
    match rows.iter().max_by_key(|row| row.last_at) {
        Some(last) => say::summary(&common::tweets(tweets), &say::requests(requests), &by(last)),
        None if plan.windows.iter().any(|window| window.state == State::Open) => say::summary_later().to_owned(),
        None => say::summary_over().to_owned(),
    }
}

/// The windows, in the order in which they are read; then what is not going to be.
fn windows(plan: &Plan) -> Element {
    let mut windows: Vec<&Stretch> = plan.windows.iter().collect();
    windows.sort_by_key(|window| match (window.state, window.ahead) {
        (State::Open, Some(row)) => (0, row.first_at.0),
        (State::Open, None) => (1, window.span.starts_at().0),
        (State::Missed(_) | State::WillMiss(_), _) => (2, window.span.starts_at().0),
        (State::Done, _) => (3, window.span.starts_at().0),
    });
    let (first, more) = windows.split_at(FIRST.min(windows.len()));
    let more = (!more.is_empty())
        .then(|| el("details").add(el("summary").add(say::more_windows(more.len() as u64))).add(rows(more, plan.at)));
    el("div").class("plan-windows").add(rows(first, plan.at)).add(more)
}

fn rows(windows: &[&Stretch], now: Timestamp) -> Element {
    let head = [say::window(), say::state(), say::runs_at(), say::limit(), say::expected(), say::came(), say::cost()];
    table(4, &head, windows.iter().map(|window| row(window, now)))
}

fn row(window: &Stretch, now: Timestamp) -> Element {
    let expected = match window.expected {
        Some(tweets) => number(say::expected(), Some(tweets.round() as u64)),
        None => cell("number", say::expected(), Some(say::unknown())),
    };
    let is_read = window.pages > 0;
    el("tr")
        .add(el("th").attr("scope", "row").add(between(window.span.starts_at(), window.span.ends_at(), now)))
        .add(cell("words", say::state(), Some(state(window))))
        .add(cell("words", say::runs_at(), runs_at(window, now)))
        .add(cell("words limit", say::limit(), limit(window)))
        .add(expected)
        .add(number(say::came(), is_read.then_some(window.came)))
        .add(number(say::cost(), window.ahead.map(|row| u64::from(row.requests))))
}

fn state(window: &Stretch) -> Element {
    let (class, word) = match window.state {
        State::Open if window.pages > 0 => ("info", say::begun()),
        State::Open => ("info", say::open()),
        State::Done => ("good", say::done()),
        State::Missed(_) => ("warn", say::missed()),
        State::WillMiss(_) => ("warn", say::will_miss()),
    };
    badge(class, word)
}

fn runs_at(window: &Stretch, now: Timestamp) -> Option<Element> {
    match window.ahead {
        Some(row) if minute(row.first_at, now) == minute(row.last_at, now) => {
            Some(stamped(row.first_at).add(minute(row.first_at, now)))
        }
        Some(row) => Some(between(row.first_at, row.last_at, now)),
        None => (window.state == State::Open).then(|| el("span").add(say::later())),
    }
}

/// What it gets less of than it needs, and why.
fn limit(window: &Stretch) -> Option<String> {
    match window.state {
        State::Missed(why) | State::WillMiss(why) => Some(cause(why).to_owned()),
        State::Open | State::Done => {
            let (pages, why) = window.ahead?.limit?;
            Some(say::because(&say::at_most(u64::from(pages)), cause(why)))
        }
    }
}
