//! Filters, orders and facets over a list of rows, without an index.

use model::columns::{Column, Kind, Row, Value};
use model::explore::{FacetValue, Sort};
use model::filter::{Compare, Filter, Predicate, Scalar, Test};
use model::{Timestamp, columns};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// An owned value that can be ordered.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub enum Cell {
    Text(String),
    Number(i64),
    Decimal(f64),
    Id(u64),
    Flag(bool),
}

pub fn cells(row: &Row, column: &Column) -> Vec<Cell> {
    let mut cells = Vec::new();
    (column.values)(row, &mut |value| match value {
        Value::Text(text) if text.trim().is_empty() => {}
        Value::Text(text) => cells.push(Cell::Text(text.to_owned())),
        Value::Number(number) => cells.push(Cell::Number(number)),
        Value::Decimal(number) => cells.push(Cell::Decimal(number)),
        Value::Id(id) => cells.push(Cell::Id(id)),
        Value::Date(date) => cells.push(Cell::Number(date.0)),
        Value::Flag(flag) => cells.push(Cell::Flag(flag)),
    });
    cells
}

pub fn matches(filter: &Filter, row: &Row, now: Timestamp) -> bool {
    match filter {
        Filter::All => true,
        Filter::Test(test) => passes(test, row, now),
        Filter::Not(inner) => !matches(inner, row, now),
        Filter::And(parts) => parts.iter().all(|part| matches(part, row, now)),
        Filter::Or(parts) => parts.iter().any(|part| matches(part, row, now)),
    }
}

fn passes(test: &Test, row: &Row, now: Timestamp) -> bool {
    let cells = cells(row, test.column);
    let any = |check: &dyn Fn(&Cell) -> bool| cells.iter().any(check);
    match &test.predicate {
        Predicate::Present => !cells.is_empty(),
        Predicate::Matches(text) => any(&|cell| has_words(cell, text, false)),
        Predicate::Prefix(text) if test.column.kind == Kind::Text => any(&|cell| has_words(cell, text, true)),
        Predicate::Prefix(start) => any(&|cell| lower(cell).starts_with(&start.to_lowercase())),
        Predicate::Equals(Scalar::Word(word)) => any(&|cell| lower(cell) == word.to_lowercase()),
        Predicate::Equals(value) => any(&|cell| within(cell, value, now) == Ordering::Equal),
        Predicate::Between(from, to) => {
            any(&|cell| within(cell, from, now) != Ordering::Less && within(cell, to, now) != Ordering::Greater)
        }
        Predicate::Compare(compare, value) => any(&|cell| {
            let ordering = within(cell, value, now);
            match compare {
                Compare::Less => ordering == Ordering::Less,
                Compare::AtMost => ordering != Ordering::Greater,
                Compare::Greater => ordering == Ordering::Greater,
                Compare::AtLeast => ordering != Ordering::Less,
            }
        }),
    }
}

fn lower(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.to_lowercase(),
        other => panic!("{other:?} is no text"),
    }
}

/// Whether the cell lies before, in or after the values that count as equal to the scalar.
fn within(cell: &Cell, value: &Scalar, now: Timestamp) -> Ordering {
    match (cell, value) {
        (Cell::Number(cell), Scalar::Number(value)) => cell.cmp(value),
        (Cell::Decimal(cell), Scalar::Decimal(value)) => cell.total_cmp(value),
        (Cell::Id(cell), Scalar::Id(value)) => cell.cmp(value),
        (Cell::Flag(cell), Scalar::Flag(value)) => cell.cmp(value),
        (Cell::Number(cell), Scalar::Date(date)) => {
            let (start, end) = date.span(now);
            if *cell < start.0 {
                Ordering::Less
            } else if *cell >= end.0 {
                Ordering::Greater
            } else {
                Ordering::Equal
            }
        }
        other => panic!("{other:?} cannot be compared"),
    }
}

/// For texts of plain words and `#tags` between spaces.
fn has_words(cell: &Cell, wanted: &str, prefix: bool) -> bool {
    let text = lower(cell);
    let words: Vec<&str> = text.split_whitespace().collect();
    let wanted = wanted.to_lowercase();
    let wanted: Vec<&str> = wanted.split_whitespace().collect();
    let same = |word: &str, want: &str| word == want || word.strip_prefix('#') == Some(want);
    let begins = |word: &str, want: &str| word.starts_with(want) || word.trim_start_matches('#').starts_with(want);
    words.windows(wanted.len()).any(|window| {
        window.iter().zip(&wanted).enumerate().all(|(at, (word, want))| {
            if prefix && at + 1 == wanted.len() { begins(word, want) } else { same(word, want) }
        })
    })
}

