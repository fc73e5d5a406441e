//! What sets the tweets of a range of time apart from the others, answered.

use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// The columns that an explanation goes through, in its order. `text` stands for the words of the text.
pub const EXPLAINED: [&str; 6] = ["hashtag", "text", "author", "mention", "domain", "lang"];

/// Scores from which on a difference is told: by chance alone one value in 44 reaches it.
pub const LEAST_SCORE: f64 = 2.0;

/// What is more frequent in a range of time than in the rest of what a filter finds. Every count is exact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The range: from its start up to, not including, its end.
    pub from: Timestamp,
    pub to: Timestamp,
    /// Tweets in the range, and those of the filter outside.
    pub inside: u64,
    pub outside: u64,
    pub sections: Vec<Section>,
}

/// The values of one column that stand out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub column: String,
    /// Those that stand out most come first.
    pub values: Vec<Standout>,
}

/// A value that is more frequent inside than outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standout {
    pub value: String,
    /// Tweets that have it, in the range and outside.
    pub inside: u64,
    pub outside: u64,
    /// How far the log-odds inside lie above those outside, in standard errors; at least [`LEAST_SCORE`].
    pub score: f64,
}
