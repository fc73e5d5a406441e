//! Who may open a collection.

use super::sheet;
use crate::markup::{Element, el, page_link, sheet_link};
use crate::url::ExploreUrl;
use model::account::{CurrentUser, Role};
use model::collection::Collection;
use service::access::Access as Allowed;

/// What the sheet is made of.
pub struct Access<'a> {
    pub collection: &'a Collection,
    pub allowed: &'a Allowed,
    /// All who may sign in, by name.
    pub people: &'a [CurrentUser],
    /// Whether it has just been saved.
    pub is_saved: bool,
}

/// The form, for admins.
pub fn access(shown: &Access<'_>) -> Element {
    let url = ExploreUrl::of(shown.collection.slug.as_str());
    let saved =
        shown.is_saved.then(|| el("p").class("note").attr("role", "status").add("Saved. It holds from now on."));
    let form = el("form")
        .class("access-form")
        .attr("method", "post")
        .attr("action", format!("{}/access", url.path()))
        .attr("data-sheet", "")
        .add(choice("everyone", "Everyone who may sign in", !shown.allowed.is_restricted))
        .add(choice("named", "Only these people, and admins", shown.allowed.is_restricted))
        .add(people(shown))
        .add(el("p").class("quiet").add(WHAT))
        .add(el("button").class("primary").attr("type", "submit").add("Save"));
    let ways = el("p")
        .class("actions")
        .add(sheet_link("/?all").class("button").add("All collections"))
        .add(page_link(url.href()).class("button back").add("Back to the tweets"));
    sheet("access", "Access", vec![el("p").add(el("bdi").add(shown.collection.title.clone()))])
        .add(saved)
        .add(form)
        .add(ways)
}

const WHAT: &str = "For anybody else the collection does not exist: not in lists, counts and links, and what they have of \
                    it (alerts, exports, short links) rests until they may open it again. Each change is recorded.";

fn choice(value: &'static str, title: &'static str, is_chosen: bool) -> Element {
    let radio = el("input").attr("type", "radio").attr("name", "open").attr("value", value).flag("checked", is_chosen);
    el("label").class("check").add(radio).add(title)
}

/// Admins may open every collection: they are named, and cannot be left out.
fn people(shown: &Access<'_>) -> Element {
    let person = |user: &CurrentUser| {
        let is_admin = user.role == Role::Admin;
        let tick = el("input")
            .attr("type", "checkbox")
            .attr("name", "person")
            .attr("value", user.id.to_string())
            .flag("checked", is_admin || shown.allowed.people.contains(&user.id))
            .flag("disabled", is_admin);
        let label = el("label").class("check").add(tick).add(el("bdi").add(user.name.clone()));
        el("li").add(label.add(is_admin.then(|| el("span").class("quiet").add("admin"))))
    };
    el("fieldset")
        .add(el("legend").add("These people"))
        .add(el("ul").class("people").each(shown.people.iter().map(person)))
}
