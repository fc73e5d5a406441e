use super::canvas::{Anchor, PARTS, block, cut, label};
use super::{Cell, Drawn, Name, Pen, Row, Table, name_of, nothing, title};
use crate::components::facet::facet_title;
use crate::format::{grouped, percent, share};
use model::columns::Column;
use model::explore::FacetValue;
use model::stats::ColumnStats;
use model::texts::{common, plots as say};
use service::plots::Plotted;

/// Height of a value with its bar.
const STEP: f64 = 30.0;

/// The most frequent values of a column as bars.
pub fn top(pen: Pen<'_>, of: &Plotted, column: &'static Column, stats: &ColumnStats) -> Drawn {
    let title = title(of.plot);
    let Some(first) = stats.top.first() else { return nothing(title) };
    let summary = say::top_told(
        &name_of(column, &first.value),
        &grouped(first.count),
        &common::tweets(stats.total),
        &percent(share(first.count, stats.total)),
        &common::values(stats.distinct.unwrap_or(0)),
        &common::tweets(stats.total - stats.filled),
    );
    let bar = |(number, value): (usize, &FacetValue)| {
        let name = name_of(column, &value.value);
        let y = number as f64 * STEP;
        let part = share(value.count, stats.total);
        let shapes = vec![
            block(("hit", "none"), 0.0, y, 100.0, STEP),
            label(0.0, y + 14.0, Anchor::Start, cut(&name, 28)),
            label(100.0, y + 14.0, Anchor::End, format!("{} · {}", grouped(value.count), percent(part))),
            block(PARTS[0], 0.0, y + 19.0, share(value.count, first.count) * 100.0, 6.0),
        ];
        let words = format!("{}: {}", cut(&name, 200), common::tweets(value.count));
        pen.mark(Some(narrowed(pen, column, &value.value)), words, shapes)
    };
    Drawn {
        title,
        summary,
        height: stats.top.len() as f64 * STEP,
        shapes: stats.top.iter().enumerate().map(bar).collect(),
        table: table(pen, column, stats),
    }
}

/// Only the tweets with that value.
pub fn narrowed(pen: Pen<'_>, column: &'static Column, value: &str) -> model::Filter {
    pen.here.filter.narrowed(column, pen.here.in_filter(column, value))
}

pub fn table(pen: Pen<'_>, column: &'static Column, stats: &ColumnStats) -> Table {
    let row = |value: &FacetValue| Row {
        name: Name::Text(name_of(column, &value.value)),
        href: pen.href(&narrowed(pen, column, &value.value)),
        cells: vec![Cell::Count(value.count), Cell::Share(share(value.count, stats.total))],
    };
    let heads = [facet_title(column), say::tweets(), say::share_of_tweets()].map(str::to_owned);
    Table { heads: heads.into(), rows: stats.top.iter().map(row).collect() }
}
