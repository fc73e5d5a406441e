use super::{Here, split};
use crate::format::{self, tenths};
use crate::markup::{Element, el, link, svg};
use model::explore::{Bucket, Fired, Histogram};
use model::texts::{common, histogram as say, language};
use model::{Timestamp, columns, time, zone};

pub const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 100.0;
/// A single bar is no wall.
const WIDEST: f64 = 48.0;

/// Tweets per span of time. A bar is a link to its span; a drag zooms to what it covers (`browser::chart`).
pub fn histogram(here: &Here, data: &Histogram, fired: &[Fired]) -> Element {
    let scale = Scale::of(data);
    let bars = data.buckets.iter().filter(|bucket| bucket.count > 0);
    let bars = bars.filter_map(|bucket| bar(here, &scale, bucket, data));
    let chart = svg("svg")
        .class("chart")
        .attr("viewBox", "0 0 1000 100")
        .attr("preserveAspectRatio", "none")
        .attr("role", "group")
        .attr("aria-label", say::title(&bar_width(data)))
        .attr("tabindex", "0")
        .attr("data-scale", scale.to_text())
        .each(bars)
        .add(outline(data, &scale))
        .add(svg("rect").class("selection").attr("height", "100"));
    let plot = el("div").class("plot").add(chart).add(peak(&scale));
    let (marks, key) = notices(here, &scale, fired).unzip();
    let figure = el("figure").class("histogram").add(marks).add(plot).add(axis(data, &scale));
    figure.add(split::legend(here, data)).add(key)
}

/// Marks over the bars where alerts fired, each a link to what its notice is about, and what they mean.
fn notices(here: &Here, scale: &Scale, fired: &[Fired]) -> Option<(Element, Element)> {
    let mark = || svg("path").class("mark-fired").attr("d", "M0 14l-5 -9h10z");
    let notice = |fired: &Fired| {
        let time = format::written(fired.at, &format!("{} %Z", language::day_time()));
        let words = say::fired(&fired.alert, &time, &fired.reason);
        let hit = svg("rect").class("hit").attr("x", "-12").attr("width", "24").attr("height", "18");
        let place = svg("svg").attr("x", format!("{}%", tenths(scale.x(fired.at) / 10.0))).attr("overflow", "visible");
        svg("a")
            .attr("href", format!("{}?{}", here.url.path(), fired.query))
            .attr("aria-label", words.clone())
            .add(svg("title").add(words))
            .add(place.add(hit).add(mark()))
    };
    let marks = svg("svg").class("fired").attr("role", "group").attr("aria-label", say::notices());
    let sign = svg("svg").class("sign").attr("viewBox", "-6 2 12 14").attr("aria-hidden", "true").add(mark());
    let key = el("p").class("legend").add(el("span").add(sign).add(say::notices()));
    (!fired.is_empty()).then(|| (marks.each(fired.iter().map(notice)), key))
}

/// The time before as a line over the bars.
fn outline(data: &Histogram, scale: &Scale) -> Option<Element> {
    let step = |bucket: &Bucket| {
        let (left, right) = (scale.x(bucket.start), scale.x(scale.end_of(bucket.start)));
        let top = HEIGHT - scale.height(bucket.count);
        format!("M{} 100V{}H{}V100", tenths(left), tenths(top), tenths(right))
    };
    let path: String = data.previous.iter().map(step).collect();
    (!path.is_empty()).then(|| svg("path").class("previous").attr("d", path))
}

