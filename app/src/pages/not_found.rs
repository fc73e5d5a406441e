use crate::components::frame::Frame;
use crate::markup::el;
use crate::site::{answer_not_found, page_title};
use leptos::prelude::*;

/// For addresses that lead nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    answer_not_found();
    let section = el("section")
        .class("empty")
        .add(el("h1").add("There is no such page"))
        .add(el("p").add("The address may be mistyped, or what it showed is gone."))
        .add(el("a").class("button primary").attr("href", "/").add("All collections"));
    page_title(|| "Not found · Roost".to_owned());
    view! { <Frame class="plain">{section}</Frame> }
}
