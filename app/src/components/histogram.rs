use super::Here;
use crate::format::{self, tenths};
use crate::markup::{Element, el, svg};
use model::explore::{Bucket, Histogram};
use model::{Timestamp, columns};

pub const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 100.0;

/// Tweets per span of time. A bar is a link to its span; a drag zooms to what it covers (`browser::chart`).
pub fn histogram(here: &Here, data: &Histogram) -> Element {
    let scale = Scale::of(data);
    let bars = data.buckets.iter().filter(|bucket| bucket.count > 0);
    let bars = bars.filter_map(|bucket| bar(here, &scale, bucket)).collect::<Vec<_>>();
    let peak = format::grouped(scale.peak);
    let peak = (scale.peak > 0).then(|| el("span").class("peak").attr("aria-hidden", "true").add(peak));
    let width = format!("1 bar = {}", format::span(data.interval));
    let zoomed = columns::find("created").filter(|column| here.filter.selects(column)).map(|column| {
        let href = here.filtered(&here.filter.without_column(column));
        el("a").attr("href", href).attr("data-key", "0").attr("title", "All times (0)").add("zoom out")
    });
    let chart = svg("svg")
        .attr("viewBox", "0 0 1000 100")
        .attr("preserveAspectRatio", "none")
        .attr("tabindex", "0")
        .attr("data-scale", scale.to_text())
        .add(bars)
        .add(svg("rect").class("selection").attr("height", "100"));
    let plot = el("div")
        .class("plot")
        .attr("role", "group")
        .attr("aria-label", format!("Tweets over time, {width}"))
        .add(peak)
        .add(chart);
    let has_bars = !data.buckets.is_empty();
    let middle = el("span")
        .class("middle")
        .add(has_bars.then_some(width))
        .add((has_bars && zoomed.is_some()).then_some(" · "))
        .add(zoomed);
    let caption = el("figcaption")
        .add(el("span").add(edge(data, data.from)))
        .add(middle)
        .add(el("span").add(edge(data, data.to)));
    el("figure").class("histogram").add(plot).add(caption)
}

fn edge(data: &Histogram, at: Timestamp) -> String {
    if data.buckets.is_empty() { String::new() } else { format::edge_label(at, data.interval) }
}

fn bar(here: &Here, scale: &Scale, bucket: &Bucket) -> Option<Element> {
    let column = columns::find("created")?;
    let end = Timestamp(bucket.start.0 + scale.interval);
    let href = here.filtered(&here.filter.with_span(column, bucket.start, end));
    let (left, right) = (scale.x(bucket.start), scale.x(end));
    let gap = ((right - left) * 0.12).min(2.0);
    // One tweet is still to be seen.
    let height = (HEIGHT * format::share(bucket.count, scale.peak)).max(1.5);
    let count = format::counted(bucket.count, "tweet", "tweets");
    let label = format!("{}: {count}", format::bucket_label(bucket.start, scale.interval));
    let rect = |class: &'static str, x: f64, width: f64, height: f64| {
        svg("rect")
            .class(class)
            .attr("x", tenths(x))
            .attr("y", tenths(HEIGHT - height))
            .attr("width", tenths(width))
            .attr("height", tenths(height))
    };
    Some(
        svg("a")
            .attr("href", href)
            .attr("aria-label", label.clone())
            .attr("tabindex", "-1")
            .add(svg("title").add(label))
            .add(rect("hit", left, right - left, HEIGHT))
            .add(rect("bar", left + gap, right - left - 2.0 * gap, height)),
    )
}

/// From times and counts to places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    from: Timestamp,
    to: Timestamp,
    interval: i64,
    peak: u64,
}

impl Scale {
    fn of(data: &Histogram) -> Self {
        let peak = data.buckets.iter().map(|bucket| bucket.count).max().unwrap_or(0);
        Self { from: data.from, to: data.to, interval: data.interval.max(1), peak }
    }

    /// As it stands in the page, for [`Scale::from_text`].
    fn to_text(self) -> String {
        format!("{} {} {} {}", self.from.0, self.to.0, self.interval, self.peak)
    }

    /// Reads what the page says.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ').map(|number| number.parse::<i64>().ok());
        let mut next = || numbers.next().flatten();
        Some(Self {
            from: Timestamp(next()?),
            to: Timestamp(next()?),
            interval: next()?.max(1),
            peak: next()?.unsigned_abs(),
        })
    }

    fn length(&self) -> f64 {
        ((self.to - self.from) as f64).max(1.0)
    }

    fn x(&self, at: Timestamp) -> f64 {
        (at - self.from) as f64 / self.length() * WIDTH
    }

    /// The start of the bucket at that share of the width.
    fn bucket_at(&self, share: f64) -> Timestamp {
        let past = (share.clamp(0.0, 0.9999) * self.length()) as i64;
        Timestamp(self.from.0 + past.div_euclid(self.interval) * self.interval)
    }

    /// The link to the whole buckets from one share of the width to the other.
    pub fn zoomed(&self, here: &Here, one: f64, other: f64) -> Option<String> {
        let (start, end) = self.span(one, other);
        Some(here.filtered(&here.filter.with_span(columns::find("created")?, start, end)))
    }

    fn span(&self, one: f64, other: f64) -> (Timestamp, Timestamp) {
        let (start, end) = (self.bucket_at(one.min(other)), self.bucket_at(one.max(other)));
        (start, Timestamp(end.0 + self.interval))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::HOUR;

    #[test]
    fn a_drag_takes_whole_buckets() {
        let scale = Scale::of(&Histogram {
            interval: HOUR,
            from: Timestamp(0),
            to: Timestamp(10 * HOUR),
            ..Default::default()
        });
        assert_eq!(scale.span(0.75, 0.21), (Timestamp(2 * HOUR), Timestamp(8 * HOUR)));
        assert_eq!(scale.span(-1.0, 2.0), (Timestamp(0), Timestamp(10 * HOUR)));
        assert_eq!(scale.x(Timestamp(5 * HOUR)), 500.0);
        assert_eq!(Scale::from_text(&scale.to_text()), Some(scale));
    }
}
