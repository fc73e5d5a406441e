use super::icons;
use crate::markup::{Element, el};
use model::texts::{common, frame, keys as say};
use std::borrow::Cow;

fn keys() -> [(Cow<'static, str>, &'static str); 26] {
    [
        ("/".into(), say::write()),
        ("j  k".into(), say::rows()),
        ("o  Enter".into(), say::open()),
        ("Esc".into(), say::close()),
        ("t".into(), say::time()),
        ("c".into(), say::columns()),
        ("+  -".into(), say::narrow()),
        ("v".into(), say::view()),
        ("s".into(), say::save()),
        ("x".into(), say::export()),
        ("[  ]".into(), say::pages()),
        (".".into(), say::newer()),
        ("g r  g t".into(), say::go_to()),
        ("0".into(), say::zoom_out()),
        ("← →".into(), say::bars()),
        (say::drag().into(), say::zoom_in()),
        (say::shift_click().into(), say::order()),
        ("↑ ↓ ← →".into(), say::cells()),
        (say::space().into(), say::select()),
        (format!("{} ↓", say::shift()).into(), say::select_on()),
        (format!("{} A", say::ctrl()).into(), say::select_all()),
        ("F2".into(), say::into_cell()),
        ("Alt ↓".into(), say::menu()),
        ("c".into(), say::copy()),
        ("?".into(), say::sheet()),
        ("Tab".into(), say::tab()),
    ]
}

/// The sheet of keyboard shortcuts. It opens by its button without script too.
pub fn keys_sheet() -> Element {
    let row = |(keys, what): (Cow<'static, str>, &'static str)| {
        let keys = keys.split("  ").map(|key| el("kbd").add(key.to_owned()));
        el("div").add(el("dt").each(keys)).add(el("dd").add(what))
    };
    el("dialog")
        .attr("id", "keys")
        .class("sheet")
        .attr("popover", "auto")
        .attr("aria-labelledby", "keys-title")
        .add(el("h2").attr("id", "keys-title").add(frame::shortcuts()))
        .add(cross("keys"))
        .add(el("dl").class("keys").each(keys().into_iter().map(row)))
}

/// What closes the sheet with this id, in its corner.
pub fn cross(sheet: &'static str) -> Element {
    el("button")
        .class("step close")
        .attr("type", "button")
        .attr("popovertarget", sheet)
        .attr("popovertargetaction", "hide")
        .attr("aria-label", common::close())
        .add(icons::close())
}
