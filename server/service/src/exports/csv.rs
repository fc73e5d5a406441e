//! CSV by RFC 4180, in UTF-8, with a head of column names.

use super::{cells, failed};
use crate::Error;
use csv::{QuoteStyle, Terminator, WriterBuilder};
use model::Row;
use model::columns::{Column, Kind};

/// What spreadsheets take for the beginning of a formula, in full width too.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'];

/// Writes blocks of rows.
pub struct Writer {
    columns: Vec<&'static Column>,
    /// No text is taken for a formula, every field is in quotes, and a mark says that this is UTF-8: without it Excel
    /// garbles every letter that is not English.
    for_spreadsheets: bool,
    has_begun: bool,
}

impl Writer {
    pub fn new(columns: Vec<&'static Column>, for_spreadsheets: bool) -> Self {
        Self { columns, for_spreadsheets, has_begun: false }
    }

    /// The rows, and before the first ones the head.
    pub fn write(&mut self, rows: &[Row]) -> Result<Vec<u8>, Error> {
        let quotes = if self.for_spreadsheets { QuoteStyle::Always } else { QuoteStyle::Necessary };
        let mut start = Vec::new();
        if !self.has_begun && self.for_spreadsheets {
            start.extend_from_slice("\u{feff}".as_bytes());
        }
        let mut writer = WriterBuilder::new().quote_style(quotes).terminator(Terminator::CRLF).from_writer(start);
        if !self.has_begun {
            writer.write_record(self.columns.iter().map(|column| column.name)).map_err(failed)?;
            self.has_begun = true;
        }
        for row in rows {
            writer.write_record(self.columns.iter().map(|column| self.cell(row, column))).map_err(failed)?;
        }
        writer.into_inner().map_err(|error| failed(error.into_error()))
    }

    fn cell(&self, row: &Row, column: &Column) -> String {
        let text = cells::text(row, column);
        let is_number = matches!(column.kind, Kind::Number | Kind::Decimal);
        if self.for_spreadsheets && !is_number && text.starts_with(FORMULA) { format!("'{text}") } else { text }
    }
}
