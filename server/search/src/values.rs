//! The values of a column: all, or those that contain something.

use crate::error::Result;
use crate::facets::Counts;
use crate::schema::folded_keyword;
use crate::view::View;
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

    /// The first of those that are wanted, in their order. Holds little more than twice as many at a time.
    pub(crate) fn first(mut self, values: impl Iterator<Item = Result<FacetValue>>, total: u64) -> Result<ValuesPage> {
        self.containing = folded_keyword(&self.containing);
        let mut best: Vec<(Rank, FacetValue)> = Vec::new();
        let mut found = 0;
        for value in values {
            let value = value?;
            if let Some(rank) = self.rank(&value) {
                found += 1;
                best.push((rank, value));
                if best.len() > 2 * self.limit + 100 {
                    keep(&mut best, self.limit);
                }
            }
        }
        keep(&mut best, self.limit);
        let values = best.into_iter().map(|(_, value)| value).collect();
        Ok(ValuesPage { values, found, total })
    }
}

/// Beginning as wanted, frequency, name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank(bool, std::cmp::Reverse<u64>, String);

fn keep(best: &mut Vec<(Rank, FacetValue)>, limit: usize) {
    best.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    best.truncate(limit);
}

/// Every word that some matching document has, with its count.
pub(crate) fn words<'a>(
    counts: &'a Counts,
    view: &'a View,
    column: &'static Column,
) -> impl Iterator<Item = Result<FacetValue>> + 'a {
    counts.all().filter_map(move |(number, count)| {
        let word = counts.word(view, column, number).transpose()?;
        Some(word.map(|value| FacetValue { value, count }))
    })
}
