use super::signed_out;
use crate::api::collections::list_collections;
use crate::components::{frame::Frame, load::load, skeleton::list_skeleton};
use crate::erase::Erase;
use crate::site::{self, page_title, signed_in};
use crate::{format, url::ExploreUrl};
use leptos::prelude::*;
use model::collection::CollectionSummary;

/// The start page: the collections. If there is only one, the server opens it at once.
#[component]
pub fn Collections() -> impl IntoView {
    if signed_in().is_none() {
        return signed_out();
    }
    let collections = Resource::new(|| (), |()| list_collections());
    let pending = RwSignal::new(false);
    view! {
        <Frame class="plain">
            {page_title("Collections · Roost")}
            <h1>"Collections"</h1>
            {load(collections, pending, list_skeleton, |list| list_view(list))}
        </Frame>
    }
    .erased()
}

fn list_view(list: &[CollectionSummary]) -> AnyView {
    if let [only] = list {
        site::redirect(&ExploreUrl::of(&only.collection.slug).href());
    }
    if list.is_empty() {
        return view! {
            <section class="empty">
                <h2>"No collections yet"</h2>
                <p>"Import a file to make one: "<code>"roost import --collection NAME FILE"</code></p>
            </section>
        }
        .erased();
    }
    let items = list.iter().map(item).collect_view();
    view! { <ul class="collections">{items}</ul> }.erased()
}

fn item(summary: &CollectionSummary) -> AnyView {
    let href = ExploreUrl::of(&summary.collection.slug).href();
    let newest = match summary.newest {
        Some(at) => view! { "newest "{format::stamp(at)} }.erased(),
        None => "no tweets yet".erased(),
    };
    view! {
        <li>
            <a href=href>
                <b><bdi>{summary.collection.title.clone()}</bdi></b>
                <span class="number">{format::counted(summary.tweets, "tweet", "tweets")}</span>
                <span class="quiet">{newest}</span>
            </a>
        </li>
    }
    .erased()
}
