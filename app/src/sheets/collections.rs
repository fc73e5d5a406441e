use super::sheet;
use crate::components::time::stamped;
use crate::format;
use crate::markup::{Element, el, sheet_link};
use crate::url::ExploreUrl;
use model::Timestamp;
use model::collection::CollectionSummary;
use model::texts::{collections as say, common};

/// What the list is made of.
pub struct Collections<'a> {
    pub list: &'a [CollectionSummary],
    /// The slug of the one that the person comes from.
    pub current: &'a str,
    /// Admins say from here who may open each.
    pub is_admin: bool,
    pub now: Timestamp,
}

/// The start page: the collections.
pub fn collections(shown: &Collections<'_>) -> Element {
    let list = shown.list;
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
        el("ul").class("collections").each(list.iter().map(|summary| item(shown, summary))),
    )
}

fn item(shown: &Collections<'_>, summary: &CollectionSummary) -> Element {
    let newest = match summary.newest {
        Some(at) => stamped(at).class("quiet").add(say::newest(&format::short_time(at, shown.now))),
        None => el("span").class("quiet").add(say::no_tweets()),
    };
    let is_current = summary.collection.slug == shown.current;
    let link = el("a")
        .attr("href", ExploreUrl::of(&summary.collection.slug).href())
        .attr_if("aria-current", is_current.then_some("true"))
        .add(el("b").add(el("bdi").add(summary.collection.title.clone())))
        .add(el("span").class("number").add(common::tweets(summary.tweets)))
        .add(newest);
    let access = shown.is_admin.then(|| {
        sheet_link(format!("{}/access", ExploreUrl::of(&summary.collection.slug).path()))
            .class("button small")
            .attr("aria-label", say::access_to(&summary.collection.title))
            .add(say::access())
    });
    el("li").add(link).add(access)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::CollectionId;
    use model::collection::Collection;

    #[test]
    fn times_are_short_and_the_current_one_is_marked() {
        let summary = |slug: &str| CollectionSummary {
            collection: Collection {
                id: CollectionId(1),
                slug: slug.to_owned(),
                title: slug.to_uppercase(),
                created_at: Timestamp::from_seconds(0),
            },
            tweets: 1204,
            newest: Some(Timestamp::from_seconds(1_790_000_000)),
        };
        let list = [summary("mars"), summary("moon")];
        let now = Timestamp::from_seconds(1_795_360_000);
        let html = collections(&Collections { list: &list, current: "moon", is_admin: false, now }).html();
        assert!(html.contains(r#"href="/c/moon" aria-current="true""#), "{html}");
        assert_eq!(html.matches("aria-current").count(), 1);
        assert!(html.contains(r#"title="Mon 21 Sep 2026, 14:13:20 UTC""#) && html.contains(">newest 21 Sep 14:13<"));
    }
}
