//! The gallery of parts, for those who develop Roost.

use super::{Anybody, Asked, nowhere, own_file};
use crate::http::AppState;
use app::sheets::gallery::gallery;
use axum::extract::State;
use axum::response::Response;

/// Elsewhere than in the development landscape there is no such page.
pub async fn show(State(state): State<AppState>, anybody: Anybody, asked: Result<Asked, Response>) -> Response {
    match asked {
        _ if state.installation.landscape != "development" => nowhere(anybody).await,
        Ok(asked) => asked.show("Gallery", gallery()),
        Err(sign_in) => sign_in,
    }
}

/// What only this page looks like.
pub async fn style() -> Response {
    own_file("text/css; charset=utf-8", include_str!("../../../../style/sheets/gallery.css"))
}
