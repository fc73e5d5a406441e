use crate::markup::{Element, el};
use model::texts::explore as say;

/// The facets before the first answer, in their final shape.
pub fn facets_skeleton() -> Vec<Element> {
    let facets = (0..5).map(|_| bone("bone facet"));
    vec![el("div").class("facets").each(facets)]
}

/// What is found, before the first answer.
pub fn headline_skeleton() -> Vec<Element> {
    vec![bone("bone title"), el("p").class("visually-hidden").attr("role", "status").add(say::loading())]
}

/// The histogram before the first answer.
pub fn chart_skeleton() -> Vec<Element> {
    vec![bone("bone chart")]
}

/// The rows before the first answer.
pub fn rows_skeleton() -> Vec<Element> {
    vec![el("div").each((0..12).map(|_| bone("bone row")))]
}

/// A list before its first answer.
pub fn list_skeleton() -> Vec<Element> {
    (0..6).map(|_| bone("bone row")).collect()
}

fn bone(class: &'static str) -> Element {
    el("div").class(class)
}
