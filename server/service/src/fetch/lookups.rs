//! Stored tweets that are looked up again, the oldest first: a part of their ids is held at a time.

use crate::Service;
use model::time::DAY;
use model::{CollectionId, Timestamp, TweetId};
use planner::{Lookup, Span};
use std::collections::BTreeSet;
use store::StoreError;
use store::windows::{State, Window};

/// Ids that are held at once.
const PART: u64 = 10_000;

/// How far a run is with the tweets of a collection.
pub(super) struct Lookups {
    collection: CollectionId,
    /// What is not held yet.
    rest: Span,
    /// The least ids of requests that are on their way.
    in_flight: BTreeSet<TweetId>,
}

impl Lookups {
    /// Those of the last days, or what an interrupted run has left of them.
    pub async fn plan(
        service: &Service,
        collection: CollectionId,
        days: u16,
        left: Option<&Window>,
        now: Timestamp,
    ) -> Result<(Self, Lookup), StoreError> {
        let since = Timestamp(now.0 - i64::from(days) * DAY);
        let rest = match left {
            Some(window) => Span { from: window.from, to: window.to },
            None => Span::between(since, now),
        };
        let mut lookups = Self { collection, rest, in_flight: BTreeSet::new() };
        let part = lookups.next_part(service).await?;
        Ok((lookups, Lookup::new(part)))
    }

    /// Holds more ids, where those that were held have all been asked for.
    pub async fn refill(&mut self, service: &Service, lookup: &mut Lookup) -> Result<(), StoreError> {
        if lookup.waiting().next().is_none() && !self.rest.is_empty() {
            lookup.add(self.next_part(service).await?);
        }
        Ok(())
    }

    /// Whether there are ids that are not held yet.
    pub fn has_more(&self) -> bool {
        !self.rest.is_empty()
    }

    async fn next_part(&mut self, service: &Service) -> Result<Vec<TweetId>, StoreError> {
        let Span { from, to } = self.rest;
        let part = store::tweets::ids_between(&service.store, self.collection, from, to, PART).await?;
        let is_last = (part.len() as u64) < PART;
        self.rest.from = part.last().filter(|_| !is_last).map_or(to, |last| TweetId(last.0 + 1));
        Ok(part)
    }

    pub fn sent(&mut self, ids: &[TweetId]) {
        self.in_flight.extend(ids.first());
    }

    pub fn answered(&mut self, ids: &[TweetId]) {
        if let Some(first) = ids.first() {
            self.in_flight.remove(first);
        }
    }

    /// What has no answer yet, as it is kept: who takes the run over begins there.
    pub fn left(&self, lookup: &Lookup) -> Window {
        let lowest = [lookup.waiting().next(), self.in_flight.first().copied()].into_iter().flatten().min();
        Window {
            number: 0,
            from: lowest.unwrap_or(self.rest.from),
            to: self.rest.to,
            expected: None,
            is_counted: false,
            state: State::Open,
            page_limit: None,
            pages: 0,
            posts: 0,
            newest: None,
            reached: None,
            cursor: None,
            not_before: None,
        }
    }
}
