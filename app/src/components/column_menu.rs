use super::{Here, icons};
use crate::markup::{Element, el, link, sheet_link};
use crate::url::{MOST_PINS, may_have_bars, widths};
use model::columns::{Column, Kind};
use model::texts::{common, menu as say};

/// The button in a column's head that opens its menu.
pub fn button(column: &'static Column) -> Element {
    el("button")
        .class("caret")
        .attr("type", "button")
        .attr("popovertarget", id(column))
        .attr("aria-label", say::of(column.title()))
        .add(icons::caret())
}

fn id(column: &Column) -> String {
    format!("menu-{}", column.name)
}

/// The menus of the shown columns, and the choice of the time.
pub fn menus(here: &Here) -> Vec<Element> {
    let time = model::columns::find("created").map(|column| time_menu(here, column));
    here.url.shown_columns().into_iter().map(|column| menu(here, column)).chain(time).collect()
}

/// The choice of the time, whether its column is shown or not.
fn time_menu(here: &Here, column: &'static Column) -> Element {
    let any = item(common::any_time(), here.filtered(&here.filter.without_column(column)));
    let any = any.attr_if("aria-current", (!here.filter.selects(column)).then_some("true"));
    el("div")
        .attr("id", "time")
        .key("time")
        .class("menu end")
        .attr("popover", "auto")
        .add(any)
        .add(conditions(here, column))
}

/// The menu of a column: order, what else there is to know and to ask of it, its place.
fn menu(here: &Here, column: &'static Column) -> Element {
    let clear =
        here.filter.selects(column).then(|| item(say::any(), here.filtered(&here.filter.without_column(column))));
    let conditions = conditions(here, column).add(clear);
    let head = el("p")
        .class("menu-head")
        .add(el("strong").add(column.title()))
        .add(el("span").class("quiet").add(column.help()));
    el("div")
        .attr("id", id(column))
        .key(column.name)
        .class(if column.ordered() { "menu end" } else { "menu" })
        .attr("popover", "auto")
        .add(head)
        .add(column.sortable.then(|| sort_items(here, column)))
        .add(conditions)
        .add(place_items(here, column))
}

/// What can be asked of a column, at once and in its sheet.
fn conditions(here: &Here, column: &'static Column) -> Element {
    let sheet_of = |column: &Column, words: String| {
        let sheet = sheet_link(here.url.sheet("column", &format!("col={}", column.name)));
        sheet.class("menu-item").add(words)
    };
    let sheet = sheet_of(column, say::sheet().to_owned());
    // What of the time is asked for by columns of their own.
    let parts = ["weekday", "hour"].into_iter().filter(|_| column.name == "created").filter_map(model::columns::find);
    let parts = parts.map(|part| sheet_of(part, format!("{}…", part.title())));
    el("div").class("menu-group").each(last_items(here, column)).add(sheet).each(parts)
}

fn item(text: impl Into<String>, href: String) -> Element {
    link(href).class("menu-item").add(text.into())
}

fn sort_items(here: &Here, column: &'static Column) -> Element {
    let (up, down) = match column.kind {
        Kind::Date => (say::oldest(), say::newest()),
        Kind::Number | Kind::Decimal | Kind::Id => (say::lowest(), say::highest()),
        Kind::Flag => (say::no(), say::yes()),
        Kind::Text | Kind::Keyword => (say::a(), say::z()),
    };
    let is_key = here.url.sort.iter().any(|key| key.column == column.name);
    let remove = is_key.then(|| item(say::remove_sort(), here.not_sorted(column)));
    let also = (!is_key && !here.url.sort.is_empty()).then(|| item(say::one_more(), here.also_sorted(column)));
    el("div")
        .class("menu-group")
        .add(item(format!("↓ {down}"), here.sorted(column.name, true)))
        .add(item(format!("↑ {up}"), here.sorted(column.name, false)))
        .add(also)
        .add(remove)
}

/// The times that are asked for most.
fn last_items(here: &Here, column: &'static Column) -> Vec<Element> {
    if column.kind != Kind::Date {
        return Vec::new();
    }
    [(say::last_day(), "24h"), (say::last_week(), "7d"), (say::last_month(), "30d"), (say::last_year(), "365d")]
        .into_iter()
        .filter_map(|(text, ago)| {
            let since = model::filter::parse(&format!("{}>=now-{ago}", column.printed_name())).ok()?;
            let is_on = here.filter.conjuncts().contains(&since);
            let href = here.filtered(&here.filter.without_column(column).with(since));
            Some(item(text, href).attr_if("aria-current", is_on.then_some("true")))
        })
        .collect()
}

/// About how wide a column is in pixels, of which one goes out that nobody has sized yet.
const USUAL: i32 = 140;

/// For shown columns: to another place, another width, or away.
fn place_items(here: &Here, column: &'static Column) -> Option<Element> {
    let shown = here.url.shown_columns();
    let others: Vec<&'static str> = shown.iter().map(|other| other.name).filter(|name| *name != column.name).collect();
    let place = shown.iter().position(|other| *other == column)?;
    let moved = |to: usize| {
        let mut names: Vec<&'static str> = shown.iter().map(|other| other.name).collect();
        names.swap(place, to);
        here.url.with_columns(names).href()
    };
    // Pinned columns stay among themselves.
    let pins = here.url.pinned.len();
    let left = (place > 0 && place != pins).then(|| item(say::left(), moved(place - 1)));
    let right = (place + 1 < shown.len() && place + 1 != pins).then(|| item(say::right(), moved(place + 1)));
    let hide = (!others.is_empty()).then(|| item(say::hide(), here.url.with_columns(others).href()));
    let resized = |by: i32| {
        let now = widths::of(&here.url.widths, column.name).map_or(USUAL, i32::from);
        here.url.with_width(column.name, u16::try_from(now + by).ok()).href()
    };
    let usual = widths::of(&here.url.widths, column.name).is_some();
    let usual = usual.then(|| item(say::usual(), here.url.with_width(column.name, None).href()));
    let group = el("div").class("menu-group").add(pin_item(here, column)).add(left).add(right);
    let group = group.add(item(say::wider(), resized(40))).add(item(say::narrower(), resized(-40))).add(usual);
    Some(group.add(bars_item(here, column)).add(hide))
}

/// For shown columns: to stay at the left while the others scroll, as long as there may be one more.
fn pin_item(here: &Here, column: &'static Column) -> Option<Element> {
    let is_pinned = here.url.pinned.contains(&column.name);
    let is_free = is_pinned || here.url.pinned.len() < MOST_PINS;
    let href = here.url.with_pinned(column.name, !is_pinned).href();
    is_free.then(|| item(if is_pinned { say::unpin() } else { say::pin() }, href))
}

/// For shown columns of numbers: bars in their cells, or none.
fn bars_item(here: &Here, column: &'static Column) -> Option<Element> {
    let has_bars = here.url.bars.contains(&column.name);
    let href = here.url.with_bars(column.name, !has_bars).href();
    may_have_bars(column).then(|| item(if has_bars { say::no_bars() } else { say::bars() }, href))
}
