//! The pages of `app`: what they find in their context.

use super::AppState;
use super::session::SignedIn;
use app::pages::Prepared;
use app::site::Unread;
use axum::Extension;
use axum::body::Body;
use axum::extract::{RawPathParams, Request, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, request::Parts};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;
use std::panic::AssertUnwindSafe;

/// How often a page is drawn at most.
const DRAWINGS: u8 = 4;

/// Provides the context of pages and server functions alike.
///
/// During rendering a server function is called directly, past all layers; so who asks must be in the context.
pub fn context(state: AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        let parts = use_context::<Parts>();
        let user = parts.as_ref().and_then(|parts| parts.extensions.get::<SignedIn>().cloned());
        provide_context(user.and_then(|SignedIn(user)| user));
        provide_context(parts.as_ref().and_then(|parts| parts.extensions.get::<Unread>().copied()).unwrap_or_default());
        if let Some(answers) = parts.and_then(|parts| parts.extensions.get::<Prepared>().cloned()) {
            provide_context(answers);
        }
        provide_context(state.service.clone());
        provide_context(state.site.clone());
        provide_context(state.installation.clone());
        set_policy();
    }
}

/// Has the answers of an explore page before it is drawn. What has no collection in its path is no such page.
pub async fn prepare(
    State(state): State<AppState>,
    Extension(SignedIn(user)): Extension<SignedIn>,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let collection = params.iter().find_map(|(name, value)| (name == "collection").then_some(value));
    if let (Some(user), Some(collection)) = (user, collection) {
        let search = request.uri().query().unwrap_or_default();
        let answers = Prepared::new(&state.service, &user, collection, search).await;
        request.extensions_mut().insert(answers);
        return drawn(request, next).await;
    }
    next.run(request).await
}

/// Draws a page, anew if that goes wrong: the signals of leptos are, rarely, gone too early.
async fn drawn(request: Request, next: Next) -> Response {
    let (parts, _) = request.into_parts();
    for _ in 1..DRAWINGS {
        // Nothing of a drawing that went wrong is used.
        let drawing = AssertUnwindSafe(next.clone().run(Request::from_parts(parts.clone(), Body::empty())));
        match drawing.catch_unwind().await {
            Ok(page) => return page,
            Err(_) => tracing::warn!(path = parts.uri.path(), "a page is drawn again"),
        }
    }
    next.run(Request::from_parts(parts, Body::empty())).await
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
