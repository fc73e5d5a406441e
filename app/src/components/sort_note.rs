//! The order of the rows, where no head of a column can tell it: its column is hidden, or rows are cards.

use super::{Here, icons};
use crate::markup::{Element, el, link};
use model::explore::Sort;
use model::texts::sorting as say;
use model::{Column, columns};

/// `sorted by likes ↓ ×`: opens the choice of the order, and goes back to the usual one. Style shows it only where the
/// head of the first column is not to be seen, or where there are several.
pub fn sort_note(here: &Here) -> Option<Element> {
    let order = here.url.order();
    let columns: Vec<&Column> = order.iter().filter_map(|key| columns::find(&key.column)).collect();
    let shown = here.url.shown_columns();
    let is_plain = columns.len() == 1 && columns.iter().all(|column| shown.contains(column));
    let words: Vec<String> = order
        .iter()
        .zip(&columns)
        .map(|(key, column)| format!("{} {}", column.noun(), arrow(key.descending)))
        .collect();
    let remove = (!here.url.sort.is_empty()).then(|| {
        link(here.url.with_sort(Vec::new()).href())
            .class("remove")
            .attr("aria-label", say::newest_again())
            .attr("title", say::newest_again())
            .add(icons::close())
    });
    let words = say::by(&words.join(&format!("{} ", say::then())));
    let button = el("button").attr("type", "button").attr("popovertarget", "sort").add(words).add(icons::caret());
    let note = el("span").key("sort").class(if is_plain { "sort-note" } else { "sort-note unseen" });
    Some(note.attr("data-column", columns.first()?.name).add(button).add(remove))
}

/// The choice of the order: by the shown columns and those of the order.
pub fn sort_menu(here: &Here) -> Element {
    let mut choices = here.url.shown_columns();
    for key in here.url.order().into_iter().chain([Sort::default()]) {
        choices.extend(columns::find(&key.column).filter(|column| !choices.contains(column)));
    }
    let items = choices.into_iter().filter(|column| column.sortable).map(|column| item(here, column));
    let head = el("p").class("menu-head").add(el("strong").add(say::order()));
    el("div").attr("id", "sort").key("sort").class("menu").attr("popover", "auto").add(head).each(items)
}

/// A click on the column that is it now turns the order round.
fn item(here: &Here, column: &'static Column) -> Element {
    let now = here.sorted_by(column);
    let mark = now.map(|(_, descending)| el("span").class("arrow").add(arrow(descending)));
    link(here.sorted(column.name, here.next_direction(column)))
        .class("menu-item")
        .attr_if("aria-current", now.map(|_| "true"))
        .add(column.title())
        .add(mark)
}

/// Upwards or downwards.
pub fn arrow(descending: bool) -> &'static str {
    if descending { "↓" } else { "↑" }
}
