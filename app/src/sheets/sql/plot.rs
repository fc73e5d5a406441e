use super::chart::{Axis, Chart, Series};
use super::result::decimal;
use crate::components::histogram::ticks;
use crate::format;
use crate::markup::{Element, el, svg};
use crate::sheets::plots::canvas::{Anchor, PARTS, across, block, cut, label, legend, note, picture};
use model::Timestamp;
use model::texts::sql as say;

const TOP: f64 = 8.0;
const HEIGHT: f64 = 180.0;
const BOTTOM: f64 = TOP + HEIGHT;
/// Share of the width that the numbers beside the lines stand in.
const LEFT: f64 = 8.0;
/// Times up to which each has its point and its words.
const MOST_POINTS: usize = 400;
/// Times up to which points are drawn.
const MOST_DOTS: usize = 60;
/// Height of a name, and of each of its bars.
const NAME: f64 = 22.0;
const BAR: f64 = 8.0;
/// The classes of lines.
const LINES: [&str; 6] = ["s1", "s2", "s3", "s4", "s5", "s6"];

/// The plot with its title and what it says. Its numbers stand in the table below.
pub fn figure(chart: &Chart) -> Element {
    let of: Vec<String> = chart.of.iter().map(|name| cut(name, 24)).collect();
    let title = say::plot_title(&of.join(", "), &cut(&chart.by, 48));
    let summary = summary(chart);
    let (shapes, height) = match &chart.axis {
        Axis::Times(times) => lines(chart, times),
        Axis::Names(names) => bars(chart, names),
    };
    let picture = picture(height, shapes)
        .class("picture")
        .attr("role", "img")
        .attr("aria-label", format!("{title}. {summary} {}", say::plot_numbers()));
    el("figure")
        .class("plot sql-plot")
        .add(el("figcaption").add(el("h3").add(title)).add(el("p").class("summary").add(el("bdi").add(summary))))
        .add(picture)
}

/// The largest number, and what is not drawn.
fn summary(chart: &Chart) -> String {
    let places = chart.series.iter().flat_map(|series| {
        series.values.iter().enumerate().filter_map(move |(at, value)| Some((series, at, (*value)?)))
    });
    let highest = places.reduce(|best, next| if next.2 > best.2 { next } else { best });
    let highest = highest.map(|(series, at, value)| {
        let place = match &chart.axis {
            Axis::Times(times) => moment(times, at),
            Axis::Names(names) => cut(&names[at], 60),
        };
        let what = if chart.series.len() > 1 { format!("{}, {place}", cut(&series.name, 24)) } else { place };
        say::highest(&what, &decimal(value))
    });
    let left_out = (chart.left_out > 0).then(|| say::left_out(chart.left_out as u64));
    highest.into_iter().chain(left_out).collect::<Vec<_>>().join(" ")
}

fn moment(times: &[Timestamp], at: usize) -> String {
    let is_day = |time: &Timestamp| time.0.rem_euclid(model::time::DAY) == 0;
    let codes = if times.iter().all(is_day) { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" };
    // As the table has them: in UTC.
    times[at].format(codes)
}

/// What the numbers are drawn between, and the lines of the grid.
struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    fn of(series: &[Series]) -> Self {
        let values = || series.iter().flat_map(|series| series.values.iter().flatten().copied());
        let (low, high) = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
        Self { low, high, step: round_step((high - low) / 4.0) }
    }

    fn y(&self, value: f64) -> f64 {
        TOP + HEIGHT * (self.high - value) / (self.high - self.low)
    }

    fn grid(&self) -> Vec<Element> {
        let (first, last) = ((self.low / self.step).ceil() as i64, (self.high / self.step).floor() as i64);
        let line = |number: i64| {
            let (value, class) = (number as f64 * self.step, if number == 0 { "base" } else { "grid" });
            let y = self.y(value);
            let rule = svg("rect").class(class).attr("width", "100%").attr("height", "1").attr("y", format::tenths(y));
            [rule, note(0.0, y - 3.0, Anchor::Start, short(value))]
        };
        (first..=last).flat_map(line).collect()
    }
}

/// The next round number: 1, 2 or 5 of a power of ten.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= least).unwrap_or(10.0);
    factor * power
}

/// `1.5k`, `20k`, `3M`.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 1e6 => format!("{}M", decimal(value / 1e6)),
        size if size >= 1e4 => format!("{}k", decimal(value / 1e3)),
        _ => decimal(value),
    }
}

fn lines(chart: &Chart, times: &[Timestamp]) -> (Vec<Element>, f64) {
    let scale = Scale::of(&chart.series);
    let (from, to) = (times[0], times[times.len() - 1]);
    let x = |at: usize| format::share((times[at] - from).unsigned_abs(), (to - from).unsigned_abs()) * 100.0;
    let mut marks: Vec<Element> = Vec::new();
    for (series, class) in chart.series.iter().zip(LINES) {
        marks.extend(line(series, class, &scale, &x));
    }
    if times.len() <= MOST_POINTS {
        let words = (0..times.len()).map(|at| (at, told(chart, &moment(times, at), at)));
        marks.extend(words.map(|(at, words)| hit(at, times.len(), &x, words)));
    }
    let labels = ticks(from, to).into_iter().map(|(at, words)| {
        let place = format::share((at - from).unsigned_abs(), (to - from).unsigned_abs()) * 100.0;
        note(place, BOTTOM + 16.0, Anchor::Middle, words)
    });
    marks.extend(labels);
    let mut shapes = scale.grid();
    let beside = svg("svg").attr("x", across(LEFT)).attr("width", across(98.0 - LEFT)).attr("overflow", "visible");
    shapes.push(beside.each(marks));
    let height = with_legend(chart, &mut shapes, BOTTOM + 28.0);
    (shapes, height)
}

