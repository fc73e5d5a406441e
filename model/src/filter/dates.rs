use crate::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};
use std::fmt;

/// A date in a filter. It names a span of time, from its start up to (not including) its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateValue {
    Calendar {
        start: Timestamp,
        precision: Precision,
    },
    /// So many units before now; none is `now` itself.
    Ago {
        count: u32,
        unit: Unit,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    Year,
    Month,
    Day,
    Minute,
    Second,
    Millisecond,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
}

impl Unit {
    const ALL: [Unit; 5] = [Unit::Second, Unit::Minute, Unit::Hour, Unit::Day, Unit::Week];

    fn letter(self) -> char {
        match self {
            Unit::Second => 's',
            Unit::Minute => 'm',
            Unit::Hour => 'h',
            Unit::Day => 'd',
            Unit::Week => 'w',
        }
    }

    fn micros(self) -> i64 {
        match self {
            Unit::Second => SECOND,
            Unit::Minute => MINUTE,
            Unit::Hour => HOUR,
            Unit::Day => DAY,
            Unit::Week => 7 * DAY,
        }
    }
}

impl DateValue {
    pub const NOW: DateValue = DateValue::Ago { count: 0, unit: Unit::Second };

    /// A moment, to the minute where that is exact, else to the second or millisecond.
    pub fn moment(time: Timestamp) -> Self {
        let precision = if time.0 % MINUTE == 0 {
            Precision::Minute
        } else if time.0 % SECOND == 0 {
            Precision::Second
        } else {
            Precision::Millisecond
        };
        DateValue::Calendar { start: time.floor(1000), precision }
    }

    /// Reads a date as the filter language writes it.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("now") {
            return parse_ago(rest);
        }
        let text = text.strip_suffix('Z').unwrap_or(text);
        let (date, clock) = match text.split_once('T') {
            Some((date, clock)) => (date, Some(clock)),
            None => (text, None),
        };
        let (day, precision) = parse_day(date)?;
        let Some(clock) = clock else {
            return Some(DateValue::Calendar { start: day, precision });
        };
        if precision != Precision::Day {
            return None;
        }
        let (offset, precision) = parse_clock(clock)?;
        Some(DateValue::Calendar { start: Timestamp(day.0 + offset), precision })
    }

    /// Whether it begins after the other, whatever the time now is.
    pub(super) fn certainly_after(self, other: DateValue) -> bool {
        match (self, other) {
            (DateValue::Calendar { start, .. }, DateValue::Calendar { start: other, .. }) => start > other,
            (DateValue::Ago { .. }, DateValue::Ago { .. }) => self.span(Timestamp(0)).0 > other.span(Timestamp(0)).0,
            _ => false,
        }
    }

    /// The span it names, as [start, end).
    pub fn span(self, now: Timestamp) -> (Timestamp, Timestamp) {
        match self {
            DateValue::Ago { count, unit } => {
                let moment = Timestamp(now.0.saturating_sub(i64::from(count).saturating_mul(unit.micros())));
                (moment, Timestamp(moment.0 + 1))
            }
            DateValue::Calendar { start, precision } => (start, Timestamp(start.0 + length(start, precision))),
        }
    }
}

fn length(start: Timestamp, precision: Precision) -> i64 {
    let number = |codes: &str| start.format(codes).parse::<i32>().unwrap_or(0);
    let (year, month) = (number("%Y"), number("%m") as u32);
    let until = |year, month| Timestamp::from_day(year, month, 1).map_or(DAY, |end| end - start);
    match precision {
        Precision::Year => until(year + 1, 1),
        Precision::Month if month == 12 => until(year + 1, 1),
        Precision::Month => until(year, month + 1),
        Precision::Day => DAY,
        Precision::Minute => MINUTE,
        Precision::Second => SECOND,
        Precision::Millisecond => 1000,
    }
}

