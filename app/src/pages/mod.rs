//! The pages, one file each.

mod collections;
mod explore;
mod not_found;
mod setup;
mod sign_in;

pub use collections::Collections;
pub use explore::Explore;
pub use not_found::NotFound;
pub use setup::Setup;
pub use sign_in::SignIn;

use crate::components::error_panel::error_panel;
use crate::components::frame::Frame;
use crate::erase::Erase;
use crate::error::AppError;
use crate::markup::{Element, el};
use crate::site;
use crate::url::encode;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// In place of a page for those who are signed in: on the server the way to sign in, in the browser a link to it.
fn signed_out() -> AnyView {
    let location = use_location();
    let here = location.search.with_untracked(|search| match search.as_str() {
        "" => location.pathname.get_untracked(),
        _ => format!("{}?{search}", location.pathname.get_untracked()),
    });
    site::redirect(&format!("/sign-in?next={}", encode(&here)));
    view! { <Frame class="plain">{error_panel(&AppError::SignedOut)}</Frame> }.erased()
}

/// What a query string says for a key.
fn query_value(key: &str) -> Option<String> {
    let search = use_location().search.get_untracked();
    crate::url::pairs(&search).into_iter().find(|(name, _)| name == key).map(|(_, value)| value)
}

/// What went wrong with a form, in words; the server names it in `?error=`.
fn form_error() -> Option<Element> {
    let text = match query_value("error")?.as_str() {
        "wrong" => "Name and password do not fit together. Check both and try again.",
        "throttled" => "Too many attempts. Wait a minute, then try again.",
        "weak" => {
            "The password is too easy to guess. Use at least 15 characters, such as a few words that do not belong together."
        }
        "mismatch" => "The two passwords differ. Write the same one twice.",
        "token" | "link" => "This link has been used or has expired. Restart Roost to get a new one in its log.",
        "taken" => "There is an account of that name. Choose another name.",
        "session" => "Your session has ended. Sign in again to go on.",
        _ => "That did not work. Try again.",
    };
    Some(el("p").class("form-error").attr("role", "alert").add(text))
}
