use super::{Here, columns_menu::columns_button, export_menu::export_button, icons};
use crate::format;
use crate::markup::{Element, el};
use model::{columns::COLUMNS, explore::ExplorePage};

/// Which rows these are, and the way to the others.
pub fn pager(here: &Here, page: &ExplorePage) -> Element {
    let range = page.first_position.map(|first| {
        let last = first + (page.rows.len() as u64).saturating_sub(1);
        format!("{}–{} of {}", format::grouped(first), format::grouped(last), format::grouped(page.total))
    });
    let is_first = page.first_position.is_none_or(|first| first == 1) && here.url.after.is_none();
    let first = (!is_first).then(|| el("a").attr("href", here.url.first_page().href()).add("First page"));
    let previous = page.previous.clone().map(|cursor| here.url.page_before(cursor).href());
    let next = page.next.clone().map(|cursor| here.url.page_after(cursor).href());
    let columns = format!("{} of {} columns", here.url.shown_columns().len(), COLUMNS.len());
    let pages = el("nav")
        .class("pager")
        .attr("aria-label", "Pages")
        .add(step(previous, "Previous page", "[", icons::chevron_left()))
        .add(el("span").class("range").add(range))
        .add(step(next, "Next page", "]", icons::chevron_right()))
        .add(first);
    el("footer")
        .class("foot")
        .add(pages)
        .add(el("span").class("spacer"))
        .add(el("span").class("hidden-note").add("some columns wait for more width"))
        .add(columns_button(columns))
        .add(export_button(page.total))
        .add(el("span").attr("title", "All times are in Coordinated Universal Time").add("UTC"))
}

/// A square with an icon that goes one step, or shows that there is none.
pub fn step(href: Option<String>, label: &'static str, key: &'static str, icon: Element) -> Element {
    match href {
        Some(href) => el("a")
            .class("step")
            .attr("href", href)
            .attr("aria-label", label)
            .attr("title", format!("{label} ({key})"))
            .attr("data-key", key)
            .add(icon),
        None => el("span").class("step").attr("aria-hidden", "true").add(icon),
    }
}
