use super::{Here, cell::cell, column_menu, sort_note};
use crate::format;
use crate::markup::{Element, el, link};
use model::columns::{Format, Kind};
use model::{Column, Row};

/// The rows, with the columns of the URL.
pub fn table(here: &Here, rows: &[Row]) -> Element {
    let columns = here.url.shown_columns();
    let heads = columns.iter().map(|column| head(here, column, rows));
    let body = rows.iter().map(|row| body_row(here, &columns, row));
    // The default columns give way when the page is narrow; those that the user has chosen never do.
    let class = match columns.len() {
        _ if here.url.columns.is_empty() => "tweets giving-way",
        0..=FEW if columns.iter().any(|column| column.format == Format::Text) => "tweets few",
        _ => "tweets",
    };
    let table = el("table")
        .class(class)
        .add(el("caption").class("visually-hidden").add("Tweets"))
        .add(el("thead").add(el("tr").each(heads)))
        .add(el("tbody").each(body));
    el("div").class("rows").attr("tabindex", "-1").add(table)
}

/// So many chosen columns always have room: what they leave, the text gets.
const FEW: usize = 4;

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
fn number_width(here: &Here, column: &Column, rows: &[Row]) -> Option<usize> {
    if !matches!(column.format, Format::Count) {
        return None;
    }
    let mut longest = 0;
    for row in rows {
        (column.values)(row, &mut |value| {
            if let model::Value::Number(number) = value {
                longest = longest.max(format::signed(number).len());
            }
        });
    }
    // A digit takes about 9 px, a letter of the title 8, the arrow beside it 8, its number as much; and 24 px stay free.
    let arrow = if here.url.sort.len() > 1 && here.sorted_by(column).is_some() { 20 } else { 8 };
    let pixels = (longest * 9).max(column.title.len() * 8 + arrow) + 24;
    Some(pixels.div_ceil(8).clamp(8, 20))
}

fn head(here: &Here, column: &'static Column, rows: &[Row]) -> Element {
    let sorted = here.sorted_by(column);
    let several = here.url.sort.len() > 1;
    let arrow = sorted.map(|(number, descending)| {
        let number = several.then(|| el("sub").add(number.to_string()));
        el("span").class("arrow").attr("aria-hidden", "true").add(sort_note::arrow(descending)).add(number)
    });
    let name = if column.sortable {
        link(here.sorted(column.name, here.next_direction(column)))
            .attr("data-also", here.also_sorted(column))
            .attr("title", format!("{} Click to sort, with Shift as one more order.", column.help))
    } else {
        el("span").attr("title", column.help)
    };
    let width = number_width(here, column, rows).map(|width| format!(" w{width}")).unwrap_or_default();
    let filtered = if here.filter.selects(column) { " filtered" } else { "" };
    el("th")
        .key(column.name)
        .attr("scope", "col")
        .class(format!("{}{filtered}{width}", class_of(column)))
        .attr("aria-label", column.title)
        .attr_if("aria-sort", sorted.filter(|(number, _)| *number == 1).map(|(_, descending)| direction(descending)))
        .attr("data-column", column.name)
        .add(el("span").class("head").add(name.add(column.title).add(arrow)).add(column_menu::button(column)))
}

fn direction(descending: bool) -> &'static str {
    if descending { "descending" } else { "ascending" }
}

fn body_row(here: &Here, columns: &[&'static Column], row: &Row) -> Element {
    let is_open = here.url.tweet == Some(row.tweet.id);
    let first = columns.first().copied();
    let cell = |column: &&'static Column| {
        let opens = (Some(*column) == first).then(|| here.url.with_tweet(Some(row.tweet.id)).href());
        el("td")
            .key(column.name)
            .class(class_of(column))
            .attr("data-label", column.title)
            .attr("data-column", column.name)
            .add(cell(here, column, row, opens))
    };
    el("tr")
        .key(row.tweet.id.to_string())
        .attr_if("class", is_open.then_some("is-open"))
        .attr_if("aria-current", is_open.then_some("true"))
        .each(columns.iter().map(cell))
}
