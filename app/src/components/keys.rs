use crate::markup::{Element, el};

const KEYS: &[(&str, &str)] = &[
    ("/", "write a filter"),
    ("j  k", "next, previous tweet"),
    ("o  Enter", "open the tweet"),
    ("Esc", "close what is open"),
    ("t", "choose the time"),
    ("c", "choose the columns"),
    ("+  -", "filter for the value, or it out"),
    ("v", "open a saved view"),
    ("s", "save the view"),
    ("x", "export"),
    ("[  ]", "previous, next page"),
    (".", "show the new tweets"),
    ("0", "zoom out of the histogram"),
    ("← →", "in the histogram: bar by bar"),
    ("drag", "in the histogram: zoom in"),
    ("Shift click", "on a head: one more order"),
    ("↑ ↓ ← →", "in the rows: cell by cell"),
    ("Space", "select the row"),
    ("Shift ↓", "select on"),
    ("Ctrl A", "select the rows that are loaded"),
    ("F2", "into the cell, Esc out"),
    ("c", "in a cell: copy it"),
    ("?", "this sheet"),
    ("Tab", "through everything else"),
];

/// The sheet of keyboard shortcuts. It opens by its button without script too.
pub fn keys_sheet() -> Element {
    let row = |(keys, what): (&'static str, &'static str)| {
        let keys = keys.split("  ").map(|key| el("kbd").add(key));
        el("div").add(el("dt").each(keys)).add(el("dd").add(what))
    };
    let close = el("button")
        .attr("type", "button")
        .attr("popovertarget", "keys")
        .attr("popovertargetaction", "hide")
        .add("Close");
    el("dialog")
        .attr("id", "keys")
        .class("sheet")
        .attr("popover", "auto")
        .attr("aria-labelledby", "keys-title")
        .add(el("h2").attr("id", "keys-title").add("Keyboard shortcuts"))
        .add(el("dl").class("keys").each(KEYS.iter().copied().map(row)))
        .add(close)
}
