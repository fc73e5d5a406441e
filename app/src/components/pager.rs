use super::{Here, columns_menu::columns_button, go_to, icons};
use crate::browser::rows::Seen;
use crate::format::grouped;
use crate::markup::{Element, el, link};
use crate::settings::{DENSITY, choice_form};
use model::texts::{choice, pager as say};
use model::{columns::COLUMNS, explore::ExplorePage, zone};

/// Which rows these are, and the way to the others. `seen` are those in sight, once somebody has scrolled.
pub fn pager(here: &Here, page: &ExplorePage, seen: Seen, density: &str) -> Element {
    let of_page = page.first_position.map(|first| (first, first + (page.rows.len() as u64).saturating_sub(1)));
    let range = seen.or(of_page).map(|(first, last)| say::range(&grouped(first), &grouped(last), &grouped(page.total)));
    let is_first = page.first_position.is_none_or(|first| first == 1) && here.url.after.is_none();
    let first = (!is_first).then(|| link(here.url.first_page().href()).add(say::first()));
    let is_long = page.next.is_some() || page.previous.is_some();
    let previous = page.previous.clone().map(|cursor| here.url.page_before(cursor).href());
    let next = page.next.clone().map(|cursor| here.url.page_after(cursor).href());
    let zone = zone::current();
    let columns = choice::shown(here.url.shown_columns().len() as u64, &COLUMNS.len().to_string());
    let pages = el("nav")
        .class("pager")
        .attr("aria-label", say::pages())
        .add(step(previous, say::previous(), "[", icons::chevron_left()))
        .add(el("span").class("range").add(range))
        .add(step(next, say::next(), "]", icons::chevron_right()))
        .add(first)
        .add(is_long.then(go_to::button));
    el("footer")
        .class("foot")
        .add(pages)
        .add(el("span").class("spacer"))
        .add(columns_button(columns, here.url.columns.is_empty().then(say::waiting)))
        .add(density_switch(here, density))
        .add(el("span").class("zone").attr("title", say::zone_hint(&zone.name)).add(zone.label(here.now)))
}

/// How close the rows stand, and how much of a text they show. The frame hears the click.
fn density_switch(here: &Here, density: &str) -> Element {
    let switch = choice_form(&DENSITY, density, &[say::compact(), say::cosy(), say::roomy()], here.url.href());
    el("div").class("density").attr("role", "group").attr("aria-label", say::height()).add(switch)
}

/// A square with an icon that goes one step, or shows that there is none.
pub fn step(href: Option<String>, label: &'static str, key: &'static str, icon: Element) -> Element {
    match href {
        // The page scrolls to where it should be by itself.
        Some(href) => link(href)
            .class("step")
            .attr("aria-label", label)
            .attr("title", format!("{label} ({key})"))
            .attr("data-key", key)
            .add(icon),
        None => el("span").class("step").attr("aria-hidden", "true").add(icon),
    }
}
