//! Line icons, 16 px, in the colour of the text around them.

use crate::markup::{Element, svg};

fn icon(path: &'static str) -> Element {
    svg("svg").class("icon").attr("viewBox", "0 0 16 16").attr("aria-hidden", "true").add(svg("path").attr("d", path))
}

/// The mark of Roost: a bird on its branch.
pub fn mark() -> Element {
    const BIRD: &str =
        "M3 14.5C6.5 14.5 7 5 13.5 5c2.5 0 4.3 1.7 4.5 4l3.5 1-3.6 1.5c-.6 3.5-3.7 6-7.4 6-4 0-6.5-1.5-7.5-3Z";
    svg("svg")
        .class("mark")
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .add(svg("path").attr("d", BIRD))
        .add(svg("path").attr("d", "M14 8.7h.01M10.5 17.8V21M2.5 21h19"))
}

pub fn search() -> Element {
    icon("M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14")
}

pub fn close() -> Element {
    icon("m4 4 8 8m0-8-8 8")
}

pub fn caret() -> Element {
    icon("m4.5 6.5 3.5 3.5 3.5-3.5")
}

pub fn calendar() -> Element {
    icon("M3 4h10v9.5H3zM3 7h10M5.5 2.5V5m5-2.5V5")
}

pub fn columns() -> Element {
    icon("M2.5 3.5h11v9h-11zM6.2 3.5v9m3.6-9v9")
}

pub fn bookmark() -> Element {
    icon("M4.5 2.5h7v11L8 10.8l-3.5 2.7z")
}

pub fn link() -> Element {
    icon(
        "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.9.9M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.9-.9",
    )
}

pub fn more() -> Element {
    icon("M3.5 8v.01M8 8v.01M12.5 8v.01")
}

pub fn bell() -> Element {
    icon("M3.5 11.5h9L11.3 10V7a3.3 3.3 0 0 0-6.6 0v3zM6.8 13.5h2.4")
}

pub fn funnel() -> Element {
    icon("M2.5 4h11M4.8 8h6.4M7 12h2")
}

pub fn warning() -> Element {
    icon("M8 2.5 14 13H2L8 2.5Zm0 4v3m0 1.8v.01")
}

pub fn chevron_left() -> Element {
    icon("M9.8 4 5.8 8l4 4")
}

pub fn chevron_right() -> Element {
    icon("m6.2 4 4 4-4 4")
}
