//! Saving and deleting views: plain forms that lead back to the page.

use super::AppState;
use super::exports::refused;
use super::session::SignedIn;
use app::url::{ExploreUrl, pairs};
use axum::extract::{Extension, Path, RawForm, State};
use axum::response::{IntoResponse, Redirect, Response};
use service::views;

/// Saves what the form's fields (those of the page's URL) describe under `name`, with `shared` for everyone.
pub async fn save(
    State(state): State<AppState>,
    Extension(SignedIn(user)): Extension<SignedIn>,
    Path(collection): Path<String>,
    RawForm(form): RawForm,
) -> Response {
    let Some(user) = user else { return Redirect::to("/sign-in").into_response() };
    let form = String::from_utf8_lossy(&form);
    let url = ExploreUrl::parse(&collection, &form);
    let field = |name: &str| pairs(&form).into_iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let name = field("name").unwrap_or_default();
    let is_shared = field("shared").is_some();
    match views::save(&state.service, &user, &collection, &name, url.view_query(), is_shared).await {
        Ok(id) => Redirect::to(&url.with_view(Some(id)).href()).into_response(),
        Err(error) => refused(&error),
    }
}

/// Deletes a view; what it showed stays on the page.
pub async fn delete(
    State(state): State<AppState>,
    Extension(SignedIn(user)): Extension<SignedIn>,
    Path((collection, id)): Path<(String, i64)>,
    RawForm(form): RawForm,
) -> Response {
    let Some(user) = user else { return Redirect::to("/sign-in").into_response() };
    let url = ExploreUrl::parse(&collection, &String::from_utf8_lossy(&form));
    let open = url.view.filter(|open| *open != id);
    match views::delete(&state.service, &user, &collection, id).await {
        Ok(()) => Redirect::to(&url.with_view(open).href()).into_response(),
        Err(error) => refused(&error),
    }
}
