//! The latest runs: what each brought, and whether it is as good as usual.

use super::{badge, table, words};
use crate::components::time::time;
use crate::format;
use crate::markup::{Element, el, page_link};
use model::Timestamp;
use model::schedule::RunStatus;
use model::texts::pipeline as say;
use service::quality::JudgedRun;

/// The runs, or that there are none.
pub fn runs(runs: &[JudgedRun], now: Timestamp) -> Element {
    if runs.is_empty() {
        return el("p").class("quiet").add(say::no_runs());
    }
    let [pages, read, new, updated, known, refused] = counts();
    let head =
        [say::schedule(), say::began(), pages, read, new, updated, known, refused, say::quality(), say::run_log()];
    table(2, &head, runs.iter().map(|run| row(run, now)))
}

/// What is counted.
fn counts() -> [&'static str; 6] {
    [say::pages_head(), say::read(), say::new(), say::updated(), say::known(), say::refused()]
}

fn row(judged: &JudgedRun, now: Timestamp) -> Element {
    let run = &judged.run;
    let numbers = [
        u64::from(run.pages),
        run.counts.read,
        run.counts.new,
        run.counts.updated,
        run.counts.duplicate,
        run.counts.rejected,
    ];
    let cells = counts()
        .into_iter()
        .zip(numbers)
        .map(|(label, number)| el("td").class("number").attr("data-label", label).add(format::grouped(number)));
    let schedule = page_link(format!("/schedules/{}", run.schedule)).add(el("bdi").add(judged.schedule.clone()));
    el("tr")
        .add(el("th").attr("scope", "row").add(schedule))
        .add(el("td").attr("data-label", say::began()).add(time(run.started_at, now)))
        .each(cells)
        .add(el("td").class("quality").attr("data-label", say::quality()).add(el("span").add(quality(judged))))
        .add(el("td").class("number").attr("data-label", say::run_log()).add(log(judged)))
}

/// What happened in it, as a file.
fn log(judged: &JudgedRun) -> Element {
    let run = &judged.run;
    let about = say::run_log_about(&judged.schedule, &format::stamp(run.started_at));
    page_link(format!("/runs/{}/log", run.id)).attr("aria-label", about).add(say::run_log())
}

/// In plain words.
fn quality(judged: &JudgedRun) -> Vec<Element> {
    let run = &judged.run;
    match run.status {
        RunStatus::Running => match &run.wait {
            None => return vec![badge("info", say::running())],
            Some(wait) => {
                let until = wait.until.format("%H:%M").to_string();
                return vec![badge("info", &say::waits_until(&until)), why(&wait.reason)];
            }
        },
        RunStatus::Failed => {
            return std::iter::once(badge("bad", say::failed())).chain(run.reason.as_deref().map(why)).collect();
        }
        RunStatus::Cancelled => return vec![badge("info", say::cancelled())],
        RunStatus::Done => {}
    }
    let share = format::percent(format::share(run.counts.rejected, run.counts.read));
    match judged.usual {
        _ if run.counts.read == 0 => vec![words(say::nothing_came().to_owned()).class("quiet")],
        None | Some(0.0) if run.counts.rejected == 0 => vec![words(say::all_understood().to_owned())],
        None => vec![words(say::share(&share))],
        Some(usual) => {
            let compared = words(say::share_usual(&share, &format::percent(usual)));
            let mark = judged.is_unusual.then(|| badge("warn", say::more_than_usual()).add(" "));
            mark.into_iter().chain([compared]).collect()
        }
    }
}

/// A reason, which is in English.
fn why(reason: &str) -> Element {
    el("span").attr("lang", "en").add(format!(" {reason}"))
}
