//! The values of a column: all, or those that contain something.

use crate::schema::folded_keyword;
use model::Filter;
use model::Timestamp;
use model::columns::Column;
use model::explore::{FacetValue, ValuesPage};

/// What of a column's values is wanted.
#[derive(Clone, Debug)]
pub struct ValuesAsk {
    pub filter: Filter,
    pub column: &'static Column,
    /// Only values that contain this, in any case. Those that begin so come first.
    pub containing: String,
    /// From A to Z rather than the most frequent first.
    pub by_name: bool,
    pub limit: usize,
    /// What `now` means in the filter.
    pub now: Timestamp,
}

impl ValuesAsk {
    /// The place of a value in the order; `None` if it is not wanted.
    fn rank(&self, value: &FacetValue) -> Option<Rank> {
        let folded = folded_keyword(&value.value);
        let at = folded.find(&self.containing)?;
        let count = if self.by_name { 0 } else { value.count };
        Some(Rank(!self.containing.is_empty() && at > 0, std::cmp::Reverse(count), folded))
    }
}

/// The first of those values that are wanted, in their order. Holds little more than twice as many at a time.
pub(crate) struct First {
    ask: ValuesAsk,
    best: Vec<(Rank, FacetValue)>,
    found: u64,
}

impl First {
    pub fn new(mut ask: ValuesAsk) -> Self {
        ask.containing = folded_keyword(&ask.containing);
        Self { ask, best: Vec::new(), found: 0 }
    }

    pub fn offer(&mut self, value: FacetValue) {
        if let Some(rank) = self.ask.rank(&value) {
            self.found += 1;
            self.best.push((rank, value));
            if self.best.len() > 2 * self.ask.limit + 100 {
                keep(&mut self.best, self.ask.limit);
            }
        }
    }

    pub fn page(mut self, total: u64) -> ValuesPage {
        keep(&mut self.best, self.ask.limit);
        let values = self.best.into_iter().map(|(_, value)| value).collect();
        ValuesPage { values, found: self.found, total }
    }
}

/// Beginning as wanted, frequency, name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank(bool, std::cmp::Reverse<u64>, String);

fn keep(best: &mut Vec<(Rank, FacetValue)>, limit: usize) {
    best.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    best.truncate(limit);
}
