//! What a file is, told by its first bytes: compressed or not, JSON or CSV.

use super::{ReadError, json::Mode};
use flate2::bufread::MultiGzDecoder;
use serde::de::IgnoredAny;
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
    /// A part of the archive that X gives to its users, such as their direct messages.
    NoTweets,
}

pub fn open<'r>(mut reader: impl BufRead + 'r, name: &str) -> Result<Opened<'r>, ReadError> {
    let io = |error| ReadError::Io { file: name.to_owned(), error };
    let (head, error) = peek(&mut reader, 264);
    let whole = io::Cursor::new(head.clone()).chain(Failing(error)).chain(reader);
    let plain: Box<dyn Read + 'r> = match head.as_slice() {
        [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(whole)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Box::new(zstd::stream::read::Decoder::with_buffer(whole).map_err(io)?),
        _ => Box::new(whole),
    };
    refuse_foreign(&head, name)?;
    shape(BufReader::with_capacity(BUFFER_BYTES, plain), name)
}

fn shape<'r>(mut reader: impl BufRead + 'r, name: &str) -> Result<Opened<'r>, ReadError> {
    let (head, error) = peek(&mut reader, HEAD_BYTES);
    refuse_foreign(&head, name)?;
    let is_all = head.len() < HEAD_BYTES;
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let start = text.iter().position(|byte| !byte.is_ascii_whitespace());
    let part = start.and_then(|start| ArchivePart::of(&text[start..]));
    let skipped = head.len() - text.len() + part.as_ref().map_or(0, |part| start.unwrap_or(0) + part.prefix);
    let is_empty = head.is_empty() && error.is_none();
    let rest = Box::new(io::Cursor::new(head[skipped..].to_vec()).chain(Failing(error)).chain(reader));
    let Some(start) = start else {
        // Nothing but blanks: the JSON reader says so, or goes on behind a very long run of them.
        return Ok(if is_empty { Opened::Empty } else { Opened::Json(Mode::Lines, rest) });
    };
    Ok(match (part, text[start]) {
        (Some(part), _) if part.has_tweets => Opened::Json(Mode::Values, rest),
        (Some(_), _) => Opened::NoTweets,
        (None, b'[') => Opened::Json(Mode::Values, rest),
        (None, b'{') => Opened::Json(mode(&text[start..], is_all), rest),
        // A first line that is damaged makes no table of lines that are JSON.
        _ if has_json_line(text) => Opened::Json(Mode::Lines, rest),
        _ => Opened::Csv(text.to_vec(), rest),
    })
}

/// Gives an error where it was met.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

impl BufRead for Failing {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.take().map_or(Ok(&[]), Err)
    }

    fn consume(&mut self, _: usize) {}
}

/// Reads up to `n` bytes; fewer only at the end, or before the error that ended it.
fn peek(reader: &mut impl Read, n: usize) -> (Vec<u8>, Option<io::Error>) {
    let mut head = Vec::new();
    let error = reader.by_ref().take(n as u64).read_to_end(&mut head).err();
    (head, error)
}

/// A file of the archive that X gives to its users: JSON behind `window.YTD.tweets.part0 = `, before 2018 behind
/// `Grailbird.data.tweets_2013_05 = `.
struct ArchivePart {
    has_tweets: bool,
    /// Bytes before the JSON.
    prefix: usize,
}

impl ArchivePart {
    fn of(text: &[u8]) -> Option<Self> {
        const BEGINS: [&str; 4] = ["window.YTD.", "Grailbird.data.", "window.__", "var "];
        let line = text.split(|byte| *byte == b'\n').next()?;
        let equals = line.iter().take(100).position(|byte| *byte == b'=')?;
        let name = std::str::from_utf8(&line[..equals]).ok()?;
        let name = BEGINS.iter().find_map(|begin| name.strip_prefix(begin))?;
        let what = name.split(['.', ' ']).next()?;
        let has_tweets = ["tweet", "tweets", "community_tweet"].contains(&what) || what.starts_with("tweets_");
        Some(Self { has_tweets, prefix: equals + 1 })
    }
}

/// How JSON that begins with an object is laid out. `is_all`: the text is the whole file.
fn mode(text: &[u8], is_all: bool) -> Mode {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => {
            let (first, rest) = text.split_at(values.byte_offset());
            let rest = rest.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
            let goes_on = rest.starts_with(b"{") || rest.starts_with(b",");
            if goes_on || first.contains(&b'\n') { Mode::Values } else { Mode::Lines }
        }
        // A long line, or a long value over several lines.
        Some(Err(error)) if error.is_eof() && !is_all => {
            if text.contains(&b'\n') {
                Mode::Values
            } else {
                Mode::Lines
            }
        }
        // One line of many is cut off, or a value over several lines is damaged.
        Some(Err(error)) if error.line() > 1 && !has_json_line(text) => Mode::Values,
        _ => Mode::Lines,
    }
}

/// Whether any line is an object of JSON.
fn has_json_line(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.any(|line| line.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok())
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
        let mode = |text: &str| mode(text.as_bytes(), true);
        assert_eq!(mode("{\n  \"data\": []\n}\n"), Mode::Values);
        assert_eq!(mode("{\"data\": [\n{\"id\":\"1\"},\n{\"id\":\"2\"}\n]}"), Mode::Values);
        assert_eq!(mode("{\n  \"data\": [x]\n}\n"), Mode::Values, "damaged");
        assert_eq!(mode("{\"id\":\"1\"}{\"id\":\"2\"}"), Mode::Values);
        assert_eq!(mode("{\"id\":\"1\"},\n{\"id\":\"2\"},\n"), Mode::Values);
        assert_eq!(mode("{\"id\":\"1\"}\n{\"id\":\"2\"}\n"), Mode::Lines);
        assert_eq!(mode("{\"id\":\"1\"}"), Mode::Lines);
        assert_eq!(mode("{\"id\":\"1\n{\"id\":\"2\"}\n"), Mode::Lines, "a cut-off line before a good one");
        assert_eq!(mode("{\"id\":\"1\",\n{\"id\":\"2\"}\n{\"id\":\"3\"}\n"), Mode::Lines, "cut off behind a comma");
        assert_eq!(mode("{\"id\":\"1\",\"x\":[\n{\"id\":\"2\"}\n"), Mode::Lines, "cut off behind a bracket");
    }
}
