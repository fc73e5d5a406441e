//! Saved views: opening, saving, deleting.

use super::{Here, icons, query_box::post_form};
use crate::markup::{Element, el, link};
use crate::url::ExploreUrl;
use model::explore::ExplorePage;
use model::filter;
use model::view::{MAX_NAME, SavedView};

/// The button that opens the menu. It names the view that is open, and says whether it was changed since.
pub fn views_button(here: &Here, page: &ExplorePage) -> Element {
    let open = open_view(here, page);
    let name = open.map_or("Views", |view| view.name.as_str()).to_owned();
    let changed = open.is_some_and(|view| is_changed(here, view));
    let state = match changed {
        true => el("span").class("changed").add("changed"),
        false => icons::caret(),
    };
    el("button")
        .class("quiet views-button")
        .attr("type", "button")
        .attr("popovertarget", "views")
        .attr("data-key", "v")
        .attr("title", "Saved views (v)")
        .add(el("bdi").add(name))
        .add(state)
}

/// The button that opens the form to save what the page shows.
pub fn save_button() -> Element {
    el("button")
        .class("save-button")
        .attr("type", "button")
        .attr("popovertarget", "save")
        .attr("data-key", "s")
        .attr("title", "Save this view (s)")
        .add(icons::bookmark())
        .add(el("span").add("Save view"))
}

/// The views that there are.
pub fn views_menu(here: &Here, page: &ExplorePage) -> Element {
    let open = open_view(here, page);
    let views = page.views.iter().map(|view| item(here, view, open));
    let none = page.views.is_empty().then(|| el("p").class("note").add("None yet."));
    let head = "A view keeps the filter, the order and the columns.";
    el("div")
        .attr("id", "views")
        .key("views")
        .class("menu views")
        .attr("popover", "auto")
        .add(el("p").class("menu-head").add(el("strong").add("Saved views")).add(el("span").class("quiet").add(head)))
        .add(none)
        .add(el("ul").each(views))
}

/// Saving what the page shows.
pub fn save_menu(here: &Here, page: &ExplorePage) -> Element {
    let head = "The filter, the order and the columns, under a name.";
    el("div")
        .attr("id", "save")
        .key("save")
        .class("menu end save")
        .attr("popover", "auto")
        .add(el("p").class("menu-head").add(el("strong").add("Save view")).add(el("span").class("quiet").add(head)))
        .add(save_form(here, open_view(here, page)))
}

fn open_view<'p>(here: &Here, page: &'p ExplorePage) -> Option<&'p SavedView> {
    page.views.iter().find(|view| Some(view.id) == here.url.view)
}

fn is_changed(here: &Here, view: &SavedView) -> bool {
    canonical(here.url.clone()) != canonical(ExploreUrl::parse(&here.url.collection, &view.query))
}

/// What a view keeps, with the filter as it is printed: however it was typed, the same is the same.
fn canonical(url: ExploreUrl) -> String {
    match filter::parse(&url.q) {
        Ok(filter) => url.with_filter(&filter).view_query(),
        Err(_) => url.view_query(),
    }
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
    el("li").key(view.id.to_string()).add(open).add(view.is_mine.then(|| delete_form(here, view)))
}

fn delete_form(here: &Here, view: &SavedView) -> Element {
    let button = |tag: &'static str| {
        el(tag)
            .class("delete")
            .attr("title", "Delete")
            .attr("aria-label", format!("Delete the view {}", view.name))
            .add(icons::close())
    };
    let form = post_form(here, format!("{}/views/{}/delete", here.url.path(), view.id));
    if !view.is_shared {
        return form.add(button("button").attr("type", "submit"));
    }
    // Others may use it: a second click is asked for.
    let sure = el("button").class("danger").attr("type", "submit").add("Delete for everyone");
    el("details").class("sure").add(button("summary")).add(form.add(sure))
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
        .flag("autofocus", true)
        .attr("value", mine.map(|view| view.name.clone()).unwrap_or_default());
    let shared = el("input")
        .attr("type", "checkbox")
        .attr("name", "shared")
        .attr("value", "1")
        .flag("checked", mine.is_some_and(|view| view.is_shared));
    post_form(here, format!("{}/views", here.url.path()))
        .class("menu-form")
        .add(el("label").class("whole").add("Name").add(name))
        .add(el("label").class("whole check").add(shared).add("For everyone"))
        .add(el("button").class("primary").attr("type", "submit").add("Save this view"))
}
