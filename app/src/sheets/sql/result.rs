use super::{Sql, chart, plot, size};
use crate::components::tweet_text::foreign;
use crate::format;
use crate::markup::{Element, el};
use model::export::ExportFormat;
use model::sql::{Answer, AnswerColumn, Cell, CellKind, Read};
use model::texts::{common, language, sql as say};
use service::sql::{FORMATS, MOST_ROWS};
use std::time::Duration;

/// Signs of a text that are shown; the rest opens.
const LONG: usize = 280;

/// The answer: what it took, the plot, the table, and the way to files.
pub fn result(shown: &Sql<'_>, answer: &Answer, took: Duration) -> Element {
    let chart = chart::chart(answer).filter(|_| shown.plot);
    el("section")
        .class("sql-result")
        .attr("aria-labelledby", "sql-result-title")
        .add(head(shown, answer, took))
        .add(chart.map(|chart| plot::figure(&chart)))
        .add(if answer.rows.is_empty() { el("p").class("quiet").add(say::no_rows()) } else { table(answer) })
}

fn head(shown: &Sql<'_>, answer: &Answer, took: Duration) -> Element {
    let shown_rows = answer.rows.len() as u64;
    let rows = match (answer.more, shown_rows < answer.total) {
        (true, _) => say::first_of_more(&format::grouped(shown_rows), &format::grouped(MOST_ROWS)),
        (false, true) => say::first_of(&format::grouped(shown_rows), &format::grouped(answer.total)),
        (false, false) => say::rows(answer.total),
    };
    let title = el("h2").attr("id", "sql-result-title").add(rows);
    let facts = el("p").class("quiet").add(say::took(&seconds(took))).add(" · ").add(read(answer.read));
    el("header").add(el("div").add(title).add(facts)).add(files(shown.question, shown.plot))
}

fn seconds(took: Duration) -> String {
    format!("{:.2}", took.as_secs_f64()).replace('.', language::point())
}

fn read(read: Read) -> String {
    match (read.rows, read.bytes) {
        (0, _) => say::read_nothing().to_owned(),
        (rows, Some(bytes)) => say::read(&say::rows(rows), &size(bytes)),
        (rows, None) => say::read_rows(&say::rows(rows)),
    }
}

/// The same question as a file.
fn files(question: &str, plot: bool) -> Element {
    let hidden =
        |name: &'static str, value: String| el("input").attr("type", "hidden").attr("name", name).attr("value", value);
    let button = |format: ExportFormat| {
        el("button")
            .class("small")
            .attr("type", "submit")
            .attr("name", "file")
            .attr("value", format.name())
            .add(format.title())
    };
    el("form")
        .class("sql-files")
        .attr("method", "post")
        .attr("action", "/sql")
        .attr("aria-label", say::save_as())
        .add(el("span").class("quiet").add(say::save_as()))
        .add(hidden("q", question.to_owned()))
        .add(plot.then(|| hidden("plot", "on".to_owned())))
        .each(FORMATS.into_iter().map(button))
}

fn table(answer: &Answer) -> Element {
    let head = |column: &AnswerColumn| {
        el("th")
            .attr("scope", "col")
            .class(class(column))
            .add(foreign(&column.name))
            .add(el("span").class("type").attr("title", column.data_type.clone()).add(type_name(column)))
    };
    let row =
        |row: &Vec<Cell>| el("tr").each(answer.columns.iter().zip(row).map(|(column, value)| cell(column, value)));
    let table = el("table")
        .add(el("caption").class("visually-hidden").add(say::result()))
        .add(el("thead").add(el("tr").each(answer.columns.iter().map(head))))
        .add(el("tbody").each(answer.rows.iter().map(row)));
    el("div").class("sql-rows").attr("tabindex", "0").attr("role", "group").attr("aria-label", say::result()).add(table)
}

fn class(column: &AnswerColumn) -> &'static str {
    match column.kind {
        _ if column.is_id() => "id",
        CellKind::Whole | CellKind::Decimal => "number",
        CellKind::Time | CellKind::Day => "time",
        _ => "text",
    }
}

/// What SQL calls it, if it is not rarer than that.
fn type_name(column: &AnswerColumn) -> String {
    let name = match column.kind {
        CellKind::Text => "text",
        CellKind::Whole => "bigint",
        CellKind::Decimal => "double",
        CellKind::Flag => "boolean",
        CellKind::Time => "timestamp",
        CellKind::Day => "date",
        CellKind::List => "list",
        CellKind::Other => return column.data_type.clone(),
    };
    name.to_owned()
}

fn cell(column: &AnswerColumn, value: &Cell) -> Element {
    let td = el("td").class(class(column));
    match value {
        Cell::None => td.add(el("span").class("none").attr("title", say::null()).add("–")),
        Cell::Flag(true) => td.add(common::yes()),
        Cell::Flag(false) => td.add(common::no()),
        Cell::Whole(number) if column.is_id() => td.add(number.to_string()),
        Cell::Whole(number) => td.add(whole(*number)),
        Cell::Decimal(number) => td.attr("title", number.to_string()).add(decimal(*number)),
        value => td.add(long(&value.text())),
    }
}

/// With groups of digits from five digits on: years have none.
pub fn whole(number: i64) -> String {
    if number.unsigned_abs() < 10_000 { number.to_string() } else { format::signed(number) }
}

/// With at most four digits after the point.
pub fn decimal(number: f64) -> String {
    const MOST: f64 = 1e15;
    if number.fract() == 0.0 && number.abs() < MOST {
        return whole(number as i64);
    }
    if !number.is_finite() || number.abs() >= MOST || number.abs() < 0.0001 {
        return format!("{number:e}").replace('.', language::point());
    }
    let written = format!("{number:.4}");
    written.trim_end_matches('0').trim_end_matches('.').replace('.', language::point())
}

/// A text of strangers. Of a long one the rest opens.
fn long(text: &str) -> Element {
    let Some((cut, _)) = text.char_indices().nth(LONG) else { return foreign(text) };
    let (start, rest) = text.split_at(cut);
    el("details").add(el("summary").add(foreign(start)).add("…")).add(foreign(rest))
}
