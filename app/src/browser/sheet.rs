//! The dialog in which sheets open: pages that the server writes by itself. A link or a form with `data-sheet` is
//! fetched, and what is in the page is put into the dialog; a page that is no sheet is gone to. In the dialog, a form
//! with `data-live` is sent as somebody types, and only the part with the id that it names gives way.

use super::{closest, find, find_html, picture};
use crate::components::icons;
use crate::markup::{Element, el};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::texts::{common, errors, explore as say};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomParser, FormData, HtmlDialogElement, HtmlElement, HtmlFormElement, MouseEvent, RequestInit, Response,
    SupportedType, UrlSearchParams,
};

/// How long typing must rest before a form is sent.
const REST: Duration = Duration::from_millis(150);

/// How long after it was asked for a file has begun to come: mostly, and with patience.
const ANSWERED: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(6)];

/// Marks a form that was submitted.
const SENT: &str = "data-sent";

/// The dialog, empty.
pub fn dialog() -> Element {
    let close = el("button")
        .class("quiet step close")
        .attr("type", "button")
        .attr("data-close", "")
        .attr("aria-label", common::close())
        .add(icons::close());
    let body = el("div").attr("id", "sheet-body").attr("tabindex", "-1");
    el("dialog").attr("id", "sheet").class("sheet modal").attr("aria-labelledby", "sheet-title").add(close).add(body)
}

/// Does what a click on a link to a sheet, or within the dialog, asks for.
pub fn clicked(event: &MouseEvent) {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
        return;
    }
    if let Some(button) = closest(event, "[data-copy]") {
        copy(&button);
    } else if let Some(button) = closest(event, "[data-png]") {
        picture::save(button);
    } else if let Some(link) = closest(event, "a[data-sheet]") {
        event.prevent_default();
        open(link.get_attribute("href").unwrap_or_default(), None, None);
    } else if closest(event, "#sheet [data-close], #sheet a[href]").is_some() || is_beside(event) {
        close();
    }
}

/// Sends a form to a sheet.
pub fn submitted(event: &web_sys::SubmitEvent) {
    ask_again_after(event);
    let Some(form) = closest(event, "form[data-sheet]").and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
        return;
    };
    event.prevent_default();
    // What was typed just before it is in it: that must not be sent after it, and take the place of the answer.
    let _ = form.set_attribute(SENT, "");
    let button = event.submitter().and_then(|button| button.get_attribute("formaction"));
    match (button, said(&form)) {
        // The one button that sends the form elsewhere posts it.
        (Some(action), Some(fields)) => open(action, Some(fields), None),
        _ => send(&form, None),
    }
}

/// A form that is sent as somebody types may be answered with a file: what the form told before is not true any more.
fn ask_again_after(event: &web_sys::SubmitEvent) {
    let form =
        closest(event, "form[data-live]:not([data-sheet])").and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form else { return };
    for wait in ANSWERED {
        let form = form.clone();
        set_timeout(
            move || {
                if form.is_connected() {
                    send(&form, form.get_attribute("data-live"));
                }
            },
            wait,
        );
    }
}

/// Sends a form that is sent as somebody types, once typing rests.
pub fn typed(event: &web_sys::Event) {
    let Some(form) = closest(event, "form[data-live]").and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
        return;
    };
    let part = form.get_attribute("data-live");
    let before = text_of(&form);
    set_timeout(
        move || {
            if form.is_connected() && !form.has_attribute(SENT) && text_of(&form) == before {
                send(&form, part);
            }
        },
        REST,
    );
}

/// What is in a form.
fn said(form: &HtmlFormElement) -> Option<UrlSearchParams> {
    let data = FormData::new_with_form(form).ok()?;
    UrlSearchParams::new_with_str_sequence_sequence(&data).ok()
}

/// The same as a text, to compare with: two lists of fields are never equal.
fn text_of(form: &HtmlFormElement) -> Option<String> {
    said(form).map(|fields| String::from(fields.to_string()))
}

fn send(form: &HtmlFormElement, part: Option<String>) {
    let Some(fields) = said(form) else { return };
    // The attribute: a field named "action" would hide the property.
    let action = form.get_attribute("action").unwrap_or_default();
    if form.get_attribute("method").as_deref() == Some("post") {
        open(action, Some(fields), part);
    } else {
        open(format!("{action}?{}", String::from(fields.to_string())), None, part);
    }
}

