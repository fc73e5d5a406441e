use super::canvas::{Anchor, PARTS, block, grid, highest, label, note};
use super::{Cell, Drawn, Name, Pen, Row, Table, nothing, title};
use crate::components::facet::facet_title;
use crate::format::{grouped, share};
use crate::markup::Element;
use crate::sheets::column::{quantity_text, range_condition, range_words};
use model::columns::Column;
use model::stats::{ColumnStats, Range, Scale, Spread};
use model::texts::{common, plots as say};
use service::plots::Plotted;

const TOP: f64 = 18.0;
const HEIGHT: f64 = 120.0;
const BOTTOM: f64 = TOP + HEIGHT;

/// At most so many labels below the bars.
const LABELS: usize = 6;

/// Tweets by ranges of a number.
pub fn spread(pen: Pen<'_>, of: &Plotted, column: &'static Column, stats: &ColumnStats) -> Drawn {
    let title = title(of.plot);
    let Some(spread) = stats.spread.as_ref().filter(|spread| !spread.ranges.is_empty()) else { return nothing(title) };
    let counts: Vec<u64> = spread.ranges.iter().map(|range| range.count).collect();
    let highest = highest(&counts);
    let step = 100.0 / spread.ranges.len() as f64;
    let bars = spread.ranges.iter().enumerate().map(|(place, range)| {
        bar(pen, column, range, (place as f64 * step, step), (counts[highest], highest == place))
    });
    let shapes = grid(counts[highest], BOTTOM, HEIGHT, bars.chain(axis(spread, step)).collect());
    let row = |range: &Range| Row {
        name: Name::Text(range_words(range)),
        href: pen.href(&chosen(pen, column, range)),
        cells: vec![Cell::Count(range.count), Cell::Share(share(range.count, stats.total))],
    };
    let heads = [facet_title(column), say::tweets(), say::share_of_tweets()].map(str::to_owned);
    let table = Table { heads: heads.into(), rows: spread.ranges.iter().map(row).collect() };
    Drawn { title, summary: summary(stats, spread), height: BOTTOM + 22.0, shapes, table }
}

fn summary(stats: &ColumnStats, spread: &Spread) -> String {
    let scale = match spread.scale {
        Scale::Even => say::even(),
        Scale::Growing => say::growing(),
    };
    say::spread_told(
        &common::tweets(stats.filled),
        &quantity_text(spread.median),
        &quantity_text(spread.third_quartile),
        &quantity_text(spread.most),
        scale,
    )
}

fn chosen(pen: Pen<'_>, column: &'static Column, range: &Range) -> model::Filter {
    pen.here.filter.without_column(column).with(range_condition(column, range))
}

/// A bar from `x` on; the highest one has its number.
fn bar(
    pen: Pen<'_>,
    column: &'static Column,
    range: &Range,
    (x, step): (f64, f64),
    (peak, is_highest): (u64, bool),
) -> Element {
    let words = format!("{}: {}", range_words(range), common::tweets(range.count));
    let mut shapes = vec![block(("hit", "none"), x, TOP, step, HEIGHT)];
    if range.count > 0 {
        let height = (HEIGHT * share(range.count, peak)).max(1.0);
        shapes.push(block(PARTS[0], x + step * 0.04, BOTTOM - height, step * 0.92, height));
    }
    if is_highest {
        let (x, anchor) = if x > 50.0 { (x + step, Anchor::End) } else { (x, Anchor::Start) };
        shapes.push(label(x, TOP - 5.0, anchor, grouped(range.count)));
    }
    pen.mark(Some(chosen(pen, column, range)), words, shapes)
}

/// Where ranges begin, and where the last ends.
fn axis(spread: &Spread, step: f64) -> Vec<Element> {
    let count = spread.ranges.len();
    let every = count.div_ceil(LABELS).max(1);
    let begins = spread.ranges.iter().enumerate().step_by(every).filter(|(place, _)| place + every / 2 < count);
    let label_at = |(place, range): (usize, &Range)| {
        let anchor = if place == 0 { Anchor::Start } else { Anchor::Middle };
        note(place as f64 * step, BOTTOM + 16.0, anchor, quantity_text(range.from))
    };
    let last = spread.ranges.last().map(|range| note(100.0, BOTTOM + 16.0, Anchor::End, quantity_text(range.to)));
    begins.map(label_at).chain(last).collect()
}
