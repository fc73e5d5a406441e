//! The ways in which files write a time.

use chrono::{NaiveDate, NaiveDateTime};
use model::{
    Timestamp,
    time::{DAY, HOUR},
};

/// With a zone or an offset.
const ZONED: [&str; 5] = [
    "%Y-%m-%d %H:%M:%S%.f %z",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%m/%d/%Y %H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S %z",
];
/// Without.
const CIVIL: [&str; 6] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
];
/// The month before the day, as in the United States.
const MONTH_FIRST: [&str; 8] = [
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%y %H:%M:%S",
    "%m/%d/%y %H:%M",
    "%m/%d/%y %I:%M:%S %p",
    "%m/%d/%y %I:%M %p",
];
const DAY_FIRST: [&str; 10] = [
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d/%m/%y %H:%M:%S",
    "%d/%m/%y %H:%M",
    "%d.%m.%y %H:%M:%S",
    "%d.%m.%y %H:%M",
];
const DAYS: [&str; 2] = ["%Y-%m-%d", "%Y/%m/%d"];
const MONTH_FIRST_DAYS: [&str; 2] = ["%m/%d/%Y", "%m/%d/%y"];
const DAY_FIRST_DAYS: [&str; 5] = ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y"];

/// How far a date may be from the time in the tweet's id (zones, and clocks of old times).
const TOLERANCE: i64 = 2 * DAY;

/// The day of the first tweet, 2006-03-21, and a day that none of our tweets will see, 2100-01-01.
const PLAUSIBLE: std::ops::Range<Timestamp> =
    Timestamp::from_seconds(1_142_899_200)..Timestamp::from_seconds(4_102_444_800);

/// A time as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Written {
    /// Taken as UTC if no zone was written.
    time: Timestamp,
    has_zone: bool,
}

/// When a tweet was made: as it is written with its zone, else as the tweet's id has it, else as it is written without a
/// zone. Nothing if neither tells.
pub(crate) fn of_tweet(text: &str, in_id: Option<Timestamp>) -> Option<Timestamp> {
    let written = written(text, in_id);
    match (written, in_id) {
        (Some(Written { time, has_zone: true }), _) => Some(time),
        (_, Some(in_id)) => Some(in_id),
        (written, None) => written.map(|written| written.time),
    }
}

/// Reads a time: RFC 3339, API 1.1, `2015-02-24 11:35:52 -0800`, `2/24/2015 11:35` (the month first unless that
/// gives no date), seconds or milliseconds since 1970, the day number of a spreadsheet. A time without a zone
/// is UTC. Times in which X did not exist are none: years of one digit, empty values of databases.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    written(text, None).map(|written| written.time)
}

/// `near` is the time in the tweet's id. It decides where a date can be read with the day or the month first.
fn written(text: &str, near: Option<Timestamp>) -> Option<Written> {
    let text = text.trim();
    let zoned = Timestamp::parse_rfc3339(text)
        .or_else(|| Timestamp::parse_v1(text))
        .or_else(|| number(text))
        .or_else(|| zoned(text))
        .filter(|time| PLAUSIBLE.contains(time))
        .map(|time| Written { time, has_zone: true });
    zoned.or_else(|| {
        let civil = civil(text, &CIVIL).or_else(|| ambiguous(text, near)).or_else(|| day(text, &DAYS));
        let time = civil.or_else(|| spreadsheet_day(text).filter(|time| PLAUSIBLE.contains(time)))?;
        Some(Written { time, has_zone: false })
    })
}

fn is_near(a: Timestamp, b: Timestamp) -> bool {
    (a - b).abs() <= TOLERANCE
}

fn number(text: &str) -> Option<Timestamp> {
    let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite())?;
    match number {
        1e9..1e11 => Some(Timestamp((number * 1e6) as i64)),
        1e12..1e14 => Some(Timestamp((number * 1e3) as i64)),
        _ => None,
    }
}

/// 1995 to 2078 as days since 1899-12-30, which no tweet has as seconds or milliseconds.
fn spreadsheet_day(text: &str) -> Option<Timestamp> {
    let days: f64 = text.parse().ok().filter(|days| (35_000.0..65_000.0).contains(days))?;
    Some(Timestamp::from_seconds(((days - 25_569.0) * 86_400.0).round() as i64))
}

fn zoned(text: &str) -> Option<Timestamp> {
    let read = |codes: &&str| chrono::DateTime::parse_from_str(text, codes).ok();
    let time = ZONED.iter().find_map(read).map(|time| Timestamp(time.timestamp_micros()));
    time.or_else(|| named_zone(text))
}

