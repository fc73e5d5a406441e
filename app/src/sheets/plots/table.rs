//! The numbers of a plot as a table, and as CSV.

use crate::components::tweet_text::foreign;
use crate::format::{self, percent, share};
use crate::markup::{Element, el, link, svg};
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
    Moment(Timestamp),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    Count(u64),
    /// From 0 to 1.
    Share(f64),
    Unknown,
}

impl Table {
    /// As it is shown.
    pub fn element(&self, caption: &str) -> Element {
        self.with(caption, None)
    }

    /// As it is shown where there is no plot beside it: with a bar in each row.
    pub fn element_with_bars(&self, caption: &str) -> Element {
        let counts = self.rows.iter().filter_map(Row::count);
        self.with(caption, counts.max())
    }

    /// `longest` is the count with the longest bar, if there are bars.
    fn with(&self, caption: &str, longest: Option<u64>) -> Element {
        let head = |(place, text): (usize, &String)| {
            let class = (place > 0).then_some("number");
            el("th").attr("scope", "col").attr_if("class", class).add(foreign(text))
        };
        let heads = el("tr").each(self.heads.iter().enumerate().map(head));
        let heads = heads.add(longest.map(|_| el("td").attr("aria-hidden", "true")));
        let table = el("table")
            .add(el("caption").class("visually-hidden").add(caption.to_owned()))
            .add(el("thead").add(heads))
            .add(el("tbody").each(self.rows.iter().map(|of| row(of, longest))));
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
                Name::Moment(at) => at.to_rfc3339(),
                Name::Bucket(start, _) => start.format("%Y-%m-%dT%H:%M:%SZ"),
            };
            let cells = row.cells.iter().map(|cell| match cell {
                Cell::Count(count) => count.to_string(),
                Cell::Share(share) => format!("{share:.6}"),
                Cell::Unknown => String::new(),
            });
            csv.push_str(&line(std::iter::once(name).chain(cells).collect()));
        }
        csv
    }
}

impl Row {
    /// The first of its counts.
    fn count(&self) -> Option<u64> {
        self.cells.iter().find_map(|cell| match cell {
            Cell::Count(count) => Some(*count),
            Cell::Share(_) | Cell::Unknown => None,
        })
    }
}

fn row(row: &Row, longest: Option<u64>) -> Element {
    let name = match &row.name {
        Name::Text(text) => foreign(text),
        Name::Moment(at) => el("span").add(format::stamp(*at)),
        Name::Bucket(start, interval) => el("span").add(format::bucket_label(*start, *interval)),
    };
    let name = match &row.href {
        Some(href) => link(href.clone()).add(name),
        None => name,
    };
    let bar = longest.zip(row.count()).map(|(longest, count)| bar(count, longest));
    let cell = |cell: &Cell| {
        el("td").class("number").add(match cell {
            Cell::Count(count) => format::grouped(*count),
            Cell::Share(share) => percent(*share),
            Cell::Unknown => "–".to_owned(),
        })
    };
    el("tr").add(el("th").attr("scope", "row").add(name)).each(row.cells.iter().map(cell)).add(bar)
}

fn bar(count: u64, longest: u64) -> Element {
    let width = format!("{}%", format::tenths(share(count, longest) * 100.0));
    let bar = svg("rect").class("bar").attr("width", width).attr("height", "100%");
    el("td").class("bar-cell").attr("aria-hidden", "true").add(svg("svg").class("bars").add(bar))
}

fn quoted(text: &str) -> String {
    let text = if service::exports::is_formula(text) { format!("'{text}") } else { text.to_owned() };
    format!("\"{}\"", text.replace('"', "\"\""))
}
