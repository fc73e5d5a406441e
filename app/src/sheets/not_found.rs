use super::sheet;
use crate::markup::{Element, el, page_link};
use model::texts::{problems as say, sheets};

/// For addresses that lead nowhere.
pub fn not_found() -> Element {
    let content =
        vec![el("p").add(say::mistyped()), page_link("/").class("button primary").add(sheets::all_collections())];
    sheet("empty", say::no_page(), content)
}
