//! The start page.

use super::Asked;
use crate::http::AppState;
use app::sheets::collections::collections;
use app::url::ExploreUrl;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::account::Role;

/// The board that the person begins with, if they have chosen one, or else the collections. If there is only one, it is
/// opened at once. The list itself is asked for by `?all`.
pub async fn show(asked: Asked, State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    if query.as_deref() != Some("all") {
        match service::boards::start(&state.service, &asked.user).await {
            Ok(Some(board)) => return Redirect::to(&format!("/boards/{board}")).into_response(),
            Ok(None) => {}
            Err(error) => return asked.refused(error),
        }
    }
    match service::collections::list(&state.service, &asked.user).await {
        Ok(list) => match list.as_slice() {
            [only] if query.as_deref() != Some("all") => {
                Redirect::to(&ExploreUrl::of(&only.collection.slug).href()).into_response()
            }
            list => asked.show(model::texts::collections::title(), collections(list, asked.user.role == Role::Admin)),
        },
        Err(error) => asked.refused(error),
    }
}
