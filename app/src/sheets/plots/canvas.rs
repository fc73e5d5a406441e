//! What plots are drawn with. Places from left to right are shares of the width, so that a plot is as wide as what it
//! stands in and its letters stay as they are; places from top to bottom are pixels.
//!
//! Each shape has a class, from which a page takes the colour of its scheme, and the colour of the light scheme as an
//! attribute, which is what a file is shown in.

use crate::format::tenths;
use crate::markup::{Element, svg};
use crate::text::{Piece, pieces};

/// The classes of the parts of a whole, the largest first, and their colours in files.
pub const PARTS: [(&str, &str); 6] =
    [("c1", "#0b7a75"), ("c2", "#b35900"), ("c3", "#3f64b0"), ("c4", "#a23f7d"), ("c5", "#6b7a1f"), ("c6", "#7a4fb0")];
/// What is none of the parts.
pub const REST: (&str, &str) = ("rest", "#c9d3d8");
/// What is missing.
pub const NONE: (&str, &str) = ("none", "#f5f7f8");

const TEXT: &str = "#17212b";
const QUIET: &str = "#52616c";

/// A place from left to right, as a share of the width from 0 to 100.
pub fn across(percent: f64) -> String {
    // Two digits: a thousand pixels may have bars of three.
    format!("{:.2}%", percent.clamp(0.0, 100.0))
}

/// A rectangle of a colour. `x` and `width` are shares of the width, `y` and `height` are pixels.
pub fn block((class, colour): (&'static str, &'static str), x: f64, y: f64, width: f64, height: f64) -> Element {
    svg("rect")
        .class(class)
        .attr("fill", colour)
        .attr("x", across(x))
        .attr("y", tenths(y))
        .attr("width", across(width))
        .attr("height", tenths(height))
}

/// Where a text stands from.
#[derive(Clone, Copy)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

fn text(x: String, y: f64, anchor: Anchor, words: String) -> Element {
    let anchor = match anchor {
        Anchor::Start => None,
        Anchor::Middle => Some("middle"),
        Anchor::End => Some("end"),
    };
    svg("text").attr("x", x).attr("y", tenths(y)).attr_if("text-anchor", anchor).add(words)
}

/// What a mark is called.
pub fn label(x: f64, y: f64, anchor: Anchor, words: String) -> Element {
    text(across(x), y, anchor, words).attr("fill", TEXT)
}

/// What explains the marks.
pub fn note(x: f64, y: f64, anchor: Anchor, words: String) -> Element {
    text(across(x), y, anchor, words).class("quiet").attr("fill", QUIET)
}

/// Share of the width that the counts beside the bars stand in: on a phone enough for `200k`.
const MARGIN: f64 = 8.0;

/// Lines of the grid with the counts that they stand for, from 0 at the bottom, and right of the counts the bars with
/// what stands below them.
pub fn grid(peak: u64, bottom: f64, height: f64, bars: Vec<Element>) -> Vec<Element> {
    let mut shapes = Vec::new();
    for count in steps(peak) {
        let y = bottom - height * crate::format::share(count, peak);
        shapes.push(line(y, "grid", "#e4e9ec"));
        shapes.push(note(0.0, y - 3.0, Anchor::Start, short(count)));
    }
    shapes.push(line(bottom, "base", "#c9d2d8"));
    let beside = svg("svg").attr("x", across(MARGIN)).attr("width", across(100.0 - MARGIN)).attr("overflow", "visible");
    shapes.push(beside.each(bars));
    shapes
}

/// `500`, `1.5k`, `20k`, `3M`.
fn short(count: u64) -> String {
    let (unit, sign) = match count {
        0..1_000 => (1, ""),
        1_000..1_000_000 => (1_000, "k"),
        _ => (1_000_000, "M"),
    };
    let tenths = count % unit * 10 / unit;
    let rest = if tenths > 0 { format!(".{tenths}") } else { String::new() };
    format!("{}{rest}{sign}", crate::format::grouped(count / unit))
}

/// The place of the highest bar, the first of equal ones.
pub fn highest(bars: &[u64]) -> usize {
    let first = bars.iter().enumerate().rev().max_by_key(|(_, count)| **count);
    first.map_or(0, |(place, _)| place)
}

fn line(y: f64, class: &'static str, colour: &'static str) -> Element {
    svg("rect").class(class).attr("fill", colour).attr("width", "100%").attr("height", "1").attr("y", tenths(y))
}

/// At most four round counts, none above the peak.
fn steps(peak: u64) -> Vec<u64> {
    let mut step = 1_u64;
    let mut factors = [2, 5, 10].into_iter().cycle();
    let mut power = 1_u64;
    while peak / step > 4 {
        let factor = factors.next().unwrap_or(10);
        step = power.saturating_mul(factor);
        if factor == 10 {
            power = step;
        }
    }
    (1..=peak / step).map(|count| count * step).collect()
}

