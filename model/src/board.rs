//! Boards: plots of several views on one page, under one range of time.

use crate::columns;
use crate::filter::{Compare, DateValue, Edge, Filter, Precision, Predicate, Scalar, Test};
use crate::plot::Plot;
use crate::zone;

/// The longest name, in characters.
pub const MAX_NAME: usize = 80;

/// Panels that a board may have.
pub const MOST_PANELS: usize = 12;

/// A board, as the signed-in person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    pub id: i64,
    pub name: String,
    /// The name of its owner.
    pub owner: String,
    pub is_mine: bool,
    /// For all who sign in, or for its owner alone. The panels show to each what they may see.
    pub is_shared: bool,
    pub panels: Vec<Panel>,
}

/// A plot on a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    pub id: i64,
    pub plot: Plot,
    /// Slug of the collection.
    pub collection: String,
    pub shows: Shows,
}

/// What a panel is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shows {
    /// A saved view, as it is now.
    View(i64),
    /// A filter.
    Filter(String),
}

/// The range of time of a board, as its address has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeRange {
    #[default]
    All,
    /// One of [`LAST`].
    Last(&'static str),
    /// From a day to a day, both included.
    Days { from: Option<DateValue>, to: Option<DateValue> },
}

/// Lengths of time up to now: as the address and the filter language write them, and in words.
pub const LAST: [&str; 3] = ["24h", "7d", "30d"];

impl TimeRange {
    /// Reads `t=7d`, or `from=` and `to=`; what cannot be read is none. Of two days the earlier is the first. Days are
    /// of the current zone, unless they say another.
    pub fn read(last: &str, from: &str, to: &str) -> Self {
        if let Some(known) = LAST.into_iter().find(|known| *known == last) {
            return TimeRange::Last(known);
        }
        let day = |text: &str, edge| {
            let day = DateValue::parse(text)?;
            let is_day = matches!(day, DateValue::Calendar { precision: Precision::Day, .. });
            is_day.then(|| day.placed(zone::current(), edge))
        };
        // Their texts begin with the days, and are in their order.
        let are_two = DateValue::parse(from).is_some() && DateValue::parse(to).is_some();
        let (from, to) = if are_two && from > to { (to, from) } else { (from, to) };
        match (day(from, Edge::Start), day(to, Edge::End)) {
            (None, None) => TimeRange::All,
            (from, to) => TimeRange::Days { from, to },
        }
    }

    /// The query of an address that has it.
    pub fn query(&self) -> String {
        match self {
            TimeRange::All => String::new(),
            TimeRange::Last(last) => format!("t={last}"),
            TimeRange::Days { from, to } => {
                let text = |day: &Option<DateValue>| day.map(|day| day.to_string().replace('+', "%2B"));
                format!("from={}&to={}", text(from).unwrap_or_default(), text(to).unwrap_or_default())
            }
        }
    }

    /// Its first and its last day as forms have them; empty where there is none, or none of the current zone.
    pub fn days(&self) -> (String, String) {
        let text = |day: &Option<DateValue>, edge| {
            let text = day.map(|day| day.shown(zone::current(), edge).to_string());
            text.filter(|text| text.len() == "2026-01-31".len()).unwrap_or_default()
        };
        match self {
            TimeRange::Days { from, to } => (text(from, Edge::Start), text(to, Edge::End)),
            TimeRange::All | TimeRange::Last(_) => Default::default(),
        }
    }

    /// That a tweet was posted in it.
    pub fn filter(&self) -> Filter {
        let Some(column) = columns::find("created") else { return Filter::All };
        let test = |compare, date| Test { column, predicate: Predicate::Compare(compare, Scalar::Date(date)) }.into();
        let (from, to) = match *self {
            TimeRange::All => (None, None),
            TimeRange::Last(last) => (DateValue::parse(&format!("now-{last}")), None),
            TimeRange::Days { from, to } => (from, to),
        };
        let from: Option<Filter> = from.map(|from| test(Compare::AtLeast, from));
        let to: Option<Filter> = to.map(|to| test(Compare::AtMost, to));
        Filter::and(from.into_iter().chain(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_from_an_address_and_becomes_a_filter() {
        let told = |last, from, to| {
            let range = TimeRange::read(last, from, to);
            (range.query(), range.filter().to_string())
        };
        let is = |query: &str, filter: &str| (query.to_owned(), filter.to_owned());
        assert_eq!(told("7d", "", ""), is("t=7d", "created>=now-7d"));
        assert_eq!(told("", "2026-03-01", ""), is("from=2026-03-01&to=", "created>=2026-03-01"));
        let both = is("from=2026-03-01&to=2026-03-04", "created>=2026-03-01 created<=2026-03-04");
        assert_eq!(told("", "2026-03-01", "2026-03-04"), both);
        assert_eq!(told("", "2026-03-04", "2026-03-01"), both);
        assert_eq!(told("1y", "yesterday", "2026"), is("", ""));
        let berlin = zone::Zone::from_text("Europe/Berlin 60 29579100:120 29881500:60").unwrap();
        zone::within(Box::leak(Box::new(berlin)), || {
            let days = is(
                "from=2026-03-28%2B01:00&to=2026-03-29%2B02:00",
                "created>=2026-03-28+01:00 created<=2026-03-29+02:00",
            );
            assert_eq!(told("", "2026-03-28", "2026-03-29"), days);
            assert_eq!(told("", "2026-03-28+01:00", "2026-03-29+02:00"), days);
            let shown = TimeRange::read("", "2026-03-28+01:00", "2026-03-29+02:00").days();
            assert_eq!(shown, ("2026-03-28".to_owned(), "2026-03-29".to_owned()));
        });
    }
}
