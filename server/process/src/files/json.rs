//! Files of JSON.

use super::{MAX_RECORD_BYTES, ReadError, emit::Emitter, lines::Lines, values::Values};
use crate::{
    decode::{Includes, Lookup, Record, Sidecar, decode_record},
    ids::{LOOK_AHEAD, ROUNDED, Window, is_rounded},
};
use model::{TweetId, observed::Role};
use std::{
    collections::{HashMap, HashSet},
    io::{self, BufRead},
};

/// How JSON is laid out in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One value per line.
    Lines,
    /// An array, or values that follow each other in any way.
    Values,
}

/// One line without its end, or one value; `too_long` if it was longer than the limit, and then only its beginning.
pub struct Piece<'p> {
    /// From 1.
    pub number: u64,
    pub bytes: &'p [u8],
    pub too_long: bool,
}

/// The pieces of a file.
enum Pieces<R> {
    Lines(Lines<R>),
    Values(Values<R>),
}

impl<R: BufRead> Pieces<R> {
    fn new(mode: Mode, reader: R) -> Self {
        match mode {
            Mode::Lines => Self::Lines(Lines::new(reader, MAX_RECORD_BYTES)),
            Mode::Values => Self::Values(Values::new(reader, MAX_RECORD_BYTES)),
        }
    }

    fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        match self {
            Self::Lines(lines) => lines.next(),
            Self::Values(values) => values.next(),
        }
    }

    fn broken(&self) -> (u64, &[u8]) {
        match self {
            Self::Lines(lines) => lines.broken(),
            Self::Values(values) => values.broken(),
        }
    }
}

/// Reads a file of JSON. `includes` is the text of the `users_*.json` beside it.
pub fn read(
    mode: Mode,
    reader: impl BufRead,
    file: &str,
    includes: Option<&str>,
    emitter: &mut Emitter<'_, '_>,
) -> Result<(), ReadError> {
    let beside = includes.map(|json| Beside { json });
    let parsed = beside.as_ref().map(|beside| Includes::parse(beside.json));
    let sidecar = beside.as_ref().zip(parsed.as_ref()).map(|(beside, parsed)| beside.sidecar(parsed, emitter));
    let (window, waiting) = (Window::default(), Vec::new());
    let mut file = JsonFile { file, sidecar, rows: HashSet::new(), window, waiting, emitter };
    file.pieces(Pieces::new(mode, reader))?;
    file.finish(beside)
}

/// Why the text of a `users_*.json` cannot be read.
pub fn check_includes(json: &str) -> Result<(), serde_json::Error> {
    serde_json::from_str(json).map(|_: serde::de::IgnoredAny| ())
}

/// The includes of the split form, which lie in a file of their own.
struct Beside<'a> {
    json: &'a str,
}

impl Beside<'_> {
    fn decode(&self, emitter: &Emitter<'_, '_>) -> Record {
        let mut record = Record::default();
        // Read once already: it is JSON.
        let _ = decode_record(self.json.as_bytes(), emitter.observed_at, None, &mut record);
        record
    }

    fn sidecar<'i>(&self, includes: &'i Includes<'i>, emitter: &Emitter<'_, '_>) -> Sidecar<'i> {
        let tweets = self.decode(emitter).tweets.into_iter();
        let originals: HashMap<_, _> = tweets.map(|tweet| (tweet.tweet.id, tweet)).collect();
        Sidecar { lookup: Lookup::new(includes), originals }
    }
}

struct JsonFile<'f, 'i, 'e, 'o, 's> {
    file: &'f str,
    sidecar: Option<Sidecar<'i>>,
    /// Ids of the rows, kept only beside a sidecar: its context must not repeat them.
    rows: HashSet<TweetId>,
    window: Window,
    /// Records with ids that are numbers, until there are enough to judge whether those are rounded.
    waiting: Vec<(u64, Record)>,
    emitter: &'e mut Emitter<'o, 's>,
}

