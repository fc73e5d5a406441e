//! The pages of `app`: what they find in their context.

use super::AppState;
use super::session::SignedIn;
use app::site::Unread;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, request::Parts};
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;

/// Provides the context of pages and server functions alike.
///
/// During rendering a server function is called directly, past all layers; so who asks must be in the context.
pub fn context(state: AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        let parts = use_context::<Parts>();
        let user = parts.as_ref().and_then(|parts| parts.extensions.get::<SignedIn>().cloned());
        provide_context(user.and_then(|SignedIn(user)| user));
        provide_context(parts.and_then(|parts| parts.extensions.get::<Unread>().copied()).unwrap_or_default());
        provide_context(state.service.clone());
        provide_context(state.site.clone());
        provide_context(state.installation.clone());
        set_policy();
    }
}

/// The content security policy of a page: only its own files, and only scripts with its nonce.
fn set_policy() {
    // Server functions have no nonce: what they answer is no page.
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; object-src 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}
