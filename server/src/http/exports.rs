//! Exports: a form that answers with a file.

use super::AppState;
use super::session::SignedIn;
use app::url::ExploreUrl;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, RawForm, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use model::export::{ExportFormat, ExportQuery};
use service::Error;
use service::exports::{self, Export, Started};

/// Begins an export of what the form's fields (those of the page's URL, `format` and `first`) describe.
///
/// The file is written while it is sent. If something fails on the way, the connection breaks off, so that no one
/// takes a part for the whole.
pub async fn export(
    State(state): State<AppState>,
    Extension(SignedIn(user)): Extension<SignedIn>,
    Path(collection): Path<String>,
    RawForm(form): RawForm,
) -> Response {
    let Some(user) = user else { return Redirect::to("/sign-in").into_response() };
    let query = match read(&collection, &String::from_utf8_lossy(&form)) {
        Ok(query) => query,
        Err(reason) => return (StatusCode::BAD_REQUEST, reason).into_response(),
    };
    match exports::begin(&state.service, &user, query).await {
        Ok(Started::Direct(export)) => download(*export),
        Ok(Started::Job(_)) => Redirect::to("/exports").into_response(),
        Err(error) => refused(&error),
    }
}

fn read(collection: &str, form: &str) -> Result<ExportQuery, String> {
    let url = ExploreUrl::parse(collection, form);
    let field = |name: &str| app::url::pairs(form).into_iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let name = field("format").unwrap_or_default();
    let format = ExportFormat::ALL.into_iter().find(|format| format.name() == name);
    let format = format.ok_or_else(|| format!("There is no format \"{name}\"."))?;
    let first = match field("first").as_deref().map(str::trim) {
        None | Some("") => None,
        Some(first) => match first.replace([',', ' '], "").parse() {
            Ok(first) => Some(first),
            Err(_) => return Err(format!("\"{first}\" is no number of tweets.")),
        },
    };
    let columns = match field("columns").as_deref() {
        Some("all") => model::columns::COLUMNS.iter().map(|column| column.name.to_owned()).collect(),
        _ => url.columns.iter().map(|name| (*name).to_owned()).collect(),
    };
    Ok(ExportQuery {
        collection: url.collection,
        filter: url.q,
        sort: url.sort,
        columns,
        format,
        first,
        ..Default::default()
    })
}

fn download(export: Export) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(export.media_type()));
    let disposition = format!("attachment; filename=\"{}\"", export.file_name());
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert("x-rows", HeaderValue::from(export.rows()));
    let pieces = futures::stream::try_unfold(export, |mut export| async move {
        Ok::<_, Error>(export.next().await?.map(|piece| (Bytes::from(piece), export)))
    });
    (headers, Body::from_stream(pieces)).into_response()
}

/// The answer to a form that asked for something that is not to be had.
pub fn refused(error: &Error) -> Response {
    (status_of(error), error.to_string()).into_response()
}

/// The HTTP status that goes with an error.
pub fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Invalid(_) | Error::Filter(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
