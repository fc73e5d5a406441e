use super::icons;
use crate::error::AppError;
use crate::markup::{Element, el};
use crate::url::encode;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What happened and what to do.
pub fn error_panel(error: &AppError) -> Element {
    let location = use_location();
    let here = location.search.with_untracked(|search| format!("{}?{search}", location.pathname.get_untracked()));
    let (title, advice, action) = match error {
        AppError::SignedOut => (
            "You are signed out",
            "Your session has ended. Sign in to go on where you were.".to_owned(),
            Some((format!("/sign-in?next={}", encode(&here)), "Sign in")),
        ),
        AppError::Forbidden => {
            ("Not allowed", "Your role does not allow this. An admin can change it.".to_owned(), None)
        }
        AppError::NotFound(text) => ("Not found", text.clone(), Some(("/".to_owned(), "All collections"))),
        AppError::Filter(_) => ("No results yet", "They appear once the filter above can be read.".to_owned(), None),
        AppError::Invalid(text) => ("This cannot be shown", text.clone(), Some(("/".to_owned(), "All collections"))),
        AppError::Unavailable => (
            "No answer from the server",
            "It may be restarting, or the connection is down. Nothing is lost: try again in a moment.".to_owned(),
            Some((here, "Try again")),
        ),
    };
    // rel=external: a full load, which also renews the session and the scripts
    let action = action
        .map(|(href, label)| el("a").class("button primary").attr("rel", "external").attr("href", href).add(label));
    // The workbench asks again by itself, if it is there.
    let action = action.map(|action| action.flag("data-retry", matches!(error, AppError::Unavailable)));
    el("section")
        .class("error-panel")
        .attr("role", "alert")
        .add(icons::warning())
        .add(el("h2").add(title))
        .add(el("p").add(advice))
        .add(action)
}
