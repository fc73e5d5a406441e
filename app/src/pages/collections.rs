use super::signed_out;
use crate::api::collections::list_collections;
use crate::components::{frame::Frame, load::load, skeleton::list_skeleton};
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
    .into_any()
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
        .into_any();
    }
    let items = list.iter().map(item).collect_view();
    view! { <ul class="collections">{items}</ul> }.into_any()
}

fn item(summary: &CollectionSummary) -> AnyView {
    let href = ExploreUrl::of(&summary.collection.slug).href();
    let newest = match summary.newest {
        Some(at) => view! { "newest "{format::stamp(at)} }.into_any(),
        None => "no tweets yet".into_any(),
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
    .into_any()
}
