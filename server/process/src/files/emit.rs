//! Gathers tweets into batches and hands them out.

use super::{Item, Options, ReadError, Reject, Sink, Totals};
use crate::decode::Record;
use model::{
    Timestamp,
    observed::{Batch, ObservedAuthor, Role},
};
use std::{cell::Cell, collections::HashMap, rc::Rc};

/// A batch is handed out at this size of raw tweets, however few they are.
const MAX_BATCH_BYTES: usize = 16 << 20;

pub struct Emitter<'o, 's> {
    pub observed_at: Timestamp,
    pub options: &'o Options,
    consumed: Rc<Cell<u64>>,
    reported: u64,
    sink: Sink<'s>,
    batch: Batch,
    batch_bytes: usize,
    partial_errors: u64,
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
            partial_errors: 0,
            totals: Totals::default(),
        }
    }

    /// Takes all that was found in one line, element or record.
    pub fn record(&mut self, file: &str, line: u64, record: Record) -> Result<(), ReadError> {
        for rejected in record.rejected {
            self.reject(file, line, rejected.reason, rejected.content.into_bytes())?;
        }
        let rows = record.tweets.iter().filter(|tweet| tweet.role == Role::Row).count() as u64;
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

    pub fn reject(&mut self, file: &str, line: u64, reason: String, content: Vec<u8>) -> Result<(), ReadError> {
        self.totals.read += 1;
        self.totals.rejected += 1;
        let reject = Reject { file: file.to_owned(), line, reason, content };
        (self.sink)(Item::Reject(reject)).map_err(ReadError::Sink)
    }

    /// Hands out what is left.
    pub fn finish(mut self) -> Result<Totals, ReadError> {
        self.flush()?;
        Ok(self.totals)
    }

    fn flush(&mut self) -> Result<(), ReadError> {
        let mut batch = std::mem::take(&mut self.batch);
        batch.authors = each_once(batch.authors);
        self.batch_bytes = 0;
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