impl JsonFile<'_, '_, '_, '_, '_> {
    fn pieces<R: BufRead>(&mut self, mut pieces: Pieces<R>) -> Result<(), ReadError> {
        let damage = loop {
            match pieces.next() {
                Ok(Some(Piece { number, bytes, too_long })) => self.record(number, bytes, too_long)?,
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        self.release()?;
        let Some(error) = damage else { return Ok(()) };
        // The rest of the file cannot be read; what came before is good.
        let (number, bytes) = pieces.broken();
        self.emitter.reject(self.file, number, self::damage(&error), kept(bytes))
    }

    fn record(&mut self, number: u64, bytes: &[u8], too_long: bool) -> Result<(), ReadError> {
        if too_long {
            let reason = format!("it is longer than {} MB", MAX_RECORD_BYTES >> 20);
            return self.emitter.reject(self.file, number, reason, kept(bytes));
        }
        let mut record = Record::default();
        match decode_record(bytes, self.emitter.observed_at, self.sidecar.as_ref(), &mut record) {
            Ok(()) => {
                if self.sidecar.is_some() {
                    let rows = record.tweets.iter().filter(|tweet| tweet.role == Role::Row);
                    self.rows.extend(rows.map(|tweet| tweet.tweet.id));
                }
                if record.numbers.is_empty() && self.waiting.is_empty() {
                    return self.emitter.record(self.file, number, record);
                }
                self.waiting.push((number, record));
                if self.waiting.len() == LOOK_AHEAD { self.release() } else { Ok(()) }
            }
            Err(error) => match glued(bytes) {
                Some(values) => values.into_iter().try_for_each(|value| self.record(number, value, false)),
                None => self.emitter.reject(self.file, number, error.to_string(), kept(bytes)),
            },
        }
    }

    /// Hands on the records that wait, without tweets whose ids are rounded.
    fn release(&mut self) -> Result<(), ReadError> {
        let numbers = self.waiting.iter().flat_map(|(_, record)| &record.numbers);
        let rounded = self.window.are_rounded(numbers.map(|id| id.0));
        for (number, mut record) in std::mem::take(&mut self.waiting) {
            if rounded {
                record.reject_rows(ROUNDED, |id| is_rounded(id.0));
            }
            self.emitter.record(self.file, number, record)?;
        }
        Ok(())
    }

    fn finish(self, beside: Option<Beside<'_>>) -> Result<(), ReadError> {
        let Some(beside) = beside else { return Ok(()) };
        let mut record = beside.decode(self.emitter);
        record.tweets.retain(|tweet| !self.rows.contains(&tweet.tweet.id));
        record.rejected.clear();
        self.emitter.record(self.file, 1, record)
    }
}

/// The objects of a line that is several, with or without commas between and behind them, and what is left where that
/// goes wrong. None if the line does not begin with a whole object and more.
fn glued(line: &[u8]) -> Option<Vec<&[u8]>> {
    let mut found = Vec::new();
    let mut rest = line;
    while rest.starts_with(b"{") {
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<serde::de::IgnoredAny>();
        let Some(Ok(_)) = values.next() else { break };
        let (value, behind) = rest.split_at(values.byte_offset());
        let behind = behind.trim_ascii_start();
        found.push(value);
        rest = behind.strip_prefix(b",").unwrap_or(behind).trim_ascii_start();
    }
    if !rest.is_empty() {
        found.push(rest);
    }
    found.first().is_some_and(|first| first.len() < line.len()).then_some(found)
}

/// Why the rest of a file cannot be read.
pub fn damage(error: &io::Error) -> String {
    format!("the file cannot be read from here on, it is cut off or damaged ({error}); what came before was read")
}

fn kept(bytes: &[u8]) -> Vec<u8> {
    // One byte more than is handed on tells that there was more.
    bytes[..bytes.len().min(super::emit::KEPT_BYTES + 1)].to_vec()
}
