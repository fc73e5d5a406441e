//! The forms for conditions, by type of column. Each leads to the explore page with the new filter.

use super::Sheet;
use super::conditions::Shown;
use super::plots;
use crate::components::query_box::hidden_fields;
use crate::markup::{Element, el, link};
use model::columns::{Column, Format, Kind};
use model::filter::{self, Filter};
use model::texts::{Text, column as say};

/// Columns that every tweet has a value of.
const ALWAYS: [&str; 12] = [
    "created",
    "text",
    "type",
    "poll",
    "edited",
    "length",
    "id",
    "weekday",
    "hour",
    "first_seen",
    "refreshed",
    "collection",
];

pub fn forms(of: &Sheet<'_>, shown: &Shown) -> Vec<Element> {
    let mut forms = match of.column.kind {
        Kind::Text => vec![compare(of, shown, &TEXT), list(of, shown)],
        Kind::Keyword => vec![compare(of, shown, &KEYWORD), list(of, shown)],
        Kind::Number | Kind::Decimal => {
            let mut forms = plots::ranges(of);
            forms.extend([range(of, shown, "text"), compare(of, shown, &NUMBER), top(of)]);
            forms
        }
        Kind::Id => vec![compare(of, shown, &NUMBER), list(of, shown)],
        Kind::Date => {
            let mut forms = plots::ranges(of);
            forms.extend([range(of, shown, kind_of_date(shown)), last(of)]);
            forms
        }
        Kind::Flag => Vec::new(),
    };
    forms.extend(presence(of));
    forms
}

/// Ways to compare, and their words.
type Ways = [Way];

type Way = (&'static str, Text);

const TEXT: [Way; 4] = [
    ("is", say::contains),
    ("not", say::contains_not),
    ("starts", say::word_beginning),
    ("starts-not", say::no_word_beginning),
];
const KEYWORD: [Way; 4] =
    [("is", say::is), ("not", say::is_not), ("starts", say::begins), ("starts-not", say::begins_not)];
const NUMBER: [Way; 6] =
    [("is", || "="), ("not", || "≠"), ("<", || "<"), ("<=", || "≤"), (">", || ">"), (">=", || "≥")];

/// A form that asks for a condition on the column. `set` says which.
pub fn form(of: &Sheet<'_>, set: &'static str) -> Element {
    let hidden =
        |name: &'static str, value: String| el("input").attr("type", "hidden").attr("name", name).attr("value", value);
    let url = of.here.url.with_text(of.here.url.q.clone());
    el("form")
        .class("condition-form")
        .attr("method", "get")
        .attr("action", format!("{}/column", of.here.url.path()))
        .attr("data-sheet", "")
        .attr("data-form", set)
        .add(hidden_fields(&url))
        .add(hidden("col", of.column.name.to_owned()))
        .add(of.part().map(|part| hidden("part", part.to_string())))
        .add(hidden("set", set.to_owned()))
}

pub fn apply() -> Element {
    el("button").attr("type", "submit").add(say::apply())
}

fn labelled(title: impl Into<String>, field: Element) -> Element {
    el("label").add(el("span").add(title.into())).add(field)
}

/// What a row of fields is about.
fn row_name(words: &'static str) -> Element {
    el("span").class("row-name").attr("aria-hidden", "true").add(words)
}

fn input(kind: &'static str, name: &'static str, value: &str) -> Element {
    el("input")
        .attr("type", kind)
        .attr("name", name)
        .attr("value", value.to_owned())
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
}

pub fn select(name: &'static str, ways: &Ways, chosen: &str) -> Element {
    let option =
        |(value, text): &Way| el("option").attr("value", *value).flag("selected", *value == chosen).add(text());
    el("select").attr("name", name).each(ways.iter().map(option))
}

fn compare(of: &Sheet<'_>, shown: &Shown, ways: &Ways) -> Element {
    let title = of.column.title();
    let value = input("text", "value", &shown.value).attr("aria-label", say::value_of(title));
    let value = value.attr_if("placeholder", (of.column.format == Format::Author).then_some("@handle"));
    let value = if of.column.ordered() { value.attr("inputmode", "decimal") } else { value.attr("autofocus", "") };
    let way = select("how", ways, shown.how).attr("aria-label", say::compare(title));
    let name = of.column.ordered().then(|| row_name(say::exactly()));
    form(of, "compare").add(name).add(way).add(value).add(apply())
}

/// Two limits, either of which may be left open.
fn range(of: &Sheet<'_>, shown: &Shown, kind: &'static str) -> Element {
    let titles =
        if of.column.kind == Kind::Date { [say::from(), say::to()] } else { [say::at_least(), say::at_most()] };
    let field = |name: &'static str, value: &str| {
        let field = input(kind, name, value);
        if kind == "text" { field.attr("inputmode", "decimal") } else { field }
    };
    form(of, "range")
        .add(row_name(say::range_name()))
        .add(labelled(titles[0], field("from", &shown.from).attr("autofocus", "")))
        .add(labelled(titles[1], field("to", &shown.to)))
        .add(apply())
}

