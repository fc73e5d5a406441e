//! The numbers of a plot as a table, and as CSV.

use crate::components::tweet_text::foreign;
use crate::format::{self, percent};
use crate::markup::{Element, el, link};
use model::Timestamp;

/// The numbers of a plot.
#[derive(Clone, Debug)]
pub struct Table {
    pub heads: Vec<String>,
    pub rows: Vec<Row>,
}

/// What the row is called, and its numbers.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: Name,
    /// The link to its tweets.
    pub href: Option<String>,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
pub enum Name {
    Text(String),
    /// The start of a bucket, with its width in microseconds.
    Bucket(Timestamp, i64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    Count(u64),
    /// From 0 to 1.
    Share(f64),
}

impl Table {
    /// As it is shown.
    pub fn element(&self, caption: &str) -> Element {
        let head = |(place, text): (usize, &String)| {
            let class = (place > 0).then_some("number");
            el("th").attr("scope", "col").attr_if("class", class).add(foreign(text))
        };
        let heads = el("tr").each(self.heads.iter().enumerate().map(head));
        let table = el("table")
            .add(el("caption").class("visually-hidden").add(caption.to_owned()))
            .add(el("thead").add(heads))
            .add(el("tbody").each(self.rows.iter().map(row)));
        el("div")
            .class("wide")
            .attr("tabindex", "0")
            .attr("role", "group")
            .attr("aria-label", model::texts::plots::caption(caption))
            .add(table)
    }

    /// As CSV by RFC 4180. No text is taken for a formula by spreadsheets.
    pub fn csv(&self) -> String {
        let line = |fields: Vec<String>| format!("{}\r\n", fields.join(","));
        let mut csv = line(self.heads.iter().map(|head| quoted(head)).collect());
        for row in &self.rows {
            let name = match &row.name {
                Name::Text(text) => quoted(text),
                Name::Bucket(start, _) => start.format("%Y-%m-%dT%H:%M:%SZ"),
            };
            let cells = row.cells.iter().map(|cell| match cell {
                Cell::Count(count) => count.to_string(),
                Cell::Share(share) => format!("{share:.6}"),
            });
            csv.push_str(&line(std::iter::once(name).chain(cells).collect()));
        }
        csv
    }
}

fn row(row: &Row) -> Element {
    let name = match &row.name {
        Name::Text(text) => foreign(text),
        Name::Bucket(start, interval) => el("span").add(format::bucket_label(*start, *interval)),
    };
    let name = match &row.href {
        Some(href) => link(href.clone()).add(name),
        None => name,
    };
    let cell = |cell: &Cell| {
        el("td").class("number").add(match cell {
            Cell::Count(count) => format::grouped(*count),
            Cell::Share(share) => percent(*share),
        })
    };
    el("tr").add(el("th").attr("scope", "row").add(name)).each(row.cells.iter().map(cell))
}

fn quoted(text: &str) -> String {
    let text = if service::exports::is_formula(text) { format!("'{text}") } else { text.to_owned() };
    format!("\"{}\"", text.replace('"', "\"\""))
}
