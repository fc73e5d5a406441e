use super::canvas::{NONE, PARTS, REST, block, cut, legend};
use super::{Cell, Drawn, Name, Pen, Row, name_of, nothing, title, top};
use crate::format::{grouped, percent, share as share_of};
use crate::markup::Element;
use model::Filter;
use model::columns::Column;
use model::stats::ColumnStats;
use model::texts::{common, plots as say};
use service::plots::Plotted;

const HEIGHT: f64 = 28.0;

/// One part of the bar.
struct Part {
    name: String,
    count: u64,
    colour: (&'static str, &'static str),
    filter: Option<Filter>,
}

/// Which part of the tweets each value has: one bar, divided.
pub fn share(pen: Pen<'_>, of: &Plotted, column: &'static Column, stats: &ColumnStats) -> Drawn {
    let title = title(of.plot);
    if stats.total == 0 {
        return nothing(title);
    }
    let parts = parts(pen, column, stats);
    let told = parts.iter().map(|part| format!("{} {}", part.name, percent(share_of(part.count, stats.total))));
    let summary = say::of(&common::tweets(stats.total), &told.collect::<Vec<_>>().join(", "));
    let mut before = 0;
    let mut shapes: Vec<Element> = Vec::new();
    for part in &parts {
        let (x, width) = (share_of(before, stats.total) * 100.0, share_of(part.count, stats.total) * 100.0);
        before += part.count;
        let words = format!("{}: {}", cut(&part.name, 200), common::tweets(part.count));
        // A hairline of ground between neighbours.
        let drawn = block(part.colour, x, 0.0, (width - 0.15).max(0.1), HEIGHT);
        shapes.push(pen.mark(part.filter.clone(), words, vec![drawn]));
    }
    let key = |part: &Part| {
        let numbers = format!("{} · {}", percent(share_of(part.count, stats.total)), grouped(part.count));
        (part.colour, format!("{} {numbers}", cut(&part.name, 12)))
    };
    let (keys, height) = legend(parts.iter().map(key).collect(), HEIGHT + 12.0);
    shapes.extend(keys);
    let mut table = top::table(pen, column, stats);
    table.rows = parts.into_iter().map(|part| row(pen, part, stats.total)).collect();
    Drawn { title, summary, height: HEIGHT + 12.0 + height, shapes, table }
}

/// The values, then all the others, then the tweets that have none. Together they are all tweets.
fn parts(pen: Pen<'_>, column: &'static Column, stats: &ColumnStats) -> Vec<Part> {
    let mut parts: Vec<Part> = stats
        .top
        .iter()
        .zip(PARTS)
        .map(|(value, colour)| Part {
            name: name_of(column, &value.value),
            count: value.count,
            colour,
            filter: Some(top::narrowed(pen, column, &value.value)),
        })
        .collect();
    let listed: u64 = parts.iter().map(|part| part.count).sum();
    let others = [
        (say::other(), stats.filled - listed.min(stats.filled), REST, None),
        (
            say::without(),
            stats.total - stats.filled,
            NONE,
            Some(pen.here.filter.clone().with(Filter::present(column).negate())),
        ),
    ];
    for (name, count, colour, filter) in others {
        if count > 0 {
            parts.push(Part { name: name.to_owned(), count, colour, filter });
        }
    }
    parts
}

fn row(pen: Pen<'_>, part: Part, total: u64) -> Row {
    Row {
        href: part.filter.as_ref().and_then(|filter| pen.href(filter)),
        name: Name::Text(part.name),
        cells: vec![Cell::Count(part.count), Cell::Share(share_of(part.count, total))],
    }
}
