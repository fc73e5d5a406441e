use model::columns::Column;
use model::explore::{Facet, Histogram, Sort};
use model::zone::Zone;
use model::{Filter, Timestamp, TweetId};

/// Which rows of an order are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum At {
    #[default]
    First,
    /// Those after a cursor of an earlier answer.
    After(String),
    /// Those before it.
    Before(String),
    /// Those from this number on, from 1.
    Number(u64),
    /// In an order that is by time first, those from this time on: from its start where the oldest come first, from its
    /// end where the newest do. In other orders the first.
    Time { start: Timestamp, end: Timestamp },
}

/// What one view of the table needs.
#[derive(Clone, Debug)]
pub struct Ask {
    pub filter: Filter,
    /// The first key counts most; at most three, none is the newest first. Ties are broken by tweet id in the
    /// direction of the first; rows without a value come last in both directions.
    pub sort: Vec<Sort>,
    pub at: At,
    /// Rows wanted.
    pub limit: usize,
    /// Columns to count by value; each must be a facet.
    pub facets: Vec<&'static Column>,
    /// Values wanted per facet, besides the chosen ones.
    pub facet_size: usize,
    /// The column to divide the histogram by; it must be a facet.
    pub split: Option<&'static Column>,
    /// Whether the histogram tells of the same length of time before.
    pub previous: bool,
    /// The zone by whose clocks the bars of the histogram begin.
    pub zone: &'static Zone,
    /// What `now` means in the filter.
    pub now: Timestamp,
}

/// All that one view of the table shows. Every number is exact.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub ids: Vec<TweetId>,
    /// Tweets that match.
    pub total: u64,
    /// Their distinct authors.
    pub authors: u64,
    /// When the newest of them was posted.
    pub newest: Option<Timestamp>,
    /// Number of the first id in the whole order, from 1.
    pub first_position: Option<u64>,
    /// Cursors of the pages around this one.
    pub next: Option<String>,
    pub previous: Option<String>,
    pub facets: Vec<Facet>,
    pub histogram: Histogram,
}

/// A page of ids. See [`Answer`] for its parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IdPage {
    pub ids: Vec<TweetId>,
    pub total: u64,
    pub first_position: Option<u64>,
    pub next: Option<String>,
    pub previous: Option<String>,
}
