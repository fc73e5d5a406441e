//! Time as it is stored: microseconds since 1970 in UTC.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Write};
use std::ops::Sub;

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms * 1000)
    }

    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds * SECOND)
    }

    /// Reads RFC 3339, as X writes it: `2026-01-31T12:00:00.000Z`.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|time| Self(time.timestamp_micros()))
    }

    /// Reads the times of X's API 1.1: `Wed Aug 27 13:08:45 +0000 2008`.
    pub fn parse_v1(text: &str) -> Option<Self> {
        DateTime::parse_from_str(text, "%a %b %d %H:%M:%S %z %Y").ok().map(|time| Self(time.timestamp_micros()))
    }

    /// The start of a day in UTC.
    pub fn from_day(year: i32, month: u32, day: u32) -> Option<Self> {
        let midnight = NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(0, 0, 0)?;
        Some(Self::from_naive(midnight))
    }

    /// A civil time, taken as UTC.
    pub fn from_naive(time: NaiveDateTime) -> Self {
        Self(time.and_utc().timestamp_micros())
    }

    /// Formats by these codes of strftime: `%Y %m %d %-d %F %u %H %M %S %.3f`. A time out of the calendar's range
    /// reads `?`.
    ///
    /// By hand, because chrono's own formatting knows all codes there are, and every browser would load it.
    pub fn format(self, codes: &str) -> String {
        let Some(time) = DateTime::from_timestamp_micros(self.0) else { return "?".to_owned() };
        let mut text = String::with_capacity(codes.len() + 8);
        let mut parts = codes.split('%');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let known =
                ["-d", ".3f", "Y", "m", "d", "F", "u", "H", "M", "S"].into_iter().find(|code| part.starts_with(code));
            let written = match known {
                Some("Y") => write!(text, "{:04}", time.year()),
                Some("m") => write!(text, "{:02}", time.month()),
                Some("d") => write!(text, "{:02}", time.day()),
                Some("-d") => write!(text, "{}", time.day()),
                Some("F") => write!(text, "{:04}-{:02}-{:02}", time.year(), time.month(), time.day()),
                Some("u") => write!(text, "{}", self.weekday() + 1),
                Some("H") => write!(text, "{:02}", time.hour()),
                Some("M") => write!(text, "{:02}", time.minute()),
                Some("S") => write!(text, "{:02}", time.second()),
                Some(_) => write!(text, ".{:03}", time.timestamp_subsec_millis()),
                None => text.write_char('%'),
            };
            debug_assert!(written.is_ok(), "writing to a string does not fail");
            text.push_str(&part[known.unwrap_or_default().len()..]);
        }
        text
    }

    /// `2026-01-31T12:00:00.000Z`, to the millisecond as X writes it.
    pub fn to_rfc3339(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S%.3fZ")
    }

    /// Days since 1970-01-01, UTC.
    pub fn day_number(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// The day of the week, UTC: from 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> usize {
        // The first day of all was a Thursday.
        (self.day_number() + 3).rem_euclid(7) as usize
    }

    /// The hour of the day, UTC: from 0 to 23.
    pub fn hour(self) -> i64 {
        self.0.rem_euclid(DAY) / HOUR
    }

    /// The multiple of `interval` microseconds at or before this moment.
    pub fn floor(self, interval: i64) -> Self {
        Self(self.0.div_euclid(interval).saturating_mul(interval))
    }
}

impl Sub for Timestamp {
    type Output = i64;

    /// Microseconds from `earlier` to this moment, as far as these can be counted: a damaged one may lie anywhere.
    fn sub(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_of_xs_time_formats_are_read() {
        let v2 = Timestamp::parse_rfc3339("2008-08-27T13:08:45.000Z").unwrap();
        assert_eq!(Timestamp::parse_v1("Wed Aug 27 13:08:45 +0000 2008"), Some(v2));
        assert_eq!(v2.to_rfc3339(), "2008-08-27T13:08:45.000Z");
    }

    proptest::proptest! {
        #[test]
        fn codes_read_as_chronos_own(seconds in -62_135_596_800_i64..253_402_300_800, micros in 0..SECOND) {
            let time = Timestamp(seconds * SECOND + micros);
            let codes = "%Y-%m-%d %-d. (%F, %u) at %H:%M:%S%.3f: ü";
            let theirs = DateTime::from_timestamp_micros(time.0).unwrap().format(codes).to_string();
            proptest::prop_assert_eq!(time.format(codes), theirs);
        }
    }

    #[test]
    fn floor_works_before_1970_too() {
        assert_eq!(Timestamp(-1).floor(DAY), Timestamp(-DAY));
        assert_eq!(Timestamp(DAY + 5).floor(DAY), Timestamp(DAY));
    }

    #[test]
    fn damaged_times_are_far_apart_and_nothing_ends_there() {
        let (first, last) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        assert_eq!((last - first, first - last), (i64::MAX, i64::MIN));
        assert_eq!(first.floor(DAY), first);
    }
}
