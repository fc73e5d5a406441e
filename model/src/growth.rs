//! Counters over time: what was observed of a tweet, and how fast its counters grow.

use crate::Timestamp;
use crate::time::{HOUR, MINUTE};
use crate::tweet::Metrics;

/// The counters of a tweet as they were seen at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    pub at: Timestamp,
    pub metrics: Metrics,
}

/// Less time between two observations says nothing of growth: one like in the first ten seconds is not 360 in an hour.
pub const SHORTEST: i64 = 10 * MINUTE;

/// How much a counter grew per hour between two moments, in tenths; none where they are too close.
pub fn per_hour(earlier: (u64, Timestamp), later: (u64, Timestamp)) -> Option<i64> {
    let span = later.1 - earlier.1;
    let growth = later.0 as f64 - earlier.0 as f64;
    (span >= SHORTEST).then(|| (growth * 10.0 * HOUR as f64 / span as f64).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_per_hour_whatever_the_time_between() {
        let at = |minutes: i64| Timestamp(minutes * MINUTE);
        assert_eq!(per_hour((10, at(0)), (40, at(30))), Some(600));
        assert_eq!(per_hour((10, at(0)), (11, at(180))), Some(3), "a third, to one digit");
        assert_eq!(per_hour((10, at(0)), (4, at(60))), Some(-60), "likes are taken back");
        assert_eq!(per_hour((0, at(0)), (u64::MAX, at(10))), Some(i64::MAX));
        assert_eq!(per_hour((0, at(0)), (5, at(9))), None);
        assert_eq!(per_hour((0, at(9)), (5, at(0))), None, "the clock of a source is wrong");
    }
}
