use super::{Here, icons};
use crate::format;
use crate::markup::{Element, el};
use model::filter::{Compare, DateValue, Filter, Predicate, Scalar, Unit};
use model::texts::{common, language, times as say};
use model::{Column, Timestamp, columns, time, zone};

/// The button that opens the choice of the time, and says what is chosen.
pub fn time_button(here: &Here) -> Element {
    let chosen = columns::find("created").and_then(|column| chosen(&here.filter, column, here.now));
    let class = if chosen.is_some() { "time-button on" } else { "time-button" };
    el("button")
        .class(class)
        .attr("type", "button")
        .attr("popovertarget", "time")
        .attr("data-key", "t")
        .attr("title", say::choose())
        .add(icons::calendar())
        .add(el("span").add(chosen.unwrap_or_else(|| common::any_time().to_owned())))
}

/// What the filter asks of the time, in a few words.
fn chosen(filter: &Filter, column: &Column, now: Timestamp) -> Option<String> {
    let of_time = |part: &&Filter| matches!(part, Filter::Test(test) if test.column == column);
    let limits: Vec<&Filter> = filter.conjuncts().iter().filter(of_time).collect();
    let some = || Some(say::chosen().to_owned());
    let (first, second) = match limits.as_slice() {
        [] if !filter.selects(column) => return None,
        [Filter::Test(test)] => (&test.predicate, None),
        [Filter::Test(first), Filter::Test(second)] => (&first.predicate, Some(&second.predicate)),
        _ => return some(),
    };
    match (first, second) {
        (Predicate::Compare(Compare::AtLeast, Scalar::Date(DateValue::Ago { count, unit })), None) => {
            Some(last(*count, *unit))
        }
        (Predicate::Equals(Scalar::Date(date)), None) => Some(range_words(date.span(now), now)),
        (Predicate::Between(Scalar::Date(from), Scalar::Date(to)), None) => {
            Some(range_words((from.span(now).0, to.span(now).1), now))
        }
        (Predicate::Compare(compare, Scalar::Date(date)), None) => Some(match edge(*compare, *date, now) {
            (start, true) => say::since(&moment_words(start, !is_midnight(start), now)),
            (end, false) => say::until(&moment_words(last_of(end), !is_midnight(end), now)),
        }),
        (Predicate::Compare(one, Scalar::Date(from)), Some(Predicate::Compare(other, Scalar::Date(to)))) => {
            match (edge(*one, *from, now), edge(*other, *to, now)) {
                ((start, true), (end, false)) => Some(range_words((start, end), now)),
                _ => some(),
            }
        }
        _ => some(),
    }
}

/// Where a limit lies, and whether what is wanted begins there; else it ends there.
fn edge(compare: Compare, date: DateValue, now: Timestamp) -> (Timestamp, bool) {
    let (start, end) = date.span(now);
    match compare {
        Compare::AtLeast => (start, true),
        Compare::Greater => (end, true),
        Compare::Less => (start, false),
        Compare::AtMost => (end, false),
    }
}

/// The end of a span as what it still holds: a moment of the day before midnight, else the moment itself.
fn last_of(end: Timestamp) -> Timestamp {
    if is_midnight(end) { Timestamp(end.0 - 1) } else { end }
}

fn is_midnight(at: Timestamp) -> bool {
    zone::current().civil(at).0.rem_euclid(time::DAY) == 0
}

/// `2–5 Mar`, `28 Feb – 3 Mar`, `2 Mar 09:00 – 12:00`; with the year unless it is that of now.
fn range_words((start, end): (Timestamp, Timestamp), now: Timestamp) -> String {
    let whole_days = is_midnight(start) && is_midnight(end);
    let last = if whole_days { last_of(end) } else { end };
    let same = |codes: &str| format::written(start, codes) == format::written(last, codes);
    let words = |at| moment_words(at, !whole_days, now);
    match (whole_days, same("%Y %b"), same("%Y %b %-d")) {
        (true, _, true) => words(start),
        (true, true, _) => format!("{}–{}", format::written(start, language::day_number()), words(last)),
        (false, _, true) => format!("{} – {}", words(start), format::written(last, "%H:%M")),
        _ => format!("{} – {}", words(start), words(last)),
    }
}

fn moment_words(at: Timestamp, has_clock: bool, now: Timestamp) -> String {
    let codes = match (format::written(at, "%Y") == format::written(now, "%Y"), has_clock) {
        (true, false) => language::day(),
        (true, true) => language::day_time(),
        (false, false) => language::day_year(),
        (false, true) => language::day_long_year_time(),
    };
    format::written(at, codes)
}

fn last(count: u32, unit: Unit) -> String {
    let last = match unit {
        Unit::Second => say::seconds,
        Unit::Minute => say::minutes,
        Unit::Hour => say::hours,
        Unit::Day => say::days,
        Unit::Week => say::weeks,
    };
    last(u64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_told_in_few_words() {
        let now = Timestamp::parse_rfc3339("2026-11-22T15:00:00Z").unwrap();
        let column = columns::find("created").unwrap();
        let told = |text: &str| chosen(&model::filter::parse(text).unwrap(), column, now);
        assert_eq!(told("moon"), None);
        for (filter, words) in [
            ("created>=now-7d", "Last 7 days"),
            ("created>=2026-01-02 moon", "Since 2 Jan"),
            ("created<2026-01-02", "Until 1 Jan"),
            ("created:2026-03-02", "2 Mar"),
            ("created:2026-03-02..2026-03-05", "2–5 Mar"),
            ("created>=2026-03-02 created<=2026-03-05", "2–5 Mar"),
            ("created>=2025-02-28 created<2026-03-04", "28 Feb 2025 – 3 Mar"),
            ("created>=2026-03-02T09:00 created<2026-03-02T12:30", "2 Mar 09:00 – 12:30"),
            ("created>=2026-03-02 created<2026-03-02T12:30", "2 Mar 00:00 – 12:30"),
            ("created>=2026-01-01 created>=2026-02-01", "Chosen time"),
            ("-created:2026", "Chosen time"),
        ] {
            assert_eq!(told(filter).as_deref(), Some(words), "{filter}");
        }
    }
}
