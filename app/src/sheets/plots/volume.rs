use super::canvas::{Anchor, PARTS, REST, block, cut, grid, highest, label, legend, note};
use super::{Cell, Drawn, Name, Pen, Row, Table, name_of, nothing, title};
use crate::components::histogram::ticks;
use crate::format::{self, grouped, share};
use crate::markup::Element;
use model::explore::{Bucket, Histogram};
use model::texts::{common, plots as say};
use model::{Timestamp, columns, time, zone};
use service::plots::Plotted;

const TOP: f64 = 18.0;
const HEIGHT: f64 = 140.0;
const BOTTOM: f64 = TOP + HEIGHT;

/// Tweets over time.
pub fn volume(pen: Pen<'_>, of: &Plotted, data: &Histogram) -> Drawn {
    let title = title(of.plot);
    let counts: Vec<u64> = data.buckets.iter().map(|bucket| bucket.count).collect();
    let Some(most) = data.buckets.get(highest(&counts)) else { return nothing(title) };
    let when = format::bucket_label(most.start, data.interval);
    let when = match data.interval {
        time::DAY => say::on_day(&when),
        interval => say::in_span(&format::span(interval), &when),
    };
    let summary = say::volume_most(&when, &grouped(most.count), &format::span(data.interval));
    let parts = parts(of, data);
    let bars = data.buckets.iter().map(|bucket| bar(pen, data, &parts, bucket, most));
    let x = |at: Timestamp| share((at - data.from).unsigned_abs(), (data.to - data.from).unsigned_abs()) * 100.0;
    let axis = ticks(data.from, data.to).into_iter();
    let axis = axis.map(|(at, words)| note(x(at), BOTTOM + 16.0, Anchor::Middle, words));
    let mut shapes = grid(most.count, BOTTOM, HEIGHT, bars.chain(axis).collect());
    let mut height = BOTTOM + 22.0;
    // One colour needs no words.
    if parts.len() > 1 {
        let keys = parts.iter().map(|part| (part.colour, format!("{} {}", cut(&part.name, 18), grouped(part.total()))));
        let (keys, legend_height) = legend(keys.collect(), height + 4.0);
        shapes.extend(keys);
        height += 4.0 + legend_height;
    }
    Drawn { title, summary, height, shapes, table: table(pen, data, &parts) }
}

/// The tweets of one value, or of all the others.
struct Part {
    name: String,
    colour: (&'static str, &'static str),
    buckets: Vec<Bucket>,
}

impl Part {
    fn in_bucket(&self, start: Timestamp) -> u64 {
        self.buckets.iter().find(|bucket| bucket.start == start).map_or(0, |bucket| bucket.count)
    }

    fn total(&self) -> u64 {
        self.buckets.iter().map(|bucket| bucket.count).sum()
    }
}

/// What the bars are divided into, the last being all that is none of the others.
fn parts(of: &Plotted, data: &Histogram) -> Vec<Part> {
    let (Some(split), Some(column)) = (&data.split, of.plot.column) else { return Vec::new() };
    let mut parts: Vec<Part> = split
        .parts
        .iter()
        .zip(PARTS)
        .map(|(part, colour)| Part { name: name_of(column, &part.value), colour, buckets: part.buckets.clone() })
        // Its tweets may all count for more frequent values.
        .filter(|part| part.total() > 0)
        .collect();
    let rest = |bucket: &Bucket| {
        let told: u64 = parts.iter().map(|part| part.in_bucket(bucket.start)).sum();
        Bucket { start: bucket.start, count: bucket.count - told.min(bucket.count) }
    };
    let rest: Vec<Bucket> = data.buckets.iter().map(rest).filter(|bucket| bucket.count > 0).collect();
    if !rest.is_empty() {
        parts.push(Part { name: say::other().to_owned(), colour: REST, buckets: rest });
    }
    parts
}

fn bar(pen: Pen<'_>, data: &Histogram, parts: &[Part], bucket: &Bucket, most: &Bucket) -> Element {
    let peak = most.count;
    let end = zone::current().after(bucket.start, data.interval);
    let step = share((end - bucket.start).unsigned_abs(), (data.to - data.from).unsigned_abs()) * 100.0;
    let x = share((bucket.start - data.from).unsigned_abs(), (data.to - data.from).unsigned_abs()) * 100.0;
    // What is there must be seen.
    let block_of = |colour, from: u64, to: u64| {
        let height = (HEIGHT * share(to - from, peak)).max(1.0);
        block(colour, x + step * 0.06, BOTTOM - HEIGHT * share(from, peak) - height, step * 0.88, height)
    };
    let mut shapes = vec![block(("hit", "none"), x, TOP, step, HEIGHT)];
    let mut below = 0;
    for part in parts {
        let count = part.in_bucket(bucket.start);
        if count > 0 {
            shapes.push(block_of(part.colour, below, below + count));
        }
        below += count;
    }
    if parts.is_empty() {
        shapes.push(block_of(PARTS[0], 0, bucket.count));
    }
    if bucket == most {
        let anchor = if x > 50.0 { Anchor::End } else { Anchor::Start };
        let x = if x > 50.0 { x + step } else { x };
        shapes.push(label(x, TOP - 5.0, anchor, grouped(bucket.count)));
    }
    let words = format!("{}: {}", format::bucket_label(bucket.start, data.interval), common::tweets(bucket.count));
    pen.mark(span(pen, data, bucket), words, shapes)
}

/// The filter that finds the tweets of the bucket.
fn span(pen: Pen<'_>, data: &Histogram, bucket: &Bucket) -> Option<model::Filter> {
    let end = zone::current().after(bucket.start, data.interval);
    Some(pen.here.filter.with_span(columns::find("created")?, bucket.start, end))
}

fn table(pen: Pen<'_>, data: &Histogram, parts: &[Part]) -> Table {
    let heads =
        [say::from(), say::tweets()].map(str::to_owned).into_iter().chain(parts.iter().map(|part| part.name.clone()));
    let row = |bucket: &Bucket| Row {
        name: Name::Bucket(bucket.start, data.interval),
        href: span(pen, data, bucket).and_then(|filter| pen.href(&filter)),
        cells: std::iter::once(bucket.count)
            .chain(parts.iter().map(|part| part.in_bucket(bucket.start)))
            .map(Cell::Count)
            .collect(),
    };
    let filled = data.buckets.iter().filter(|bucket| bucket.count > 0);
    Table { heads: heads.collect(), rows: filled.map(row).collect() }
}