/// Whole days are chosen from a calendar; what is more precise is written.
fn kind_of_date(shown: &Shown) -> &'static str {
    let is_day = |text: &str| text.is_empty() || (text.len() == 10 && text.starts_with(|c: char| c.is_ascii_digit()));
    if is_day(&shown.from) && is_day(&shown.to) { "date" } else { "text" }
}

fn last(of: &Sheet<'_>) -> Element {
    let units = [("h", say::hours as fn() -> _), ("d", say::days), ("w", say::weeks)];
    let count = input("text", "count", "").attr("inputmode", "numeric").attr("aria-label", say::the_last());
    form(of, "last")
        .add(row_name(say::the_last()))
        .add(count)
        .add(select("unit", &units, "d").attr("aria-label", say::unit()))
        .add(apply())
}

fn top(of: &Sheet<'_>) -> Element {
    let ends = [("highest", say::highest_end as fn() -> _), ("lowest", say::lowest_end)];
    let count = input("text", "count", "100").attr("inputmode", "numeric").attr("aria-label", say::how_many());
    form(of, "top")
        .add(row_name(say::ends_name()))
        .add(select("how", &ends, "highest").attr("aria-label", say::which_end()))
        .add(count)
        .add(apply())
        .add(el("span").class("note").add(say::ties()))
}

fn list(of: &Sheet<'_>, shown: &Shown) -> Element {
    let field = el("textarea")
        .attr("name", "list")
        .attr("rows", "4")
        .attr("spellcheck", "false")
        .attr("placeholder", say::one_per_line())
        .add(shown.list.join("\n"));
    let ways = [("any", say::any_of_these as fn() -> _), ("none", say::none_of_these)];
    let form = form(of, "list")
        .add(select("how", &ways, shown.mode).attr("aria-label", say::list_meant()))
        .add(labelled(say::list(), field))
        .add(apply());
    let summary = el("summary").add(say::a_list());
    el("details").class("list-form").flag("open", !shown.list.is_empty()).add(summary).add(form)
}

fn presence(of: &Sheet<'_>) -> Option<Element> {
    let column: &'static Column = of.column;
    let present = Filter::present(column);
    let item = |text: &'static str, filter: Filter| link(of.replaced(filter)).add(text);
    (!ALWAYS.contains(&column.name)).then(|| {
        el("p")
            .class("presence")
            .add(format!("{} ", say::only_where()))
            .add(item(say::not_empty(), present.clone()))
            .add(" · ")
            .add(item(say::empty(), present.negate()))
    })
}

/// The condition that a text of the filter language asks for.
pub fn condition(text: &str) -> Filter {
    filter::parse(text).unwrap_or_default()
}
