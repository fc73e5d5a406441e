//! What was missed.

use super::{between, cause, cell, number};
use crate::components::time::time;
use crate::markup::{Element, el};
use crate::sheets::pipeline::table;
use model::Timestamp;
use model::gap::Gap;
use model::texts::schedule as say;

/// Gaps that are shown at once.
const FIRST: usize = 10;

/// The gaps, the newest first, or that there are none.
pub fn gaps(gaps: &[Gap], now: Timestamp) -> Element {
    if gaps.is_empty() {
        return el("p").class("quiet").add(say::no_gaps());
    }
    let newest: Vec<&Gap> = gaps.iter().rev().collect();
    let (first, older) = newest.split_at(FIRST.min(newest.len()));
    let more = (!older.is_empty())
        .then(|| el("details").add(el("summary").add(say::more_gaps(older.len() as u64))).add(rows(older, now)));
    el("div").add(el("p").class("quiet").add(say::gaps_about())).add(rows(first, now)).add(more)
}

fn rows(gaps: &[&Gap], now: Timestamp) -> Element {
    let head = [say::gap(), say::cause(), say::noted(), say::estimated()];
    table(3, &head, gaps.iter().map(|gap| row(gap, now)))
}

fn row(gap: &Gap, now: Timestamp) -> Element {
    let missed = match gap.missed {
        Some(_) => number(say::estimated(), gap.missed),
        None => cell("number", say::estimated(), Some(say::unknown())),
    };
    el("tr")
        .add(el("th").attr("scope", "row").add(between(gap.from.time(), gap.to.time(), now)))
        .add(cell("words", say::cause(), Some(cause(gap.cause))))
        .add(cell("words", say::noted(), Some(time(gap.noted_at, now))))
        .add(missed)
}
