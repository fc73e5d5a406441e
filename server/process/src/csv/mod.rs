//! Tables of tweets: CSV with a header, between commas, semicolons or tabs.

mod columns;
mod ids;
mod row;

use crate::files::{MAX_RECORD_BYTES, ReadError, damage, emit::Emitter};
use ::csv::{ByteRecord, ReaderBuilder};
use columns::{Columns, Field};
use row::Row;
use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

/// As many records are looked at before the first is decoded, to see whether the ids are rounded.
const SAMPLE: usize = 20;

/// Reads a table. `head` is its beginning, which the reader gives again.
pub fn read(head: &[u8], reader: impl Read, file: &str, emitter: &mut Emitter<'_, '_>) -> Result<(), ReadError> {
    let (reader, since_record) = Guard::new(reader);
    let mut csv = ReaderBuilder::new().delimiter(delimiter(head)).flexible(true).has_headers(false).from_reader(reader);
    let mut next = || {
        since_record.set(0);
        let mut record = ByteRecord::new();
        csv.read_byte_record(&mut record).map(|some| some.then_some(record))
    };
    let header = next().map_err(|error| ReadError::Io { file: file.to_owned(), error: error.into() })?;
    let header: Vec<String> =
        header.iter().flatten().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    let columns = Columns::find(&header, &emitter.options.map)
        .map_err(|problem| ReadError::Columns { file: file.to_owned(), problem })?;
    let mut table = Table { file, header, columns, rounded: false, line: 1, emitter };
    let mut sample = Vec::new();
    let mut end = None;
    while sample.len() < SAMPLE && end.is_none() {
        match next() {
            Ok(Some(record)) => sample.push(record),
            Ok(None) => end = Some(Ok(())),
            Err(error) => end = Some(Err(error)),
        }
    }
    table.judge_ids(&sample);
    sample.iter().try_for_each(|record| table.record(record))?;
    let end = loop {
        if let Some(end) = end {
            break end;
        }
        match next() {
            Ok(Some(record)) => table.record(&record)?,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    end.or_else(|error| table.damaged(&error.into()))
}

/// The sign that stands most often in the first line, outside of quotes.
fn delimiter(head: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            byte if !quoted => counts.iter_mut().filter(|(sign, _)| sign == byte).for_each(|(_, count)| *count += 1),
            _ => (),
        }
    }
    // Of equals the first: a comma.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(sign, _)| sign)
}

struct Table<'t, 'e, 'o, 's> {
    file: &'t str,
    header: Vec<String>,
    columns: Columns,
    rounded: bool,
    line: u64,
    emitter: &'e mut Emitter<'o, 's>,
}

impl Table<'_, '_, '_, '_> {
    fn judge_ids(&mut self, sample: &[ByteRecord]) {
        let Some(at) = self.columns.at(Field::Id) else { return };
        let cells = sample.iter().filter_map(|record| std::str::from_utf8(record.get(at)?).ok());
        self.rounded = ids::all_rounded(cells);
    }

    fn record(&mut self, record: &ByteRecord) -> Result<(), ReadError> {
        self.line = record.position().map_or(self.line, ::csv::Position::line);
        match self.decode(record) {
            Ok(decoded) => self.emitter.record(self.file, self.line, decoded),
            Err((reason, content)) => self.emitter.reject(self.file, self.line, reason, content.into_bytes()),
        }
    }

    fn decode(&self, record: &ByteRecord) -> Result<crate::decode::Record, (String, String)> {
        let lossy = || record.iter().map(String::from_utf8_lossy).collect::<Vec<_>>();
        let as_json = || serde_json::to_string(&lossy()).unwrap_or_default();
        let cells: Result<Vec<&str>, _> = record.iter().map(std::str::from_utf8).collect();
        let Ok(mut cells) = cells else {
            let bad = record.iter().position(|cell| std::str::from_utf8(cell).is_err()).unwrap_or(0);
            let name = self.header.get(bad).map_or("?", String::as_str);
            return Err((format!("the column \"{name}\" is not UTF-8. Save the file as UTF-8"), as_json()));
        };
        while cells.len() > self.header.len() && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        if cells.len() != self.header.len() {
            let reason = format!(
                "it has {} columns and the header {}: a quote or delimiter in a text is not escaped, or it is cut off",
                cells.len(),
                self.header.len()
            );
            return Err((reason, as_json()));
        }
        let row = Row { header: &self.header, columns: &self.columns, cells };
        row.decode(self.emitter.observed_at, self.rounded).map_err(|reason| (reason, row.raw()))
    }

    fn damaged(&mut self, error: &io::Error) -> Result<(), ReadError> {
        let reason = match error.kind() {
            io::ErrorKind::FileTooLarge => {
                let line = self.line + 1;
                format!(
                    "a record longer than {} MB: is a quote never closed, from line {line} on?",
                    MAX_RECORD_BYTES >> 20
                )
            }
            _ => damage(error),
        };
        self.emitter.reject(self.file, self.line + 1, reason, Vec::new())
    }
}

/// Stops a record that never ends, such as one whose quote is never closed.
struct Guard<R> {
    inner: R,
    since_record: Rc<Cell<usize>>,
}

impl<R> Guard<R> {
    fn new(inner: R) -> (Self, Rc<Cell<usize>>) {
        let since_record = Rc::new(Cell::new(0));
        (Self { inner, since_record: Rc::clone(&since_record) }, since_record)
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_record.get() > MAX_RECORD_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let n = self.inner.read(buffer)?;
        self.since_record.set(self.since_record.get() + n);
        Ok(n)
    }
}
