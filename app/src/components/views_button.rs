//! The ways to saved views: which one is open, and saving what the page shows.

use super::{Here, icons};
use crate::markup::{Element, el, sheet_link};
use crate::url::ExploreUrl;
use model::explore::ExplorePage;
use model::filter;
use model::texts::actions as say;

/// Leads to the views. It names the one that is open, and says whether it was changed since.
pub fn views_button(here: &Here, page: &ExplorePage) -> Element {
    let open = page.views.iter().find(|view| Some(view.id) == here.url.view);
    let name = open.map_or(say::views(), |view| view.name.as_str()).to_owned();
    let changed = open.filter(|view| is_changed(&here.url, &view.query));
    let changed = changed.map(|_| el("span").class("changed").add(say::changed()));
    sheet_link(here.url.sheet("views", ""))
        .class("button quiet views-button")
        .attr("data-key", "v")
        .attr("title", say::saved_views())
        .add(el("bdi").add(name))
        .add(changed)
        .add(icons::caret())
}

/// Leads to the form that saves what the page shows.
pub fn save_button(here: &Here) -> Element {
    sheet_link(here.url.sheet("views/new", ""))
        .class("button save-button")
        .attr("data-key", "s")
        .attr("title", say::save_hint())
        .add(icons::bookmark())
        .add(el("span").add(say::save()))
}

/// Whether the page shows something else than a view with this query string keeps.
pub fn is_changed(url: &ExploreUrl, query: &str) -> bool {
    canonical(url.clone()) != canonical(ExploreUrl::parse(&url.collection, query))
}

/// What a view keeps, with the filter as it is printed: however it was typed, and in whatever order, the same is the
/// same.
fn canonical(url: ExploreUrl) -> String {
    let Ok(filter) = filter::parse(&url.q) else { return url.view_query() };
    let mut parts: Vec<String> = filter.conjuncts().iter().map(ToString::to_string).collect();
    parts.sort_unstable();
    url.with_text(parts.join("\n")).view_query()
}
