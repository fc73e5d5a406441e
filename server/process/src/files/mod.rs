//! Files of tweets, streamed: whatever their compression and shape, memory does not grow with their size.

mod archive;
mod arguments;
mod compressed;
pub(crate) mod emit;
mod json;
mod lines;
mod values;

pub use arguments::expand_arguments;
pub(crate) use json::damage;

use crate::csv;
use compressed::{Counted, Opened};
use emit::Emitter;
use model::{Timestamp, observed::Batch};
use std::{
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

/// The longest line, JSON value or CSV record that is read, in bytes.
pub const MAX_RECORD_BYTES: usize = 64 << 20;

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
    /// For CSV: pairs of our field name and the column it is in; they go before the names we know.
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
    /// The line, object or record itself, for the rejects file. Personal data.
    pub content: Vec<u8>,
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
    Io { file: String, error: std::io::Error },
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
        return Err(io(std::io::ErrorKind::IsADirectory.into()));
    }
    let observed_at = options.observed_at.or_else(|| modified(&metadata));
    let Some(observed_at) = observed_at else {
        return Err(ReadError::NoTime { file: source.name.clone() });
    };
    let (file, consumed) = Counted::new(file);
    let mut emitter = Emitter::new(observed_at, options, consumed, sink);
    let mut reader = BufReader::with_capacity(1 << 18, file);
    if archive::is_zip(&mut reader).map_err(io)? {
        archive::read(reader, &source.name, &mut emitter)?;
    } else {
        let includes = source.includes.as_deref().map(read_includes).transpose()?;
        read_any(reader, &source.name, includes.as_deref(), &mut emitter)?;
    }
    emitter.finish()
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
    read_any(BufReader::with_capacity(1 << 18, reader), name, None, &mut emitter)?;
    emitter.finish()
}

/// Decompresses if need be, finds the shape and reads it.
fn read_any(
    reader: impl std::io::BufRead,
    name: &str,
    includes: Option<&str>,
    emitter: &mut Emitter<'_, '_>,
) -> Result<(), ReadError> {
    match compressed::open(reader, name)? {
        Opened::Empty => Ok(()),
        Opened::Json(mode, reader) => json::read(mode, reader, name, includes, emitter),
        Opened::Csv(head, reader) => csv::read(&head, reader, name, emitter),
    }
}

/// The text of a `users_*.json`; it is small enough to be kept while its `data_*.json` is read.
fn read_includes(path: &Path) -> Result<String, ReadError> {
    let io = |error| ReadError::Io { file: path.display().to_string(), error };
    let mut text = String::new();
    File::open(path).map_err(io)?.take(MAX_RECORD_BYTES as u64).read_to_string(&mut text).map_err(io)?;
    Ok(text)
}

fn modified(metadata: &std::fs::Metadata) -> Option<Timestamp> {
    let since_1970 = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since_1970.as_micros()).ok().map(Timestamp)
}