fn parse_ago(text: &str) -> Option<DateValue> {
    if text.is_empty() {
        return Some(DateValue::NOW);
    }
    let text = text.strip_prefix('-')?;
    let unit = Unit::ALL.into_iter().find(|unit| text.ends_with(unit.letter()))?;
    let count = digits(&text[..text.len() - 1], 1..=6)?;
    (count > 0).then_some(DateValue::Ago { count, unit })
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    (length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn parse_day(text: &str) -> Option<(Timestamp, Precision)> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4..=4)? as i32;
    let month = parts.next().map(|part| digits(part, 2..=2).ok_or(())).transpose().ok()?;
    let day = parts.next().map(|part| digits(part, 2..=2).ok_or(())).transpose().ok()?;
    if parts.next().is_some() {
        return None;
    }
    let precision = match (month, day) {
        (None, _) => Precision::Year,
        (_, None) => Precision::Month,
        _ => Precision::Day,
    };
    Some((Timestamp::from_day(year, month.unwrap_or(1), day.unwrap_or(1))?, precision))
}

fn parse_clock(text: &str) -> Option<(i64, Precision)> {
    let mut parts = text.split(':');
    let hours = digits(parts.next()?, 2..=2).filter(|hours| *hours < 24)?;
    let minutes = digits(parts.next()?, 2..=2).filter(|minutes| *minutes < 60)?;
    let base = i64::from(hours) * HOUR + i64::from(minutes) * MINUTE;
    let Some(seconds) = parts.next() else {
        return Some((base, Precision::Minute));
    };
    if parts.next().is_some() {
        return None;
    }
    let (seconds, millis) = match seconds.split_once('.') {
        Some((seconds, millis)) => (seconds, Some(digits(millis, 3..=3)?)),
        None => (seconds, None),
    };
    let seconds = digits(seconds, 2..=2).filter(|seconds| *seconds < 60)?;
    let base = base + i64::from(seconds) * SECOND;
    match millis {
        Some(millis) => Some((base + i64::from(millis) * 1000, Precision::Millisecond)),
        None => Some((base, Precision::Second)),
    }
}

impl fmt::Display for DateValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            DateValue::Ago { count: 0, .. } => f.write_str("now"),
            DateValue::Ago { count, unit } => write!(f, "now-{count}{}", unit.letter()),
            DateValue::Calendar { start, precision } => f.write_str(&start.format(match precision {
                Precision::Year => "%Y",
                Precision::Month => "%Y-%m",
                Precision::Day => "%Y-%m-%d",
                Precision::Minute => "%Y-%m-%dT%H:%M",
                Precision::Second => "%Y-%m-%dT%H:%M:%S",
                Precision::Millisecond => "%Y-%m-%dT%H:%M:%S%.3f",
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> (String, String) {
        let (start, end) = DateValue::parse(text).unwrap().span(Timestamp::from_day(2026, 11, 23).unwrap());
        (start.to_rfc3339(), end.to_rfc3339())
    }

    #[test]
    fn a_date_names_a_whole_span() {
        let day = |text: &str| format!("{text}T00:00:00.000Z");
        assert_eq!(span("2026"), (day("2026-01-01"), day("2027-01-01")));
        assert_eq!(span("2024-02"), (day("2024-02-01"), day("2024-03-01")));
        assert_eq!(span("2026-12"), (day("2026-12-01"), day("2027-01-01")));
        assert_eq!(span("2026-01-31"), (day("2026-01-31"), day("2026-02-01")));
        assert_eq!(span("now-7d").0, day("2026-11-16"));
        assert_eq!(span("2026-01-31T12:30").0, "2026-01-31T12:30:00.000Z");
        assert_eq!(span("2026-01-31T12:30:05Z").1, "2026-01-31T12:30:06.000Z");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "26",
            "2026-1",
            "2026-13",
            "2026-02-30",
            "2026-01T10:00",
            "2026-01-01T25:00",
            "now+1d",
            "now-d",
            "now-0d",
            "2026-01-01T10:00:00.1",
        ] {
            assert_eq!(DateValue::parse(text), None, "{text}");
        }
    }
}
