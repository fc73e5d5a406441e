//! The pages that react by themselves, one file each. Those that only show, and take forms, are [`crate::sheets`].

mod explore;

pub use explore::Explore;
#[cfg(feature = "ssr")]
pub use explore::Prepared;

use crate::components::error_panel::error_panel;
use crate::components::frame::Frame;
use crate::erase::Erase;
use crate::error::AppError;
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
