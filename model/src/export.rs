//! Results as a file.

use crate::explore::Sort;
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
            Self::Csv => "CSV for spreadsheets",
            Self::CsvExact => "CSV, exact, for programs",
            Self::Xlsx => "Excel workbook",
            Self::Jsonl => "JSON, one object per line",
            Self::Parquet => "Parquet, typed columns",
            Self::Ids => "Tweet ids only",
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

/// What to export: what the table shows, or the first of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportQuery {
    /// Slug of the collection.
    pub collection: String,
    /// In the filter language; empty for all.
    pub filter: String,
    pub sort: Vec<Sort>,
    /// Names of the columns, in their order.
    pub columns: Vec<&'static str>,
    pub format: ExportFormat,
    /// Only so many rows, from the top.
    pub first: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::ExportFormat;

    #[test]
    fn every_format_is_listed_and_named_as_it_is_written() {
        for format in ExportFormat::ALL {
            assert_eq!(serde_json::to_value(format).unwrap(), format.name());
        }
    }
}
