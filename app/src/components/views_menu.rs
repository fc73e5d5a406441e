//! Saved views: opening, saving, deleting.

use super::{Here, icons, query_box::hidden_fields};
use crate::markup::{Element, el, link};
use crate::url::ExploreUrl;
use model::explore::ExplorePage;
use model::view::{MAX_NAME, SavedView};

/// The button that opens the menu. It names the view that is open, and says whether it was changed since.
pub fn views_button(here: &Here, page: Option<&ExplorePage>) -> Element {
    let open = page.and_then(|page| open_view(here, page));
    let name = open.map_or("Views", |view| view.name.as_str()).to_owned();
    let changed = open.is_some_and(|view| is_changed(here, view));
    el("button")
        .class("quiet views-button")
        .attr("type", "button")
        .attr("popovertarget", "views")
        .attr("data-key", "v")
        .attr("title", "Saved views (v)")
        .add(icons::bookmark())
        .add(el("bdi").add(name))
        .add(changed.then(|| el("span").class("changed").add("changed")))
}

/// The views that there are, and a form that saves what the page shows.
pub fn views_menu(here: &Here, page: &ExplorePage) -> Element {
    let open = open_view(here, page);
    let views = page.views.iter().map(|view| item(here, view, open)).collect::<Vec<_>>();
    let none = page.views.is_empty().then(|| el("p").class("note").add("None yet."));
    let head = "A view keeps the filter, the order and the columns.";
    el("div")
        .attr("id", "views")
        .class("menu views")
        .attr("popover", "auto")
        .add(el("p").class("menu-head").add(el("strong").add("Saved views")).add(el("span").class("quiet").add(head)))
        .add(none)
        .add(el("ul").add(views))
        .add(save_form(here, open))
}

fn open_view<'p>(here: &Here, page: &'p ExplorePage) -> Option<&'p SavedView> {
    page.views.iter().find(|view| Some(view.id) == here.url.view)
}

fn is_changed(here: &Here, view: &SavedView) -> bool {
    here.url.view_query() != view.query
}

fn item(here: &Here, view: &SavedView, open: Option<&SavedView>) -> Element {
    let url = ExploreUrl::parse(&here.url.collection, &view.query).with_view(Some(view.id));
    let is_open = open == Some(view);
    let whose = match (view.is_shared, view.is_mine) {
        (true, true) => "for everyone".to_owned(),
        (true, false) => format!("by {}", view.owner),
        (false, _) => String::new(),
    };
    let what = if is_open && is_changed(here, view) { "back to it".to_owned() } else { whose };
    let open = link(url.href())
        .class("menu-item")
        .attr_if("aria-current", is_open.then_some("true"))
        .add(el("bdi").add(view.name.clone()))
        .add(el("span").class("quiet").add(what));
    el("li").add(open).add(view.is_mine.then(|| delete_form(here, view)))
}

fn delete_form(here: &Here, view: &SavedView) -> Element {
    let button = el("button")
        .class("quiet")
        .attr("type", "submit")
        .attr("title", "Delete")
        .attr("aria-label", format!("Delete the view {}", view.name))
        .add(icons::close());
    el("form")
        .attr("method", "post")
        .attr("action", format!("{}/views/{}/delete", here.url.path(), view.id))
        .add(hidden_fields(&here.url))
        .add(button)
}

/// Saving under a name that one has used replaces that view.
fn save_form(here: &Here, open: Option<&SavedView>) -> Element {
    let mine = open.filter(|view| view.is_mine);
    let name = el("input")
        .attr("type", "text")
        .attr("name", "name")
        .attr("maxlength", MAX_NAME.to_string())
        .attr("autocomplete", "off")
        .flag("required", true)
        .attr("value", mine.map(|view| view.name.clone()).unwrap_or_default());
    let shared = el("input")
        .attr("type", "checkbox")
        .attr("name", "shared")
        .attr("value", "1")
        .flag("checked", mine.is_some_and(|view| view.is_shared));
    el("form")
        .class("menu-form")
        .attr("method", "post")
        .attr("action", format!("{}/views", here.url.path()))
        .add(hidden_fields(&here.url))
        .add(el("label").class("whole").add("Name").add(name))
        .add(el("label").class("whole check").add(shared).add("For everyone"))
        .add(el("button").class("primary").attr("type", "submit").add("Save this view"))
}
