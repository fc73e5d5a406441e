use super::sheet;
use crate::markup::{Element, el, page_link};

/// For addresses that lead nowhere.
pub fn not_found() -> Element {
    let content = vec![
        el("p").add("The address may be mistyped, or what it showed is gone."),
        page_link("/").class("button primary").add("All collections"),
    ];
    sheet("empty", "There is no such page", content)
}
