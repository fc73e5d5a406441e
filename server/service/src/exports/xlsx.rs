//! An Excel workbook: the tweets, and a sheet that says where they come from.

use super::about::{About, Totals};
use super::failed;
use super::look::Look;
use crate::Error;
use model::columns::{Column, Kind, Value};
use model::{Row, Timestamp};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Rows that a sheet holds, without the head.
pub const MAX_ROWS: u64 = 1_048_575;
/// Characters that a cell holds, as Excel counts them: in units of UTF-16.
const MAX_CELL: usize = 32_767;

/// Fills the first sheet row by row. Text is written as text: nothing in it becomes a formula or a link.
pub struct Writer {
    book: Workbook,
    about: About,
    look: Look,
    folder: PathBuf,
    /// The number of the next row; 0 is the head.
    next: u32,
    /// Texts that were too long for a cell.
    cut: u64,
}

impl Writer {
    /// What is too much for memory waits in files without names in the folder.
    pub fn new(about: &About, look: Look, folder: &Path) -> Result<Self, Error> {
        let mut book = Workbook::new();
        book.set_tempdir(folder).map_err(failed)?;
        let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
        begin(sheet, about, &look).map_err(failed)?;
        Ok(Self { book, about: about.clone(), look, folder: folder.to_owned(), next: 1, cut: 0 })
    }

    pub fn write(&mut self, rows: &[Row]) -> Result<(), Error> {
        for row in rows {
            for (place, column) in self.about.columns.iter().enumerate() {
                let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
                self.cut += u64::from(cell(sheet, (self.next, place as u16), row, column, &self.look).map_err(failed)?);
            }
            self.next += 1;
        }
        Ok(())
    }

    /// The whole of the file, at its beginning. It has no name and is gone once it is closed.
    pub fn finish(mut self, totals: Totals) -> Result<File, Error> {
        describe(&mut self.book, &self.about, totals, self.cut).map_err(failed)?;
        let mut file = tempfile::tempfile_in(&self.folder).map_err(failed)?;
        self.book.save_to_writer(&mut file).map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok(file)
    }
}

type Sheet = rust_xlsxwriter::Worksheet;

fn begin(sheet: &mut Sheet, about: &About, look: &Look) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_name("Tweets")?.set_freeze_panes(1, 0)?;
    for (place, column) in about.columns.iter().enumerate() {
        let place = place as u16;
        let width = match column.kind {
            Kind::Text => 60,
            Kind::Date | Kind::Id => 20,
            _ => 14,
        };
        let head = look.head(column, column.title());
        sheet.set_column_width(place, width)?.write_string_with_format(0, place, head, &bold)?;
    }
    Ok(())
}

/// Writes a cell. Returns whether its text had to be cut.
fn cell(
    sheet: &mut Sheet,
    (line, place): (u32, u16),
    row: &Row,
    column: &Column,
    look: &Look,
) -> Result<bool, XlsxError> {
    let mut only = None;
    let mut count = 0;
    (column.values)(row, &mut |value| {
        count += 1;
        only = match value {
            Value::Number(number) => Some(Cell::Number(number as f64)),
            Value::Decimal(number) => Some(Cell::Number(number)),
            Value::Date(at) => Some(Cell::Time(look.local(at))),
            Value::Text(_) | Value::Id(_) | Value::Flag(_) => None,
        };
    });
    match only.filter(|_| count == 1) {
        Some(Cell::Number(number)) => sheet.write_number(line, place, number)?,
        Some(Cell::Time(at)) => {
            let format = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
            sheet.write_datetime_with_format(line, place, excel_time(at)?, &format)?
        }
        None => {
            let whole = look.text(row, column);
            let text = fitting(&whole);
            if !text.is_empty() {
                sheet.write_string(line, place, text)?;
            }
            return Ok(text.len() < whole.len());
        }
    };
    Ok(false)
}

enum Cell {
    Number(f64),
    Time(Timestamp),
}

/// As much of a text as a cell holds.
fn fitting(text: &str) -> &str {
    let mut units = 0;
    let too_long = |(_, letter): &(usize, char)| {
        units += letter.len_utf16();
        units > MAX_CELL
    };
    let end = text.char_indices().find(too_long).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn excel_time(at: Timestamp) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_timestamp(at.0.div_euclid(1_000_000))
}

/// The second sheet: where the rows come from, and what the columns mean.
fn describe(book: &mut Workbook, about: &About, totals: Totals, cut: u64) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet().set_name("About")?.set_column_width(0, 18)?.set_column_width(1, 80)?;
    let mut lines = about.lines(totals);
    if cut > 0 {
        lines.push(("Cut", format!("{cut} texts are longer than a cell holds ({MAX_CELL} characters) and were cut")));
    }
    let empty = [("", String::new()), ("Columns", String::new())];
    let columns = about.columns.iter().map(|column| (column.title(), format!("{}: {}", column.name, column.help())));
    for (line, (name, text)) in (0..).zip(lines.into_iter().chain(empty).chain(columns)) {
        sheet.write_string_with_format(line, 0, name, &bold)?.write_string(line, 1, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{MAX_CELL, fitting};

    #[test]
    fn a_cell_is_filled_to_the_last_letter_that_fits() {
        assert_eq!(fitting("naïve 🚀"), "naïve 🚀");
        assert_eq!(fitting(&"a".repeat(MAX_CELL + 1)).len(), MAX_CELL);
        assert_eq!(fitting(&"🚀".repeat(MAX_CELL)).chars().count(), MAX_CELL / 2);
    }
}
