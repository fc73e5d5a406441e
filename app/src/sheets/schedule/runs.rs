//! The latest runs of a schedule, with all their figures.

use super::{about, cell, number};
use crate::components::time::time;
use crate::format;
use crate::markup::{Element, el, page_link};
use crate::sheets::pipeline::{badge, table};
use model::Timestamp;
use model::schedule::{Run, RunStatus};
use model::texts::schedule as say;

/// The runs, or that there are none.
pub fn runs(runs: &[Run], now: Timestamp) -> Element {
    if runs.is_empty() {
        return el("p").class("quiet").add(say::no_runs());
    }
    let head = [say::began(), say::ended(), say::took()];
    let head: Vec<&str> = head.into_iter().chain(figures()).chain([say::log()]).collect();
    el("div").add(el("p").class("quiet").add(say::runs_about())).add(table(
        2,
        &head,
        runs.iter().map(|run| row(run, now)),
    ))
}

/// What is counted.
fn figures() -> [&'static str; 8] {
    [
        say::requests_head(),
        say::pages_head(),
        say::no_page(),
        say::new(),
        say::updated(),
        say::known(),
        say::not_understood(),
        say::removed(),
    ]
}

fn row(run: &Run, now: Timestamp) -> Element {
    let counts = &run.counts;
    let numbers = [
        u64::from(run.requests),
        u64::from(run.pages),
        u64::from(run.requests.saturating_sub(run.pages)),
        counts.new,
        counts.updated,
        counts.duplicate,
        counts.rejected,
        u64::from(run.removed),
    ];
    let took = run.finished_at.map(|end| about((end - run.started_at).max(0)));
    el("tr")
        .add(el("th").attr("scope", "row").add(time(run.started_at, now)))
        .add(el("td").class("quality").attr("data-label", say::ended()).add(el("span").add(ended(run, now))))
        .add(cell("number", say::took(), took))
        .each(figures().into_iter().zip(numbers).map(|(label, figure)| number(label, Some(figure))))
        .add(cell("number", say::log(), Some(log(run))))
}

/// What happened in it, as a file.
fn log(run: &Run) -> Element {
    let about = say::log_about(&format::stamp(run.started_at));
    page_link(format!("/runs/{}/log", run.id)).attr("aria-label", about).add(say::log())
}

/// How it stands, and why, in plain words.
fn ended(run: &Run, now: Timestamp) -> Vec<Element> {
    let badge = match (run.status, &run.wait) {
        (RunStatus::Running, Some(wait)) => badge("info", &say::waits_until(&format::short_time_by(wait.until, now))),
        (RunStatus::Running, None) => badge("info", say::running()),
        (RunStatus::Done, _) => badge("good", say::run_done()),
        (RunStatus::Failed, _) => badge("bad", say::failed()),
        (RunStatus::Cancelled, _) => badge("info", say::cancelled()),
    };
    let reasons = [run.wait.as_ref().map(|wait| &wait.reason), run.reason.as_ref()];
    // Roost notes reasons in English.
    let why = |reason: &String| el("span").attr("lang", "en").add(format!(" {reason}"));
    std::iter::once(badge).chain(reasons.into_iter().flatten().map(why)).collect()
}
