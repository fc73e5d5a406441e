//! The start page.

use super::Asked;
use crate::http::AppState;
use app::sheets::collections::{Collections, collections};
use app::url::{ExploreUrl, pairs};
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::account::Role;

/// The board that the person begins with, if they have chosen one, or else the collections. If there is only one, it is
/// opened at once. The list itself is asked for by `?all`; `in` says from which collection.
pub async fn show(asked: Asked, State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    let pairs = pairs(query.as_deref().unwrap_or_default());
    let of = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let asks_for_all = of("all").is_some();
    if !asks_for_all {
        match service::boards::start(&state.service, &asked.user).await {
            Ok(Some(board)) => return Redirect::to(&format!("/boards/{board}")).into_response(),
            Ok(None) => {}
            Err(error) => return asked.refused(error),
        }
    }
    match service::collections::list(&state.service, &asked.user).await {
        Ok(list) => match list.as_slice() {
            [only] if !asks_for_all => Redirect::to(&ExploreUrl::of(&only.collection.slug).href()).into_response(),
            list => {
                let shown = Collections {
                    list,
                    current: of("in").unwrap_or_default(),
                    is_admin: asked.user.role == Role::Admin,
                    now: state.service.now(),
                };
                asked.show(model::texts::collections::title(), collections(&shown))
            }
        },
        Err(error) => asked.refused(error),
    }
}
