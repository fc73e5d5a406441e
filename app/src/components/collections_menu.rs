//! From one collection to another.

use super::{Here, icons};
use crate::api::collections::list_collections;
use crate::browser;
use crate::format;
use crate::markup::{Element, el};
use crate::url::ExploreUrl;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::collection::CollectionSummary;

/// The name of the collection, which opens the list of the others.
pub fn collections_button(name: String) -> Element {
    el("button")
        .class("quiet collections-button")
        .attr("type", "button")
        .attr("popovertarget", "collections")
        .attr("title", "Other collections")
        .add(el("bdi").add(name))
        .add(icons::caret())
}

/// The list, as far as it is known.
pub fn collections_menu(here: &Here, known: &[CollectionSummary]) -> Element {
    let item = |summary: &CollectionSummary| {
        let slug = summary.collection.slug.as_str();
        el("a")
            .key(slug.to_owned())
            .class("menu-item")
            .attr("href", ExploreUrl::of(slug).href())
            .attr_if("aria-current", (slug == here.url.collection).then_some("true"))
            .add(el("bdi").add(summary.collection.title.clone()))
            .add(el("span").class("quiet").add(format::grouped(summary.tweets)))
    };
    let all = el("a").key("/").class("menu-item").attr("href", "/").add("All collections");
    el("div")
        .attr("id", "collections")
        .key("collections")
        .class("menu named")
        .attr("popover", "auto")
        .each(known.iter().map(item))
        .add(all)
}

/// The list is fetched when it is asked for.
pub fn fetch_if_asked(event: &MouseEvent, known: RwSignal<Vec<CollectionSummary>>) {
    if browser::closest(event, ".collections-button").is_some() {
        spawn_local(async move {
            // Without an answer the link to all collections is there; the page may be gone by then.
            if let Ok(list) = list_collections().await {
                known.try_set(list);
            }
        });
    }
}