/// A line from number to number; where there is none it ends, and goes on after it.
fn line(series: &Series, class: &'static str, scale: &Scale, x: &impl Fn(usize) -> f64) -> Vec<Element> {
    let points: Vec<Option<(f64, f64)>> =
        series.values.iter().enumerate().map(|(at, value)| value.map(|value| (x(at), scale.y(value)))).collect();
    let piece = |pair: &[Option<(f64, f64)>]| {
        let (from, to) = (pair[0]?, pair[1]?);
        let line = svg("line").class(class).attr("x1", across(from.0)).attr("y1", format::tenths(from.1));
        Some(line.attr("x2", across(to.0)).attr("y2", format::tenths(to.1)))
    };
    let dot = |(x, y): &(f64, f64)| {
        svg("circle").class(class).attr("cx", across(*x)).attr("cy", format::tenths(*y)).attr("r", "2.5")
    };
    // A number without neighbours is seen by its point alone.
    let alone =
        |at: usize| at.checked_sub(1).and_then(|at| points[at]).or(points.get(at + 1).copied().flatten()).is_none();
    let dots = points.iter().enumerate().filter(|(at, _)| points.len() <= MOST_DOTS || alone(*at));
    let dots: Vec<Element> = dots.filter_map(|(_, point)| point.as_ref().map(dot)).collect();
    points.windows(2).filter_map(piece).chain(dots).collect()
}

/// Where the words of a time are shown: from half-way to the one before to half-way to the next.
fn hit(at: usize, count: usize, x: &impl Fn(usize) -> f64, words: String) -> Element {
    let from = if at == 0 { 0.0 } else { (x(at - 1) + x(at)) / 2.0 };
    let to = if at + 1 == count { 100.0 } else { (x(at) + x(at + 1)) / 2.0 };
    svg("g").add(svg("title").add(words)).add(block(("hit", "none"), from, TOP, to - from, HEIGHT))
}

fn told(chart: &Chart, place: &str, at: usize) -> String {
    let number = |series: &Series| {
        let value = series.values[at].map_or_else(|| "–".to_owned(), decimal);
        format!("{} {value}", cut(&series.name, 24))
    };
    format!("{place}: {}", chart.series.iter().map(number).collect::<Vec<_>>().join(", "))
}

fn bars(chart: &Chart, names: &[String]) -> (Vec<Element>, f64) {
    let most = chart.series.iter().flat_map(|series| series.values.iter().flatten().copied()).fold(0.0, f64::max);
    let step = NAME + BAR * chart.series.len() as f64 + 4.0;
    let bar = |(at, name): (usize, &String)| {
        let y = at as f64 * step;
        let numbers: Vec<String> =
            chart.series.iter().map(|series| series.values[at].map_or_else(|| "–".to_owned(), decimal)).collect();
        let rect = |(place, (series, colour)): (usize, (&Series, (&'static str, &'static str)))| {
            let share = series.values[at].unwrap_or_default() / most * 100.0;
            block(colour, 0.0, y + NAME + place as f64 * BAR, share, BAR - 2.0)
        };
        svg("g")
            .add(svg("title").add(told(chart, &cut(name, 200), at)))
            .add(block(("hit", "none"), 0.0, y, 100.0, step))
            .add(label(0.0, y + 16.0, Anchor::Start, cut(name, 28)))
            .add(label(100.0, y + 16.0, Anchor::End, numbers.join(" · ")))
            .each(chart.series.iter().zip(PARTS).enumerate().map(rect))
    };
    let mut shapes: Vec<Element> = names.iter().enumerate().map(bar).collect();
    let height = with_legend(chart, &mut shapes, names.len() as f64 * step + 8.0);
    (shapes, height)
}

/// One colour needs no words. Returns how high the plot is with them.
fn with_legend(chart: &Chart, shapes: &mut Vec<Element>, top: f64) -> f64 {
    if chart.series.len() < 2 {
        return top;
    }
    let keys = PARTS.into_iter().zip(&chart.series).map(|(colour, series)| (colour, cut(&series.name, 18)));
    let (keys, height) = legend(keys.collect(), top);
    shapes.extend(keys);
    top + height
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_is_of_round_numbers() {
        assert_eq!([0.3, 7.0, 1200.0, 0.011].map(round_step), [0.5, 10.0, 2000.0, 0.02]);
        assert_eq!([0.5, 1500.0, 20_000.0, 3e6, -2e4].map(short), ["0.5", "1500", "20k", "3M", "-20k"]);
    }
}
