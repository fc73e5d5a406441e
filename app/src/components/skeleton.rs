use crate::erase::Erase;
use leptos::prelude::*;

/// The explore page before its first answer, in its final shape.
pub fn explore_skeleton() -> AnyView {
    let rows = (0..12).map(|_| view! { <div class="bone row"></div> }).collect_view();
    let facets = (0..5).map(|_| view! { <div class="bone facet"></div> }).collect_view();
    view! {
        <div class="facets">{facets}</div>
        <div class="center">
            <div class="bone title"></div>
            <div class="bone chart"></div>
            {rows}
            <p class="visually-hidden" role="status">"Loading tweets"</p>
        </div>
    }
    .erased()
}

/// A list before its first answer.
pub fn list_skeleton() -> AnyView {
    (0..6).map(|_| view! { <div class="bone row"></div> }).collect_view().erased()
}
