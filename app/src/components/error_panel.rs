use super::icons;
use crate::error::AppError;
use crate::markup::{Element, el};
use crate::url::encode;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::texts::errors as say;

/// What happened and what to do.
pub fn error_panel(error: &AppError) -> Element {
    let location = use_location();
    let here = location.search.with_untracked(|search| format!("{}?{search}", location.pathname.get_untracked()));
    error_panel_at(error, here)
}

/// The same for a page at this path.
pub fn error_panel_at(error: &AppError, here: String) -> Element {
    let (title, advice, action) = match error {
        AppError::SignedOut => (
            say::signed_out(),
            say::signed_out_advice().to_owned(),
            Some((format!("/sign-in?next={}", encode(&here)), say::sign_in())),
        ),
        AppError::Forbidden => (say::forbidden(), say::forbidden_advice().to_owned(), None),
        AppError::NotFound(text) => (say::not_found(), text.clone(), Some(("/".to_owned(), say::all_collections()))),
        AppError::Filter(..) => (say::no_results(), say::no_results_advice().to_owned(), None),
        AppError::Invalid(text) => (say::invalid(), text.clone(), Some(("/".to_owned(), say::all_collections()))),
        AppError::Unavailable => {
            (say::unavailable(), say::unavailable_advice().to_owned(), Some((here, say::try_again())))
        }
    };
    // rel=external: a full load, which also renews the session and the scripts
    let action = action
        .map(|(href, label)| el("a").class("button primary").attr("rel", "external").attr("href", href).add(label));
    // The workbench asks again by itself, if it is there.
    let action = action.map(|action| action.flag("data-retry", matches!(error, AppError::Unavailable)));
    el("section")
        .class(if matches!(error, AppError::NotFound(_)) { "error-panel not-found" } else { "error-panel" })
        .attr("role", "alert")
        .add(icons::warning())
        .add(el("h2").add(title))
        .add(el("p").add(advice))
        .add(action)
}
