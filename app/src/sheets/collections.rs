use super::sheet;
use crate::format;
use crate::markup::{Element, el, sheet_link};
use crate::url::ExploreUrl;
use model::collection::CollectionSummary;
use model::texts::{collections as say, common};

/// The start page: the collections. Admins say from here who may open each.
pub fn collections(list: &[CollectionSummary], is_admin: bool) -> Element {
    if list.is_empty() {
        let how = el("code").add("roost import --collection NAME FILE");
        let none = el("section")
            .class("empty")
            .add(el("h2").add(say::none()))
            .add(el("p").add(format!("{} ", say::import())).add(how));
        return sheet("collections-page", say::title(), none);
    }
    sheet(
        "collections-page",
        say::title(),
        el("ul").class("collections").each(list.iter().map(|summary| item(summary, is_admin))),
    )
}

fn item(summary: &CollectionSummary, is_admin: bool) -> Element {
    let newest = match summary.newest {
        Some(at) => say::newest(&format::stamp(at)),
        None => say::no_tweets().to_owned(),
    };
    let link = el("a")
        .attr("href", ExploreUrl::of(&summary.collection.slug).href())
        .add(el("b").add(el("bdi").add(summary.collection.title.clone())))
        .add(el("span").class("number").add(common::tweets(summary.tweets)))
        .add(el("span").class("quiet").add(newest));
    let access = is_admin.then(|| {
        sheet_link(format!("{}/access", ExploreUrl::of(&summary.collection.slug).path()))
            .class("button small")
            .attr("aria-label", say::access_to(&summary.collection.title))
            .add(say::access())
    });
    el("li").add(link).add(access)
}