/// A colour of the legend with its words, in two columns.
pub fn legend(keys: Vec<((&'static str, &'static str), String)>, top: f64) -> (Vec<Element>, f64) {
    let rows = keys.len().div_ceil(2);
    let place = |(number, ((class, colour), words)): (usize, ((&'static str, &'static str), String))| {
        let swatch =
            svg("rect").class(class).attr("fill", colour).attr("y", "1").attr("width", "10").attr("height", "10");
        svg("svg")
            .attr("x", across((number / rows.max(1)) as f64 * 50.0))
            .attr("y", tenths(top + (number % rows.max(1)) as f64 * LEGEND))
            .attr("overflow", "visible")
            .add(swatch)
            .add(text("16".to_owned(), 10.0, Anchor::Start, words).attr("fill", TEXT))
    };
    (keys.into_iter().enumerate().map(place).collect(), rows as f64 * LEGEND)
}

/// Height of a line of the legend.
const LEGEND: f64 = 18.0;

/// A text of strangers, with what is unseen made visible, and cut to so many characters.
pub fn cut(words: &str, most: usize) -> String {
    let shown: String = pieces(words)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.replace(['\n', '\t'], " "),
            Piece::Control(name) => format!("[{name}]"),
        })
        .collect();
    if shown.chars().count() <= most {
        return shown;
    }
    let start: String = shown.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

/// The shapes as a picture that is as wide as there is room.
pub fn picture(height: f64, shapes: Vec<Element>) -> Element {
    svg("svg")
        .attr("width", "100%")
        .attr("height", tenths(height))
        .attr("font-family", "system-ui, sans-serif")
        .attr("font-size", "12")
        .each(shapes)
}

/// Width of a picture in a file, and the room around it.
const FILE_WIDTH: f64 = 720.0;
const ROOM: f64 = 24.0;

/// Top of the picture in a file, below title and summary, and the height of a line below it.
const TOP: f64 = 76.0;
const LINE: f64 = 18.0;

/// A picture as a file of its own: on white, with its title, what it says, and below it what it is of.
pub fn file(title: String, summary: String, source: &str, height: f64, shapes: Vec<Element>) -> Element {
    let source = lines(&cut(source, 400), 105);
    let bottom = TOP + height + ROOM;
    let inner = picture(height, shapes).attr("overflow", "visible");
    let head = |y: f64, size: &'static str, colour: &'static str, words: String| {
        text(tenths(ROOM), y, Anchor::Start, words).attr("font-size", size).attr("fill", colour)
    };
    let placed = svg("svg")
        .attr("x", tenths(ROOM))
        .attr("y", tenths(TOP))
        .attr("width", tenths(FILE_WIDTH - 2.0 * ROOM))
        .attr("height", tenths(height))
        .add(inner);
    let below = |(number, words): (usize, &String)| head(bottom + number as f64 * LINE, "12", QUIET, words.clone());
    svg("svg")
        .attr("xmlns", "http://www.w3.org/2000/svg")
        .attr("role", "img")
        .attr("width", tenths(FILE_WIDTH))
        .attr("height", tenths(bottom + source.len() as f64 * LINE))
        .attr("font-family", "system-ui, sans-serif")
        .add(svg("title").add(title.clone()))
        .add(svg("desc").add(summary.clone()))
        .add(svg("rect").attr("width", "100%").attr("height", "100%").attr("fill", "#fff"))
        .add(head(34.0, "16", TEXT, cut(&title, 80)))
        .add(head(56.0, "12", QUIET, cut(&summary, 110)))
        .add(placed)
        .each(source.iter().enumerate().map(below))
}

/// A text in lines of at most so many narrow letters, which end between words where there are any.
fn lines(words: &str, most: usize) -> Vec<String> {
    // Letters of the east of Asia are twice as wide.
    let width = |text: &str| text.chars().map(|letter| if letter < '\u{1100}' { 1 } else { 2 }).sum::<usize>();
    let mut lines = vec![String::new()];
    for word in words.split_inclusive(' ') {
        let mut rest = word;
        while let Some(letter) = rest.chars().next() {
            let line = lines.last().map_or(0, |line| width(line));
            // A whole word, or of one that no line has room for as much as this has.
            let piece = if width(word.trim_end()) <= most { rest } else { &rest[..letter.len_utf8()] };
            if line > 0 && line + width(piece.trim_end()) > most {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push_str(piece);
            }
            rest = &rest[piece.len()..];
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_is_of_few_round_counts() {
        assert_eq!(steps(0), [0; 0]);
        assert_eq!(steps(3), [1, 2, 3]);
        assert_eq!(steps(9), [2, 4, 6, 8]);
        assert_eq!(steps(1203), [500, 1000]);
        assert!(steps(u64::MAX).len() <= 4);
    }

    #[test]
    fn counts_of_the_grid_are_short() {
        assert_eq!([0, 500, 1_500, 20_000, 3_000_000].map(short), ["0", "500", "1.5k", "20k", "3M"]);
    }

    #[test]
    fn lines_end_between_words_and_lose_nothing() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("a abcdefghij b", 4), ["a ab", "cdef", "ghij", "b"]);
        assert_eq!(lines("月月月", 4), ["月月", "月"]);
        assert_eq!(lines("", 4), [""]);
    }

    #[test]
    fn of_equal_bars_the_first_is_the_highest() {
        assert_eq!(highest(&[1, 7, 7, 2]), 1);
    }

    #[test]
    fn a_long_text_is_cut_and_an_unseen_sign_shown() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("a\u{202e}b\n", 20), "a[RLO]b ");
    }
}
