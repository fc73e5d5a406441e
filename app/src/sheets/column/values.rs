//! The values of a column that is counted by value: checked, searched, only one, all but one.

use super::Sheet;
use super::conditions::Shown;
use super::forms::{apply, form, select};
use crate::components::facet::value_name;
use crate::components::query_box::hidden_fields;
use crate::components::tweet_text::foreign;
use crate::format::{self, percent, share};
use crate::markup::{Element, el, link, svg};
use crate::text;
use model::columns::{Format, Kind};
use model::explore::{FacetValue, ValuesPage};
use model::filter::Choice;
use model::texts::column as say;

pub fn values(of: &Sheet<'_>, shown: &Shown) -> Element {
    let Some(page) = &of.card.values else { return el("div").attr("hidden", "") };
    el("section")
        .class("values")
        .add(el("h2").add(say::values()))
        .add((of.column.kind != Kind::Flag).then(|| search(of)))
        .add(el("div").attr("id", "column-values").add(listed(of, shown, page)))
}

/// Looks for values; the list alone gives way while somebody types.
fn search(of: &Sheet<'_>) -> Element {
    let hidden =
        |name: &'static str, value: String| el("input").attr("type", "hidden").attr("name", name).attr("value", value);
    let find = el("input")
        .attr("type", "text")
        .attr("name", "find")
        .attr("value", of.sent.field("find").unwrap_or_default().to_owned())
        .attr("aria-label", say::search())
        .attr("placeholder", say::search())
        .attr("autocomplete", "off");
    el("form")
        .class("condition-form")
        .attr("method", "get")
        .attr("action", format!("{}/column", of.here.url.path()))
        .attr("data-sheet", "")
        .attr("data-live", "column-values")
        .add(hidden_fields(&of.here.url))
        .add(hidden("col", of.column.name.to_owned()))
        .add(of.part().map(|part| hidden("part", part.to_string())))
        .add(find)
        .add(el("button").attr("type", "submit").add(say::search_button()))
}

fn listed(of: &Sheet<'_>, shown: &Shown, page: &ValuesPage) -> Vec<Element> {
    if page.values.is_empty() {
        return vec![el("p").class("note").add(say::no_values())];
    }
    let mut ways = vec![("any", say::any_checked as fn() -> _), ("none", say::none_checked)];
    if of.column.multi {
        ways.insert(1, ("all", say::all_checked as fn() -> _));
    }
    let bar = el("div")
        .class("with-button")
        .add(select("how", &ways, shown.mode).attr("aria-label", say::checked_meant()))
        .add(apply());
    let largest = page.values.iter().map(|value| value.count).max().unwrap_or(0);
    let items = page.values.iter().map(|value| item(of, page, value, largest));
    let unlisted = page.found.saturating_sub(page.values.len() as u64);
    let more = (unlisted > 0).then(|| el("p").class("note").add(say::more(unlisted)));
    // What is chosen and not in the list stays chosen.
    let filter = &of.here.filter;
    let chosen = filter.included(of.column).into_iter().chain(filter.excluded(of.column));
    let is_listed = |value: &&str| page.values.iter().any(|listed| listed.value.eq_ignore_ascii_case(value));
    let kept = chosen.filter(|value| !is_listed(value)).map(|value| {
        let kept = el("input").attr("type", "checkbox").attr("name", "v").attr("value", value.to_owned());
        el("li").add(el("label").add(kept.flag("checked", true)).add(foreign(&value_name(of.column, value))))
    });
    let list = el("ul").class("value-list").each(kept).each(items);
    vec![form(of, "values").add(list).add(bar)].into_iter().chain(more).collect()
}

fn item(of: &Sheet<'_>, page: &ValuesPage, value: &FacetValue, largest: u64) -> Element {
    let column = of.column;
    let in_filter = of.here.in_filter(column, &value.value);
    let name = value_name(column, &value.value);
    let full = (column.format == Format::Language).then(|| text::language_name(&value.value)).flatten();
    let check = el("input")
        .attr("type", "checkbox")
        .attr("name", "v")
        .attr("value", in_filter.to_owned())
        .flag("checked", of.here.filter.choice(column, in_filter) != Choice::Free);
    let label = el("label").attr_if("title", full).add(check).add(foreign(&name)).add(bar(share(value.count, largest)));
    let counts = el("span")
        .class("number")
        .add(format::grouped(value.count))
        .add(" ")
        .add(el("span").class("quiet").add(percent(share(value.count, page.total))));
    let only = of.here.filter.without_column(column).with(model::filter::facet_test(column, in_filter));
    let act = |sign: &'static str, label: String, filter| {
        link(of.filtered(&filter)).class("act").attr("aria-label", label).add(sign)
    };
    el("li").add(label).add(counts).add(act(say::only(), say::only_value(&name), only)).add(act(
        "−",
        say::exclude_value(&name),
        of.here.filter.excluding(column, in_filter),
    ))
}

fn bar(part: f64) -> Element {
    svg("svg")
        .class("bars")
        .attr("viewBox", "0 0 100 4")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .add(svg("rect").class("bar").attr("width", format::tenths(part * 100.0)).attr("height", "4"))
}
