//! A person's exports: how far each is, and its file.

use super::export::size;
use super::sheet;
use crate::format;
use crate::markup::{Element, el, page_link};
use crate::url::ExploreUrl;
use model::Timestamp;
use model::export::{ExportRecord, ExportState};
use model::texts::{common, describe, exports as say};
use service::exports::{About, Totals};

/// How often the page asks again while something is made, in seconds.
pub const REFRESH: u32 = 2;

/// Whether the page changes by itself.
pub fn is_moving(records: &[ExportRecord]) -> bool {
    records.iter().any(is_unfinished)
}

fn is_unfinished(record: &ExportRecord) -> bool {
    matches!(record.state, ExportState::Waiting | ExportState::Running)
}

/// Those that there are, the newest first.
pub fn exports(records: &[ExportRecord], now: Timestamp) -> Element {
    let list = el("ol").class("exports-list").each(records.iter().map(|record| export(record, now)));
    let content = vec![
        el("p").class("export-notice").attr("role", "status").add(notice(records)),
        if records.is_empty() { el("p").class("quiet").add(say::none()) } else { list },
    ];
    sheet("exports", say::title(), content)
}

/// What there is to know at a glance.
fn notice(records: &[ExportRecord]) -> String {
    let count = |is: fn(&ExportRecord) -> bool| records.iter().filter(|record| is(record)).count() as u64;
    let (making, ready) = (count(is_unfinished), count(|record| record.state == ExportState::Ready));
    match (making, ready) {
        (0, 0) => String::new(),
        (0, _) => say::only_ready(&say::ready(ready)),
        (_, 0) => say::only_making(&say::making(making)),
        _ => say::both(&say::making(making), &say::ready(ready)),
    }
}

fn export(record: &ExportRecord, now: Timestamp) -> Element {
    let url = ExploreUrl {
        collection: record.query.collection.clone(),
        q: record.query.filter.clone(),
        sort: record.query.sort.clone(),
        ..ExploreUrl::default()
    };
    let filter = record.query.filter.trim();
    let filter = if filter.is_empty() { describe::all().to_owned() } else { model::filter::for_typing(filter) };
    let what = match record.query.collection.is_empty() {
        true => el("span").add(el("bdi").add(filter)),
        false => page_link(url.href()).add(el("bdi").add(format!("{}: {filter}", record.collection))),
    };
    let facts = format!(
        "{} · {} · {}",
        record.format.title(),
        common::tweets(record.tweets),
        format::short_time(record.at, now)
    );
    el("li")
        .class("export-card")
        .attr("id", format!("export-{}", record.id))
        .attr("data-state", record.state.name())
        .add(el("h2").add(what))
        .add(el("p").class("quiet").add(facts))
        .add(state(record, now))
        .add(actions(record))
        .add(about(record))
}

/// How far it is.
fn state(record: &ExportRecord, now: Timestamp) -> Vec<Element> {
    let done = record.written + record.removed;
    let (written, tweets) = (format::grouped(record.written), format::grouped(record.tweets));
    let line = match record.state {
        ExportState::Sending => say::sending().to_owned(),
        ExportState::Sent => say::sent(&common::tweets(record.written), &size(record.bytes)),
        ExportState::Waiting => say::waiting().to_owned(),
        ExportState::Running => say::running(&format::grouped(done), &tweets),
        ExportState::Ready => {
            let until = record.expires_at.map(|at| format!(" {}", say::kept(&format::stamp(at)))).unwrap_or_default();
            say::is_ready(&written, &tweets, &size(record.bytes)) + &until
        }
        ExportState::Failed => say::failed().to_owned(),
        ExportState::Cancelled => say::cancelled().to_owned(),
        ExportState::Expired => say::expired().to_owned(),
    };
    let mut lines = vec![el("p").class("export-state").add(line)];
    if is_unfinished(record) {
        let bar = el("progress").attr("max", record.tweets.max(1).to_string()).attr("value", done.to_string());
        lines.push(bar.attr("aria-label", say::bar(&format::short_time(record.at, now))));
    }
    if record.removed > 0 {
        lines.push(el("p").class("quiet").add(say::removed(record.removed)));
    }
    lines.extend(record.reason.as_ref().map(|fault| el("p").class("export-problem").add(fault.told())));
    lines
}

fn actions(record: &ExportRecord) -> Option<Element> {
    let stop = match record.state {
        ExportState::Waiting | ExportState::Running => say::cancel(),
        ExportState::Ready => say::delete(),
        _ => return None,
    };
    let file = (record.state == ExportState::Ready).then(|| {
        let href = format!("/exports/{}/file", record.id);
        page_link(href).class("button primary").add(say::download(&size(record.bytes)))
    });
    let cancel = el("form")
        .attr("method", "post")
        .attr("action", format!("/exports/{}/cancel", record.id))
        .add(el("button").attr("type", "submit").add(stop));
    Some(el("p").class("export-ways").add(file)).map(|ways| el("div").class("export-ways").add(ways).add(cancel))
}

/// Where its rows come from.
fn about(record: &ExportRecord) -> Element {
    let totals = Totals { written: record.written, removed: record.removed };
    let line =
        |(name, text): (&'static str, String)| el("div").add(el("dt").add(name)).add(el("dd").add(el("bdi").add(text)));
    let json = page_link(format!("/exports/{}/about.json", record.id)).add(say::json());
    el("details")
        .add(el("summary").add(say::about()))
        .add(el("dl").each(About::of(record).lines(totals).into_iter().map(line)))
        .add(el("p").add(json))
}
