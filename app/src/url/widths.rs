//! How wide columns are, where somebody has made them wider or narrower: `cols=created,text:420`.

use super::column_names;
use model::columns::{self, DEFAULT_COLUMNS};

/// Widths in pixels, by names of columns, in the order of names.
pub type Widths = Vec<(&'static str, u16)>;

pub const NARROWEST: u16 = 48;
pub const WIDEST: u16 = 1200;

/// Reads `cols=`: names, each perhaps with a width.
pub fn parse(text: &str) -> (Vec<&'static str>, Widths) {
    let parts: Vec<(&str, Option<u16>)> = text
        .split(',')
        .map(|part| match part.split_once(':') {
            Some((name, width)) => (name, width.parse().ok()),
            None => (part, None),
        })
        .collect();
    let names = column_names(parts.iter().map(|(name, _)| *name));
    let width = |(name, width): &(&str, Option<u16>)| Some((columns::find(name)?.name, (*width)?));
    let widths = parts.iter().filter_map(width);
    let widths = widths.fold(Widths::new(), |widths, (name, width)| with(&widths, name, Some(width)));
    let widths = kept(widths, &names);
    (names, widths)
}

/// Writes `cols=`; nothing for the usual columns in their usual widths.
pub fn print(names: &[&'static str], widths: &Widths) -> String {
    let shown = if names.is_empty() && !widths.is_empty() { &DEFAULT_COLUMNS[..] } else { names };
    let part = |name: &&'static str| match of(widths, name) {
        Some(width) => format!("{name}:{width}"),
        None => (*name).to_owned(),
    };
    shown.iter().map(part).collect::<Vec<_>>().join(",")
}

/// The width of a column.
pub fn of(widths: &Widths, name: &str) -> Option<u16> {
    widths.iter().find(|(of, _)| *of == name).map(|(_, width)| *width)
}

/// With another width of a column, or its usual one.
pub fn with(widths: &Widths, name: &'static str, width: Option<u16>) -> Widths {
    let mut new: Widths = widths.iter().copied().filter(|(of, _)| *of != name).collect();
    new.extend(width.map(|width| (name, width.clamp(NARROWEST, WIDEST))));
    new.sort_unstable();
    new
}

/// Only those of columns that are shown.
pub fn kept(mut widths: Widths, names: &[&'static str]) -> Widths {
    let shown = if names.is_empty() { &DEFAULT_COLUMNS[..] } else { names };
    widths.retain(|(name, _)| shown.contains(name));
    widths
}
