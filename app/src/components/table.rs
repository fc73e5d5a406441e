use super::{Here, cell::cell, column_menu, held::Held, sort_note};
use crate::format;
use crate::markup::{Element, el, link, svg};
use crate::url::widths;
use model::columns::{Format, Kind};
use model::texts::{explore, table as say};
use model::{Column, Row, TweetId, Value};

/// The rows that are held, of `total`, with the columns of the URL.
///
/// Script moves the focus from cell to cell (`browser::grid`). Its roles are written: style lays the rows out itself,
/// and browsers then take a table for none.
pub fn table(here: &Here, held: &Held, total: u64, picked: &[TweetId]) -> Element {
    let columns = here.url.shown_columns();
    let places = (1..).zip(&columns);
    let shown: Vec<Shown> = places.map(|(number, column)| Shown::new(here, column, number, held)).collect();
    let heads = shown.iter().map(|column| head(here, column));
    // The heads are the first row.
    let numbered = held.rows().zip(held.before + 2..);
    let body = numbered.map(|(row, number)| body_row(here, &shown, row, number, picked.contains(&row.tweet.id)));
    // The default columns give way when the page is narrow; those that the user has chosen never do.
    let class = match columns.len() {
        _ if here.url.columns.is_empty() => "tweets giving-way",
        0..=FEW if columns.iter().any(|column| column.format == Format::Text) => "tweets few",
        _ => "tweets",
    };
    let table = el("table")
        .class(class)
        .attr("role", "grid")
        .attr("aria-label", explore::tweets())
        .attr("aria-multiselectable", "true")
        .attr("aria-rowcount", (total + 1).to_string())
        .attr("aria-colcount", columns.len().to_string())
        .add(el("thead").attr("role", "rowgroup").add(grid_row(1).each(heads)))
        .add(el("tbody").attr("role", "rowgroup").each(body));
    el("div").class("rows").attr("tabindex", "-1").add(table)
}

fn grid_row(number: u64) -> Element {
    el("tr").attr("role", "row").attr("aria-rowindex", number.to_string())
}

/// So many chosen columns always have room: what they leave, the text gets.
const FEW: usize = 4;

/// A column, and the classes that its cells have in every row.
struct Shown {
    column: &'static Column,
    class: String,
    /// In pixels, where somebody has set it.
    width: Option<String>,
    /// The greatest of the numbers that are held, where the cells have bars.
    greatest: Option<f64>,
}

impl Shown {
    /// `number` is that of the column, from 1.
    fn new(here: &Here, column: &'static Column, number: usize, held: &Held) -> Self {
        let class = match here.url.pinned.len() {
            pins if number < pins => format!("{} pinned pin-{number}", class_of(column)),
            pins if number == pins => format!("{} pinned pin-{number} pin-end", class_of(column)),
            _ => class_of(column).to_owned(),
        };
        let width = widths::of(&here.url.widths, column.name).map(|width| width.to_string());
        let class = match number_width(here, column, held) {
            _ if width.is_some() => format!("{class} sized"),
            Some(eighths) => format!("{class} w{eighths}"),
            None => class,
        };
        let has_bars = here.url.bars.contains(&column.name);
        let greatest = has_bars.then(|| held.rows().filter_map(|row| number_of(column, row)).fold(0.0, f64::max));
        Self { column, class, width, greatest }
    }
}

/// The number that a row has in a column.
fn number_of(column: &Column, row: &Row) -> Option<f64> {
    let mut number = None;
    (column.values)(row, &mut |value| match value {
        Value::Number(whole) => number = Some(whole as f64),
        Value::Decimal(decimal) => number = Some(decimal),
        _ => {}
    });
    number
}

/// A bar behind a number, in proportion to the greatest of the rows around; none for nothing.
fn bar(column: &Column, row: &Row, greatest: f64) -> Option<Element> {
    let percent = number_of(column, row).filter(|number| *number > 0.0)? / greatest * 100.0;
    let bar = svg("rect").attr("width", format!("{}%", format::tenths(percent))).attr("height", "100%");
    Some(svg("svg").class("cell-bar").attr("aria-hidden", "true").add(bar))
}

