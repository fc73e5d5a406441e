//! CSV by RFC 4180, in UTF-8, with a head of column names.

use super::about::{About, Totals};
use super::failed;
use super::look::Look;
use crate::Error;
use csv::{QuoteStyle, Terminator, WriterBuilder};
use model::Row;
use model::columns::{Column, Kind};

/// What spreadsheets take for the beginning of a formula, in full width too.
const FORMULA: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];

/// Whether spreadsheets take a text for a formula.
pub fn is_formula(text: &str) -> bool {
    text.starts_with(FORMULA)
}

/// Writes blocks of rows.
pub struct Writer {
    about: About,
    look: Look,
    /// No text is taken for a formula, every field is in quotes, and a mark says that this is UTF-8: without it Excel
    /// garbles every letter that is not English. The last line says how many rows there are.
    for_spreadsheets: bool,
    has_begun: bool,
}

impl Writer {
    /// `has_begun` if it goes on in a file that has its head already.
    pub fn new(about: &About, look: Look, has_begun: bool) -> Self {
        let for_spreadsheets = matches!(look, Look::People { .. });
        Self { about: about.clone(), look, for_spreadsheets, has_begun }
    }

    /// The rows, and before the first ones the head.
    pub fn write(&mut self, rows: &[Row]) -> Result<Vec<u8>, Error> {
        let mut start = Vec::new();
        if !self.has_begun && self.for_spreadsheets {
            start.extend_from_slice("\u{feff}".as_bytes());
        }
        let mut writer = self.records(start);
        if !self.has_begun {
            let heads = self.about.columns.iter().map(|column| self.look.head(column, column.name));
            writer.write_record(heads).map_err(failed)?;
            self.has_begun = true;
        }
        for row in rows {
            writer.write_record(self.about.columns.iter().map(|column| self.cell(row, column))).map_err(failed)?;
        }
        writer.into_inner().map_err(|error| failed(error.into_error()))
    }

    /// The last line, as wide as the others: how many rows there are. Programs get none, for they would take it for a
    /// tweet.
    pub fn finish(mut self, totals: Totals) -> Result<Vec<u8>, Error> {
        let rest = self.write(&[])?;
        if !self.for_spreadsheets {
            return Ok(rest);
        }
        let mut writer = self.records(rest);
        let empty = self.about.columns.iter().skip(1).map(|_| String::new());
        writer.write_record(std::iter::once(self.about.rows_line(totals)).chain(empty)).map_err(failed)?;
        writer.into_inner().map_err(|error| failed(error.into_error()))
    }

    fn records(&self, start: Vec<u8>) -> csv::Writer<Vec<u8>> {
        let quotes = if self.for_spreadsheets { QuoteStyle::Always } else { QuoteStyle::Necessary };
        // Where the comma is a decimal sign, spreadsheets expect a semicolon between columns.
        let between = if self.look.decimal_comma() { b';' } else { b',' };
        let mut writer = WriterBuilder::new();
        writer.quote_style(quotes).delimiter(between).terminator(Terminator::CRLF);
        writer.from_writer(start)
    }

    fn cell(&self, row: &Row, column: &Column) -> String {
        let text = self.look.text(row, column);
        let is_number = matches!(column.kind, Kind::Number | Kind::Decimal);
        if self.for_spreadsheets && !is_number && is_formula(&text) { format!("'{text}") } else { text }
    }
}
