//! How the counters of one tweet grew: a line for each from look to look, all of it as a table, and as a file.

use super::canvas::{Anchor, across, label, note, picture};
use super::table::{Cell, Name, Row, Table};
use crate::components::Here;
use crate::format::{self, grouped, share, tenths};
use crate::markup::{Element, el, page_link, svg};
use model::growth::Observation;
use model::texts::{plots as say, tweet};
use model::{TweetId, columns};

/// Height of a counter with its words, and of its line.
const BAND: f64 = 68.0;
const HEIGHT: f64 = 36.0;
const COLOUR: &str = "#0b7a75";

const CSV: &str = "CSV";

/// None for a tweet that was looked at once.
pub fn growth(here: &Here, id: TweetId, history: &[Observation]) -> Option<Element> {
    let [first, .., last] = history else { return None };
    let looks = tweet::looks(&grouped(history.len() as u64), &format::stamp(first.at), &format::stamp(last.at));
    let lines: Vec<Line> = (0..last.metrics.counters().len()).filter_map(|place| Line::of(place, history)).collect();
    let height = BAND * lines.len() as f64 + 18.0;
    let mut shapes: Vec<Element> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        shapes.extend(line.shapes(BAND * number as f64));
    }
    for (x, anchor, at) in [(0.0, Anchor::Start, first.at), (100.0, Anchor::End, last.at)] {
        shapes.push(note(x, height - 4.0, anchor, format::short_time(at, here.now)));
    }
    let picture = picture(height, shapes).class("picture").attr("role", "group").attr("aria-label", tweet::growth());
    let numbers = el("details").add(el("summary").add(say::as_table())).add(table(history).element(tweet::growth()));
    let file = page_link(here.url.sheet(&format!("tweet/{id}/metrics.csv"), ""))
        .attr("download", "")
        .attr("aria-label", say::as_file(tweet::growth(), CSV))
        .add(CSV);
    let foot = el("div").class("plot-foot").add(numbers).add(el("p").class("files").add(file));
    let heading = el("h2").add(tweet::growth());
    Some(el("section").class("plot").add(heading).add(el("p").class("summary").add(looks)).add(picture).add(foot))
}

/// All looks as a file of CSV.
pub fn growth_csv(history: &[Observation]) -> String {
    table(history).csv()
}

/// A counter at each look that told it.
struct Line {
    name: String,
    /// Its place from left to right, when it was, and how many there were.
    points: Vec<(f64, String, u64)>,
}

impl Line {
    /// None if it was told once at most.
    fn of(place: usize, history: &[Observation]) -> Option<Self> {
        let (first, last) = (history.first()?, history.last()?);
        let x = |look: &Observation| {
            // A point at an end is not cut off.
            1.0 + 98.0 * share((look.at - first.at).unsigned_abs(), (last.at - first.at).unsigned_abs())
        };
        let point = |look: &Observation| Some((x(look), format::stamp(look.at), look.metrics.counters()[place].1?));
        let points: Vec<_> = history.iter().filter_map(point).collect();
        (points.len() > 1).then(|| Self { name: title(last.metrics.counters()[place].0), points })
    }

    /// The line, below `top`; counts begin at 0.
    fn shapes(&self, top: f64) -> Vec<Element> {
        let most = self.points.iter().map(|(_, _, count)| *count).max().unwrap_or(0);
        let bottom = top + BAND - 14.0;
        let y = |count: u64| bottom - HEIGHT * share(count, most);
        let (first, last) = (self.points.first().map_or(0, |of| of.2), self.points.last().map_or(0, |of| of.2));
        let base = svg("rect").class("base").attr("fill", "#c9d2d8").attr("width", "100%").attr("height", "1");
        let mut shapes = vec![
            label(0.0, top + 12.0, Anchor::Start, self.name.clone()),
            label(100.0, top + 12.0, Anchor::End, format!("{} → {}", grouped(first), grouped(last))),
            base.attr("y", tenths(bottom)),
        ];
        for pair in self.points.windows(2) {
            let [(from, _, before), (to, _, after)] = pair else { continue };
            let line = svg("line").attr("stroke", COLOUR).attr("stroke-width", "2");
            let line = line.attr("x1", across(*from)).attr("y1", tenths(y(*before)));
            shapes.push(line.attr("x2", across(*to)).attr("y2", tenths(y(*after))));
        }
        for (x, when, count) in &self.points {
            let words = svg("title").add(format!("{when}: {}", grouped(*count)));
            let dot = svg("circle").class("c1").attr("fill", COLOUR).attr("r", "3");
            shapes.push(dot.attr("cx", across(*x)).attr("cy", tenths(y(*count))).add(words));
        }
        shapes
    }
}

fn table(history: &[Observation]) -> Table {
    let counters = history.first().map(|look| look.metrics.counters()).unwrap_or_default();
    let heads = std::iter::once(tweet::as_of().to_owned()).chain(counters.iter().map(|(name, _)| title(name)));
    let row = |look: &Observation| Row {
        name: Name::Moment(look.at),
        href: None,
        cells: look.metrics.counters().iter().map(|(_, count)| count.map_or(Cell::Unknown, Cell::Count)).collect(),
    };
    Table { heads: heads.collect(), rows: history.iter().map(row).collect() }
}

/// What the column of a counter is called.
fn title(counter: &'static str) -> String {
    columns::find(counter).map_or_else(|| counter.to_owned(), |column| column.title().to_owned())
}
