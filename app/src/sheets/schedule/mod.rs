//! A schedule, for admins: what it is going to ask of X and when, what was missed, and its latest runs.

mod gaps;
mod plan;
mod plot;
mod runs;
#[cfg(test)]
mod tests;

use super::pipeline::section;
use super::sheet;
use crate::components::icons;
use crate::components::time::{stamped, time};
use crate::components::tweet_text::foreign;
use crate::format;
use crate::markup::{Content, Element, el, page_link};
use model::Timestamp;
use model::gap::{Cause, Gap};
use model::schedule::{Reads, Run};
use model::texts::schedule as say;
use model::time::{DAY, HOUR, MINUTE, SECOND};
use model::zone;
use service::fetch::Plan;

/// What the page is made of.
pub struct Shown<'a> {
    pub plan: &'a Plan,
    /// The latest runs, newest first.
    pub runs: &'a [Run],
    /// What was missed, from the oldest on.
    pub gaps: &'a [Gap],
}

/// The page.
pub fn schedule(shown: &Shown<'_>) -> Element {
    let Shown { plan, runs, gaps } = *shown;
    let as_of = el("p")
        .class("as-of quiet")
        .add(page_link("/pipeline").class("button small").add(say::back()))
        .add(say::as_of(&format::stamp(plan.at)))
        .add(" ")
        .add(page_link(address(plan)).class("button small").add(say::refresh()));
    let style = |href: &'static str| el("link").attr("rel", "stylesheet").attr("href", href);
    sheet("schedule", foreign(&plan.schedule.name), as_of)
        .add(state(plan, runs))
        .add(facts(plan))
        .add(section(say::plan(), plan::plan(plan)))
        .add(section(say::gaps(), gaps::gaps(gaps, plan.at)))
        .add(section(say::runs(), runs::runs(runs, plan.at)))
        .add([style("/pipeline.css"), style("/schedule.css")])
}

fn address(plan: &Plan) -> String {
    format!("/schedules/{}", plan.schedule.id)
}

/// What it does now, in one line, and how to end that.
fn state(plan: &Plan, runs: &[Run]) -> Element {
    let words = |text: &'static str| el("p").add(text);
    let run = plan.running.and_then(|id| runs.iter().find(|run| run.id == id));
    let wait = run.and_then(|run| run.wait.as_ref());
    let by = |at| format::short_time_by(at, plan.at);
    let (class, title, about) = match (plan.running, wait, plan.next.first()) {
        _ if plan.is_cancelled => ("info", say::is_cancelled().to_owned(), words(say::is_cancelled_about())),
        // Roost notes reasons in English.
        (Some(_), Some(wait), _) => {
            ("info", say::is_waiting(&by(wait.until)), el("p").attr("lang", "en").add(wait.reason.clone()))
        }
        (Some(_), None, _) if plan.schedule.reads.is_stream() => {
            ("good", say::is_streaming().to_owned(), words(say::is_streaming_about()))
        }
        (Some(_), None, _) => ("info", say::is_running().to_owned(), words(say::is_running_about())),
        _ if plan.schedule.is_complete() => ("good", say::is_complete().to_owned(), words(say::is_complete_about())),
        _ if plan.is_due => ("info", say::is_due().to_owned(), words(say::is_due_about())),
        (None, _, Some(next)) => ("good", say::is_next(&by(*next)), words(say::is_next_about())),
        (None, _, None) => ("warn", say::is_off().to_owned(), words(say::is_off_about())),
    };
    let icon = (class == "warn").then(icons::warning);
    let told = el("div").add(el("p").class("words").add(title)).add(about);
    let cancel = plan.running.filter(|_| !plan.is_cancelled).map(|run| {
        el("form")
            .attr("method", "post")
            .attr("action", format!("{}/runs/{run}/cancel", address(plan)))
            .add(el("button").class("danger").attr("type", "submit").add(say::cancel()))
    });
    el("div").class(format!("pipeline-state {class}")).add(icon).add(told).add(cancel)
}

