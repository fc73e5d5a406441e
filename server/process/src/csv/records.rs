//! The records of a table, one at a time. A quote that is never closed costs its own row, not those behind it.

use crate::{files::MAX_RECORD_BYTES, ids};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::{
    collections::VecDeque,
    io::{self, BufRead, Read},
};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub delimiter: u8,
    /// Whether quotes have a meaning; in some tables between tabs they are letters like others.
    pub quotes: bool,
}

impl Dialect {
    /// Told by the beginning of a file. The delimiter is the sign that stands most often in the first line,
    /// outside of quotes.
    pub fn of(head: &[u8]) -> Self {
        let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
        let mut quoted = false;
        for byte in head {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => break,
                byte if !quoted => {
                    counts.iter_mut().filter(|(sign, _)| sign == byte).for_each(|(_, count)| *count += 1);
                }
                _ => (),
            }
        }
        // Of equals the first: a comma.
        let delimiter = counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(sign, _)| sign);
        Self { delimiter, quotes: delimiter != b'\t' || !has_bare_quotes(head) }
    }

    fn reader(self) -> Reader {
        ReaderBuilder::new().delimiter(self.delimiter).quoting(self.quotes).build()
    }
}

/// Whether a table between tabs has all its lines whole, and in one of them a cell that begins with a quote but does
/// not end with one: so it was written without quoting.
fn has_bare_quotes(head: &[u8]) -> bool {
    let whole = head.iter().rposition(|byte| *byte == b'\n').map_or(head, |end| &head[..end]);
    let mut lines = whole.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty());
    let tabs = |line: &[u8]| line.iter().filter(|byte| **byte == b'\t').count();
    let Some(width) = lines.next().map(tabs) else { return false };
    let mut bare = false;
    for line in lines {
        if tabs(line) != width {
            return false;
        }
        let mut cells = line.split(|byte| *byte == b'\t');
        bare |= cells.any(|cell| cell.starts_with(b"\"") && (cell.len() == 1 || !cell.ends_with(b"\"")));
    }
    bare
}

/// The cells of one record.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    bytes: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
}

impl Cells {
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.bytes[start..*end])
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }
}

/// What comes next in a table. Lines count from 1.
#[derive(Clone, Debug)]
pub enum Found {
    Record {
        line: u64,
        cells: Cells,
    },
    /// Lines that make no record, and why.
    Broken {
        line: u64,
        reason: String,
        content: Vec<u8>,
    },
}

pub struct Records<R> {
    reader: R,
    dialect: Dialect,
    core: Reader,
    /// Reads lines by themselves.
    probe: Reader,
    /// How many cells a record has, and which one is the id; known when the header was read.
    shape: Option<(usize, usize)>,
    /// Lines that were read and not yet used, with their numbers.
    held: VecDeque<(u64, Vec<u8>)>,
    /// As the held lines are read, quotes have no meaning.
    unquoted: usize,
    lines: u64,
}

/// The line before which a record broke off.
enum End {
    Row(u64, Vec<u8>),
    File,
    TooLong,
}

impl<R: BufRead> Records<R> {
    pub fn new(reader: R, dialect: Dialect) -> Self {
        let (core, probe) = (dialect.reader(), dialect.reader());
        Self { reader, dialect, core, probe, shape: None, held: VecDeque::new(), unquoted: 0, lines: 0 }
    }

    /// Tells how many cells a record has and which of them is the id: from then on a row is known when it is seen.
    pub fn expect(&mut self, width: usize, id_at: usize) {
        self.shape = Some((width, id_at));
    }

    /// After an error: the line in which reading failed.
    pub fn line(&self) -> u64 {
        self.lines + 1
    }

    /// The next record; nothing at the end of the file.
    pub fn next(&mut self) -> io::Result<Option<Found>> {
        let (number, line) = loop {
            match self.line_or_held()? {
                None => return Ok(None),
                Some((_, line)) if line.trim_ascii().is_empty() => self.unquoted = self.unquoted.saturating_sub(1),
                Some(line) => break line,
            }
        };
        if self.unquoted > 0 {
            self.unquoted -= 1;
            let mut core = Dialect { quotes: false, ..self.dialect }.reader();
            let mut cells = Cells::default();
            feed(&mut core, &line, &mut cells);
            return Ok(Some(Found::Record { line: number, cells }));
        }
        self.record(number, line).map(Some)
    }

    fn record(&mut self, number: u64, first: Vec<u8>) -> io::Result<Found> {
        self.core.reset();
        let mut cells = Cells::default();
        let mut lines = vec![first];
        let mut bytes = lines[0].len();
        let end = loop {
            if let (true, used) = feed(&mut self.core, &lines[lines.len() - 1], &mut cells) {
                self.hold_rest(number + lines.len() as u64 - 1, &lines[lines.len() - 1][used..]);
                return Ok(Found::Record { line: number, cells });
            }
            match self.line_or_held()? {
                None => break End::File,
                Some((at, line)) if self.is_row(&line) => break End::Row(at, line),
                Some((_, line)) => {
                    bytes += line.len();
                    lines.push(line);
                }
            }
            if bytes > MAX_RECORD_BYTES {
                break End::TooLong;
            }
        };
        Ok(self.broken(number, lines, end))
    }

