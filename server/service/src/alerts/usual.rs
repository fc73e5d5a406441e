//! What is usual for an hour: the median of the same hour of the same weekday in the weeks before, and how much more
//! is a spike.
//!
//! With `m` the median of these hours and `MAD` the median of their distances from `m`, an hour is a spike from
//!
//! ```text
//! max(minimum, ⌈m + k · max(1.4826 · MAD, √m, 1)⌉)     k = 3, 5 or 8 by sensitivity
//! ```
//!
//! posts on. A single wild week moves neither median, unlike a mean and a standard deviation; 1.4826 · MAD is the
//! standard deviation of what is spread normally. √m is what chance alone spreads counts by: without it, weeks that
//! happen to be alike would make a spike of every post more.

use model::Timestamp;
use model::alert::Sensitivity;
use model::time::{DAY, HOUR};
use std::collections::BTreeMap;

/// Weeks that are looked back on.
pub const WEEKS: i64 = 8;
/// With fewer weeks there is no telling weekdays apart: all hours of the last seven days are taken instead.
const FEWEST_WEEKS: usize = 3;
const HOURS_OF_A_WEEK: i64 = 7 * DAY / HOUR;
const NORMAL: f64 = 1.4826;

/// Matches by hour (hours since 1970), from the hour of the first match on. Hours that are not listed have none.
#[derive(Clone, Debug, Default)]
pub struct Hours {
    pub counts: BTreeMap<i64, u64>,
    /// The hour of the first match there is: what was before it is not known, rather than none.
    pub first: Option<i64>,
}

/// What an hour is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// Posts that it usually has.
    pub median: u64,
    /// Posts from which on it is a spike.
    pub spike_from: u64,
}

/// The number of an hour since 1970.
pub fn hour_of(time: Timestamp) -> i64 {
    time.0.div_euclid(HOUR)
}

impl Hours {
    /// What the hour of that number is compared with.
    pub fn usual(&self, hour: i64, sensitivity: Sensitivity, at_least: u32) -> Usual {
        let known = |hour: &i64| self.first.is_some_and(|first| *hour >= first);
        let count = |hour: i64| self.counts.get(&hour).copied().unwrap_or_default();
        let weeks = (1..=WEEKS).map(|week| hour - week * HOURS_OF_A_WEEK).filter(known).map(count);
        let mut counts: Vec<u64> = weeks.collect();
        if counts.len() < FEWEST_WEEKS {
            counts = (hour - HOURS_OF_A_WEEK..hour).filter(known).map(count).collect();
        }
        let at_least = u64::from(at_least);
        let Some(median) = median(&mut counts) else { return Usual { median: 0, spike_from: at_least } };
        let mut distances: Vec<u64> = counts.iter().map(|count| count.abs_diff(median)).collect();
        let mad = self::median(&mut distances).unwrap_or_default();
        let spread = (NORMAL * mad as f64).max((median as f64).sqrt()).max(1.0);
        let limit = (median as f64 + sensitivity.spreads() * spread).ceil() as u64;
        Usual { median, spike_from: limit.max(at_least) }
    }
}

/// The middle one; of two the lower, so that it is a count that was.
fn median(counts: &mut [u64]) -> Option<u64> {
    let middle = counts.len().checked_sub(1)? / 2;
    Some(*counts.select_nth_unstable(middle).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_NOW: i64 = 400_000;

    fn weekly(counts: &[u64]) -> Hours {
        let of_week = |(week, count): (usize, &u64)| (HOUR_NOW - (week as i64 + 1) * HOURS_OF_A_WEEK, *count);
        let counts: BTreeMap<i64, u64> = counts.iter().enumerate().map(of_week).collect();
        Hours { first: counts.keys().next().copied(), counts }
    }

    fn usual(hours: &Hours, at_least: u32) -> (u64, u64) {
        let usual = hours.usual(HOUR_NOW, Sensitivity::Normal, at_least);
        (usual.median, usual.spike_from)
    }

    #[test]
    fn the_same_hour_of_past_weeks_is_usual_and_one_wild_week_changes_little() {
        assert_eq!(usual(&weekly(&[100, 100, 100, 100]), 10), (100, 150), "5 · √100 above");
        assert_eq!(usual(&weekly(&[100, 9000, 100, 100]), 10), (100, 150));
        assert_eq!(usual(&weekly(&[100, 140, 60, 100, 140, 60]), 10), (100, 397), "MAD 40: 100 + 5 · 59.3");
    }

    #[test]
    fn few_posts_are_no_spike_below_the_minimum() {
        assert_eq!(usual(&weekly(&[0, 0, 0, 0]), 20), (0, 20));
        assert_eq!(usual(&weekly(&[0, 0, 0, 0]), 1), (0, 5), "chance alone makes a few");
        assert_eq!(usual(&Hours::default(), 20), (0, 20), "nothing is known yet");
    }

    #[test]
    fn with_less_than_three_weeks_the_last_seven_days_are_taken() {
        let counts: BTreeMap<i64, u64> = (HOUR_NOW - 48..HOUR_NOW).map(|hour| (hour, 9)).collect();
        let hours = Hours { first: counts.keys().next().copied(), counts };
        assert_eq!(usual(&hours, 1), (9, 24), "48 hours of 9; those before the first match are not known");
    }
}
