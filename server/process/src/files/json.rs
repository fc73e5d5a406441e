//! Files of JSON.

use super::{
    MAX_RECORD_BYTES, ReadError,
    emit::Emitter,
    lines::{Line, Lines},
    values::{Mode, Value, Values},
};
use crate::decode::{DecodeError, Includes, Lookup, Record, Sidecar, decode_record};
use model::{TweetId, observed::Role};
use std::{
    collections::{HashMap, HashSet},
    io::{self, BufRead},
};

/// How much of a refused line is kept for the rejects file.
const KEPT_BYTES: usize = 1 << 16;

pub fn read(
    mode: Mode,
    reader: impl BufRead,
    file: &str,
    includes: Option<&str>,
    emitter: &mut Emitter<'_, '_>,
) -> Result<(), ReadError> {
    let includes = includes.map(Beside::read).transpose();
    let beside = includes.map_err(|error| ReadError::NotReadable {
        file: file.to_owned(),
        what: format!("beside a users_ file that is damaged: {error}"),
        advice: "Remove or repair that file".to_owned(),
    })?;
    let parsed = beside.as_ref().map(|beside| Includes::parse(beside.json));
    let sidecar = beside.as_ref().zip(parsed.as_ref()).map(|(beside, parsed)| beside.sidecar(parsed, emitter));
    let mut file = JsonFile { file, sidecar, rows: HashSet::new(), emitter };
    match mode {
        Mode::Lines => file.lines(Lines::new(reader, MAX_RECORD_BYTES))?,
        Mode::Values => file.values(Values::new(reader, MAX_RECORD_BYTES))?,
    }
    file.finish(beside)
}

/// The includes of the split form, which lie in a file of their own.
struct Beside<'a> {
    json: &'a str,
}

impl<'a> Beside<'a> {
    fn read(json: &'a str) -> Result<Self, DecodeError> {
        let json = json.trim_start_matches('\u{feff}');
        let _: serde::de::IgnoredAny = serde_json::from_str(json)?;
        Ok(Self { json })
    }

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
    emitter: &'e mut Emitter<'o, 's>,
}

impl JsonFile<'_, '_, '_, '_, '_> {
    fn lines<R: BufRead>(&mut self, mut lines: Lines<R>) -> Result<(), ReadError> {
        loop {
            match lines.next() {
                Ok(Some(Line { number, bytes, too_long })) => self.record(number, bytes, too_long)?,
                Ok(None) => return Ok(()),
                Err(error) => {
                    let (number, bytes) = lines.broken();
                    return self.damaged(number, bytes, &error);
                }
            }
        }
    }

    fn values<R: BufRead>(&mut self, mut values: Values<R>) -> Result<(), ReadError> {
        loop {
            match values.next() {
                Ok(Some(Value { number, bytes, too_long })) => self.record(number, bytes, too_long)?,
                Ok(None) => return Ok(()),
                Err(error) => {
                    let (number, bytes) = values.broken();
                    return self.damaged(number, bytes, &error);
                }
            }
        }
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
                self.emitter.record(self.file, number, record)
            }
            Err(error) => self.emitter.reject(self.file, number, error.to_string(), kept(bytes)),
        }
    }

    /// The rest of a file cannot be read; what came before is good.
    fn damaged(&mut self, number: u64, bytes: &[u8], error: &io::Error) -> Result<(), ReadError> {
        self.emitter.reject(self.file, number, damage(error), kept(bytes))
    }

    fn finish(self, beside: Option<Beside<'_>>) -> Result<(), ReadError> {
        let Some(beside) = beside else { return Ok(()) };
        let mut record = beside.decode(self.emitter);
        record.tweets.retain(|tweet| !self.rows.contains(&tweet.tweet.id));
        record.rejected.clear();
        self.emitter.record(self.file, 1, record)
    }
}

/// Why the rest of a file cannot be read.
pub fn damage(error: &io::Error) -> String {
    format!("the file cannot be read from here on, it is cut off or damaged ({error}); what came before was read")
}

fn kept(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len().min(KEPT_BYTES)].to_vec()
}
