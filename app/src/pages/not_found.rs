use crate::components::frame::Frame;
use crate::erase::Erase;
use crate::site::{answer_not_found, page_title};
use leptos::prelude::*;

/// For addresses that lead nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    answer_not_found();
    view! {
        <Frame class="plain">
            {page_title("Not found · Roost")}
            <section class="empty">
                <h1>"There is no such page"</h1>
                <p>"The address may be mistyped, or what it showed is gone."</p>
                <a class="button primary" href="/">"All collections"</a>
            </section>
        </Frame>
    }
    .erased()
}
