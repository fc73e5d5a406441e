//! Reading in tests.

use model::{
    Timestamp,
    observed::{Batch, ObservedTweet, Role},
};
use process::{Item, Note, Options, ReadError, Reject, Totals, read_stream};
use std::path::{Path, PathBuf};

/// All that came out of a source.
#[derive(Debug, Default)]
pub struct Outcome {
    pub batch: Batch,
    pub rejects: Vec<Reject>,
    pub notes: Vec<Note>,
    pub totals: Totals,
    pub bytes: u64,
    pub partial_errors: u64,
    pub batches: usize,
}

impl Outcome {
    pub fn take(&mut self, item: Item) -> anyhow::Result<()> {
        match item {
            Item::Batch { batch, bytes, partial_errors } => {
                self.batch.tweets.extend(batch.tweets);
                self.batch.authors.extend(batch.authors);
                self.bytes += bytes;
                self.partial_errors += partial_errors;
                self.batches += 1;
            }
            Item::Reject(reject) => self.rejects.push(reject),
            Item::Note(note) => self.notes.push(note),
        }
        Ok(())
    }

    pub fn rows(&self) -> Vec<&ObservedTweet> {
        self.batch.tweets.iter().filter(|tweet| tweet.role == Role::Row).collect()
    }

    pub fn context(&self) -> usize {
        self.batch.tweets.len() - self.rows().len()
    }

    /// Checks the totals against what was handed out.
    pub fn checked(self) -> Self {
        let Totals { read, rows, context, rejected, partial_errors, bytes } = self.totals;
        assert_eq!(read, rows + rejected);
        assert_eq!(rows, self.rows().len() as u64);
        assert_eq!(context, self.context() as u64);
        assert_eq!(rejected, self.rejects.len() as u64);
        assert_eq!((partial_errors, bytes), (self.partial_errors, self.bytes));
        self
    }
}

pub fn options() -> Options {
    Options { observed_at: Some(NOW), ..Options::default() }
}

pub const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

pub fn read_bytes(bytes: &[u8]) -> Outcome {
    try_read_bytes(bytes, &options()).unwrap()
}

pub fn try_read_bytes(bytes: &[u8], options: &Options) -> Result<Outcome, ReadError> {
    let mut outcome = Outcome::default();
    outcome.totals = read_stream("test", bytes, options, &mut |item| outcome.take(item))?;
    Ok(outcome.checked())
}

pub fn read_path(path: &Path) -> Outcome {
    read_paths(&[path.to_owned()])
}

pub fn read_paths(paths: &[PathBuf]) -> Outcome {
    let mut outcome = Outcome::default();
    let mut totals = Totals::default();
    for source in process::expand_arguments(paths).unwrap().sources {
        let one = process::read(&source, &Options::default(), &mut |item| outcome.take(item)).unwrap();
        totals.read += one.read;
        totals.rows += one.rows;
        totals.context += one.context;
        totals.rejected += one.rejected;
        totals.partial_errors += one.partial_errors;
        totals.bytes += one.bytes;
    }
    outcome.totals = totals;
    outcome.checked()
}

/// The folder of real data; `None`, said loudly, where there is none.
pub fn shared_data() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
    let path = std::env::var("ROOST_SHARED_DATA").map(PathBuf::from);
    let path = path.unwrap_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    if path.join("SOURCES.md").is_file() {
        return Some(path);
    }
    eprintln!("\n!!! SKIPPED: shared data not found at {} (set ROOST_SHARED_DATA) !!!\n", path.display());
    None
}
