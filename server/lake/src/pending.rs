//! Changes that are not yet durable.

use crate::columns::number;
use crate::record::Record;
use model::Timestamp;
use model::change::Change;
use std::collections::HashMap;

/// The last change of each tweet, by its id as the lake writes it.
#[derive(Debug)]
pub struct Pending<R> {
    tweets: HashMap<i64, Tweet<R>>,
    bytes: usize,
}

/// What is to become of a tweet.
#[derive(Debug)]
pub struct Tweet<R> {
    /// `None` if it goes.
    pub row: Option<R>,
    /// Whether what the lake has of it goes whatever its version.
    pub removed: bool,
}

impl<R: Record> Tweet<R> {
    /// Whether it takes the place of what the lake has in that version.
    pub fn replaces(&self, version: i64) -> bool {
        self.removed || self.row.as_ref().is_none_or(|row| row.version() >= Timestamp(version))
    }
}

impl<R> Default for Pending<R> {
    fn default() -> Self {
        Self { tweets: HashMap::new(), bytes: 0 }
    }
}

impl<R: Record> Pending<R> {
    pub fn len(&self) -> usize {
        self.tweets.len()
    }

    /// About what they take up in memory.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn add(&mut self, change: Change<R>) {
        let (id, change) = match change {
            Change::Put(row) => (number(row.id().0), Tweet { row: Some(row), removed: false }),
            Change::Remove(id) => (number(id.0), Tweet { row: None, removed: true }),
        };
        self.bytes += weight(&change);
        let Some(before) = self.tweets.get_mut(&id) else {
            self.tweets.insert(id, change);
            return;
        };
        let is_stale = before.row.as_ref().is_some_and(|row| !change.replaces(row.version().0));
        let (gone, removed) = (weight(before), before.removed || change.removed);
        if is_stale {
            self.bytes -= weight(&change);
        } else {
            self.bytes -= gone;
            *before = Tweet { removed, ..change };
        }
    }

    /// Takes all out, by id and in its order.
    pub fn take(&mut self) -> Vec<(i64, Tweet<R>)> {
        self.bytes = 0;
        let mut tweets: Vec<_> = std::mem::take(&mut self.tweets).into_iter().collect();
        tweets.sort_unstable_by_key(|(id, _)| *id);
        tweets
    }
}

fn weight<R: Record>(change: &Tweet<R>) -> usize {
    size_of::<(i64, Tweet<R>)>() + change.row.as_ref().map_or(0, Record::weight)
}
