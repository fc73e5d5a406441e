//! What alerts and exports have told the person.

use super::Asked;
use crate::http::AppState;
use app::sheets::notices::{gone, notices};
use app::url::encode;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::texts::{notices as say, sheets};
use service::{Error, alerts, exports};

/// The notices, newest first.
pub async fn show(asked: Asked, State(state): State<AppState>) -> Response {
    let found = async {
        let list = alerts::notices(&state.service, &asked.user).await?;
        let samples = alerts::samples(&state.service, &asked.user, &list).await?;
        let ended = exports::news(&state.service, &asked.user).await?;
        Ok::<_, Error>((ended, list, samples))
    };
    match found.await {
        Ok((ended, list, samples)) => asked.show(say::title(), notices(&ended, &list, &samples, state.service.now())),
        Err(error) => asked.refused(error),
    }
}

/// Marks all as read.
pub async fn read(asked: Asked, State(state): State<AppState>) -> Response {
    let done = async {
        exports::see(&state.service, &asked.user, None).await?;
        alerts::mark_read(&state.service, &asked.user, None).await
    };
    match done.await {
        Ok(()) => Redirect::to("/notices").into_response(),
        Err(error) => asked.refused(error),
    }
}

/// Marks one as read and goes to its posts.
pub async fn open(asked: Asked, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    let found = async {
        alerts::mark_read(&state.service, &asked.user, Some(id)).await?;
        alerts::notices(&state.service, &asked.user).await
    };
    match found.await {
        Ok(list) => match list.into_iter().find(|notice| notice.id == id) {
            Some(notice) => {
                Redirect::to(&format!("/c/{}?{}", encode(&notice.collection), notice.query)).into_response()
            }
            None => asked.show(sheets::not_found(), gone()),
        },
        Err(error) => asked.refused(error),
    }
}
