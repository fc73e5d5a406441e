use super::{LONGEST, MOST_TIMES, SHORTEST};
use std::ops::Range;

/// Why there is no such cadence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCadence {
    #[error("{0} seconds are no interval: choose one from {SHORTEST} seconds to {days} days", days = LONGEST / 86_400)]
    Interval(u64),
    #[error("an interval is counted from a whole second of the years 1970 to 2099: choose such a moment")]
    Anchor,
    #[error("{0:?} is no time of day: write hours and minutes, such as 09:30")]
    TimeOfDay(String),
    #[error("no time of day is given: give one at least")]
    NoTime,
    #[error("{0} times of a day are too many: give {MOST_TIMES} at most, or an interval")]
    TooManyTimes(usize),
    #[error("no day is given: give one at least")]
    NoDay,
    #[error("{0:?} is no day: write names such as Monday, \"weekdays\", or \"the 1st and last day of the month\"")]
    Day(String),
    #[error("{0:?} is no time zone: give one by its name, such as Europe/Vienna or UTC")]
    Zone(String),
}

/// Why a text is no cadence: where, why, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at character {character}: {message}")]
pub struct BadText {
    /// Byte positions in the text.
    pub at: Range<usize>,
    /// Where that begins, from 1 on.
    pub character: usize,
    pub message: String,
}
