//! Saved views: the list, and what was changed in the one that is open.

mod diff;
mod forms;

pub use forms::{NewForm, edit, new, stale};

use super::sheet;
use crate::components::views_button::is_changed;
use crate::components::{Here, icons, query_box::hidden_fields, query_box::post_form};
use crate::format;
use crate::markup::{Element, el, link, page_link, sheet_link};
use crate::url::ExploreUrl;
use diff::{differences, lost};
use model::Timestamp;
use model::account::Role;
use model::texts::{sheets, views as say};
use model::view::SavedView;

/// Views that are listed without a search.
const FEW: usize = 8;

/// What the list is made of.
pub struct Views<'a> {
    pub here: &'a Here,
    pub views: &'a [SavedView],
    pub role: Role,
    /// Only views with this in their name or their owner's are listed.
    pub find: &'a str,
    pub now: Timestamp,
}

/// The list, below what was changed in the view that is open.
pub fn views(shown: &Views<'_>) -> Element {
    let here = shown.here;
    let open = shown.views.iter().find(|view| Some(view.id) == here.url.view);
    let changed = open.filter(|view| is_changed(&here.url, &view.query)).map(|view| changes(shown, view));
    let actions = el("p")
        .class("actions")
        .add(
            changed
                .is_none()
                .then(|| sheet_link(here.url.sheet("views/new", "")).class("button primary").add(say::save())),
        )
        .add(page_link(here.url.href()).class("button back").add(sheets::back()));
    let none = shown.views.is_empty().then(|| el("p").class("quiet").add(say::none()));
    sheet("views-sheet", say::title(), changed).add(none).add(search(shown)).add(list(shown)).add(actions)
}

/// What was changed, and what can be done about it.
fn changes(shown: &Views<'_>, view: &SavedView) -> Element {
    let here = shown.here;
    let kept = ExploreUrl::parse(&here.url.collection, &view.query);
    let revert = link(kept.with_view(Some(view.id)).href()).class("button").add(say::revert());
    let over = view.may_save(shown.role).then(|| save_over(here, view, "primary", say::save_over()));
    let copy = sheet_link(here.url.sheet("views/new", "")).class("button").add(say::save_new());
    let locked = (!view.may_save(shown.role)).then(|| el("p").class("quiet").add(say::locked(&view.owner)));
    el("section")
        .class("view-changes")
        .attr("aria-labelledby", "view-changed")
        .add(
            el("h2")
                .attr("id", "view-changed")
                .add(format!("{} ", say::changed_in()))
                .add(el("bdi").add(view.name.clone())),
        )
        .add(lines(&differences(&kept, &here.url)))
        .add(locked)
        .add(el("div").class("actions").add(over).add(copy).add(revert))
}

/// Differences, a line each.
fn lines(lines: &[String]) -> Element {
    el("ul").class("differences").each(lines.iter().map(|line| el("li").add(el("bdi").add(line.clone()))))
}

/// The button that saves what the page shows over a view, as it was seen. What is saved is asked for anew: the form is no
/// part of the dialog.
fn save_over(here: &Here, view: &SavedView, class: &'static str, title: &'static str) -> Element {
    let version = el("input").attr("type", "hidden").attr("name", "version").attr("value", view.version.to_string());
    post_form(here, format!("{}/views/{}/save", here.url.path(), view.id))
        .add(version)
        .add(el("button").class(class).attr("type", "submit").add(title))
}

fn search(shown: &Views<'_>) -> Option<Element> {
    let input = el("input")
        .attr("type", "search")
        .attr("name", "find")
        .attr("aria-label", say::find())
        .attr("placeholder", say::find_hint())
        .attr("autocomplete", "off")
        .attr("value", shown.find.to_owned());
    let form = el("form")
        .class("with-button")
        .attr("method", "get")
        .attr("action", format!("{}/views", shown.here.url.path()))
        .attr("data-sheet", "")
        .attr("data-live", "views-list")
        .add(hidden_fields(&shown.here.url))
        .add(input)
        .add(el("button").attr("type", "submit").add(say::find_button()));
    (shown.views.len() > FEW).then_some(form)
}

fn list(shown: &Views<'_>) -> Element {
    let find = shown.find.trim().to_lowercase();
    let is_found = |view: &&SavedView| [&view.name, &view.owner].iter().any(|text| text.to_lowercase().contains(&find));
    let found: Vec<&SavedView> = shown.views.iter().filter(is_found).collect();
    let nothing = (found.is_empty() && !shown.views.is_empty()).then(|| el("p").class("quiet").add(say::no_name()));
    let (mine, team): (Vec<&SavedView>, Vec<&SavedView>) = found.into_iter().partition(|view| view.is_mine);
    el("div")
        .attr("id", "views-list")
        .attr("aria-live", "polite")
        .add(nothing)
        .add(group(shown, say::mine(), &mine))
        .add(group(shown, say::team(), &team))
}

fn group(shown: &Views<'_>, title: &'static str, views: &[&SavedView]) -> Option<Element> {
    let list = el("ul").class("view-list").each(views.iter().map(|view| item(shown, view)));
    (!views.is_empty()).then(|| el("section").add(el("h2").add(title)).add(list))
}

fn item(shown: &Views<'_>, view: &SavedView) -> Element {
    let here = shown.here;
    let url = ExploreUrl::parse(&here.url.collection, &view.query).with_view(Some(view.id));
    let is_open = here.url.view == Some(view.id);
    let open = link(url.href())
        .attr_if("aria-current", is_open.then_some("true"))
        .add(el("b").add(el("bdi").add(view.name.clone())))
        .add(el("span").class("quiet").add(el("bdi").add(facts(shown, view))));
    let edit = view.may_manage(shown.role).then(|| {
        sheet_link(here.url.sheet(&format!("views/{}", view.id), ""))
            .class("button small")
            .attr("aria-label", say::edit_view(&view.name))
            .add(say::edit())
    });
    el("li").add(open).add(edit).add(losses(view))
}

/// Whose it is and for whom, when it was changed, and what watches it.
fn facts(shown: &Views<'_>, view: &SavedView) -> String {
    let mut facts = Vec::new();
    if !view.is_mine {
        facts.push(say::by(&view.owner));
    }
    match (view.is_shared, view.is_locked) {
        (true, true) => facts.push(say::everyone_locked().to_owned()),
        (true, false) => facts.push(say::everyone().to_owned()),
        (false, _) => {}
    }
    facts.push(say::changed(&format::short_time_by(view.changed_at, shown.now)));
    if !view.alerts.is_empty() {
        facts.push(say::alerts(view.alerts.len() as u64));
    }
    facts.join(" · ")
}

/// What it names that there is not any more.
fn losses(view: &SavedView) -> Option<Element> {
    let lost = lost(&view.query);
    let told = say::losses(&lost.join(", "));
    (!lost.is_empty()).then(|| el("p").class("refused").add(icons::warning()).add(el("bdi").add(told)))
}
