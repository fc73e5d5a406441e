//! Who may open a collection.

use super::sheet;
use crate::markup::{Element, el, page_link, sheet_link};
use crate::url::{ExploreUrl, encode};
use model::account::{CurrentUser, Role};
use model::collection::Collection;
use model::texts::{access as say, frame, sheets};
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
    let saved = shown.is_saved.then(|| el("p").class("note").attr("role", "status").add(say::saved()));
    let form = el("form")
        .class("access-form")
        .attr("method", "post")
        .attr("action", format!("{}/access", url.path()))
        .attr("data-sheet", "")
        .add(choice("everyone", say::everyone(), !shown.allowed.is_restricted))
        .add(choice("named", say::named(), shown.allowed.is_restricted))
        .add(people(shown))
        .add(el("p").class("quiet").add(say::what()))
        .add(el("button").class("primary").attr("type", "submit").add(sheets::save()));
    let ways = el("p")
        .class("actions")
        .add(
            sheet_link(format!("/?all&in={}", encode(&shown.collection.slug)))
                .class("button")
                .add(sheets::all_collections()),
        )
        .add(page_link(url.href()).class("button back").add(sheets::back()));
    sheet("access", say::title(), vec![el("p").add(el("bdi").add(shown.collection.title.clone()))])
        .add(saved)
        .add(form)
        .add(ways)
}

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
        el("li").add(label.add(is_admin.then(|| el("span").class("quiet").add(frame::admin()))))
    };
    el("fieldset")
        .add(el("legend").add(say::people()))
        .add(el("ul").class("people").each(shown.people.iter().map(person)))
}
