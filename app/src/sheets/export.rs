//! The form of an export: what it will be, before it begins.

mod choice;
mod fields;

pub use choice::Choice;

use super::sheet;
use crate::components::tweet_text::foreign;
use crate::error::AppError;
use crate::format;
use crate::markup::{Content, Element, el, page_link, sheet_link};
use model::export::ExportFormat;
use model::texts::{export as say, sheets};
use service::exports::Offer;
use std::time::Duration;

/// The form with what is chosen, and what it would give or why it gives nothing. `zones` are the time zones there are.
///
/// It is a POST form, for the explore page takes GET forms for its own. What is typed is sent to `/export/offer`; the
/// buttons lead elsewhere.
pub fn export(choice: &Choice, offer: Result<&Offer, &AppError>, zones: &[String]) -> Element {
    let path = choice.url.path();
    let form = el("form")
        .attr("id", "export-form")
        .class("export-form")
        .attr("method", "post")
        .attr("action", format!("{path}/export/offer"))
        .attr("data-live", "export-offer")
        .add(fields::all(choice, zones))
        .add(offered(choice, offer));
    let back = page_link(choice.url.href()).class("button back").add(sheets::back());
    sheet("export", say::title(), vec![form, back])
}

/// What is replaced while somebody chooses.
fn offered(choice: &Choice, offer: Result<&Offer, &AppError>) -> Element {
    let section = el("section").attr("id", "export-offer").class("export-offer").attr("aria-live", "polite");
    match offer {
        Ok(offer) => section.add(facts(choice, offer)).add(buttons(choice, offer)).add(preview(offer)),
        Err(error) => section
            .add(el("p").class("export-problem").attr("role", "alert").add(error_text(error)))
            .add(update(choice)),
    }
}

fn error_text(error: &AppError) -> String {
    match error {
        AppError::Filter(error, _) => say::unreadable(&error.message),
        other => other.to_string(),
    }
}

/// The exact number, size and duration, and what is left of the day's limit.
fn facts(choice: &Choice, offer: &Offer) -> Vec<Element> {
    let number = say::number(&format::grouped(offer.rows), &format::grouped(offer.matching));
    let (size, time) = (size(offer.estimate.bytes), duration(offer.estimate.time));
    let line = el("p").add(el("strong").add(number)).add(format!(" {}", say::facts(&offer.collection, &size, &time)));
    let limit = match choice.format {
        ExportFormat::Ids => say::ids().to_owned(),
        _ => say::left(offer.left_today),
    };
    let place = if offer.in_background { say::in_background() } else { say::at_once() };
    let mut facts = vec![line, el("p").class("quiet").add(format!("{limit} {place} {}", say::recorded()))];
    if offer.is_over {
        facts.push(over(choice, offer));
    }
    facts
}

/// Why it cannot be had, and what can.
fn over(choice: &Choice, offer: &Offer) -> Element {
    let ids = Choice { format: ExportFormat::Ids, ..choice.clone() };
    let first = Choice { first: offer.left_today.to_string(), only_ids: false, ..choice.clone() };
    let way = |choice: &Choice, text: String| sheet_link(choice.href()).class("button small").add(text);
    let all = say::all_ids(offer.rows);
    let some = say::first(offer.left_today);
    let why = say::over(offer.rows - offer.left_today);
    el("div")
        .class("export-problem")
        .attr("role", "alert")
        .add(el("p").add(why))
        .add(el("p").class("export-ways").add(way(&ids, all)).add((offer.left_today > 0).then(|| way(&first, some))))
}

/// The first submits the form by Enter, too.
fn buttons(choice: &Choice, offer: &Offer) -> Element {
    let what = if offer.in_background { say::make } else { say::download };
    let go = el("button")
        .class("primary")
        .attr("type", "submit")
        .attr("formaction", format!("{}/export", choice.url.path()))
        .flag("disabled", offer.is_over || offer.rows == 0)
        .add(what(offer.rows));
    el("p").class("export-ways").add(go).add(update(choice))
}

/// Without script, what is chosen shows when the form is sent.
fn update(choice: &Choice) -> Element {
    el("button")
        .class("update")
        .attr("type", "submit")
        .attr("formmethod", "get")
        .attr("formaction", format!("{}/export", choice.url.path()))
        .add(say::update())
}

fn preview(offer: &Offer) -> Element {
    let head = offer.heads.iter().map(|head| el("th").attr("scope", "col").add(head.clone()));
    let cell = |text: &String| el("td").add(foreign(text));
    let row = |cells: &Vec<String>| el("tr").each(cells.iter().map(cell));
    let title = match offer.preview.len() {
        0 => say::no_rows().to_owned(),
        1 => say::first_row().to_owned(),
        rows => say::first_rows(rows as u64),
    };
    let table = el("table")
        .class("preview-table")
        .add(el("caption").add(title))
        .add(el("thead").add(el("tr").each(head)))
        .add(el("tbody").each(offer.preview.iter().map(row)));
    el("div")
        .class("export-preview")
        .attr("tabindex", "0")
        .attr("role", "group")
        .attr("aria-label", say::preview())
        .add(table)
}

/// `2.4 MB`.
pub(super) fn size(bytes: u64) -> String {
    const STEPS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match STEPS.iter().find(|(step, _)| bytes >= *step) {
        Some((step, unit)) => format!("{} {unit}", format::fraction(bytes as f64 / *step as f64)),
        None => say::bytes(bytes),
    }
}

fn duration(time: Duration) -> String {
    match time.as_secs() {
        0 => say::less().to_owned(),
        seconds @ 1..=89 => say::seconds(seconds),
        seconds => say::minutes(seconds.div_ceil(60)),
    }
}

/// A choice with its name before it.
pub(super) fn labelled(title: &'static str, field: impl Content) -> Element {
    el("label").add(el("span").add(title)).add(field)
}