/// A click beside the dialog is one on its backdrop.
fn is_beside(event: &MouseEvent) -> bool {
    closest(event, "#sheet").is_some() && closest(event, "#sheet > *").is_none()
}

fn of_page() -> Option<HtmlDialogElement> {
    find("#sheet")?.dyn_into().ok()
}

fn close() {
    if let Some(dialog) = of_page() {
        dialog.close();
    }
}

/// Puts the text of a field into the clipboard.
fn copy(button: &web_sys::Element) {
    if let Some(field) = button.get_attribute("data-copy").and_then(|selector| find(&selector)) {
        let input = field.dyn_ref::<web_sys::HtmlInputElement>().map(web_sys::HtmlInputElement::value);
        let text = input.or_else(|| field.text_content()).unwrap_or_default();
        let _ = window().navigator().clipboard().write_text(&text);
        button.set_text_content(Some(say::copied()));
    }
}

/// Fetches a sheet into the dialog; `post` is what to send there, `part` the id of what alone is to be replaced.
fn open(href: String, post: Option<UrlSearchParams>, part: Option<String>) {
    let Some(dialog) = of_page() else { return };
    if !dialog.open() {
        if let Some(body) = find("#sheet-body") {
            body.set_text_content(None);
        }
        // It fails only if the dialog is open already.
        let _ = dialog.show_modal();
    }
    let _ = dialog.set_attribute("aria-busy", "true");
    let _ = dialog.set_attribute("data-href", &href);
    spawn_local(async move {
        let fetched = fetch(&href, post.as_ref()).await;
        // By then something else may be wanted.
        if dialog.get_attribute("data-href").as_deref() != Some(&href) {
            return;
        }
        let _ = dialog.remove_attribute("aria-busy");
        match fetched {
            Ok((url, html)) => show(&url, &html, part.as_deref()),
            Err(_) => say(errors::no_answer()),
        }
    });
}

/// The address that answered, and what it said.
pub async fn fetch(href: &str, post: Option<&UrlSearchParams>) -> Result<(String, String), JsValue> {
    let init = RequestInit::new();
    if let Some(fields) = post {
        init.set_method("POST");
        init.set_body(fields);
    }
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(href, &init)).await?.unchecked_into();
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.url(), text.as_string().unwrap_or_default()))
}

fn show(url: &str, html: &str, part: Option<&str>) {
    let parser = DomParser::new().and_then(|parser| parser.parse_from_string(html, SupportedType::TextHtml));
    let Ok(page) = parser else { return };
    let find_new = |selector: &str| page.query_selector(selector).ok().flatten();
    let Some(sheet) = find_new(".sheet-page > *") else {
        // It is no sheet: the explore page after a form was taken, or another page, such as that to sign in.
        if follow(url).is_none() {
            let _ = window().location().assign(url);
        }
        return;
    };
    let part = part.map(|id| format!("#{id}"));
    if let Some((old, new)) = part.and_then(|part| find(&format!("#sheet {part}")).zip(find_new(&part))) {
        let had_focus = document().active_element().is_some_and(|focused| old.contains(Some(&focused)));
        let _ = old.replace_with_with_node_1(&new);
        if let Some(button) = find_html("#sheet [data-live] .primary").filter(|_| had_focus) {
            let _ = button.focus();
        }
        return;
    }
    if let Some(body) = find("#sheet-body") {
        body.replace_children_with_node_1(&sheet);
        body.set_scroll_top(0);
        if let Some(first) = find_html("#sheet [autofocus]").or_else(|| find_html("#sheet-body")) {
            let _ = first.focus();
        }
    }
}

/// Goes to another state of this page without loading it anew: by a link, as the router takes it.
fn follow(url: &str) -> Option<()> {
    let here = window().location();
    let path = format!("{}{}", here.origin().ok()?, here.pathname().ok()?);
    if url.split('?').next() != Some(&path) {
        return None;
    }
    let link = document().create_element("a").ok()?.dyn_into::<HtmlElement>().ok()?;
    link.set_attribute("href", url).ok()?;
    link.set_attribute("data-noscroll", "").ok()?;
    find("#sheet-body")?.replace_children_with_node_1(&link);
    link.click();
    Some(())
}

fn say(text: &str) {
    if let Some(body) = find("#sheet-body") {
        body.set_text_content(Some(text));
    }
}
