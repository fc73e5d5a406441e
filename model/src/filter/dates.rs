use crate::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};
use crate::zone::Zone;
use std::fmt;

/// A date in a filter. It names a span of time, from its start up to (not including) its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateValue {
    Calendar {
        start: Timestamp,
        precision: Precision,
        /// Minutes ahead of UTC of the clocks that it is told by; UTC where it is not said.
        offset: Option<i16>,
    },
    /// So many units before now; none is `now` itself.
    Ago { count: u32, unit: Unit },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// Which end of the span counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Start,
    End,
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
        DateValue::Calendar { start: time.floor(1000), precision, offset: None }
    }

    /// Reads a date as the filter language writes it.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("now") {
            return parse_ago(rest);
        }
        let (text, offset) = split_offset(text);
        let (date, clock) = match text.split_once('T') {
            Some((date, clock)) => (date, Some(clock)),
            None => (text, None),
        };
        let (day, precision) = parse_day(date)?;
        // `2026-01-05:00` would be January five hours behind UTC.
        if offset.is_some_and(|offset| offset != 0) && matches!(precision, Precision::Year | Precision::Month) {
            return None;
        }
        let ahead = micros(offset);
        let Some(clock) = clock else {
            return Some(DateValue::Calendar { start: Timestamp(day.0 - ahead), precision, offset });
        };
        if precision != Precision::Day {
            return None;
        }
        let (past, precision) = parse_clock(clock)?;
        Some(DateValue::Calendar { start: Timestamp(day.0 + past - ahead), precision, offset })
    }

    /// The whole day of a moment by the clocks of a zone, as it is typed there.
    pub fn day_of(at: Timestamp, zone: &Zone) -> Self {
        DateValue::Calendar { start: zone.civil(at).floor(DAY), precision: Precision::Day, offset: None }
    }

    /// As somebody in the zone means it who does not say a zone. Where its clocks change within the span, this holds
    /// for one edge of it only.
    #[must_use]
    pub fn placed(self, zone: &Zone, edge: Edge) -> Self {
        let DateValue::Calendar { start, precision, offset: None } = self else { return self };
        if zone.is_utc() {
            return self;
        }
        let end = Timestamp(start.0 + length(start, precision));
        if precision <= Precision::Day {
            // The first day of it, or the last.
            let (day, limit) = match edge {
                Edge::Start => (start, start),
                Edge::End => (Timestamp(end.0 - DAY), end),
            };
            let offset = (limit - zone.moment(limit)) / MINUTE;
            let start = Timestamp(day.0 - offset * MINUTE);
            return DateValue::Calendar { start, precision: Precision::Day, offset: i16::try_from(offset).ok() };
        }
        let start = zone.moment(start);
        DateValue::Calendar { start, precision, offset: Some(zone.offset(start)) }
    }

    /// As it is told to somebody in the zone: without an offset, if they would mean the same edge without it.
    #[must_use]
    pub fn shown(self, zone: &Zone, edge: Edge) -> Self {
        let DateValue::Calendar { start, precision, offset } = self else { return self };
        if zone.is_utc() {
            return self;
        }
        let (told, offset) = if precision > Precision::Day {
            (zone.civil(start), zone.offset(start))
        } else {
            (Timestamp(start.0 + micros(offset)), offset.unwrap_or_default())
        };
        let short = DateValue::Calendar { start: told, precision, offset: None };
        let limit = |date: DateValue| match (edge, date.span(Timestamp(0))) {
            (Edge::Start, (start, _)) => start,
            (Edge::End, (_, end)) => end,
        };
        match limit(short.placed(zone, edge)) == limit(self) {
            true => short,
            false => DateValue::Calendar { start, precision, offset: Some(offset) },
        }
    }

    /// Whether it begins after the end of the other, whatever the time now is.
    pub(super) fn certainly_after(self, other: DateValue) -> bool {
        match (self, other) {
            (DateValue::Calendar { start, .. }, DateValue::Calendar { .. }) => start >= other.span(start).1,
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
            DateValue::Calendar { start, precision, offset } => {
                let told = Timestamp(start.0 + micros(offset));
                (start, Timestamp(start.0 + length(told, precision)))
            }
        }
    }
}

fn micros(offset: Option<i16>) -> i64 {
    i64::from(offset.unwrap_or_default()) * MINUTE
}

/// The text without the minutes ahead of UTC at its end: `Z`, `+01:00`.
fn split_offset(text: &str) -> (&str, Option<i16>) {
    if let Some(text) = text.strip_suffix('Z') {
        return (text, Some(0));
    }
    let read = || {
        let (rest, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
        let (hours, minutes) = offset.get(1..)?.split_once(':')?;
        let hours = digits(hours, 2..=2).filter(|hours| *hours <= 14)?;
        let minutes = digits(minutes, 2..=2).filter(|minutes| *minutes < 60)?;
        let ahead = i16::try_from(hours * 60 + minutes).ok()?;
        match offset.as_bytes()[0] {
            b'+' => Some((rest, Some(ahead))),
            b'-' => Some((rest, Some(-ahead))),
            _ => None,
        }
    };
    read().unwrap_or((text, None))
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
            DateValue::Calendar { start, precision, offset } => {
                let told = Timestamp(start.0 + micros(offset));
                f.write_str(&told.format(match precision {
                    Precision::Year => "%Y",
                    Precision::Month => "%Y-%m",
                    Precision::Day => "%Y-%m-%d",
                    Precision::Minute => "%Y-%m-%dT%H:%M",
                    Precision::Second => "%Y-%m-%dT%H:%M:%S",
                    Precision::Millisecond => "%Y-%m-%dT%H:%M:%S%.3f",
                }))?;
                match offset {
                    None => Ok(()),
                    Some(0) => f.write_str("Z"),
                    Some(ahead) => {
                        let sign = if ahead < 0 { '-' } else { '+' };
                        write!(f, "{sign}{:02}:{:02}", ahead.unsigned_abs() / 60, ahead.unsigned_abs() % 60)
                    }
                }
            }
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
        assert_eq!(span("2026-01-31+01:00").0, "2026-01-30T23:00:00.000Z");
        assert_eq!(span("2026-01-31T12:30-03:30").1, "2026-01-31T16:01:00.000Z");
    }

    #[test]
    fn the_same_is_written_that_was_read() {
        for text in ["2026", "2026-01Z", "2026-03-29+01:00", "2026-03-29T02:30-03:30", "2026-01-31T12:30:05.250Z"] {
            assert_eq!(DateValue::parse(text).unwrap().to_string(), text);
        }
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
            "2026-01-05:00",
            "2026-01-01+1:00",
            "2026-01-01+15:00",
            "é2026+01:00",
        ] {
            assert_eq!(DateValue::parse(text), None, "{text}");
        }
    }
}
