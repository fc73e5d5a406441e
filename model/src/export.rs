//! Results as a file.

use crate::explore::Sort;
use crate::texts::{exports as faults, formats as say};
use crate::{Timestamp, TweetId};
use serde::{Deserialize, Serialize};

/// The kind of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    /// For spreadsheets: no text is taken for a formula, and every letter arrives.
    #[default]
    Csv,
    /// For programs: every value as it is.
    CsvExact,
    /// An Excel workbook: ids as text, times as times, and a sheet that says where it comes from.
    Xlsx,
    /// A JSON object per line.
    Jsonl,
    /// Apache Parquet: typed columns for DuckDB, Spark, pandas.
    Parquet,
    /// Only the ids of the tweets, one per line.
    Ids,
}

impl ExportFormat {
    pub const ALL: [ExportFormat; 6] = [Self::Csv, Self::Xlsx, Self::Jsonl, Self::Parquet, Self::CsvExact, Self::Ids];

    /// As forms write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::CsvExact => "csv-exact",
            Self::Xlsx => "xlsx",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
            Self::Ids => "ids",
        }
    }

    /// As people are shown it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Csv => say::csv(),
            Self::CsvExact => say::csv_exact(),
            Self::Xlsx => say::xlsx(),
            Self::Jsonl => say::jsonl(),
            Self::Parquet => say::parquet(),
            Self::Ids => say::ids(),
        }
    }

    /// What it is for, in a sentence or two.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Csv => say::csv_for(),
            Self::CsvExact => say::csv_exact_for(),
            Self::Xlsx => say::xlsx_for(),
            Self::Jsonl => say::jsonl_for(),
            Self::Parquet => say::parquet_for(),
            Self::Ids => say::ids_for(),
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvExact => "csv",
            Self::Xlsx => "xlsx",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
            Self::Ids => "txt",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvExact => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Jsonl => "application/x-ndjson",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Ids => "text/plain; charset=utf-8",
        }
    }

    /// Whether tweets leave Roost with what is in them: X limits how many of these a person may pass on in a day.
    pub fn has_content(self) -> bool {
        self != Self::Ids
    }
}

/// What to export: what the table shows, the first of it, or what is chosen in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportQuery {
    /// Slug of the collection.
    pub collection: String,
    /// In the filter language; empty for all.
    pub filter: String,
    pub sort: Vec<Sort>,
    /// Names of the columns, in their order; none are the default ones.
    pub columns: Vec<String>,
    pub format: ExportFormat,
    /// Only so many rows, from the top.
    pub first: Option<u64>,
    /// Only these of the matching tweets; none are all.
    pub ids: Vec<TweetId>,
    /// In what time zone (by its IANA name) tables show times; empty for UTC.
    pub zone: String,
    /// Whether a CSV for spreadsheets has decimal commas, and therefore semicolons between its columns.
    pub decimal_comma: bool,
}

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// It is sent while it is made; one that stays so was broken off.
    Sending,
    /// It was sent to its end.
    Sent,
    /// It is to be made in the background.
    Waiting,
    Running,
    /// Its file is there, until it expires.
    Ready,
    Failed,
    /// By its owner, before it was ready.
    Cancelled,
    /// Its file is deleted: its days are over, or its owner wanted it so.
    Expired,
}

impl ExportState {
    pub const ALL: [ExportState; 8] = [
        Self::Sending,
        Self::Sent,
        Self::Waiting,
        Self::Running,
        Self::Ready,
        Self::Failed,
        Self::Cancelled,
        Self::Expired,
    ];

    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// An export as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRecord {
    pub id: i64,
    /// What was asked for; of exports from before this was kept, the filter alone.
    pub query: ExportQuery,
    /// Title of the collection, and name of who asked, both as they were then.
    pub collection: String,
    pub by: String,
    pub format: ExportFormat,
    pub state: ExportState,
    /// Tweets that it is to hold, and how many match.
    pub tweets: u64,
    pub matching: Option<u64>,
    /// Tweets that its file holds.
    pub written: u64,
    /// Tweets that were removed from Roost before they could be written.
    pub removed: u64,
    /// Size of the file.
    pub bytes: u64,
    pub at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    /// Why it failed, or what else is to be said.
    pub reason: Option<Fault>,
}

/// Why an export failed, or is made anew, to be told to each reader in their language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    DiskFull,
    FilesGone,
    NotWritten,
    NotWhole,
    NotOpen,
    /// So many of its tweets were removed since.
    Removed(u64),
    /// In words, as they were written then.
    Told(String),
}

impl Fault {
    const NAMED: [(&'static str, Fault); 5] = [
        ("disk_full", Fault::DiskFull),
        ("files_gone", Fault::FilesGone),
        ("not_written", Fault::NotWritten),
        ("not_whole", Fault::NotWhole),
        ("not_open", Fault::NotOpen),
    ];

    /// As it is stored.
    pub fn to_text(&self) -> String {
        match self {
            Fault::Removed(number) => format!("removed:{number}"),
            Fault::Told(text) => text.clone(),
            fault => Self::NAMED
                .iter()
                .find(|(_, other)| other == fault)
                .map(|(name, _)| *name)
                .unwrap_or_default()
                .to_owned(),
        }
    }

    /// Reads what is stored.
    pub fn from_text(text: &str) -> Self {
        if let Some(number) = text.strip_prefix("removed:").and_then(|number| number.parse().ok()) {
            return Fault::Removed(number);
        }
        let known = Self::NAMED.into_iter().find(|(name, _)| *name == text);
        known.map_or_else(|| Fault::Told(text.to_owned()), |(_, fault)| fault)
    }

    /// In a sentence or two.
    pub fn told(&self) -> String {
        match self {
            Fault::DiskFull => faults::disk_full().to_owned(),
            Fault::FilesGone => faults::files_gone().to_owned(),
            Fault::NotWritten => faults::not_written().to_owned(),
            Fault::NotWhole => faults::not_whole().to_owned(),
            Fault::NotOpen => faults::not_open().to_owned(),
            Fault::Removed(number) => faults::removed_since(*number),
            Fault::Told(text) => text.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ExportFormat, ExportState, Fault};

    #[test]
    fn a_fault_is_read_as_it_is_stored_and_told_in_the_readers_language() {
        let told = Fault::Told("as it was".to_owned());
        for fault in [Fault::DiskFull, Fault::FilesGone, Fault::NotWhole, Fault::NotOpen, Fault::Removed(3), told] {
            assert_eq!(Fault::from_text(&fault.to_text()), fault);
        }
        let german = crate::texts::Language::named("de").unwrap();
        assert!(crate::texts::within(german, || Fault::DiskFull.told()).starts_with("Die Festplatte ist voll."));
    }

    #[test]
    fn every_format_is_listed_and_named_as_it_is_written() {
        for format in ExportFormat::ALL {
            assert_eq!(serde_json::to_value(format).unwrap(), format.name());
        }
    }

    #[test]
    fn every_state_is_read_as_it_is_written() {
        for state in ExportState::ALL {
            assert_eq!(ExportState::from_name(state.name()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }
}