    /// A quote was opened in the first of these lines and not closed in the last.
    fn broken(&mut self, number: u64, lines: Vec<Vec<u8>>, end: End) -> Found {
        let last = number + lines.len() as u64 - 1;
        let why = match &end {
            End::Row(at, _) => format!("line {at} begins the next row"),
            End::File => "the file ends".to_owned(),
            End::TooLong => format!("the row is longer than {} MB", MAX_RECORD_BYTES >> 20),
        };
        if let End::Row(at, line) = end {
            self.held.push_front((at, line));
        }
        if self.dialect.delimiter == b'\t' {
            // Tables between tabs are often written without quoting: the quote is a letter.
            let numbered = lines.into_iter().enumerate().map(|(index, line)| (number + index as u64, line));
            let mut numbered: Vec<_> = numbered.collect();
            self.unquoted = numbered.len() - 1;
            let (_, first) = numbered.remove(0);
            numbered.into_iter().rev().for_each(|line| self.held.push_front(line));
            let mut cells = Cells::default();
            feed(&mut Dialect { quotes: false, ..self.dialect }.reader(), &first, &mut cells);
            return Found::Record { line: number, cells };
        }
        let place = if last == number { format!("line {number}") } else { format!("lines {number} to {last}") };
        let reason = format!("a quote is opened in {place} and not closed: {why}");
        Found::Broken { line: number, reason, content: lines.concat() }
    }

    /// What follows a record in its line: lines of old Macs end with a carriage return alone.
    fn hold_rest(&mut self, number: u64, rest: &[u8]) {
        if !rest.trim_ascii().is_empty() {
            self.held.push_front((number, rest.to_vec()));
        }
    }

    /// Whether a line, met inside a quoted text, is the next row: it has an id where rows have theirs, no quote before
    /// that, and as many cells as rows have.
    fn is_row(&mut self, line: &[u8]) -> bool {
        let Some((width, id_at)) = self.shape else { return false };
        self.probe.reset();
        let mut cells = Cells::default();
        let (whole, _) = feed(&mut self.probe, line, &mut cells);
        let id = cells.iter().nth(id_at).and_then(|cell| std::str::from_utf8(cell).ok());
        let fits = if whole { cells.len() == width } else { cells.len() < width };
        let clean = !cells.iter().take(id_at).any(|cell| cell.contains(&b'"'));
        fits && clean && id.is_some_and(ids::looks_like_id)
    }

    /// The next line with its end, which the last line of a file may lack.
    fn line_or_held(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        if let Some(held) = self.held.pop_front() {
            return Ok(Some(held));
        }
        let mut line = Vec::new();
        (&mut self.reader).take(MAX_RECORD_BYTES as u64).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        self.lines += 1;
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        Ok(Some((self.lines, line)))
    }
}

/// Gives a line to the reader. Tells whether the record ends in it, and behind how many of its bytes.
fn feed(core: &mut Reader, line: &[u8], cells: &mut Cells) -> (bool, usize) {
    let (mut used, mut written) = (0, cells.bytes.len());
    // What a record holds is never longer than what it is written with.
    cells.bytes.resize(written + line.len() + 1, 0);
    let mut ends = [0; 64];
    loop {
        let (result, taken, given, found) = core.read_record(&line[used..], &mut cells.bytes[written..], &mut ends);
        used += taken;
        written += given;
        cells.ends.extend(&ends[..found]);
        match result {
            ReadRecordResult::OutputEndsFull => (),
            ReadRecordResult::OutputFull => cells.bytes.resize(cells.bytes.len() + 64, 0),
            ended => {
                cells.bytes.truncate(written);
                return (matches!(ended, ReadRecordResult::Record), used);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: u64 = 570_306_133_677_760_513;

    /// Each record as its line and its cells, each broken one as its reason.
    fn read(table: &str) -> Vec<String> {
        let mut records = Records::new(table.as_bytes(), Dialect::of(table.as_bytes()));
        let mut all = Vec::new();
        while let Some(found) = records.next().unwrap() {
            all.push(match found {
                Found::Record { line, cells } => {
                    if all.is_empty() {
                        records.expect(cells.len(), 0);
                    }
                    let cells: Vec<_> = cells.iter().map(String::from_utf8_lossy).collect();
                    format!("{line}: {}", cells.join("|"))
                }
                Found::Broken { reason, .. } => reason,
            });
        }
        all
    }

    #[test]
    fn rows_behind_an_open_quote_are_read() {
        let table = format!("id,text\n\n{A},\"open\n{A},\"two\r\nlines\"\n\n{A},b\n{A},\"end\nof");
        assert_eq!(
            read(&table),
            [
                "1: id|text".to_owned(),
                "a quote is opened in line 3 and not closed: line 4 begins the next row".to_owned(),
                format!("4: {A}|two\r\nlines"),
                format!("7: {A}|b"),
                "a quote is opened in lines 8 to 9 and not closed: the file ends".to_owned(),
            ]
        );
    }

    #[test]
    fn tables_between_tabs_may_be_written_without_quotes() {
        let table = format!("id\ttext\n{A}\t\"a\" said b\n{A}\t\"open\n{A}\tlast\"\n");
        let rows = [format!("2: {A}|\"a\" said b"), format!("3: {A}|\"open"), format!("4: {A}|last\"")];
        assert_eq!(read(&table)[1..], rows);
        let quoted = format!("id\ttext\n{A}\t\"a\tb\"\n{A}\t\"two\nlines\"\n");
        assert_eq!(read(&quoted)[1..], [format!("2: {A}|a\tb"), format!("3: {A}|two\nlines")]);
        let both = format!("id\ttext\n{A}\t\"a\tb\"\n{A}\t\"open\n{A}\tc\n");
        assert_eq!(read(&both)[1..], [format!("2: {A}|a\tb"), format!("3: {A}|\"open"), format!("4: {A}|c")]);
    }

    #[test]
    fn lines_of_old_macs_are_lines() {
        assert_eq!(read("id,text\r1,a\r2,b"), ["1: id|text", "1: 1|a", "1: 2|b"]);
    }
}