/// What it reads, into what, with what, and when.
fn facts(plan: &Plan) -> Element {
    let fact = |name: &'static str, value: Element| el("div").add(el("dt").add(name)).add(el("dd").add(value));
    let schedule = &plan.schedule;
    let query = schedule.reads.query().map(|query| fact(say::query(), el("code").add(foreign(query))));
    let into = plan.collection.as_ref().map(|collection| {
        let link = page_link(format!("/c/{}", collection.slug)).add(foreign(&collection.title));
        fact(say::into(), link)
    });
    let with = match &plan.credential {
        Some(name) => foreign(name),
        None => el("span").add(say::gone()),
    };
    let mark = match schedule.since_id {
        Some(mark) => stamped(mark.time()).add(format::stamp(mark.time())),
        None => el("span").class("quiet").add(say::nothing_yet()),
    };
    // Cadences are written and read in English.
    let when = match schedule.reads.is_stream() {
        true => el("span").add(say::all_the_time()),
        false => el("span").attr("lang", "en").add(schedule.cadence.clone()),
    };
    el("dl")
        .class("schedule-facts")
        .add(fact(say::reads(), reads(&schedule.reads)))
        .add(query)
        .add(into)
        .add(fact(say::with(), with))
        .add(fact(say::when(), when))
        .add(due(plan).map(|due| fact(say::due(), due)))
        .add(fact(say::mark(), mark))
}

fn reads(reads: &Reads) -> Element {
    let account = |what: &'static str| el("span").add(format!("{what}. {}", say::account()));
    match reads {
        Reads::Recent { .. } => el("span").add(say::recent()),
        Reads::Archive { from, to, .. } => el("span").add(say::archive(&format::stamp(*from), &format::stamp(*to))),
        Reads::Timeline { .. } => account(say::timeline()),
        Reads::Mentions { .. } => account(say::mentions()),
        Reads::Stored { days } => el("span").add(say::stored(u64::from(*days))),
        Reads::Stream { .. } => el("span").add(say::stream()),
    }
}

/// When it is due next; a stream never is.
fn due(plan: &Plan) -> Option<Element> {
    if plan.schedule.reads.is_stream() {
        return None;
    }
    let (first, last) = (plan.next.first()?, plan.next.last()?);
    // As fine as they differ.
    let is_fine = plan.next.windows(2).any(|pair| pair[1] - pair[0] < MINUTE);
    let is_today = format::written(*first, "%F") == format::written(*last, "%F");
    let item = |at: &Timestamp| {
        let shown = match is_fine && is_today {
            true => stamped(*at).add(format::written(*at, "%H:%M:%S")),
            false => time(*at, plan.at),
        };
        el("li").add(shown)
    };
    let by = say::due_by(&zone::current().label(plan.at));
    let list = el("ol").class("due").each(plan.next.iter().map(item));
    Some(el("div").add(list).add(el("span").class("quiet").add(by)))
}

/// Why something is not read.
fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Requests => say::cause_requests(),
        Cause::Money => say::cause_money(),
        Cause::MonthlyCap => say::cause_monthly_cap(),
        Cause::Horizon => say::cause_horizon(),
        Cause::TooDeep => say::cause_too_deep(),
        Cause::Stuck => say::cause_stuck(),
        Cause::FewerThanCounted => say::cause_fewer(),
    }
}

/// A time to the minute, in other years as well.
fn minute(at: Timestamp, now: Timestamp) -> String {
    let (short, clock) = (format::short_time(at, now), format::written(at, "%H:%M"));
    if short.ends_with(&clock) { short } else { format!("{short} {clock}") }
}

/// From when to when; the day once, if it is the same.
fn ends(from: Timestamp, to: Timestamp, now: Timestamp) -> [String; 2] {
    let is_same_day = format::written(from, "%F") == format::written(to, "%F");
    let last = if is_same_day { format::written(to, "%H:%M") } else { minute(to, now) };
    [minute(from, now), last]
}

/// From when to when, as times of a table.
fn between(from: Timestamp, to: Timestamp, now: Timestamp) -> Element {
    let [first, last] = ends(from, to, now);
    el("span").class("between").add(stamped(from).add(first)).add(" – ").add(stamped(to).add(last))
}

/// A length of time in one unit, rounded: `84 min`.
fn about(micros: i64) -> String {
    let micros = micros.max(SECOND);
    let unit = [DAY, HOUR, MINUTE, SECOND].into_iter().find(|unit| micros >= 2 * unit).unwrap_or(SECOND);
    format::span((micros + unit / 2) / unit * unit)
}

/// A cell that is a card's line in narrow windows; what does not apply has none there.
fn cell(class: &'static str, label: &'static str, content: Option<impl Content>) -> Element {
    let cell = el("td").attr("data-label", label);
    match content {
        Some(content) => cell.class(class).add(el("span").add(content)),
        None => cell.class(format!("{class} none")).add("–"),
    }
}

fn number(label: &'static str, number: Option<u64>) -> Element {
    cell("number", label, number.map(format::grouped))
}
