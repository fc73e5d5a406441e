//! Which plot an answer has: numbers over time as lines, numbers by name as bars, and none where there is no such shape.

use model::Timestamp;
use model::sql::{Answer, AnswerColumn, Cell, CellKind};
use std::collections::BTreeMap;

/// Series that can be told apart by their colours.
const MOST_SERIES: usize = 6;
/// Names whose bars are drawn.
const MOST_BARS: usize = 24;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What the numbers are.
    pub of: Vec<String>,
    /// What they are over or by.
    pub by: String,
    pub axis: Axis,
    pub series: Vec<Series>,
    /// Series, or names, that are left out.
    pub left_out: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    /// In their order.
    Times(Vec<Timestamp>),
    Names(Vec<String>),
}

/// A number for each place of the axis, if there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    pub values: Vec<Option<f64>>,
}

/// The plot of the answer, if it has one.
pub fn chart(answer: &Answer) -> Option<Chart> {
    let is_number = |column: &AnswerColumn| column.kind.is_number() && !column.is_id();
    let (mut numbers, mut others) = (Vec::new(), Vec::new());
    for (place, column) in answer.columns.iter().enumerate() {
        if is_number(column) { numbers.push(place) } else { others.push(place) }
    }
    if others.is_empty() && numbers.len() > 1 && answer.columns[0].kind == CellKind::Whole {
        // Hours and years, say.
        others.push(numbers.remove(0));
    }
    let kind = |place: usize| answer.columns[place].kind;
    let chart = match (others.as_slice(), numbers.as_slice()) {
        (_, []) => None,
        (&[by], numbers) if kind(by).is_time() => over_time(answer, by, numbers),
        (&[by], numbers)
            if matches!(kind(by), CellKind::Text | CellKind::Flag | CellKind::Whole) && !answer.columns[by].is_id() =>
        {
            by_name(answer, by, numbers)
        }
        (&[one, two], &[number]) => match (kind(one).is_time(), kind(two).is_time()) {
            (true, false) if kind(two) == CellKind::Text => in_parts(answer, one, two, number),
            (false, true) if kind(one) == CellKind::Text => in_parts(answer, two, one, number),
            _ => None,
        },
        _ => None,
    }?;
    let has_number = chart.series.iter().any(|series| series.values.iter().flatten().any(|value| *value != 0.0));
    has_number.then_some(chart)
}

/// A series for each number.
fn over_time(answer: &Answer, by: usize, numbers: &[usize]) -> Option<Chart> {
    let mut rows: BTreeMap<Timestamp, &Vec<Cell>> = BTreeMap::new();
    for row in &answer.rows {
        if let Some(at) = moment(&row[by])
            && rows.insert(at, row).is_some()
        {
            // Of two numbers at one time neither is the one.
            return None;
        }
    }
    let series = numbers.iter().take(MOST_SERIES).map(|number| Series {
        name: answer.columns[*number].name.clone(),
        values: rows.values().map(|row| amount(&row[*number])).collect(),
    });
    let series: Vec<Series> = series.collect();
    let left_out = numbers.len().saturating_sub(MOST_SERIES);
    let axis = Axis::Times(rows.into_keys().collect());
    enough(Chart { of: names(&series), by: answer.columns[by].name.clone(), axis, series, left_out })
}

/// A series for each name, those with the most first.
fn in_parts(answer: &Answer, by: usize, part: usize, number: usize) -> Option<Chart> {
    let mut parts: BTreeMap<String, (f64, BTreeMap<Timestamp, f64>)> = BTreeMap::new();
    let mut times = std::collections::BTreeSet::new();
    for row in &answer.rows {
        let (Some(at), Some(value)) = (moment(&row[by]), amount(&row[number])) else { continue };
        times.insert(at);
        let (sum, values) = parts.entry(name(&row[part])).or_default();
        *sum += value.abs();
        if values.insert(at, value).is_some() {
            return None;
        }
    }
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_by(|(_, (a, _)), (_, (b, _))| b.total_cmp(a));
    let left_out = parts.len().saturating_sub(MOST_SERIES);
    let series = parts
        .into_iter()
        .take(MOST_SERIES)
        .map(|(name, (_, values))| Series { name, values: times.iter().map(|at| values.get(at).copied()).collect() });
    let series = series.collect();
    let name = |place: usize| answer.columns[place].name.clone();
    enough(Chart {
        of: vec![name(number)],
        by: format!("{}, {}", name(by), name(part)),
        axis: Axis::Times(times.into_iter().collect()),
        series,
        left_out,
    })
}

fn enough(chart: Chart) -> Option<Chart> {
    match &chart.axis {
        Axis::Times(times) if times.len() > 1 => Some(chart),
        _ => None,
    }
}

/// Bars for the first names. What is below zero has no bar, so there are none then.
fn by_name(answer: &Answer, by: usize, numbers: &[usize]) -> Option<Chart> {
    let rows = &answer.rows[..answer.rows.len().min(MOST_BARS)];
    let series = numbers.iter().take(MOST_SERIES).map(|number| Series {
        name: answer.columns[*number].name.clone(),
        values: rows.iter().map(|row| amount(&row[*number])).collect(),
    });
    let series: Vec<Series> = series.collect();
    if rows.len() < 2 || series.iter().any(|series| series.values.iter().flatten().any(|value| *value < 0.0)) {
        return None;
    }
    let bars = rows.iter().map(|row| name(&row[by])).collect();
    let left_out = usize::try_from(answer.total).unwrap_or(usize::MAX).saturating_sub(rows.len());
    let by = answer.columns[by].name.clone();
    Some(Chart { of: names(&series), by, axis: Axis::Names(bars), series, left_out })
}

fn names(series: &[Series]) -> Vec<String> {
    series.iter().map(|series| series.name.clone()).collect()
}

fn name(cell: &Cell) -> String {
    match cell {
        Cell::None => "–".to_owned(),
        cell => cell.text(),
    }
}

fn amount(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Whole(number) => Some(*number as f64),
        Cell::Decimal(number) => Some(*number).filter(|number| number.is_finite()),
        _ => None,
    }
}

/// A time with or without its zone, or a day.
fn moment(cell: &Cell) -> Option<Timestamp> {
    let Cell::Text(text) = cell else { return None };
    ["", "Z", "T00:00:00Z"].iter().find_map(|end| Timestamp::parse_rfc3339(&format!("{text}{end}")))
}