/// The class of a column's cells: it sets width and alignment.
fn class_of(column: &Column) -> &'static str {
    match (column.format, column.kind) {
        (Format::Time, _) => "c-time",
        (Format::Author, _) => "c-author",
        (Format::Text, _) => "c-text",
        (Format::Language, _) => "c-lang",
        (Format::Count | Format::Percent, _) => "c-number",
        (Format::Flag, _) => "c-flag",
        (Format::Id, _) => "c-id",
        (Format::Link, _) => "c-link",
        (_, Kind::Text) => "c-text",
        _ => "c-words",
    }
}

/// How wide a column of numbers must be for its title and its longest number, in steps of 8 px; style has a class for
/// each. What numbers do not need, the text gets.
fn number_width(here: &Here, column: &Column, held: &Held) -> Option<usize> {
    if !matches!(column.format, Format::Count) {
        return None;
    }
    let mut longest = 0;
    for row in held.rows() {
        (column.values)(row, &mut |value| {
            if let Value::Number(number) = value {
                longest = longest.max(format::signed(number).chars().count());
            }
        });
    }
    // A digit takes about 9 px, a letter of the title 8, the arrow beside it 8, its number as much; and 24 px stay free.
    let arrow = if here.url.sort.len() > 1 && here.sorted_by(column).is_some() { 20 } else { 8 };
    let pixels = (longest * 9).max(column.title().chars().count() * 8 + arrow) + 24;
    Some(pixels.div_ceil(8).clamp(8, 20))
}

fn head(here: &Here, shown: &Shown) -> Element {
    let column = shown.column;
    let sorted = here.sorted_by(column);
    let several = here.url.sort.len() > 1;
    let arrow = sorted.map(|(number, descending)| {
        let number = several.then(|| el("sub").add(number.to_string()));
        el("span").class("arrow").attr("aria-hidden", "true").add(sort_note::arrow(descending)).add(number)
    });
    let name = if column.sortable {
        link(here.sorted(column.name, here.next_direction(column)))
            .attr("data-also", here.also_sorted(column))
            .attr("title", say::sort_hint(column.help()))
    } else {
        el("span").attr("title", column.help())
    };
    let filtered = if here.filter.selects(column) { " filtered" } else { "" };
    el("th")
        .key(column.name)
        .attr("role", "columnheader")
        .attr_if("width", shown.width.clone())
        .class(format!("{}{filtered}", shown.class))
        .attr("aria-label", column.title())
        .attr_if("aria-sort", sorted.filter(|(number, _)| *number == 1).map(|(_, descending)| direction(descending)))
        .attr("data-column", column.name)
        .add(el("span").class("head").add(name.add(column.title()).add(arrow)).add(column_menu::button(column)))
        .add(el("span").class("grip").attr("data-grip", column.name))
}

fn direction(descending: bool) -> &'static str {
    if descending { "descending" } else { "ascending" }
}

fn body_row(here: &Here, columns: &[Shown], row: &Row, number: u64, is_picked: bool) -> Element {
    let is_open = here.url.tweet == Some(row.tweet.id);
    let first = columns.first().map(|shown| shown.column);
    let cell = |Shown { column, class, width, greatest }: &Shown| {
        let opens = (Some(*column) == first).then(|| here.url.with_tweet(Some(row.tweet.id)).href());
        el("td")
            .key(column.name)
            .attr("role", "gridcell")
            .attr("tabindex", "-1")
            .attr_if("width", width.clone())
            .class(class.clone())
            .attr("data-label", column.title())
            .attr("data-column", column.name)
            .add((Some(*column) == first).then(pick_mark))
            .add(cell(here, column, row, opens))
            .add(greatest.and_then(|greatest| bar(column, row, greatest)))
    };
    grid_row(number)
        .key(row.tweet.id.to_string())
        .attr_if(
            "class",
            match (is_open, is_picked) {
                (true, true) => Some("is-open is-picked"),
                (true, false) => Some("is-open"),
                (false, true) => Some("is-picked"),
                (false, false) => None,
            },
        )
        .attr("data-id", row.tweet.id.to_string())
        .attr("aria-selected", if is_picked { "true" } else { "false" })
        .attr_if("aria-current", is_open.then_some("true"))
        .each(columns.iter().map(cell))
}

/// The box before a row, for the pointer; with the keyboard the space bar chooses it.
fn pick_mark() -> Element {
    el("span").class("pick").attr("data-pick", "").attr("aria-hidden", "true").attr("title", say::select())
}
