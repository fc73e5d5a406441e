//! What the page does beyond links and forms once WebAssembly runs: keys, menus that close, rows that can be clicked.
//!
//! Nothing here holds state: a key clicks the link that is marked with it (`data-key`).

pub mod chart;
pub mod grid;
pub mod newer;
mod picture;
pub mod rails;
pub mod rows;
mod scale;
pub mod scroll;
pub mod sheet;
pub mod values;

use crate::settings::Settings;
use crate::url::ExploreUrl;
use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos_router::location::Location;
use model::TweetId;
use std::cell::Cell;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, UrlSearchParams};

/// Keys that click the element marked with them.
const CLICKING: [&str; 13] = ["j", "k", "o", "c", "t", "v", "s", "x", "[", "]", "0", ".", "Escape"];

/// Listens to keys, and to what moves the focus and the borders of the rows, as long as the calling component lives.
pub fn listen_to_keys() {
    Effect::new(|_| {
        let after_g = Cell::new(false);
        let listener = window_event_listener(leptos::ev::keydown, move |event| {
            // Nothing else depends on it: a key that finds nothing to do does nothing.
            let done = on_key(&event, after_g.get());
            after_g.set(done.is_some() && event.key() == "g");
        });
        let focus = window_event_listener_untyped("focusin", |event| grid::focused(&event));
        let resize = window_event_listener_untyped("resize", |_| grid::place_pins());
        on_cleanup(move || [listener, focus, resize].into_iter().for_each(|listener| listener.remove()));
    });
}

