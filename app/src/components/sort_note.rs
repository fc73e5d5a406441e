//! The order of the rows, where no head of a column can tell it: its column is hidden, or rows are cards.

use super::{Here, icons};
use crate::markup::{Element, el, link};
use model::explore::Sort;
use model::{Column, columns};

/// `sorted by likes ↓ ×`: opens the choice of the order, and goes back to the usual one. Style shows it only where the
/// head of that column is not to be seen.
pub fn sort_note(here: &Here) -> Option<Element> {
    let sort = &here.url.sort;
    let column = columns::find(&sort.column)?;
    let is_shown = here.url.shown_columns().contains(&column);
    let words = format!("sorted by {} {}", column.title.to_lowercase(), arrow(sort.descending));
    let default = Sort::default();
    let remove = (*sort != default).then(|| {
        link(here.sorted(&default.column, default.descending))
            .class("remove")
            .attr("aria-label", "Newest first again")
            .attr("title", "Newest first again")
            .add(icons::close())
    });
    let button = el("button").attr("type", "button").attr("popovertarget", "sort").add(words).add(icons::caret());
    let note = el("span").key("sort").class(if is_shown { "sort-note" } else { "sort-note unseen" });
    Some(note.attr("data-column", column.name).add(button).add(remove))
}

/// The choice of the order: by the shown columns and the one that is it now.
pub fn sort_menu(here: &Here) -> Element {
    let sort = &here.url.sort;
    let mut choices = here.url.shown_columns();
    for name in [sort.column.as_str(), "created"] {
        choices.extend(columns::find(name).filter(|column| !choices.contains(column)));
    }
    let items = choices.into_iter().filter(|column| column.sortable).map(|column| item(here, column));
    let head = el("p").class("menu-head").add(el("strong").add("Order"));
    el("div").attr("id", "sort").key("sort").class("menu").attr("popover", "auto").add(head).each(items)
}

/// A click on the column that is it now turns the order round.
fn item(here: &Here, column: &'static Column) -> Element {
    let sort = &here.url.sort;
    let now = (sort.column == column.name).then_some(sort.descending);
    let next = now.map_or(column.ordered(), |descending| !descending);
    let mark = now.map(|descending| el("span").class("arrow").add(arrow(descending)));
    link(here.sorted(column.name, next))
        .class("menu-item")
        .attr_if("aria-current", now.map(|_| "true"))
        .add(column.title)
        .add(mark)
}

fn arrow(descending: bool) -> &'static str {
    if descending { "↓" } else { "↑" }
}
