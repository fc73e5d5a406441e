//! Posts by their ids: batches of a full page each, oldest first.

use crate::gap::Cause;
use model::{Timestamp, TweetId};
use std::collections::BTreeSet;

/// Ids to look up. Each is asked for once, and again only if its request failed.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    waiting: BTreeSet<TweetId>,
    in_flight: usize,
    not_before: Option<Timestamp>,
    missed: Option<(usize, Cause)>,
}

impl Lookup {
    pub fn new(ids: impl IntoIterator<Item = TweetId>) -> Self {
        Self { waiting: ids.into_iter().collect(), ..Self::default() }
    }

    /// Adds ids.
    pub fn add(&mut self, ids: impl IntoIterator<Item = TweetId>) {
        self.waiting.extend(ids);
    }

    /// What is not asked for yet.
    pub fn waiting(&self) -> impl Iterator<Item = TweetId> + '_ {
        self.waiting.iter().copied()
    }

    /// How many were not asked for, and why.
    pub fn missed(&self) -> Option<(usize, Cause)> {
        self.missed
    }

    pub(crate) fn posts(&self) -> usize {
        self.waiting.len()
    }

    pub(crate) fn is_in_flight(&self) -> bool {
        self.in_flight > 0
    }

    pub(crate) fn has_free(&self, now: Timestamp) -> bool {
        !self.waiting.is_empty() && self.not_before.is_none_or(|at| at <= now)
    }

    pub(crate) fn waits_until(&self) -> Option<Timestamp> {
        self.not_before.filter(|_| !self.waiting.is_empty())
    }

    pub(crate) fn next(&mut self, most: u32) -> Vec<TweetId> {
        let batch: Vec<TweetId> = self.waiting.iter().take(most as usize).copied().collect();
        batch.iter().for_each(|id| {
            self.waiting.remove(id);
        });
        self.in_flight += 1;
        batch
    }

    pub(crate) fn answered(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    pub(crate) fn again(&mut self, ids: &[TweetId], not_before: Option<Timestamp>) {
        self.waiting.extend(ids);
        self.not_before = not_before;
    }

    pub(crate) fn give_up(&mut self, cause: Cause) {
        let before = self.missed.map_or(0, |(ids, _)| ids);
        self.missed = Some((before + self.waiting.len(), cause));
        self.waiting.clear();
    }
}
