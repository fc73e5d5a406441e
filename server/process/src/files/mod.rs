//! Files of tweets, streamed: whatever their compression and shape, memory does not grow with their size.

mod archive;
mod arguments;
mod compressed;
pub(crate) mod emit;
mod json;
mod lines;
mod values;

pub use arguments::{Arguments, expand_arguments};
pub(crate) use json::damage;

use crate::csv;
use compressed::{Counted, Opened};
use emit::Emitter;
use model::{Timestamp, observed::Batch};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

/// The longest line, JSON value or CSV record that is read, in bytes.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// The longest `users_*.json`; it is kept while its `data_*.json` is read.
const MAX_INCLUDES_BYTES: usize = 64 << 20;

/// Where tweets are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As shown to users and in [`Reject::file`]; `-` for standard input.
    pub name: String,
    /// Absent for standard input.
    pub path: Option<PathBuf>,
    /// Size as stored, in bytes; absent for standard input.
    pub bytes: Option<u64>,
    /// The `users_*.json` that belongs to a `data_*.json` (split form of academictwitteR).
    pub includes: Option<PathBuf>,
}

/// How to read.
#[derive(Clone, Debug)]
pub struct Options {
    /// For CSV: pairs of our field name and the column it is in; they go before the names we know. A column may be
    /// given by its position from 1, as `#3`; the table then has no header.
    pub map: Vec<(String, String)>,
    /// When the tweets were observed, for those that do not tell. `None`: the file's modification time, so
    /// it must be given for standard input ([`ReadError::NoTime`]).
    pub observed_at: Option<Timestamp>,
    /// Tweets per batch; batches of very long tweets are smaller, and one page is never cut.
    pub batch_size: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { map: Vec::new(), observed_at: None, batch_size: 500 }
    }
}

/// What the reader hands out, in the order of the file.
#[derive(Clone, Debug)]
pub enum Item {
    Batch {
        batch: Batch,
        /// Bytes of the source as stored (compressed) that were consumed since the batch before.
        bytes: u64,
        /// Objects that X named as missing in `errors[]` since the batch before. They are no rejects.
        partial_errors: u64,
    },
    Reject(Reject),
    Note(Note),
}

/// What a person should know about a file though nothing of it was rejected: which columns were used, what was left
/// out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub file: String,
    pub text: String,
}

/// A line, element or record that cannot be stored. It counts as one read and one rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The source's name; for a file in an archive `archive.zip/name`.
    pub file: String,
    /// From 1: the line, or for JSON that spans lines the number of the element.
    pub line: u64,
    /// In words for the person who has the file.
    pub reason: String,
    /// The beginning of the line, object or record, for the rejects file. Personal data.
    pub content: Vec<u8>,
    /// Whether there was more of it.
    pub cut: bool,
}

/// What became of one source. `read = rows + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub read: u64,
    pub rows: u64,
    /// Tweets that others refer to.
    pub context: u64,
    pub rejected: u64,
    pub partial_errors: u64,
    pub bytes: u64,
}

/// Why a source cannot be read at all, or no further.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("cannot read {file}: {error}")]
    Io { file: String, error: io::Error },
    #[error("{file} is {what}. {advice}")]
    NotReadable { file: String, what: String, advice: String },
    #[error("{file}: {problem}")]
    Columns { file: String, problem: String },
    #[error("{file} has no modification time: say when its tweets were observed")]
    NoTime { file: String },
    /// The sink refused; reading stopped.
    #[error(transparent)]
    Sink(anyhow::Error),
}

/// Takes what is read. An error stops the reading and comes back as [`ReadError::Sink`].
pub type Sink<'s> = &'s mut dyn FnMut(Item) -> anyhow::Result<()>;