/// `2015-02-24 11:35:52 UTC`, `Mon Apr 06 22:19:45 PDT 2009`.
fn named_zone(text: &str) -> Option<Timestamp> {
    const ZONES: [(&str, i64); 6] = [("UTC", 0), ("GMT", 0), ("PST", -8), ("PDT", -7), ("EST", -5), ("EDT", -4)];
    let (at, name, hours) =
        ZONES.iter().find_map(|(name, hours)| Some((text.find(&format!(" {name}"))?, name, hours)))?;
    let without = format!("{}{}", &text[..at], &text[at + 1 + name.len()..]);
    let codes = ["%Y-%m-%d %H:%M:%S%.f", "%a %b %d %H:%M:%S %Y"];
    civil(&without, &codes).map(|time| Timestamp(time.0 - hours * HOUR))
}

fn ambiguous(text: &str, near: Option<Timestamp>) -> Option<Timestamp> {
    let month_first = civil(text, &MONTH_FIRST).or_else(|| day(text, &MONTH_FIRST_DAYS));
    let day_first = civil(text, &DAY_FIRST).or_else(|| day(text, &DAY_FIRST_DAYS));
    let fits = |time: &Timestamp| near.is_none_or(|near| is_near(*time, near));
    month_first.filter(fits).or(day_first.filter(fits)).or(month_first).or(day_first)
}

/// The first reading in which X existed: `%Y` reads `15` as the year 15, and then `%y` has it right.
fn civil(text: &str, codes: &[&str]) -> Option<Timestamp> {
    let times = codes.iter().filter_map(|codes| NaiveDateTime::parse_from_str(text, codes).ok());
    times.map(Timestamp::from_naive).find(|time| PLAUSIBLE.contains(time))
}

fn day(text: &str, codes: &[&str]) -> Option<Timestamp> {
    let days = codes.iter().filter_map(|codes| NaiveDate::parse_from_str(text, codes).ok());
    let mut times = days.filter_map(|day| day.and_hms_opt(0, 0, 0)).map(Timestamp::from_naive);
    times.find(|time| PLAUSIBLE.contains(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        parse(text).map_or("-".to_owned(), Timestamp::to_rfc3339)
    }

    #[test]
    fn every_way_of_writing_one_moment() {
        for text in [
            "2015-02-24T11:35:52-08:00",
            "2015-02-24T19:35:52Z",
            "Tue Feb 24 19:35:52 +0000 2015",
            "2015-02-24 11:35:52 -0800",
            "2015-02-24 19:35:52",
            "2015-02-24 19:35:52+00:00",
            "2015-02-24 19:35:52 UTC",
            "2015-02-24T19:35:52",
            "Tue Feb 24 11:35:52 PST 2015",
            "2/24/2015 19:35:52",
            "2/24/15 19:35:52",
            "2/24/15 7:35:52 PM",
            "24.02.15 19:35:52",
            "2/24/2015 7:35:52 PM",
            "24/02/2015 19:35:52",
            "24-02-2015 19:35:52",
            "1424806552",
            "1424806552000",
            "42059.81657407",
        ] {
            assert_eq!(read(text), "2015-02-24T19:35:52.000Z", "{text}");
        }
        assert_eq!(read("2/24/2015 11:35"), "2015-02-24T11:35:00.000Z");
        assert_eq!(read("25-07-2020 12:27"), "2020-07-25T12:27:00.000Z");
        assert_eq!(read("2015-02-24"), "2015-02-24T00:00:00.000Z");
        assert_eq!(read("yesterday"), "-");
    }

    #[test]
    fn years_without_x_are_no_times() {
        assert_eq!(read("2/24/15 11:35"), "2015-02-24T11:35:00.000Z");
        for text in
            ["15-02-24 11:35", "0015-02-24 11:35:00", "1970-01-01T00:00:00Z", "2005-12-31", "2210-01-01", "2-2-2 1:1"]
        {
            assert_eq!(read(text), "-", "{text}");
        }
    }

    #[test]
    fn the_month_comes_first_unless_the_id_says_otherwise() {
        assert_eq!(read("3/4/2015 00:00"), "2015-03-04T00:00:00.000Z");
        let near = Timestamp::from_day(2015, 4, 3);
        assert_eq!(written("3/4/2015 00:00", near).map(|written| written.time), near);
    }

    #[test]
    fn the_id_has_the_time_where_no_zone_is_written() {
        let in_id = Timestamp::parse_rfc3339("2015-02-24T19:35:52.123Z");
        assert_eq!(of_tweet("2/24/2015 11:35", in_id), in_id, "local time");
        assert_eq!(of_tweet("15-02-24 11:35", in_id), in_id, "no date");
        let other = "2016-02-24T19:35:52Z";
        assert_eq!(of_tweet(other, in_id), Timestamp::parse_rfc3339(other), "an id that was made up");
        assert_eq!(of_tweet("", in_id), in_id);
        assert_eq!(of_tweet("2015-02-24T19:35:52.000Z", in_id), Timestamp::parse_rfc3339("2015-02-24T19:35:52Z"));
        assert_eq!(of_tweet("2009-02-24 19:35:52", None), Timestamp::parse_rfc3339("2009-02-24T19:35:52Z"));
        assert_eq!(of_tweet("?", None), None);
    }
}
