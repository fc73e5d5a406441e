//! Dates in other notations.

use super::dates::DateValue;
use crate::Timestamp;

/// The date that is certainly meant, in the filter language's notation.
pub(super) fn near(text: &str) -> Option<DateValue> {
    if let Some(moment) = Timestamp::parse_rfc3339(text) {
        return DateValue::parse(&format!("{}Z", DateValue::moment(moment)));
    }
    let lower = text.to_lowercase();
    DateValue::parse(&lower.replace(' ', "T").to_uppercase())
        .or_else(|| DateValue::parse(&lower))
        .or_else(|| ago(&lower))
        .or_else(|| year_first(text))
        .or_else(|| year_last(text))
}

/// `7d`, `-7d`, `7days`.
fn ago(text: &str) -> Option<DateValue> {
    let text = text.trim_start_matches("now").trim_start_matches('-');
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let unit = match &text[end..] {
        "s" | "sec" | "second" | "seconds" => 's',
        "min" | "minute" | "minutes" => 'm',
        "h" | "hour" | "hours" => 'h',
        "d" | "day" | "days" => 'd',
        "w" | "week" | "weeks" => 'w',
        _ => return None,
    };
    DateValue::parse(&format!("now-{}{unit}", &text[..end]))
}

/// `2026-1-5`, `2026/01/05`, `20260105`.
fn year_first(text: &str) -> Option<DateValue> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return day(&text[..4], &text[4..6], &text[6..]);
    }
    let mut parts = text.split(['-', '/', '.']);
    let (year, month) = (parts.next()?, parts.next()?);
    match (parts.next(), parts.next()) {
        (Some(date), None) => day(year, month, date),
        (None, _) => DateValue::parse(&format!("{year}-{month:0>2}")),
        _ => None,
    }
}

/// `31.1.2026`, and `1/31/2026` where it can be read in one way only.
fn year_last(text: &str) -> Option<DateValue> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    let day_first = day(year, second, first);
    if text.contains('.') {
        return day_first;
    }
    match (day_first, day(year, first, second)) {
        (Some(date), None) | (None, Some(date)) => Some(date),
        (Some(one), Some(other)) if one == other => Some(one),
        _ => None,
    }
}

fn day(year: &str, month: &str, day: &str) -> Option<DateValue> {
    DateValue::parse(&format!("{year}-{month:0>2}-{day:0>2}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_in_another_notation_is_understood_where_it_has_one_meaning() {
        for (text, date) in [
            ("2026-1-5", "2026-01-05"),
            ("2026/01/05", "2026-01-05"),
            ("20260105", "2026-01-05"),
            ("2026-1", "2026-01"),
            ("31.1.2026", "2026-01-31"),
            ("1/31/2026", "2026-01-31"),
            ("31/1/2026", "2026-01-31"),
            ("5/5/2026", "2026-05-05"),
            ("2026-01-31 12:00", "2026-01-31T12:00"),
            ("2026-01-31t12:00z", "2026-01-31T12:00Z"),
            ("2026-01-31t12:00:00+01:00", "2026-01-31T11:00Z"),
            ("NOW", "now"),
            ("7d", "now-7d"),
            ("-7D", "now-7d"),
            ("now-2weeks", "now-2w"),
        ] {
            assert_eq!(near(text).map(|date| date.to_string()).as_deref(), Some(date), "{text}");
        }
        for text in ["1/2/2026", "yesterday", "", "é", "12:00", "2026-13-41", "1month"] {
            assert_eq!(near(text), None, "{text}");
        }
    }
}