/// The bar, piece by piece if it is divided: the most frequent value at the bottom. `rect` draws from one count to
/// another.
fn pieces(data: &Histogram, bucket: &Bucket, rect: impl Fn(&'static str, u64, u64) -> Element) -> Vec<Element> {
    let Some(split) = &data.split else { return vec![rect("bar", 0, bucket.count)] };
    let mut below = 0;
    let mut drawn = Vec::new();
    for (class, part) in split::CLASSES.into_iter().zip(&split.parts) {
        let here = part.buckets.iter().find(|other| other.start == bucket.start).map_or(0, |other| other.count);
        drawn.extend((here > 0).then(|| rect(class, below, below + here)));
        below += here;
    }
    drawn.extend((below < bucket.count).then(|| rect("part-rest", below, bucket.count)));
    drawn
}

/// `1 bar = 3 h`.
pub fn bar_width(data: &Histogram) -> String {
    say::width(&format::span(data.interval))
}

/// The way back to all times, if the filter has some of them.
pub fn zoom_out(here: &Here) -> Option<Element> {
    let column = columns::find("created").filter(|column| here.filter.selects(column))?;
    let href = here.filtered(&here.filter.without_column(column));
    Some(link(href).attr("data-key", "0").attr("title", say::all_times()).add(say::zoom_out()))
}

/// What the highest bar stands for.
fn peak(scale: &Scale) -> Option<Element> {
    let label = el("span").class("peak").attr("aria-hidden", "true").add(format::grouped(scale.peak));
    (scale.peak > 0).then_some(label)
}

/// The axis of time: a label where an hour, a day, a month or a year begins, never too many of them.
fn axis(data: &Histogram, scale: &Scale) -> Option<Element> {
    if data.buckets.is_empty() {
        return None;
    }
    let ticks = ticks(data.from, data.to);
    let marks = ticks.into_iter().map(|(at, label)| {
        let x = format!("{}%", tenths(scale.x(at) / 10.0));
        svg("text").attr("x", x).attr("y", "12").add(label)
    });
    Some(svg("svg").class("axis").attr("aria-hidden", "true").each(marks))
}

/// At most so many labels.
const TICKS: usize = 9;

/// Where labels stand, and what they say; none so near an end that it would be cut off.
pub fn ticks(from: Timestamp, to: Timestamp) -> Vec<(Timestamp, String)> {
    let length = (to - from).max(1);
    let margin = length / 25;
    let inside = |at: Timestamp| at.0 >= from.0 + margin && at.0 <= to.0 - margin;
    let fits = |step: i64| length / step < TICKS as i64;
    let hours = [1, 3, 6, 12].map(|hours| hours * time::HOUR).into_iter().find(|step| fits(*step));
    let days = [1, 2, 7, 14].map(|days| days * time::DAY).into_iter().find(|step| fits(*step));
    let is_short = length <= 2 * time::DAY;
    match hours.filter(|_| is_short).or(days) {
        Some(step) => {
            // Weeks begin on Monday; the first day of all was a Thursday.
            let origin = if step >= 7 * time::DAY { 4 * time::DAY } else { 0 };
            let zone = zone::current();
            let first = (zone.civil(from).0 - origin).div_euclid(step) * step + origin;
            let all = (0..=TICKS as i64 + 1).map(|index| zone.moment(Timestamp(first + index * step)));
            all.filter(|at| inside(*at)).map(|at| (at, tick_label(at, step))).collect()
        }
        None => months(from, to).into_iter().filter(|(at, _)| inside(*at)).collect(),
    }
}

fn tick_label(at: Timestamp, step: i64) -> String {
    let is_midnight = zone::current().civil(at).0.rem_euclid(time::DAY) == 0;
    let codes = match step {
        _ if step < time::DAY && !is_midnight => "%H:%M",
        _ if step < 7 * time::DAY => language::weekday(),
        _ => language::day(),
    };
    format::written(at, codes)
}

/// The first days of months or of years, as many as there is room for.
fn months(from: Timestamp, to: Timestamp) -> Vec<(Timestamp, String)> {
    let number = |at: Timestamp, codes: &str| format::written(at, codes).parse::<i64>().unwrap_or(0);
    let month_of = |at: Timestamp| number(at, "%Y") * 12 + number(at, "%m") - 1;
    let (first, last) = (month_of(from), month_of(to));
    let fits = |step: &i64| (last - first) / step < TICKS as i64;
    let step = [1, 3, 6, 12, 24, 60, 120].into_iter().find(fits).unwrap_or(240);
    let begins = (first..=last).filter(|month| month.rem_euclid(step) == 0);
    let mark = |month: i64| {
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        let at = Timestamp::parse_rfc3339(&format!("{year:04}-{month:02}-01T00:00:00Z"))?;
        let at = zone::current().moment(at);
        Some((at, format::written(at, if month == 1 { "%Y" } else { "%b" })))
    };
    begins.filter_map(mark).collect()
}

fn bar(here: &Here, scale: &Scale, bucket: &Bucket, data: &Histogram) -> Option<Element> {
    let column = columns::find("created")?;
    let end = scale.end_of(bucket.start);
    let href = here.filtered(&here.filter.with_span(column, bucket.start, end));
    let (left, right) = (scale.x(bucket.start), scale.x(end));
    let width = (right - left - 2.0 * ((right - left) * 0.12).min(2.0)).min(WIDEST);
    let count = common::tweets(bucket.count);
    let label = format!("{}: {count}", format::bucket_label(bucket.start, scale.interval));
    let rect = |class: &'static str, x: f64, width: f64, from: f64, to: f64| {
        svg("rect")
            .class(class)
            .attr("x", tenths(x))
            .attr("y", tenths(HEIGHT - to))
            .attr("width", tenths(width))
            .attr("height", tenths(to - from))
    };
    let piece = |class, from, to| {
        rect(class, f64::midpoint(left, right) - width / 2.0, width, scale.height_or_none(from), scale.height(to))
    };
    Some(
        svg("a")
            .key(bucket.start.0.to_string())
            .attr("href", href)
            .attr("aria-label", label.clone())
            .attr("tabindex", "-1")
            .add(svg("title").add(label))
            .add(rect("hit", left, right - left, 0.0, HEIGHT))
            .each(pieces(data, bucket, piece)),
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
        let peak = data.buckets.iter().chain(&data.previous).map(|bucket| bucket.count).max().unwrap_or(0);
        Self { from: data.from, to: data.to, interval: data.interval.max(1), peak }
    }

    /// The height of a count; one tweet is still to be seen.
    fn height(&self, count: u64) -> f64 {
        self.height_or_none(count).max(1.5)
    }

    fn height_or_none(&self, count: u64) -> f64 {
        HEIGHT * format::share(count, self.peak)
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
        zone::current().floor(Timestamp(self.from.0 + past), self.interval, self.from)
    }

    /// The end of the bucket that begins there.
    fn end_of(&self, start: Timestamp) -> Timestamp {
        zone::current().after(start, self.interval)
    }

    /// The link to the whole buckets from one share of the width to the other.
    pub fn zoomed(&self, here: &Here, one: f64, other: f64) -> Option<String> {
        let (start, end) = self.span(one, other);
        Some(here.filtered(&here.filter.with_span(columns::find("created")?, start, end)))
    }

    fn span(&self, one: f64, other: f64) -> (Timestamp, Timestamp) {
        let (start, end) = (self.bucket_at(one.min(other)), self.bucket_at(one.max(other)));
        (start, self.end_of(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::HOUR;

    #[test]
    fn the_axis_names_what_begins() {
        let told = |from: &str, to: &str| {
            let at = |text: &str| Timestamp::parse_rfc3339(text).unwrap();
            ticks(at(from), at(to)).into_iter().map(|(_, label)| label).collect::<Vec<_>>().join(" ")
        };
        let day = told("2026-11-16T09:00:00Z", "2026-11-17T12:00:00Z");
        assert_eq!(day, "12:00 18:00 Tue 17 06:00");
        let week = told("2026-11-16T09:00:00Z", "2026-11-23T12:00:00Z");
        assert_eq!(week, "Tue 17 Wed 18 Thu 19 Fri 20 Sat 21 Sun 22 Mon 23");
        assert_eq!(told("2026-10-01T00:00:00Z", "2026-11-10T00:00:00Z"), "5 Oct 12 Oct 19 Oct 26 Oct 2 Nov");
        assert_eq!(told("2025-11-20T00:00:00Z", "2026-06-10T00:00:00Z"), "Dec 2026 Feb Mar Apr May Jun");
        assert_eq!(told("2006-11-20T00:00:00Z", "2026-06-10T00:00:00Z"), "2010 2015 2020 2025");
    }

    #[test]
    fn days_begin_at_midnight_of_the_zone() {
        let berlin = zone::Zone::from_text("Europe/Berlin 60 29579100:120 29881500:60").unwrap();
        let at = |text: &str| Timestamp::parse_rfc3339(text).unwrap();
        zone::within(Box::leak(Box::new(berlin)), || {
            let (from, to) = (at("2026-03-26T23:00:00Z"), at("2026-03-31T22:00:00Z"));
            let found = ticks(from, to).into_iter().map(|(at, label)| format!("{label} {}", at.format("%H:%M")));
            let days = found.collect::<Vec<_>>().join(", ");
            assert_eq!(days, "Sat 28 23:00, Sun 29 23:00, Mon 30 22:00, Tue 31 22:00");
            let scale = Scale { from, to, interval: time::DAY, peak: 1 };
            let sunday = at("2026-03-29T12:00:00Z");
            let share = scale.x(sunday) / WIDTH;
            assert_eq!(scale.span(share, share), (at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z")));
        });
    }

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