/// `after_g` tells whether the key before was `g`.
fn on_key(event: &KeyboardEvent, after_g: bool) -> Option<()> {
    let key = event.key();
    // On many keyboards brackets are typed with AltGr, which Windows tells as Ctrl and Alt, and macOS as Alt.
    let is_typed = matches!(key.as_str(), "[" | "]") && event.alt_key() | event.get_modifier_state("AltGraph");
    if event.default_prevented() || event.meta_key() || (!is_typed && (event.ctrl_key() || event.alt_key())) {
        return None;
    }
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let typing = target.as_ref().is_some_and(|target| target.matches("input, textarea, select").unwrap_or(false));
    if typing {
        if key == "Escape" {
            target?.dyn_into::<HtmlElement>().ok()?.blur().ok()?;
        }
        return None;
    }
    if find("dialog[open]").is_some() {
        return None;
    }
    if find(":popover-open").is_some() && !(key == "?" && find("#keys:popover-open").is_some()) {
        return None;
    }
    match key.as_str() {
        "g" => {}
        "r" if after_g => go_to("#go-row")?,
        "t" if after_g => go_to("#go-time")?,
        "/" => focus_query()?,
        "?" => find_html("#keys")?.toggle_popover().ok().map(drop)?,
        "j" | "k" if find("[data-key=j], [data-key=k]").is_none() => step_row(key == "j")?,
        "o" => focused_row()?.click(),
        "+" => find_html(".value-link:focus, td:focus .value-link")?.click(),
        "-" => find_html(".value-link:focus + .value-out, td:focus .value-out")?.click(),
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

/// Takes the texts and the time zone that came with the page, before anything is shown.
pub fn take_texts() {
    #[cfg(target_arch = "wasm32")]
    {
        let content = |meta: &str| find(meta).and_then(|meta| meta.get_attribute("content"));
        if let Some(texts) = content("meta[name=texts]") {
            model::texts::adopt(texts);
        }
        if let Some(zone) = content("meta[name=zone]").and_then(|text| model::zone::Zone::from_text(&text)) {
            model::zone::adopt(zone);
        }
    }
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

/// Where a click with Shift on a head leads: to the order with that column as one more key.
pub fn also_sorted(event: &MouseEvent) -> Option<String> {
    let head = closest(event, "[data-also]").filter(|_| event.shift_key())?;
    event.prevent_default();
    head.get_attribute("data-also")
}

/// The box for the filter.
pub fn query_input() -> Option<HtmlInputElement> {
    find("#query")?.dyn_into().ok()
}

/// What stands in the box already, if the server has written the page.
pub fn typed_query() -> Option<String> {
    if cfg!(feature = "ssr") { None } else { query_input().map(|input| input.value()) }
}

fn focus_query() -> Option<()> {
    let input = query_input()?;
    input.focus().ok()?;
    input.select();
    Some(())
}

/// Opens the way to a row or a time, at this field.
fn go_to(field: &str) -> Option<()> {
    find_html("[popovertarget=go-to]")?.click();
    find_html(field)?.focus().ok()
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

/// Opens the row that was clicked, unless the click meant something in it or selected text; in a tab of its own where
/// a link would.
pub fn open_clicked_row(event: &MouseEvent) {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let selecting = window().get_selection().ok().flatten().is_some_and(|selection| !selection.is_collapsed());
    let Some(target) = target.filter(|_| !selecting && !event.default_prevented()) else { return };
    if matches!(target.closest("a, button, input, summary, [popover]"), Ok(None))
        && let Ok(Some(row)) = target.closest("tr")
        && let Ok(Some(link)) = row.query_selector(".row-link")
        && let Ok(link) = link.dyn_into::<HtmlElement>()
    {
        match (event.button(), event.ctrl_key() || event.meta_key() || event.shift_key()) {
            // Later: the click comes to this listener too, and it must not be called while it runs.
            (0, false) => queue_microtask(move || link.click()),
            (0 | 1, _) => open_in_tab(&link),
            _ => {}
        }
    }
}

fn open_in_tab(link: &HtmlElement) {
    if let Some(href) = link.get_attribute("href") {
        // Browsers that refuse it say so themselves.
        let _ = window().open_with_url_and_target(&href, "_blank");
    }
}

/// Where a click leads that the page handles by itself: the link, and whether it takes the place of this address.
pub fn taken_over(event: &MouseEvent, collection: &str) -> Option<(String, bool)> {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
        return None;
    }
    let link = closest(event, ".detail a[data-noscroll]")?;
    let href = link.get_attribute("href")?;
    let key = link.get_attribute("data-key");
    // From tweet to tweet: Back leads to the list, not through all of them.
    if let Some("j" | "k") = key.as_deref() {
        event.prevent_default();
        return Some((href, true));
    }
    // Where details cover the page, another filter would not be seen behind them.
    let search = href.split_once('?').map_or("", |(_, search)| search);
    let target = ExploreUrl::parse(collection, search);
    let now = ExploreUrl::parse(collection, &window().location().search().ok()?);
    if is_narrower_than(COVERED) && target.q != now.q {
        event.prevent_default();
        return Some((target.with_tweet(None).href(), false));
    }
    None
}

/// Where a form of the explore page leads, in its shortest form.
pub fn form_target(event: &SubmitEvent, collection: &str) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    if event.default_prevented() || !form.method().eq_ignore_ascii_case("get") {
        return None;
    }
    let data = FormData::new_with_form(&form).ok()?;
    let search = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string();
    event.prevent_default();
    close_around(Some(&form));
    Some(ExploreUrl::parse(collection, &String::from(search)).href())
}

/// Up to this width details cover the page.
const COVERED: f64 = 1024.0;

/// Whether the window is at most that wide, in CSS pixels.
fn is_narrower_than(width: f64) -> bool {
    window().inner_width().ok().and_then(|inner| inner.as_f64()).is_some_and(|inner| inner <= width)
}

/// Details were opened: where they cover the page, the focus goes there.
pub fn enter_details() {
    if is_narrower_than(COVERED)
        && let Some(panel) = find_html(".detail:not(:focus-within)")
    {
        // What can be focused never refuses.
        let _ = panel.focus();
    }
}

/// Details of this tweet were closed: the focus goes back to its row, unless it is elsewhere on purpose.
pub fn leave_details(id: TweetId) {
    let focused = document().active_element();
    let is_free = focused.is_none_or(|focused| focused.matches("body, .detail, .detail *").unwrap_or(false));
    if let Some(link) = find_html(&format!(".row-link[href$=\"tweet={id}\"]")).filter(|_| is_free) {
        // What can be focused never refuses.
        let _ = link.focus();
    }
}

/// Remembers a choice for a year.
pub fn set_cookie(name: &str, value: &str) {
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
    // Where cookies are refused, the choice holds for this page.
    let _ = js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into());
}

/// Hears the buttons of [`Settings`] as long as the calling component lives.
pub fn listen_to_choices(settings: Settings) {
    Effect::new(move |_| {
        let listener = window_event_listener(leptos::ev::click, move |event| {
            if let Some(button) = closest(&event, "button[aria-pressed]")
                && settings.choose(&button)
            {
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    });
}

/// After every navigation, makes the address bar say where the page is.
///
/// The router of leptos (0.8.17) keeps a list of the addresses it came through. After Back and Forward the list is
/// short of one, and a link to its last address moves the page without moving the address.
pub fn keep_address_true(location: &Location) {
    let (path, search) = (location.pathname, location.search);
    Effect::new(move |_| {
        path.track();
        search.track();
        // The router writes a new path late, once it has found the page.
        set_timeout(
            move || {
                let _ = mend_address(path, search);
            },
            Duration::from_millis(50),
        );
    });
}

fn mend_address(path: Memo<String>, search: Memo<String>) -> Option<()> {
    let (path, search) = (path.try_get_untracked()?, search.try_get_untracked()?);
    let shown = window().location();
    let wanted = if search.is_empty() { path } else { format!("{path}?{search}") };
    let is = format!("{}{}", shown.pathname().ok()?, shown.search().ok()?);
    if is != wanted {
        window().history().ok()?.push_state_with_url(&JsValue::NULL, "", Some(&wanted)).ok()?;
    }
    Some(())
}

/// Brings the open row into view, without moving what is in view already.
pub fn show_open_row() {
    if let Some(row) = find("tr.is-open") {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
