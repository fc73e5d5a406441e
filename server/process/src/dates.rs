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
/// Without: taken as UTC.
const CIVIL: [&str; 6] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
];
/// The month before the day, as in the United States.
const MONTH_FIRST: [&str; 4] = ["%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p"];
const DAY_FIRST: [&str; 4] = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M"];
const DAYS: [&str; 2] = ["%Y-%m-%d", "%Y/%m/%d"];

/// How far a date may be from the time in the tweet's id (zones, and clocks of old times).
pub(crate) const TOLERANCE: i64 = 2 * DAY;

/// Reads a time: RFC 3339, API 1.1, `2015-02-24 11:35:52 -0800`, `2/24/2015 11:35` (the month first), seconds
/// or milliseconds since 1970, the day number of a spreadsheet. A time without a zone is UTC.
///
/// `near` is the time in the tweet's id. It decides where a date can be read with the day or the month first.
pub(crate) fn parse_near(text: &str, near: Option<Timestamp>) -> Option<Timestamp> {
    let text = text.trim();
    Timestamp::parse_rfc3339(text)
        .or_else(|| Timestamp::parse_v1(text))
        .or_else(|| number(text))
        .or_else(|| zoned(text))
        .or_else(|| civil(text, &CIVIL))
        .or_else(|| ambiguous(text, near))
        .or_else(|| day(text, &DAYS))
}

fn number(text: &str) -> Option<Timestamp> {
    let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite())?;
    match number {
        // 1995 to 2078 as days since 1899-12-30, which no tweet has as seconds or milliseconds.
        35_000.0..65_000.0 => Some(Timestamp::from_seconds(((number - 25_569.0) * 86_400.0).round() as i64)),
        1e9..1e11 => Some(Timestamp((number * 1e6) as i64)),
        1e12..1e14 => Some(Timestamp((number * 1e3) as i64)),
        _ => None,
    }
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
    let month_first = civil(text, &MONTH_FIRST).or_else(|| day(text, &["%m/%d/%Y"]));
    let day_first = civil(text, &DAY_FIRST).or_else(|| day(text, &["%d/%m/%Y", "%d.%m.%Y"]));
    let is_near = |time: &Timestamp| near.is_none_or(|near| (*time - near).abs() <= TOLERANCE);
    month_first.filter(is_near).or(day_first.filter(is_near)).or(month_first).or(day_first)
}

fn civil(text: &str, codes: &[&str]) -> Option<Timestamp> {
    codes.iter().find_map(|codes| NaiveDateTime::parse_from_str(text, codes).ok()).map(Timestamp::from_naive)
}

fn day(text: &str, codes: &[&str]) -> Option<Timestamp> {
    let day = codes.iter().find_map(|codes| NaiveDate::parse_from_str(text, codes).ok())?;
    day.and_hms_opt(0, 0, 0).map(Timestamp::from_naive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        parse_near(text, None).map_or("-".to_owned(), Timestamp::to_rfc3339)
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
            "2/24/2015 7:35:52 PM",
            "24/02/2015 19:35:52",
            "1424806552",
            "1424806552000",
            "42059.81657407",
        ] {
            assert_eq!(read(text), "2015-02-24T19:35:52.000Z", "{text}");
        }
        assert_eq!(read("2/24/2015 11:35"), "2015-02-24T11:35:00.000Z");
        assert_eq!(read("2015-02-24"), "2015-02-24T00:00:00.000Z");
        assert_eq!(read("yesterday"), "-");
    }

    #[test]
    fn the_month_comes_first_unless_the_id_says_otherwise() {
        assert_eq!(read("3/4/2015 00:00"), "2015-03-04T00:00:00.000Z");
        let near = Timestamp::from_day(2015, 4, 3);
        assert_eq!(parse_near("3/4/2015 00:00", near), near);
    }
}
