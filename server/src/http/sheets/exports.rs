//! Exports: the form, a person's own, and their files.

use super::Asked;
use crate::http::AppState;
use crate::http::exports::{attachment, download, status_of};
use app::error::AppError;
use app::sheets::export::{Choice, export};
use app::sheets::exports::{REFRESH, exports as exports_sheet, is_moving};
use app::url::encode;
use axum::Json;
use axum::extract::{Path, RawForm, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::export::ExportState;
use model::texts::{export as say, exports as list_texts};
use service::Error;
use service::exports::{self, About, Download, Started, Totals};
use tower::ServiceExt;
use tower_http::services::ServeFile;

/// The form, filled in as the query says, with what it would give.
pub async fn show(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let choice = Choice::read(&collection, &query.unwrap_or_default());
    form(&asked, &state, &choice, None).await
}

/// The same for the fields of the form, while somebody fills it in.
pub async fn offer(
    asked: Result<Asked, Response>,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawForm(fields): RawForm,
) -> Response {
    let choice = Choice::read(&collection, &String::from_utf8_lossy(&fields));
    match asked {
        Ok(asked) => form(&asked, &state, &choice, None).await,
        Err(_) => signed_out(&choice),
    }
}

/// After signing in the form is as it was.
fn signed_out(choice: &Choice) -> Response {
    Redirect::to(&format!("/sign-in?next={}", encode(&choice.href()))).into_response()
}

async fn form(asked: &Asked, state: &AppState, choice: &Choice, refused: Option<Error>) -> Response {
    let offer = match (refused, choice.query()) {
        (Some(error), _) => Err(error),
        (None, Err(problem)) => Err(Error::Invalid(problem)),
        (None, Ok(query)) => exports::offer(&state.service, &asked.user, &query).await,
    };
    let (status, offer) = match offer {
        Ok(offer) => (StatusCode::OK, Ok(offer)),
        Err(error @ Error::NotFound(_)) => return asked.refused(error),
        Err(error) => (status_of(&error), Err(AppError::from(error))),
    };
    asked.answer(status, say::title(), None, export(choice, offer.as_ref(), &service::zones::names()))
}

/// Begins an export of what the form's fields describe: answers with the file, or leads to where it will be.
///
/// The file is written while it is sent. If something fails on the way, the connection breaks off, so that no one
/// takes a part for the whole. What is not possible is told above the form.
pub async fn begin(
    asked: Result<Asked, Response>,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawForm(fields): RawForm,
) -> Response {
    let choice = Choice::read(&collection, &String::from_utf8_lossy(&fields));
    let Ok(asked) = asked else { return signed_out(&choice) };
    let query = match choice.query() {
        Ok(query) => query,
        Err(_) => return form(&asked, &state, &choice, None).await,
    };
    match exports::begin(&state.service, &asked.user, query).await {
        Ok(Started::Direct(export)) => download(*export),
        Ok(Started::Job(_)) => Redirect::to("/exports").into_response(),
        Err(error) => form(&asked, &state, &choice, Some(error)).await,
    }
}

/// The person's exports. While something is made the page asks again by itself.
pub async fn list(asked: Asked, State(state): State<AppState>) -> Response {
    match exports::list(&state.service, &asked.user).await {
        Ok(records) => {
            let moving = is_moving(&records);
            let title = if moving { list_texts::title_making() } else { list_texts::title() };
            let sheet = exports_sheet(&records, state.service.now());
            asked.answer(StatusCode::OK, title, moving.then_some(REFRESH), sheet)
        }
        Err(error) => asked.refused(error),
    }
}

/// Stops one, or deletes its file.
pub async fn cancel(asked: Asked, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    match exports::cancel(&state.service, &asked.user, id).await {
        Ok(()) => Redirect::to("/exports").into_response(),
        Err(error) => asked.refused(error),
    }
}

/// Notes that its owner was told that one has ended, and leads to it.
pub async fn see(asked: Asked, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    match exports::see(&state.service, &asked.user, Some(id)).await {
        Ok(()) => Redirect::to(&format!("/exports#export-{id}")).into_response(),
        Err(error) => asked.refused(error),
    }
}

/// The file of one; browsers may fetch it in parts.
pub async fn file(asked: Asked, State(state): State<AppState>, Path(id): Path<i64>, request: Request) -> Response {
    match exports::download(&state.service, &asked.user, id).await {
        Ok(Download::File { path, name, media_type }) => {
            let Ok(file) = ServeFile::new(path).oneshot(request).await;
            let mut response = file.into_response();
            response.headers_mut().extend(attachment(media_type, &name));
            response
        }
        // The page tells why, and follows how far it is.
        Ok(Download::Again(_)) => Redirect::to("/exports").into_response(),
        Err(error) => asked.refused(error),
    }
}

/// Where the rows of one come from, for programs.
pub async fn about(asked: Asked, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    let record = match exports::find(&state.service, &asked.user, id).await {
        Ok(record) => record,
        Err(error) => return asked.refused(error),
    };
    let about = About::of(&record);
    let totals = Totals { written: record.written, removed: record.removed };
    let mut document = serde_json::Map::new();
    for (name, text) in about.lines(totals) {
        document.insert(name.to_lowercase().replace(' ', "_"), text.into());
    }
    let columns: serde_json::Map<_, _> =
        about.dictionary().map(|(name, help)| (name.to_owned(), help.into())).collect();
    document.insert("columns".into(), columns.into());
    document.insert("written".into(), record.written.into());
    document.insert("of".into(), record.tweets.into());
    document.insert("complete".into(), matches!(record.state, ExportState::Sent | ExportState::Ready).into());
    let name = format!("roost-export-{id}-about.json");
    (attachment("application/json", &name), Json(document)).into_response()
}
