use super::sheet;
use crate::format;
use crate::markup::{Element, el, sheet_link};
use crate::url::ExploreUrl;
use model::collection::CollectionSummary;

/// The start page: the collections. Admins say from here who may open each.
pub fn collections(list: &[CollectionSummary], is_admin: bool) -> Element {
    if list.is_empty() {
        let how = el("code").add("roost import --collection NAME FILE");
        let none = el("section")
            .class("empty")
            .add(el("h2").add("No collections yet"))
            .add(el("p").add("Import a file to make one: ").add(how));
        return sheet("collections-page", "Collections", none);
    }
    sheet(
        "collections-page",
        "Collections",
        el("ul").class("collections").each(list.iter().map(|summary| item(summary, is_admin))),
    )
}

fn item(summary: &CollectionSummary, is_admin: bool) -> Element {
    let newest = match summary.newest {
        Some(at) => format!("newest {}", format::stamp(at)),
        None => "no tweets yet".to_owned(),
    };
    let link = el("a")
        .attr("href", ExploreUrl::of(&summary.collection.slug).href())
        .add(el("b").add(el("bdi").add(summary.collection.title.clone())))
        .add(el("span").class("number").add(format::counted(summary.tweets, "tweet", "tweets")))
        .add(el("span").class("quiet").add(newest));
    let access = is_admin.then(|| {
        sheet_link(format!("{}/access", ExploreUrl::of(&summary.collection.slug).path()))
            .class("button small")
            .attr("aria-label", format!("Access to {}", summary.collection.title))
            .add("Access")
    });
    el("li").add(link).add(access)
}
