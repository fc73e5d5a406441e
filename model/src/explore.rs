//! The question that the explore page asks and the answer it gets.

use crate::{Pid, Row, Timestamp, collection::Collection, view::ViewName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rows per page.
pub const PAGE_SIZE: usize = 50;

/// One column of the order of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// Name of a sortable column.
    pub column: String,
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { column: "created".into(), descending: true }
    }
}

/// Columns that an order may have.
pub const MOST_SORTS: usize = 3;

/// What the page shows: the whole of it follows from the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploreQuery {
    /// Slug of the collection.
    pub collection: String,
    /// In the filter language; empty for all.
    pub filter: String,
    /// The first counts most; none is the newest first. Ties are broken by tweet id, in the direction of the first.
    #[serde(default)]
    pub sort: Vec<Sort>,
    /// Where to go on from: a cursor of an earlier answer.
    pub after: Option<String>,
    pub before: Option<String>,
    /// Number of the first row, from 1, where no cursor is given.
    pub row: Option<u64>,
    /// The time to begin with, as the filter language writes it, where neither is given and the order is by time first.
    #[serde(default)]
    pub at: Option<String>,
    /// Name of a facet's column that the histogram is divided by.
    pub split: Option<String>,
    /// Whether the histogram tells of the same length of time before.
    #[serde(default)]
    pub previous: bool,
    /// The saved view that is open: its alerts are marked on the histogram.
    #[serde(default)]
    pub view: Option<i64>,
    /// Name of the time zone by whose clocks the bars of the histogram begin; UTC without any.
    #[serde(default)]
    pub zone: String,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplorePage {
    pub collection: Collection,
    /// Tweets that match; exact.
    pub total: u64,
    /// Distinct authors of them.
    pub authors: u64,
    pub newest: Option<Timestamp>,
    /// Number of the first row in the whole order, from 1; absent on an empty page.
    pub first_position: Option<u64>,
    pub rows: Vec<Row>,
    /// Cursors of the pages around this one.
    pub next: Option<String>,
    pub previous: Option<String>,
    pub facets: Vec<Facet>,
    pub histogram: Histogram,
    /// When alerts on the open view fired, in the time of the histogram.
    #[serde(default)]
    pub fired: Vec<Fired>,
    /// The authors that the filter names by handle.
    pub handles: BTreeMap<String, Pid>,
    /// If nothing matches: for each conjunct of the filter, how many tweets match without it.
    pub without: Vec<u64>,
    /// The saved views of the collection that the person may open, by name.
    pub views: Vec<ViewName>,
    /// When it was answered.
    pub answered_at: Timestamp,
    /// Changes of the store that the index lacked then: what is counted does not know of them yet.
    #[serde(default)]
    pub behind: u64,
}

/// A stretch of rows without what stands around them, for those who scroll on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Block {
    pub rows: Vec<Row>,
    /// Number of the first row in the whole order, from 1; absent where there are no rows.
    pub first_position: Option<u64>,
    /// Cursors of the stretches around this one.
    pub next: Option<String>,
    pub previous: Option<String>,
}

/// How many of the matching tweets have each value of a column.
///
/// What a click on one of them replaces is left out of the filter ([`crate::Filter::without_choice`]), so that other
/// values can still be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    pub column: String,
    /// The most frequent values first; chosen values are always among them, at 0 if need be.
    pub values: Vec<FacetValue>,
    /// Tweets that have no value.
    pub missing: u64,
    /// Tweets that the counts are shares of.
    pub total: u64,
    /// Distinct values, listed or not.
    pub distinct: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetValue {
    pub value: String,
    pub count: u64,
}

/// Which values of a column are wanted, and in what order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValuesQuery {
    /// Slug of the collection.
    pub collection: String,
    /// In the filter language; what a click on a value replaces is left out.
    pub filter: String,
    /// Name of a column that is a facet.
    pub column: String,
    /// Only values that contain this, in any case; empty for all. Those that begin so come first.
    pub containing: String,
    /// From A to Z rather than the most frequent first.
    pub by_name: bool,
    /// At most [`VALUES_LIMIT`].
    pub limit: usize,
}

/// The most values that one answer lists.
pub const VALUES_LIMIT: usize = 1000;

/// Values of a column among the matching tweets, each with its count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValuesPage {
    pub values: Vec<FacetValue>,
    /// How many values there are in all that contain what was wanted.
    pub found: u64,
    /// Tweets that the counts are shares of.
    pub total: u64,
}

/// Tweets per span of time, over the whole of the matching tweets. Buckets without tweets are left out. Where a bucket
/// ends says its zone: [`crate::zone::Zone::after`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    /// Width of a bucket in microseconds, by the clocks of the zone: a day may have 23 hours.
    pub interval: i64,
    /// Start of the first and end of the last bucket.
    pub from: Timestamp,
    pub to: Timestamp,
    pub buckets: Vec<Bucket>,
    pub split: Option<Split>,
    /// The tweets of the same length of time before, by what would be the start of their bucket in this one.
    pub previous: Vec<Bucket>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    pub start: Timestamp,
    pub count: u64,
}

/// A moment at which an alert on the open view fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    pub at: Timestamp,
    /// The name of the alert.
    pub alert: String,
    /// Why, in a sentence.
    pub reason: String,
    /// Query string of the explore page that shows what its notice is about.
    pub query: String,
}

/// A histogram divided by the values of a column.
///
/// A tweet with several of the values counts for the most frequent one, so that the parts add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    pub column: String,
    /// The most frequent values first. What is missing from a bucket has none of them.
    pub parts: Vec<Part>,
}

/// The tweets of one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub value: String,
    pub buckets: Vec<Bucket>,
}

/// Values that a histogram is divided by; the rest is one more part.
pub const SPLIT_SIZE: usize = 5;

/// One tweet, opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TweetDetail {
    pub row: Row,
    /// The tweets that it answers, quotes or repeats, as far as they are stored.
    pub referenced: Vec<Row>,
}
