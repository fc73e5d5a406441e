//! What the page does beyond links and forms once WebAssembly runs: keys, menus that close, rows that can be clicked.
//!
//! Nothing here holds state: a key clicks the link that is marked with it (`data-key`).

pub mod chart;
pub mod newer;
pub mod values;

use crate::url::ExploreUrl;
use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, UrlSearchParams};

/// Keys that click the element marked with them.
const CLICKING: [&str; 12] = ["j", "k", "o", "c", "t", "v", "x", "[", "]", "0", ".", "Escape"];

/// Listens to keys as long as the calling component lives.
pub fn listen_to_keys() {
    Effect::new(|_| {
        let listener = window_event_listener(leptos::ev::keydown, |event| {
            // Nothing depends on it: a key that finds nothing to do does nothing.
            let _ = on_key(&event);
        });
        on_cleanup(move || listener.remove());
    });
}

fn on_key(event: &KeyboardEvent) -> Option<()> {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let key = event.key();
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let typing = target.as_ref().is_some_and(|target| target.matches("input, textarea, select").unwrap_or(false));
    if typing {
        if key == "Escape" {
            target?.dyn_into::<HtmlElement>().ok()?.blur().ok()?;
        }
        return None;
    }
    if find(":popover-open").is_some() && !(key == "?" && find("#keys:popover-open").is_some()) {
        return None;
    }
    match key.as_str() {
        "/" => focus_query()?,
        "?" => find_html("#keys")?.toggle_popover().ok().map(drop)?,
        "j" | "k" if find("[data-key=j], [data-key=k]").is_none() => step_row(key == "j")?,
        "o" => focused_row()?.click(),
        "+" => find_html(".value-link:focus")?.click(),
        "-" => find_html(".value-link:focus + .value-out")?.click(),
        key if CLICKING.contains(&key) => find_html(&format!("[data-key=\"{key}\"]"))?.click(),
        _ => return None,
    }
    event.prevent_default();
    Some(())
}

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

fn find_html(selector: &str) -> Option<HtmlElement> {
    find(selector)?.dyn_into().ok()
}

/// Opens what floats in the middle.
pub fn show_sheet(selector: &str) {
    if let Some(sheet) = find_html(selector).filter(|_| !is_open(selector)) {
        // It fails only if the sheet is open already.
        let _ = sheet.show_popover();
    }
}

/// Whether what floats is open.
pub fn is_open(selector: &str) -> bool {
    find(selector).is_some_and(|sheet| sheet.matches(":popover-open").unwrap_or(false))
}

/// What was hit, or the nearest around it that the selector means.
pub fn closest(event: &web_sys::Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok()?
}

/// The box for the filter.
pub fn query_input() -> Option<HtmlInputElement> {
    find("#query")?.dyn_into().ok()
}

fn focus_query() -> Option<()> {
    let input = query_input()?;
    input.focus().ok()?;
    input.select();
    Some(())
}

/// The link of the row that has the focus.
fn focused_row() -> Option<HtmlElement> {
    find_html("tr:focus-within .row-link")
}

/// Moves the focus to the next or previous row, at first to the first one.
fn step_row(forward: bool) -> Option<()> {
    let links = document().query_selector_all("tr .row-link").ok()?;
    let focused = focused_row();
    let current = (0..links.length()).find(|at| links.get(*at).as_ref() == focused.as_ref().map(AsRef::as_ref));
    let next = match (current, forward) {
        (None, _) => 0,
        (Some(at), true) => at + 1,
        (Some(at), false) => at.checked_sub(1)?,
    };
    let link: HtmlElement = links.get(next)?.dyn_into().ok()?;
    link.focus().ok()
}

/// Closes the menu in which a link was clicked: it has done its work.
pub fn close_menu_of(event: &MouseEvent) {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    if target.as_ref().is_some_and(|target| matches!(target.closest("a[href]"), Ok(Some(_)))) {
        close_around(target.as_ref());
    }
}

fn close_around(element: Option<&Element>) {
    let menu = element.and_then(|element| element.closest(".menu[popover]").ok().flatten());
    if let Some(menu) = menu.and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) {
        // It fails only if the menu is closed already.
        let _ = menu.hide_popover();
    }
}

/// Opens the row that was clicked, unless the click meant something in it or selected text.
pub fn open_clicked_row(event: &MouseEvent) {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let selecting = window().get_selection().ok().flatten().is_some_and(|selection| !selection.is_collapsed());
    let Some(target) = target.filter(|_| !selecting && !event.default_prevented()) else { return };
    if matches!(target.closest("a, button, input, summary, [popover]"), Ok(None))
        && let Ok(Some(row)) = target.closest("tr")
        && let Ok(Some(link)) = row.query_selector(".row-link")
        && let Ok(link) = link.dyn_into::<HtmlElement>()
    {
        // Later: the click comes to this listener too, and it must not be called while it runs.
        queue_microtask(move || link.click());
    }
}

/// Where a form of the explore page leads, in its shortest form.
pub fn form_target(event: &SubmitEvent, collection: &str) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    if !form.method().eq_ignore_ascii_case("get") {
        return None;
    }
    let data = FormData::new_with_form(&form).ok()?;
    let search = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string();
    event.prevent_default();
    close_around(Some(&form));
    Some(ExploreUrl::parse(collection, &String::from(search)).href())
}

/// Brings the open row into view, without moving what is in view already.
pub fn show_open_row() {
    if let Some(row) = find("tr.is-open") {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Scrolls the rows to their top.
pub fn scroll_rows_to_top() {
    if let Some(rows) = find(".rows") {
        rows.set_scroll_top(0);
    }
}
