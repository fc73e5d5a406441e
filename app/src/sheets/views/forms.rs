use super::{differences, lines, save_over, sheet};
use crate::components::{Here, icons, query_box::post_form};
use crate::markup::{Element, el, link, page_link, sheet_link};
use crate::url::ExploreUrl;
use model::account::Role;
use model::filter::{self, Filter};
use model::texts::{sheets, views as say};
use model::view::{MAX_NAME, SavedView};

/// What the form for a new view is made of.
pub struct NewForm<'a> {
    pub here: &'a Here,
    /// The view that is open.
    pub open: Option<&'a SavedView>,
    pub role: Role,
    /// What was filled in.
    pub name: &'a str,
    pub is_shared: bool,
    pub is_locked: bool,
    /// Why it was not saved.
    pub refused: Option<String>,
}

/// Saving what the page shows: under a new name, or over the view that is open.
pub fn new(form: &NewForm<'_>) -> Element {
    let here = form.here;
    let what = match here.filter {
        Filter::All => sheets::all_tweets().to_owned(),
        ref filter => filter::describe(filter),
    };
    let over = form.open.filter(|view| view.may_save(form.role)).map(|view| {
        el("section")
            .class("save-over")
            .add(el("h2").add(format!("{} ", say::over())).add(el("bdi").add(view.name.clone())))
            .add(save_over(here, view, "", say::save_over()))
    });
    let fields = post_form(here, format!("{}/views", here.url.path()))
        .class("view-form")
        .add(refused(form.refused.clone()))
        .add(manner(form.name, form.is_shared, form.is_locked))
        .add(el("button").class("primary").attr("type", "submit").add(say::save_this()));
    let back = page_link(here.url.href()).class("button back").add(sheets::back());
    sheet("new-view", say::save(), vec![el("p").class("quiet").add(el("bdi").add(say::with(&what))), fields])
        .add(over)
        .add(back)
}

/// A view's name, for whom it is, and the way to delete it. `here` is what the page shows.
pub fn edit(here: &Here, view: &SavedView, why: Option<String>) -> Element {
    let path = format!("{}/views/{}", here.url.path(), view.id);
    let fields = post_form(here, path.clone())
        .class("view-form")
        .add(refused(why))
        .add(manner(&view.name, view.is_shared, view.is_locked))
        .add(el("button").class("primary").attr("type", "submit").add(sheets::save()));
    let warning = match view.alerts.as_slice() {
        [] => None,
        alerts => Some(say::watched(&alerts.join(", "))),
    };
    let warning = warning.map(|text| el("p").class("refused").add(icons::warning()).add(el("bdi").add(text)));
    let word = if view.is_shared { say::delete_everyone() } else { say::delete_good() };
    let sure = el("button").class("danger").attr("type", "submit").add(word);
    let delete = el("details")
        .class("sure")
        .add(el("summary").class("button danger").add(say::delete()))
        .add(warning)
        .add(post_form(here, format!("{path}/delete")).add(sure));
    let all = sheet_link(here.url.sheet("views", "")).class("button").add(say::all());
    sheet("edit-view", view.name.clone(), vec![fields, el("div").class("actions").add(all).add(delete)])
}

/// Somebody has changed the view since the page was opened: both, and what can be done.
pub fn stale(here: &Here, theirs: &SavedView) -> Element {
    let kept = ExploreUrl::parse(&here.url.collection, &theirs.query);
    let mut lines_of_both = differences(&kept, &here.url);
    if lines_of_both.is_empty() {
        lines_of_both.push(say::same().to_owned());
    }
    let theirs_link = link(kept.with_view(Some(theirs.id)).href()).class("button").add(say::open_theirs());
    let copy = sheet_link(here.url.sheet("views/new", "")).class("button").add(say::save_yours());
    sheet(
        "stale-view",
        theirs.name.clone(),
        vec![
            el("p").attr("role", "alert").add(say::stale()),
            lines(&lines_of_both),
            el("div").class("actions").add(theirs_link).add(copy).add(save_over(
                here,
                theirs,
                "primary",
                say::over_theirs(),
            )),
        ],
    )
}

fn refused(why: Option<String>) -> Option<Element> {
    why.map(|why| el("p").class("refused").attr("role", "alert").add(icons::warning()).add(why))
}

fn manner(name: &str, is_shared: bool, is_locked: bool) -> Vec<Element> {
    let input = el("input")
        .attr("type", "text")
        .attr("name", "name")
        .attr("maxlength", MAX_NAME.to_string())
        .attr("autocomplete", "off")
        .flag("required", true)
        .flag("autofocus", true)
        .attr("value", name.to_owned());
    let tick = |name: &'static str, title: &'static str, is_set: bool| {
        let tick = el("input").attr("type", "checkbox").attr("name", name).attr("value", "1").flag("checked", is_set);
        el("label").class("check").add(tick).add(title)
    };
    vec![
        el("label").class("whole").add(say::name()).add(input),
        tick("shared", say::for_everyone(), is_shared),
        tick("locked", say::lock(), is_locked),
    ]
}
