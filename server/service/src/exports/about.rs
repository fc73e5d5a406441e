//! Where the rows of a file come from: what was asked, by whom and when, and how much of it is here.

use super::look::{Look, UTC};
use model::Timestamp;
use model::columns::{self, Column, DEFAULT_COLUMNS};
use model::explore::Sort;
use model::export::{ExportQuery, ExportRecord};

/// The provenance of a file.
#[derive(Clone, Debug)]
pub struct About {
    /// Title of the collection.
    pub collection: String,
    pub query: ExportQuery,
    pub columns: Vec<&'static Column>,
    pub zone: String,
    pub by: String,
    pub at: Timestamp,
    /// Tweets that match; unknown of exports from before it was recorded.
    pub matching: Option<u64>,
}

/// How many tweets a file holds, and how many were removed from Roost before they could be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub written: u64,
    pub removed: u64,
}

impl About {
    pub fn of(record: &ExportRecord) -> Self {
        let zone = Look::of(&record.query).map_or(UTC.to_owned(), |look| look.zone_name().to_owned());
        Self {
            collection: record.collection.clone(),
            columns: shown(&record.query.columns),
            query: record.query.clone(),
            zone,
            by: record.by.clone(),
            at: record.at,
            matching: record.matching,
        }
    }

    /// Its lines, each a name and a text.
    pub fn lines(&self, totals: Totals) -> Vec<(&'static str, String)> {
        let filter = self.query.filter.trim();
        vec![
            ("Collection", self.collection.clone()),
            ("Filter", if filter.is_empty() { "none: all tweets".to_owned() } else { filter.to_owned() }),
            ("Chosen", self.chosen()),
            ("Order", order(&self.query.sort)),
            ("Rows", self.rows_line(totals)),
            ("Exported at", format!("{} UTC", self.at.format("%Y-%m-%d %H:%M:%S"))),
            ("Time zone", self.zone.clone()),
            ("Exported by", self.by.clone()),
            ("Authors", "as pseudonyms of this installation of Roost".to_owned()),
            (
                "Values",
                "which tweets these are was fixed when the export began; their values are those of when they were \
                 written"
                    .to_owned(),
            ),
            ("Made with", format!("Roost {}", env!("CARGO_PKG_VERSION"))),
        ]
    }

    /// How much of what matches is in the file: `12,480 of 12,480 tweets that match`.
    pub fn rows_line(&self, totals: Totals) -> String {
        let Totals { written, removed } = totals;
        let matching = self.matching.unwrap_or(written + removed);
        let line = format!("{} of {} tweets that match", grouped(written), grouped(matching));
        match removed {
            0 => line,
            _ => format!("{line}; {} removed from Roost since the export began", grouped(removed)),
        }
    }

    fn chosen(&self) -> String {
        match (self.query.ids.len(), self.query.first) {
            (0, None) => "all that match".to_owned(),
            (0, Some(first)) => format!("the first {} in this order", grouped(first)),
            (ids, _) => format!("{ids} by hand"),
        }
    }

    /// What each column means: its name and a sentence.
    pub fn dictionary(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.columns.iter().map(|column| (column.name, column.help()))
    }
}

/// The columns with these names; the default ones if there are none.
pub fn shown(names: &[String]) -> Vec<&'static Column> {
    if names.is_empty() {
        return DEFAULT_COLUMNS.iter().filter_map(|name| columns::find(name)).collect();
    }
    names.iter().filter_map(|name| columns::find(name)).collect()
}

fn order(sort: &[Sort]) -> String {
    if sort.is_empty() {
        return "newest first".to_owned();
    }
    let keys: Vec<String> = sort.iter().map(key).collect();
    keys.join("; then ")
}

fn key(key: &Sort) -> String {
    let direction = if key.descending { "highest or newest first" } else { "lowest or oldest first" };
    format!("by {}, {direction}", key.column)
}

/// `12,480`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
