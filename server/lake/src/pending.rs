//! Changes that are not yet durable.

use crate::columns::number;
use crate::error::Result;
use crate::record::Record;
use arrow::array::RecordBatch;
use arrow::compute::interleave_record_batch;
use model::change::Change;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::marker::PhantomData;

/// The last change of each tweet. Rows wait as columns: as records they would be many small pieces of memory among those
/// of other work, which could not be given back while they wait.
#[derive(Debug)]
pub struct Pending<R> {
    /// By the tweet's id as the lake writes it.
    tweets: HashMap<i64, Tweet>,
    batches: Vec<RecordBatch>,
    record: PhantomData<fn() -> R>,
}

/// What is to become of a tweet.
#[derive(Clone, Copy, Debug)]
pub struct Tweet {
    /// `None` if it goes.
    pub row: Option<Place>,
    /// Whether what the lake has of it goes whatever its version.
    pub removed: bool,
}

/// Where a row waits.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    batch: usize,
    row: usize,
    version: i64,
    /// The UTC day of its creation.
    pub day: i64,
}

impl Tweet {
    /// Whether it takes the place of what the lake has in that version.
    pub fn replaces(&self, version: i64) -> bool {
        self.removed || self.row.is_none_or(|row| row.version >= version)
    }
}

/// Changes in their order, the rows of them as columns.
pub struct Incoming<R> {
    /// The id of each tweet, with version and day of its row if it does not go.
    changes: Vec<(i64, Option<(i64, i64)>)>,
    rows: RecordBatch,
    record: PhantomData<fn() -> R>,
}

impl<R: Record> Incoming<R> {
    pub fn new(changes: Vec<Change<R>>) -> Result<Self> {
        let mut rows = Vec::with_capacity(changes.len());
        let changes = changes.into_iter().map(|change| match change {
            Change::Put(row) => {
                let put = (row.version().0, row.created().day_number());
                let id = row.id();
                rows.push(row);
                (number(id.0), Some(put))
            }
            Change::Remove(id) => (number(id.0), None),
        });
        let changes = changes.collect();
        Ok(Self { changes, rows: R::batch(&rows)?, record: PhantomData })
    }
}

impl<R> Default for Pending<R> {
    fn default() -> Self {
        Self { tweets: HashMap::new(), batches: Vec::new(), record: PhantomData }
    }
}

impl<R: Record> Pending<R> {
    pub fn len(&self) -> usize {
        self.tweets.len()
    }

    /// The memory that they take up.
    pub fn bytes(&self) -> usize {
        let rows: usize = self.batches.iter().map(RecordBatch::get_array_memory_size).sum();
        rows + self.tweets.capacity() * size_of::<(i64, Tweet)>()
    }

    pub fn add(&mut self, incoming: Incoming<R>) {
        let (batch, mut next) = (self.batches.len(), 0);
        for (id, put) in incoming.changes {
            let row = put.map(|(version, day)| Place { batch, row: next, version, day });
            next += usize::from(row.is_some());
            let change = Tweet { row, removed: row.is_none() };
            match self.tweets.entry(id) {
                Entry::Vacant(place) => _ = place.insert(change),
                Entry::Occupied(mut before) => {
                    let before = before.get_mut();
                    if before.row.is_none_or(|row| change.replaces(row.version)) {
                        *before = Tweet { removed: before.removed || change.removed, ..change };
                    }
                }
            }
        }
        self.batches.push(incoming.rows);
    }

    /// The tweets, by the ids that the lake writes and in their order.
    pub fn ids(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.tweets.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    pub fn get(&mut self, id: i64) -> Option<&mut Tweet> {
        self.tweets.get_mut(&id)
    }

    /// Forgets what was to become of a tweet.
    pub fn forget(&mut self, id: i64) {
        self.tweets.remove(&id);
    }

    /// The rows that wait at those places.
    pub fn rows(&self, places: &[Place]) -> Result<RecordBatch> {
        let batches: Vec<&RecordBatch> = self.batches.iter().collect();
        let places: Vec<(usize, usize)> = places.iter().map(|place| (place.batch, place.row)).collect();
        Ok(interleave_record_batch(&batches, &places)?)
    }
}
