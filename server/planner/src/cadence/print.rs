//! A cadence as people read it; `parse` has the grammar.

use super::parse::UNITS;
use super::{ANCHOR, Cadence, Calendar, Days, Interval, MonthDay, TimeOfDay};
use std::fmt;

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(interval) => interval.fmt(f),
            Self::At(calendar) => calendar.fmt(f),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.seconds();
        let (unit, length) =
            UNITS.into_iter().find(|(_, length)| seconds.is_multiple_of(*length)).unwrap_or(("second", 1));
        match seconds / length {
            1 => write!(f, "every {unit}")?,
            number => write!(f, "every {number} {unit}s")?,
        }
        if self.anchor() != ANCHOR {
            write!(f, ", counted from {}", self.anchor().format("%Y-%m-%dT%H:%M:%SZ"))?;
        }
        Ok(())
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = self.times().iter().map(TimeOfDay::to_string);
        write!(f, "at {} {}, {}", list(times), self.days(), self.zone())
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            days if *days == Self::every() => f.write_str("every day"),
            days if *days == Self::weekdays() => f.write_str("on weekdays"),
            days if *days == Self::weekends() => f.write_str("on weekends"),
            Self::Week(days) => write!(f, "on {}", list(days.iter().map(|day| format!("{day:?}s")))),
            Self::Month(days) => write!(f, "on the {} day of the month", list(days.iter().map(MonthDay::to_string))),
        }
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last => f.write_str("last"),
            Self::Day(day) => write!(f, "{day}{}", suffix(*day)),
        }
    }
}

fn suffix(day: u8) -> &'static str {
    match (day / 10, day % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        (_, _) => "th",
    }
}

/// `a, b and c`.
fn list(items: impl Iterator<Item = String>) -> String {
    let mut items: Vec<String> = items.collect();
    let last = items.pop().unwrap_or_default();
    if items.is_empty() { last } else { format!("{} and {last}", items.join(", ")) }
}
