//! What the values of a column are like, and when and by whom the tweets of a filter were posted. All of it is exact.

use crate::Timestamp;
use crate::explore::FacetValue;
use serde::{Deserialize, Serialize};

/// The values of one column among the matching tweets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnStats {
    /// Tweets that match, and those of them that have a value.
    pub total: u64,
    pub filled: u64,
    /// Distinct values; unknown for a text column.
    pub distinct: Option<u64>,
    /// The most frequent values of a keyword or yes-or-no column.
    pub top: Vec<FacetValue>,
    /// Of a column that has an order; none without values.
    pub spread: Option<Spread>,
}

/// How the values of an ordered column are spread. Each of the five is a value that some tweet has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub least: Quantity,
    /// The value that a quarter of the tweets do not exceed.
    pub first_quartile: Quantity,
    pub median: Quantity,
    pub third_quartile: Quantity,
    pub most: Quantity,
    pub scale: Scale,
    /// Tweets by ranges of values, without gaps; empty for ids.
    pub ranges: Vec<Range>,
}

/// How wide the ranges are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    /// All alike.
    Even,
    /// Each about twice the one before, at 1, 2, 5, 10, 20, 50 and so on: most values are small and a few very large.
    Growing,
}

/// The tweets whose value is at least `from` and below `to`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    pub from: Quantity,
    pub to: Quantity,
    pub count: u64,
}

/// A value of an ordered column.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
pub enum Quantity {
    Number(i64),
    Decimal(f64),
    Id(u64),
    Date(Timestamp),
}

/// Tweets by weekday (Monday first) and hour of their creation, in a time zone of that distance from UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// Minutes that its clocks are ahead of UTC.
    pub offset_minutes: i32,
    pub hours: [[u64; 24]; 7],
}

/// How many tweets the authors of the matching tweets posted each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// By numbers of tweets, without gaps, fewest first.
    pub groups: Vec<ActivityGroup>,
    /// Tweets whose author is unknown.
    pub unknown: u64,
}

/// Authors who posted `from` to `to` of the matching tweets each, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityGroup {
    pub from: u64,
    pub to: u64,
    pub authors: u64,
    pub tweets: u64,
}
