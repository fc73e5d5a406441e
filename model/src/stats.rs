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

/// Tweets by weekday (Monday first) and hour of their creation, by the clocks of a time zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    pub hours: [[u64; 24]; 7],
    /// Minutes that the clocks were ahead of UTC, where they were equally far ahead for all tweets.
    pub ahead: Option<i16>,
}

impl Week {
    /// The weekday (0 is Monday) and the hour in UTC that these clocks show as these. `None` where those are parts of
    /// two.
    pub fn in_utc(&self, day: Option<usize>, hour: Option<i64>) -> Option<(Option<usize>, Option<i64>)> {
        let ahead = i64::from(self.ahead?);
        match (day, hour) {
            (Some(day), Some(hour)) if ahead % 60 == 0 => {
                let of_week = (day as i64 * 24 + hour - ahead / 60).rem_euclid(7 * 24);
                Some((Some((of_week / 24) as usize), Some(of_week % 24)))
            }
            (None, Some(hour)) if ahead % 60 == 0 => Some((None, Some((hour - ahead / 60).rem_euclid(24)))),
            (Some(day), None) if ahead == 0 => Some((Some(day), None)),
            _ => None,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::Week;

    #[test]
    fn what_clocks_show_is_asked_for_in_utc() {
        let in_utc = |day, hour, ahead| Week { ahead, ..Week::default() }.in_utc(day, hour);
        assert_eq!(
            in_utc(Some(0), Some(1), Some(120)),
            Some((Some(6), Some(23))),
            "Monday 01:00 is Sunday 23:00 there"
        );
        assert_eq!(in_utc(Some(6), Some(20), Some(-300)), Some((Some(0), Some(1))));
        assert_eq!(in_utc(None, Some(0), Some(60)), Some((None, Some(23))));
        assert_eq!(in_utc(Some(3), None, Some(0)), Some((Some(3), None)));
        assert_eq!(in_utc(Some(3), None, Some(60)), None, "that day is parts of two");
        assert_eq!(in_utc(Some(3), Some(4), Some(330)), None, "that hour is parts of two");
        assert_eq!(in_utc(Some(3), Some(4), None), None, "that hour was another after the clocks had changed");
    }
}
