use crate::markup::{Element, el};

/// The explore page before its first answer, in its final shape.
pub fn explore_skeleton() -> Vec<Element> {
    let facets = (0..5).map(|_| bone("bone facet")).collect::<Vec<_>>();
    let center = el("div")
        .class("center")
        .add(bone("bone title"))
        .add(bone("bone chart"))
        .add((0..12).map(|_| bone("bone row")).collect::<Vec<_>>())
        .add(el("p").class("visually-hidden").attr("role", "status").add("Loading tweets"));
    vec![el("div").class("facets").add(facets), center]
}

/// A list before its first answer.
pub fn list_skeleton() -> Vec<Element> {
    (0..6).map(|_| bone("bone row")).collect()
}

fn bone(class: &'static str) -> Element {
    el("div").class(class)
}
