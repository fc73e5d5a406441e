//! What a file is, told by its first bytes: compressed or not, JSON or CSV.

use super::{ReadError, values::Mode};
use flate2::bufread::MultiGzDecoder;
use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    rc::Rc,
};

/// How much of a file is looked at to tell its shape.
const HEAD_BYTES: usize = 1 << 16;
const BUFFER_BYTES: usize = 1 << 18;

/// Counts the bytes that are read through it.
pub struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R> Counted<R> {
    pub fn new(inner: R) -> (Self, Rc<Cell<u64>>) {
        let count = Rc::new(Cell::new(0));
        (Self { inner, count: Rc::clone(&count) }, count)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count.set(self.count.get() + n as u64);
        Ok(n)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}

pub enum Opened<'r> {
    Empty,
    Json(Mode, Box<dyn BufRead + 'r>),
    /// With its first bytes, which are still to be read.
    Csv(Vec<u8>, Box<dyn BufRead + 'r>),
}

pub fn open<'r>(mut reader: impl BufRead + 'r, name: &str) -> Result<Opened<'r>, ReadError> {
    let io = |error| ReadError::Io { file: name.to_owned(), error };
    let head = peek(&mut reader, 264).map_err(io)?;
    let whole = io::Cursor::new(head.clone()).chain(reader);
    let plain: Box<dyn Read + 'r> = match head.as_slice() {
        [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(whole)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Box::new(zstd::stream::read::Decoder::with_buffer(whole).map_err(io)?),
        _ => Box::new(whole),
    };
    refuse_foreign(&head, name)?;
    shape(BufReader::with_capacity(BUFFER_BYTES, plain), name)
}

fn shape<'r>(mut reader: impl BufRead + 'r, name: &str) -> Result<Opened<'r>, ReadError> {
    // Damaged data is met again, and reported, when it is read for good.
    let head = peek(&mut reader, HEAD_BYTES).unwrap_or_else(|_| Vec::new());
    refuse_foreign(&head, name)?;
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let skipped = head.len() - text.len();
    let start = text.iter().position(|byte| !byte.is_ascii_whitespace());
    let rest = io::Cursor::new(head[skipped..].to_vec()).chain(reader);
    let Some(start) = start else {
        // Nothing but blanks: the JSON reader says so, or goes on behind a very long run of them.
        return Ok(if head.is_empty() { drained(rest) } else { Opened::Json(Mode::Lines, Box::new(rest)) });
    };
    Ok(match text[start] {
        b'[' => Opened::Json(Mode::Values, Box::new(rest)),
        b'{' if spans_lines(&text[start..]) => Opened::Json(Mode::Values, Box::new(rest)),
        b'{' => Opened::Json(Mode::Lines, Box::new(rest)),
        // The archive that X gives to its users: `window.YTD.tweets.part0 = [ … ]`.
        b'w' if text[start..].starts_with(b"window.") => match text.iter().position(|byte| *byte == b'=') {
            Some(equals) => {
                let mut rest = rest;
                let skip = (equals + 1) as u64;
                io::copy(&mut rest.by_ref().take(skip), &mut io::sink())
                    .map_err(|error| ReadError::Io { file: name.to_owned(), error })?;
                Opened::Json(Mode::Values, Box::new(rest))
            }
            None => Opened::Csv(text.to_vec(), Box::new(rest)),
        },
        _ => Opened::Csv(text.to_vec(), Box::new(rest)),
    })
}

/// An empty file; or one whose first read failed, which fails again for the reader to report.
fn drained<'r>(mut rest: impl BufRead + 'r) -> Opened<'r> {
    match rest.fill_buf() {
        Ok([]) => Opened::Empty,
        _ => Opened::Json(Mode::Lines, Box::new(rest)),
    }
}

/// Reads up to `n` bytes. Fewer than that only at the end.
pub fn peek(reader: &mut impl Read, n: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    match reader.by_ref().take(n as u64).read_to_end(&mut head) {
        // What could be read before the damage is good.
        Err(error) if head.is_empty() => Err(error),
        _ => Ok(head),
    }
}

/// Whether the first JSON object goes over several lines. One line cut off at its end does not.
fn spans_lines(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n');
    let (Some(first), Some(_)) = (lines.next(), lines.clone().next()) else { return false };
    let is_whole = |line: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(line);
    match is_whole(first) {
        Err(error) if error.is_eof() => {
            let opens = first.trim_ascii_end().ends_with(b"{") || first.trim_ascii_end().ends_with(b"[");
            let goes_on = first.trim_ascii_end().ends_with(b",") || first.trim_ascii_end().ends_with(b":");
            let next = lines.find(|line| !line.trim_ascii().is_empty());
            opens || goes_on || !next.is_some_and(|line| line.starts_with(b"{"))
        }
        _ => false,
    }
}

/// Says what a file is that only looks like data from afar.
fn refuse_foreign(head: &[u8], name: &str) -> Result<(), ReadError> {
    const UNPACK: &str = "Unpack it and import what is in it";
    const AS_UTF8: &str = "Save it as UTF-8";
    const AS_CSV: &str = "Save its table as CSV (UTF-8), with the id column as text";
    let (what, advice) = match head {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => ("a zip archive inside a stream", "Give the archive as a file"),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => ("compressed with bzip2", UNPACK),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => ("compressed with xz", UNPACK),
        [b'7', b'z', 0xbc, 0xaf, ..] => ("a 7z archive", UNPACK),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ("written in UTF-16", AS_UTF8),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => ("an old Excel workbook", AS_CSV),
        _ if head.starts_with(b"PAR1") => ("a Parquet file", "Convert it to JSON lines or CSV"),
        _ if head.starts_with(b"SQLite format 3") => ("a SQLite database", "Export its table as CSV or JSON lines"),
        _ if head.get(257..262) == Some(b"ustar") => ("a tar archive", UNPACK),
        _ => return Ok(()),
    };
    Err(ReadError::NotReadable { file: name.to_owned(), what: what.to_owned(), advice: advice.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pretty_printed_object_is_told_from_lines() {
        assert!(spans_lines(b"{\n  \"data\": []\n}\n"));
        assert!(spans_lines(b"{\"data\": [\n{\"id\":\"1\"}]}"));
        assert!(!spans_lines(b"{\"id\":\"1\"}\n{\"id\":\"2\"}\n"));
        assert!(!spans_lines(b"{\"id\":\"1\"}"));
        assert!(!spans_lines(b"{\"id\":\"1\n{\"id\":\"2\"}\n"), "a cut-off line before a good one");
    }
}
