//! Line icons, 16 px, in the colour of the text around them.

use leptos::prelude::*;

fn icon(path: &'static str) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=path/>
        </svg>
    }
    .into_any()
}

/// The mark of Roost: a bird on its branch.
pub fn mark() -> AnyView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 19.5c5 0 12-.6 17-1.8"/>
            <path d="M7.5 16.6C6 13 7.6 6.8 13 6.3c2-.2 3.6 1 4.2 2.6l2.8 1-2.6 1c-.4 3.4-3 5.7-6.4 5.8"/>
            <path d="M7.4 14.8 4.2 12"/>
            <path d="M14 9.2h.01"/>
        </svg>
    }
    .into_any()
}

pub fn search() -> AnyView {
    icon("M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14")
}

pub fn close() -> AnyView {
    icon("m4 4 8 8m0-8-8 8")
}

pub fn caret() -> AnyView {
    icon("m4.5 6.5 3.5 3.5 3.5-3.5")
}

pub fn calendar() -> AnyView {
    icon("M3 4h10v9.5H3zM3 7h10M5.5 2.5V5m5-2.5V5")
}

pub fn columns() -> AnyView {
    icon("M2.5 3.5h11v9h-11zM6.2 3.5v9m3.6-9v9")
}

pub fn funnel() -> AnyView {
    icon("M2.5 4h11M4.8 8h6.4M7 12h2")
}

pub fn warning() -> AnyView {
    icon("M8 2.5 14 13H2L8 2.5Zm0 4v3m0 1.8v.01")
}

pub fn chevron_left() -> AnyView {
    icon("M9.8 4 5.8 8l4 4")
}

pub fn chevron_right() -> AnyView {
    icon("m6.2 4 4 4-4 4")
}

pub fn outside() -> AnyView {
    icon("M6.5 3.5h-3v9h9v-3M9 3h4v4m0-4L7.5 8.5")
}