/// The rows that match, in order.
pub fn sorted<'a>(rows: &'a [Row], filter: &Filter, sort: &[Sort], now: Timestamp) -> Vec<&'a Row> {
    let mut found: Vec<&Row> = rows.iter().filter(|row| matches(filter, row, now)).collect();
    let directed = |sort: &Sort, ordering: Ordering| if sort.descending { ordering.reverse() } else { ordering };
    let by_one = |sort: &Sort, a: &Row, b: &Row| {
        let column = columns::find(&sort.column).unwrap();
        match (cells(a, column).pop(), cells(b, column).pop()) {
            (Some(a), Some(b)) => directed(sort, a.partial_cmp(&b).unwrap()),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }
    };
    found.sort_by(|a, b| {
        let values = sort.iter().map(|sort| by_one(sort, a, b)).find(|ordering| ordering.is_ne());
        values.unwrap_or_else(|| directed(&sort[0], a.tweet.id.cmp(&b.tweet.id)))
    });
    found
}

pub struct NaiveFacet {
    /// In lower case, all of them, the most frequent first.
    pub values: Vec<FacetValue>,
    pub missing: u64,
    pub total: u64,
}

pub fn facet(rows: &[Row], filter: &Filter, column: &'static Column, now: Timestamp) -> NaiveFacet {
    let reduced = filter.without_choice(column);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let (mut missing, mut total) = (0, 0);
    for row in rows.iter().filter(|row| matches(&reduced, row, now)) {
        let mut words: Vec<String> = cells(row, column).iter().map(word).collect();
        words.sort();
        words.dedup();
        total += 1;
        missing += u64::from(words.is_empty());
        words.into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
    }
    let mut values: Vec<FacetValue> = counts.into_iter().map(|(value, count)| FacetValue { value, count }).collect();
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    NaiveFacet { values, missing, total }
}

/// The rows that match and have the value, given in lower case.
pub fn with_value(rows: &[Row], filter: &Filter, column: &Column, value: &str, now: Timestamp) -> u64 {
    let has = |row: &&Row| matches(filter, row, now) && cells(row, column).iter().any(|cell| word(cell) == value);
    rows.iter().filter(has).count() as u64
}

fn word(cell: &Cell) -> String {
    match cell {
        Cell::Flag(true) => "yes".to_owned(),
        Cell::Flag(false) => "no".to_owned(),
        other => lower(other),
    }
}

/// The values of the column that stand out in a range of time, with counts and score: all of them.
pub fn standouts(
    rows: &[Row],
    filter: &Filter,
    column: &Column,
    range: std::ops::Range<Timestamp>,
    now: Timestamp,
) -> Vec<(String, u64, u64, f64)> {
    let matching: Vec<&Row> = rows.iter().filter(|row| matches(filter, row, now)).collect();
    let is_inside = |row: &Row| range.contains(&row.tweet.created_at);
    let all = matching.len() as u64;
    let here = matching.iter().filter(|row| is_inside(row)).count() as u64;
    let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for row in matching {
        let mut values: Vec<String> = cells(row, column).iter().map(word).collect();
        if column.kind == Kind::Text {
            let words = values.iter().flat_map(|text| text.split_whitespace());
            values = words.map(|word| word.trim_start_matches('#').to_owned()).filter(|word| word.len() > 1).collect();
        }
        values.sort();
        values.dedup();
        for value in values {
            let counts = counts.entry(value).or_default();
            *(if is_inside(row) { &mut counts.0 } else { &mut counts.1 }) += 1;
        }
    }
    let mut found: Vec<_> = counts
        .into_iter()
        .filter(|(_, (inside, _))| *inside >= 3.max(here / 2000))
        .map(|(value, (inside, outside))| (value, inside, outside, score(inside, here, outside, all - here)))
        .filter(|(_, _, _, score)| *score >= 2.0)
        .collect();
    found.sort_by(|a, b| b.3.total_cmp(&a.3).then(b.1.cmp(&a.1)).then_with(|| a.0.cmp(&b.0)));
    found
}

/// Log-odds ratio over its standard error, both sides as many tweets as the smaller, the prior being their mean.
fn score(inside: u64, all_inside: u64, outside: u64, all_outside: u64) -> f64 {
    if all_inside == 0 || all_outside == 0 {
        return 0.0;
    }
    let n = all_inside.min(all_outside) as f64;
    let (p, q) = (inside as f64 / all_inside as f64, outside as f64 / all_outside as f64);
    let prior = n * (p + q) / 2.0;
    let (a, b) = (n * p + prior + 0.5, n * q + prior + 0.5);
    let (not_a, not_b) = (2.0 * n + 1.0 - a, 2.0 * n + 1.0 - b);
    ((a * not_b) / (b * not_a)).ln() / (1.0 / a + 1.0 / not_a + 1.0 / b + 1.0 / not_b).sqrt()
}

/// The values of a column that the matching rows have, ascending.
pub fn sorted_cells(rows: &[Row], filter: &Filter, column: &Column, now: Timestamp) -> Vec<Cell> {
    let matching = rows.iter().filter(|row| matches(filter, row, now));
    let mut found: Vec<Cell> = matching.flat_map(|row| cells(row, column)).collect();
    found.sort_by(|a, b| a.partial_cmp(b).unwrap());
    found
}
