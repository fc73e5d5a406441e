use super::signed_out;
use crate::api::{ask, collections::list_collections};
use crate::components::{frame::Frame, load::load, skeleton::list_skeleton};
use crate::erase::Erase;
use crate::markup::{Element, el};
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
    let collections = ask(|| (), |()| list_collections());
    page_title(|| "Collections · Roost".to_owned());
    let pending = RwSignal::new(false);
    view! {
        <Frame class="plain">
            <h1>"Collections"</h1>
            {load(collections, pending, list_skeleton, |list: &Vec<CollectionSummary>| vec![list_view(list)])}
        </Frame>
    }
    .erased()
}

fn list_view(list: &[CollectionSummary]) -> Element {
    if let [only] = list {
        site::redirect(&ExploreUrl::of(&only.collection.slug).href());
    }
    if list.is_empty() {
        let how = el("code").add("roost import --collection NAME FILE");
        return el("section")
            .class("empty")
            .add(el("h2").add("No collections yet"))
            .add(el("p").add("Import a file to make one: ").add(how));
    }
    el("ul").class("collections").each(list.iter().map(item))
}

fn item(summary: &CollectionSummary) -> Element {
    let newest = match summary.newest {
        Some(at) => format!("newest {}", format::stamp(at)),
        None => "no tweets yet".to_owned(),
    };
    let link = el("a")
        .attr("href", ExploreUrl::of(&summary.collection.slug).href())
        .add(el("b").add(el("bdi").add(summary.collection.title.clone())))
        .add(el("span").class("number").add(format::counted(summary.tweets, "tweet", "tweets")))
        .add(el("span").class("quiet").add(newest));
    el("li").add(link)
}