/// Reads one source to its end. The last batch is handed out even if it is empty, so that all bytes and
/// partial errors are reported.
pub fn read(source: &Source, options: &Options, sink: Sink<'_>) -> Result<Totals, ReadError> {
    let io = |error| ReadError::Io { file: source.name.clone(), error };
    let Some(path) = &source.path else {
        return read_stream(&source.name, std::io::stdin().lock(), options, sink);
    };
    let file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if metadata.is_dir() {
        return Err(io(io::ErrorKind::IsADirectory.into()));
    }
    let observed_at = options.observed_at.or_else(|| modified(&metadata));
    let Some(observed_at) = observed_at else {
        return Err(ReadError::NoTime { file: source.name.clone() });
    };
    let (file, consumed) = Counted::new(file);
    let mut emitter = Emitter::new(observed_at, options, consumed, sink);
    let mut reader = BufReader::with_capacity(1 << 18, file);
    let done = match archive::is_zip(&mut reader).map_err(io)? {
        true => archive::read(reader, &source.name, &mut emitter),
        false => read_with_includes(reader, source, &mut emitter),
    };
    finish(emitter, done)
}

fn read_with_includes(reader: impl BufRead, source: &Source, emitter: &mut Emitter<'_, '_>) -> Result<(), ReadError> {
    let includes = match &source.includes {
        Some(path) => read_includes(File::open(path), &path.display().to_string(), emitter)?,
        None => None,
    };
    read_any(reader, &source.name, includes.as_deref(), emitter)
}

/// Hands out what was read, also before an error.
fn finish(emitter: Emitter<'_, '_>, done: Result<(), ReadError>) -> Result<Totals, ReadError> {
    match done {
        Err(error @ ReadError::Sink(_)) => Err(error),
        Err(error) => emitter.finish().and(Err(error)),
        Ok(()) => emitter.finish(),
    }
}

/// Reads a file by its path. See [`read`].
pub fn read_file(path: &Path, options: &Options, sink: Sink<'_>) -> Result<Totals, ReadError> {
    read(&Source::from_path(path), options, sink)
}

/// Reads from anything but a zip archive, which needs a file. `options.observed_at` must be set.
pub fn read_stream(name: &str, reader: impl Read, options: &Options, sink: Sink<'_>) -> Result<Totals, ReadError> {
    let Some(observed_at) = options.observed_at else {
        return Err(ReadError::NoTime { file: name.to_owned() });
    };
    let (reader, consumed) = Counted::new(reader);
    let mut emitter = Emitter::new(observed_at, options, consumed, sink);
    let done = read_any(BufReader::with_capacity(1 << 18, reader), name, None, &mut emitter);
    finish(emitter, done)
}

/// Decompresses if need be, finds the shape and reads it.
fn read_any(
    reader: impl BufRead,
    name: &str,
    includes: Option<&str>,
    emitter: &mut Emitter<'_, '_>,
) -> Result<(), ReadError> {
    match compressed::open(reader, name)? {
        Opened::Empty => Ok(()),
        Opened::Json(mode, reader) => json::read(mode, reader, name, includes, emitter),
        Opened::Csv(head, reader) => csv::read(&head, reader, name, emitter),
        Opened::NoTweets => {
            emitter.leave_out(name);
            Ok(())
        }
    }
}

/// The text of a `users_*.json`. One that cannot be read is a reject of its own: its `data_*.json` is good without it.
fn read_includes(
    opened: io::Result<impl Read>,
    name: &str,
    emitter: &mut Emitter<'_, '_>,
) -> Result<Option<String>, ReadError> {
    match includes_text(opened) {
        Ok(text) => Ok(Some(text)),
        Err(problem) => {
            let reason =
                format!("this users_ file is damaged ({problem}); the tweets of its data_ file are read without it");
            emitter.reject(name, 1, reason, Vec::new())?;
            Ok(None)
        }
    }
}

fn includes_text(opened: io::Result<impl Read>) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = opened.and_then(|reader| reader.take(MAX_INCLUDES_BYTES as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| error.to_string())?;
    if bytes.len() > MAX_INCLUDES_BYTES {
        return Err(format!("it is longer than {} MB", MAX_INCLUDES_BYTES >> 20));
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    json::check_includes(&text).map_err(|error| error.to_string())?;
    Ok(text)
}

fn modified(metadata: &std::fs::Metadata) -> Option<Timestamp> {
    let since_1970 = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since_1970.as_micros()).ok().map(Timestamp)
}
