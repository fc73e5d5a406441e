//! An Excel workbook: the tweets, and a sheet that says where they come from.

use super::about::About;
use super::{cells, failed};
use crate::Error;
use model::columns::{Column, Kind, Value};
use model::{Row, Timestamp};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

/// Rows that a sheet holds, without the head.
pub const MAX_ROWS: u64 = 1_048_575;
/// Characters that a cell holds.
const MAX_CELL: usize = 32_767;

/// Fills the first sheet row by row. Text is written as text: nothing in it becomes a formula or a link.
pub struct Writer {
    book: Workbook,
    about: About,
    /// The number of the next row; 0 is the head.
    next: u32,
}

impl Writer {
    pub fn new(about: &About) -> Result<Self, Error> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_low_memory().map_err(failed)?;
        let bold = Format::new().set_bold();
        begin(sheet, &about.columns, &bold).map_err(failed)?;
        Ok(Self { book, about: about.clone(), next: 1 })
    }

    pub fn write(&mut self, rows: &[Row]) -> Result<(), Error> {
        for row in rows {
            for (place, column) in self.about.columns.iter().enumerate() {
                let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
                cell(sheet, (self.next, place as u16), row, column).map_err(failed)?;
            }
            self.next += 1;
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<Vec<u8>, Error> {
        describe(&mut self.book, &self.about, self.next - 1).map_err(failed)?;
        self.book.save_to_buffer().map_err(failed)
    }
}

type Sheet = rust_xlsxwriter::Worksheet;

fn begin(sheet: &mut Sheet, columns: &[&'static Column], bold: &Format) -> Result<(), XlsxError> {
    sheet.set_name("Tweets")?.set_freeze_panes(1, 0)?;
    for (place, column) in columns.iter().enumerate() {
        let place = place as u16;
        let width = match column.kind {
            Kind::Text => 60,
            Kind::Date | Kind::Id => 20,
            _ => 14,
        };
        sheet.set_column_width(place, width)?.write_string_with_format(0, place, column.title, bold)?;
    }
    Ok(())
}

fn cell(sheet: &mut Sheet, (line, place): (u32, u16), row: &Row, column: &Column) -> Result<(), XlsxError> {
    let mut only = None;
    let mut count = 0;
    (column.values)(row, &mut |value| {
        count += 1;
        only = match value {
            Value::Number(number) => Some(Cell::Number(number as f64)),
            Value::Decimal(number) => Some(Cell::Number(number)),
            Value::Date(at) => Some(Cell::Time(at)),
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
            let text: String = cells::text(row, column).chars().take(MAX_CELL).collect();
            if text.is_empty() { sheet } else { sheet.write_string(line, place, text)? }
        }
    };
    Ok(())
}

enum Cell {
    Number(f64),
    Time(Timestamp),
}

fn excel_time(at: Timestamp) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_timestamp(at.0.div_euclid(1_000_000))
}

/// The second sheet: where the rows come from, and what the columns mean.
fn describe(book: &mut Workbook, about: &About, written: u32) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet().set_name("About")?.set_column_width(0, 18)?.set_column_width(1, 80)?;
    let lines = about.lines(u64::from(written));
    let empty = [("", String::new()), ("Columns", String::new())];
    let columns = about.dictionary().map(|(name, help)| (name, help.to_owned()));
    for (line, (name, text)) in (0..).zip(lines.into_iter().chain(empty).chain(columns)) {
        sheet.write_string_with_format(line, 0, name, &bold)?.write_string(line, 1, text)?;
    }
    Ok(())
}
