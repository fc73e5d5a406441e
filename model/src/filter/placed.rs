//! Filters as people in a zone write and read them.
//!
//! Whoever writes a date without a zone means their own. A filter that others are to understand, such as that of a
//! link, says how far ahead of UTC its dates are: `created:2026-03-28+01:00`. A day on which clocks change is from one
//! offset to another: `created:2026-03-29+01:00..2026-03-29+02:00`.

use super::dates::Edge;
use super::{Compare, DateValue, Filter, FilterError, Predicate, Scalar, Test, parse};
use crate::zone::{self, Zone};

/// Reads a filter that somebody has typed: its dates are of the current zone, unless they say another.
///
/// # Errors
/// Those of [`parse`].
pub fn typed(text: &str) -> Result<Filter, FilterError> {
    parse(text).map(|filter| filter.placed(zone::current()))
}

/// What somebody has typed, as everybody understands it; what cannot be read stays.
pub fn for_all(text: &str) -> String {
    translated(text, |filter| filter.placed(zone::current()))
}

/// A filter that everybody understands, as it is typed in the current zone.
pub fn for_typing(text: &str) -> String {
    translated(text, |filter| filter.shown(zone::current()))
}

/// Only what changes is written anew.
fn translated(text: &str, translate: impl Fn(Filter) -> Filter) -> String {
    let Ok(filter) = parse(text) else { return text.to_owned() };
    let other = translate(filter.clone());
    if other == filter { text.to_owned() } else { other.to_string() }
}

impl Filter {
    /// With the dates that say no zone as those of this one.
    #[must_use]
    pub fn placed(self, zone: &Zone) -> Self {
        self.with_dates(&|date, edge| date.placed(zone, edge))
    }

    /// As it is told in the zone: the opposite of [`Filter::placed`]. It is for people, not for the index.
    #[must_use]
    pub fn shown(self, zone: &Zone) -> Self {
        self.with_dates(&|date, edge| date.shown(zone, edge))
    }

    fn with_dates(self, date: &impl Fn(DateValue, Edge) -> DateValue) -> Self {
        let all = |parts: Vec<Filter>| parts.into_iter().map(|part| part.with_dates(date)).collect::<Vec<_>>();
        match self {
            Filter::All => Filter::All,
            Filter::Test(Test { column, predicate }) => Test { column, predicate: predicate.with_dates(date) }.into(),
            Filter::Not(inner) => inner.with_dates(date).negate(),
            Filter::And(parts) => Filter::and(all(parts)),
            Filter::Or(parts) => Filter::or(all(parts)),
        }
    }
}

impl Predicate {
    fn with_dates(self, date: impl Fn(DateValue, Edge) -> DateValue) -> Self {
        let scalar = |value: Scalar, edge| match value {
            Scalar::Date(value) => Scalar::Date(date(value, edge)),
            other => other,
        };
        let (from, to) = match self {
            Predicate::Equals(value) => (scalar(value.clone(), Edge::Start), scalar(value, Edge::End)),
            Predicate::Between(from, to) => {
                let was_one = from == to;
                let (from, to) = (scalar(from, Edge::Start), scalar(to, Edge::End));
                if was_one {
                    return Predicate::Between(from, to);
                }
                (from, to)
            }
            Predicate::Compare(compare, value) => {
                let edge = match compare {
                    Compare::Less | Compare::AtLeast => Edge::Start,
                    Compare::AtMost | Compare::Greater => Edge::End,
                };
                return Predicate::Compare(compare, scalar(value, edge));
            }
            other => return other,
        };
        if from == to { Predicate::Equals(from) } else { Predicate::Between(from, to) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn berlin() -> &'static Zone {
        let text = "Europe/Berlin 60 29579100:120 29881500:60";
        Box::leak(Box::new(Zone::from_text(text).unwrap()))
    }

    #[test]
    fn what_is_typed_means_days_of_the_zone_and_is_shown_so() {
        for (typed, for_others) in [
            ("moon created:2026-01-05", "moon created:2026-01-05+01:00"),
            ("created>=2026-03-29", "created>=2026-03-29+01:00"),
            ("created<=2026-03-29", "created<=2026-03-29+02:00"),
            ("-created:2026-03-29", "-created:2026-03-29+01:00..2026-03-29+02:00"),
            ("created:2026-10-24..2026-10-25", "created:2026-10-24+02:00..2026-10-25+01:00"),
            ("created>=2026-07-01T12:00", "created>=2026-07-01T12:00+02:00"),
            ("created>=now-7d lang:de", "created>=now-7d lang:de"),
            ("created:2026-01-05Z", "created:2026-01-05Z"),
        ] {
            zone::within(berlin(), || {
                assert_eq!(for_all(typed), for_others);
                assert_eq!(for_typing(for_others), typed, "{for_others}");
            });
            assert_eq!((for_all(typed).as_str(), for_typing(for_others).as_str()), (typed, for_others), "in UTC");
            parse(for_others).unwrap();
        }
        zone::within(berlin(), || {
            assert_eq!(for_all("created:2026-03"), "created:2026-03-01+01:00..2026-03-31+02:00");
            assert_eq!(for_typing("created:2026-01-05"), "created:2026-01-05Z", "a day of UTC is none of Berlin");
            assert_eq!(for_typing("created>=2026-01-05T00:00"), "created>=2026-01-05T01:00");
            assert_eq!(for_typing("created>=2026-10-25T01:30"), "created>=2026-10-25T02:30+01:00", "the second 02:30");
        });
    }

    #[test]
    fn a_day_is_as_long_as_it_is_in_the_zone() {
        let span = |text: &str| {
            let Filter::Test(Test { predicate, .. }) = parse(text).unwrap().placed(berlin()) else { panic!("{text}") };
            let (from, to) = match predicate {
                Predicate::Equals(Scalar::Date(date)) => (date, date),
                Predicate::Between(Scalar::Date(from), Scalar::Date(to)) => (from, to),
                other => panic!("{other:?}"),
            };
            let (start, end) = (from.span(Timestamp(0)).0, to.span(Timestamp(0)).1);
            (start.format("%dT%H"), (end - start) / crate::time::HOUR)
        };
        assert_eq!(span("created:2026-03-29"), ("28T23".to_owned(), 23));
        assert_eq!(span("created:2026-10-25"), ("24T22".to_owned(), 25));
        assert_eq!(span("created:2026-10-26"), ("25T23".to_owned(), 24));
    }
}
