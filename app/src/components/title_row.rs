//! The first line of the explore page: which collection, which view, and what can be done with what is shown.

use super::{Here, icons, views_button};
use crate::markup::{Element, el, sheet_link};
use crate::url::encode;
use model::explore::ExplorePage;
use model::texts::actions as say;

/// Until the page is known, only the name of the collection.
pub fn title_row(here: &Here, page: Option<&ExplorePage>, name: String) -> Vec<Element> {
    let title = el("h1").add(collections_link(here, name));
    let Some(page) = page else { return vec![title] };
    vec![
        title,
        views_button::views_button(here, page),
        el("span").class("spacer"),
        views_button::save_button(here),
        alert_button(here),
        share_button(here),
        export_button(here, page.total),
    ]
}

fn alert_button(here: &Here) -> Element {
    let query = here.url.query_string();
    sheet_link(format!("{}/alerts/new?{query}", here.url.path()))
        .class("button alert-button")
        .attr("title", say::alert_hint())
        .add(icons::bell())
        .add(el("span").add(say::alert()))
}

fn share_button(here: &Here) -> Element {
    sheet_link(here.url.sheet("share", ""))
        .class("button share-button")
        .attr("title", say::share())
        .add(icons::link())
        .add(el("span").add(say::share()))
}

/// The name of the collection, which leads to the list of the others.
fn collections_link(here: &Here, name: String) -> Element {
    sheet_link(format!("/?all&in={}", encode(&here.url.collection)))
        .class("button quiet collections-button")
        .attr("title", say::collections())
        .add(el("bdi").add(name))
        .add(icons::caret())
}

/// The way to take away what is shown, with the exact number of tweets.
fn export_button(here: &Here, total: u64) -> Element {
    let query = here.url.first_page().query_string();
    sheet_link(format!("{}/export?{query}", here.url.path()))
        .class(if total == 0 { "button export-button" } else { "button primary export-button" })
        .attr("data-key", "x")
        .attr("title", say::export_hint())
        .add(say::export(total))
}
