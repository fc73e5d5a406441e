//! The way to a row by its number or its time, without another filter.

use super::{Here, icons, query_box::hidden_fields};
use crate::format;
use crate::markup::{Element, el, link};
use model::explore::ExplorePage;
use model::filter::DateValue;
use model::texts::{go_to as say, language};
use model::{Timestamp, columns, zone};

/// The button that opens the choice.
pub fn button() -> Element {
    el("button")
        .key("go")
        .class("quiet")
        .attr("type", "button")
        .attr("popovertarget", "go-to")
        .attr("title", say::hint())
        .add(say::title())
        .add(icons::caret())
}

/// A form for the number of a row, and one for a time. What is shown now is filled in.
pub fn menu(here: &Here, page: &ExplorePage) -> Element {
    let number = el("input")
        .attr("id", "go-row")
        .attr("name", "row")
        .attr("type", "number")
        .attr("min", "1")
        .attr("max", page.total.to_string())
        .attr_if("value", page.first_position.map(|first| first.to_string()));
    let zone = zone::current();
    let shown = here.url.at.map(start_of).or_else(|| page.rows.first().map(|row| row.tweet.created_at));
    let time = el("input")
        .attr("id", "go-time")
        .attr("name", "at")
        .attr("type", "datetime-local")
        .attr_if("value", shown.map(|at| zone.civil(at).format("%Y-%m-%dT%H:%M")));
    let typed = el("input").attr("type", "hidden").attr("name", "at_typed").attr("value", "1");
    el("div")
        .attr("id", "go-to")
        .key("go-to")
        .class("menu")
        .attr("popover", "auto")
        .add(form(here, say::row().to_owned(), number))
        .add(form(here, say::time(&zone.label(here.now)), time).add(typed))
}

fn form(here: &Here, name: String, field: Element) -> Element {
    let go = el("button").attr("type", "submit").add(say::go());
    el("form")
        .class("go-to")
        .attr("method", "get")
        .attr("action", here.url.path())
        .add(el("label").add(name).add(field.attr("required", "")))
        .add(go)
        // Last, because their number changes.
        .each(hidden_fields(&here.url.first_page()))
}

/// Where a time is wanted and the order is another: why it is not shown, and the way there.
pub fn note(here: &Here) -> Option<Element> {
    let at = start_of(here.url.at?);
    let order = here.url.order();
    let first = order.first().and_then(|key| columns::find(&key.column)).filter(|first| first.name != "created")?;
    let time = format::written(at, language::day_year_time());
    let way = link(here.url.by_time().href()).class("button small").add(say::by_time(&time));
    Some(el("p").class("go-to-note").attr("role", "status").add(say::other_order(first.noun())).add(" ").add(way))
}

/// A time of a calendar does not depend on now.
fn start_of(at: DateValue) -> Timestamp {
    at.span(Timestamp::default()).0
}
