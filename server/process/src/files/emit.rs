//! Gathers tweets into batches and hands them out.

use super::{Item, Note, Options, ReadError, Reject, Sink, Totals};
use crate::decode::Record;
use model::{
    Timestamp, TweetId,
    observed::{Batch, ObservedAuthor, Role},
};
use std::{cell::Cell, collections::HashMap, rc::Rc};

/// A batch is handed out at this size of raw tweets, however few they are: batches wait for the database, and they
/// should not wait with more than this.
const MAX_BATCH_BYTES: usize = 4 << 20;

/// How much of what is refused is handed on.
pub const KEPT_BYTES: usize = 1 << 16;

pub struct Emitter<'o, 's> {
    pub observed_at: Timestamp,
    pub options: &'o Options,
    consumed: Rc<Cell<u64>>,
    reported: u64,
    sink: Sink<'s>,
    batch: Batch,
    batch_bytes: usize,
    /// The rows of the batch with their versions.
    versions: HashMap<TweetId, Timestamp>,
    partial_errors: u64,
    /// Files that hold no tweets: how many, and the first.
    left_out: u64,
    left_out_first: String,
    totals: Totals,
}

impl<'o, 's> Emitter<'o, 's> {
    pub fn new(observed_at: Timestamp, options: &'o Options, consumed: Rc<Cell<u64>>, sink: Sink<'s>) -> Self {
        Self {
            observed_at,
            options,
            consumed,
            reported: 0,
            sink,
            batch: Batch::default(),
            batch_bytes: 0,
            versions: HashMap::new(),
            partial_errors: 0,
            left_out: 0,
            left_out_first: String::new(),
            totals: Totals::default(),
        }
    }

    /// Takes all that was found in one line, element or record.
    pub fn record(&mut self, file: &str, line: u64, mut record: Record) -> Result<(), ReadError> {
        for rejected in std::mem::take(&mut record.rejected) {
            self.reject(file, line, rejected.reason, rejected.content.into_bytes())?;
        }
        if self.observes_anew(&record) {
            self.flush()?;
        }
        let rows = record.tweets.iter().filter(|tweet| tweet.role == Role::Row);
        self.versions.extend(rows.clone().map(|tweet| (tweet.tweet.id, tweet.tweet.version)));
        let rows = rows.count() as u64;
        self.totals.rows += rows;
        self.totals.read += rows;
        self.totals.context += record.tweets.len() as u64 - rows;
        self.partial_errors += record.partial_errors;
        self.totals.partial_errors += record.partial_errors;
        self.batch_bytes += record.tweets.iter().map(|tweet| tweet.raw.len()).sum::<usize>();
        self.batch.tweets.extend(record.tweets);
        self.batch.authors.extend(record.authors);
        if self.batch.tweets.len() >= self.options.batch_size.max(1) || self.batch_bytes >= MAX_BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Whether a row is in the batch already, observed at another time. It then goes into the next batch, so that
    /// it counts the same (updated) wherever the border of a batch happens to be.
    fn observes_anew(&self, record: &Record) -> bool {
        let mut rows = record.tweets.iter().filter(|tweet| tweet.role == Role::Row);
        rows.any(|row| self.versions.get(&row.tweet.id).is_some_and(|version| *version != row.tweet.version))
    }

    /// Says something that a person should know, though nothing was rejected.
    pub fn note(&mut self, file: &str, text: String) -> Result<(), ReadError> {
        (self.sink)(Item::Note(Note { file: file.to_owned(), text })).map_err(ReadError::Sink)
    }

    pub fn reject(&mut self, file: &str, line: u64, reason: String, mut content: Vec<u8>) -> Result<(), ReadError> {
        self.totals.read += 1;
        self.totals.rejected += 1;
        let cut = content.len() > KEPT_BYTES;
        content.truncate(KEPT_BYTES);
        let reject = Reject { file: file.to_owned(), line, reason, content, cut };
        (self.sink)(Item::Reject(reject)).map_err(ReadError::Sink)
    }

    /// Notes that a file was not read, as it holds no tweets.
    pub fn leave_out(&mut self, file: &str) {
        if self.left_out == 0 {
            file.clone_into(&mut self.left_out_first);
        }
        self.left_out += 1;
    }

    /// Hands out what is left.
    pub fn finish(mut self) -> Result<Totals, ReadError> {
        self.flush()?;
        let file = std::mem::take(&mut self.left_out_first);
        match self.left_out {
            0 => (),
            1 => self.note(&file, "left out: it holds no tweets".to_owned())?,
            count => {
                self.note(&file, format!("this file and {} more were left out: they hold no tweets", count - 1))?
            }
        }
        Ok(self.totals)
    }

    fn flush(&mut self) -> Result<(), ReadError> {
        let mut batch = std::mem::take(&mut self.batch);
        batch.authors = each_once(batch.authors);
        self.batch_bytes = 0;
        self.versions.clear();
        let bytes = self.consumed.get() - self.reported;
        self.reported += bytes;
        self.totals.bytes = self.reported;
        let partial_errors = std::mem::take(&mut self.partial_errors);
        (self.sink)(Item::Batch { batch, bytes, partial_errors }).map_err(ReadError::Sink)
    }
}

/// Of several observations of one author the latest.
fn each_once(authors: Vec<ObservedAuthor>) -> Vec<ObservedAuthor> {
    let mut places = HashMap::with_capacity(authors.len());
    let mut once: Vec<ObservedAuthor> = Vec::with_capacity(authors.len());
    for author in authors {
        match places.get(&author.id) {
            Some(place) => {
                let known: &mut ObservedAuthor = &mut once[*place];
                if author.version > known.version {
                    *known = author;
                }
            }
            None => {
                places.insert(author.id, once.len());
                once.push(author);
            }
        }
    }
    once
}
