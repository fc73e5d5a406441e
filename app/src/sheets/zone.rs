//! The choice of the time zone.

use super::sheet;
use crate::markup::{Element, el};
use crate::settings::ZONE;
use model::texts::{sheets, zone as say};
use model::{Timestamp, zone};

/// What the form knows.
pub struct Zones<'a> {
    /// The names of all zones.
    pub names: &'a [String],
    /// The one that is chosen; none is that of the browser.
    pub chosen: Option<&'a str>,
    /// The one that the browser has told.
    pub browser: Option<&'a str>,
    /// A name that is none of a zone.
    pub unknown: Option<&'a str>,
    /// Where to go on.
    pub next: &'a str,
    pub now: Timestamp,
}

/// The form: a name, or none for that of the browser.
pub fn zone(zones: &Zones<'_>) -> Element {
    let current = zone::current();
    let now = say::now(&current.name, &crate::format::written(zones.now, "%H:%M %Z"));
    let problem = zones
        .unknown
        .map(|name| el("p").class("form-error").attr("role", "alert").add(model::texts::refusals::no_zone(name)));
    let name = el("input")
        .attr("type", "text")
        .attr("name", ZONE)
        .attr("list", "zones")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("placeholder", say::browser(zones.browser.unwrap_or("UTC")))
        .attr("size", "36")
        .attr("value", zones.unknown.or(zones.chosen).unwrap_or_default().to_owned());
    let known = zones.names.iter().map(|name| el("option").attr("value", name.clone()));
    let next = el("input").attr("type", "hidden").attr("name", "next").attr("value", zones.next.to_owned());
    let form = el("form")
        .class("plot-form")
        .attr("method", "post")
        .attr("action", "/settings")
        .add(el("label").add(el("span").add(say::name())).add(name))
        .add(el("button").class("primary").attr("type", "submit").add(sheets::save()))
        .add(el("datalist").attr("id", "zones").each(known))
        .add(next);
    let content = vec![el("p").add(now), el("div").add(problem), form, el("p").class("quiet").add(say::about())];
    sheet("zone", say::title(), content)
}
