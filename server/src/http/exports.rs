//! Files that are sent, and what is told where there is none.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use service::Error;
use service::exports::Export;

/// An export as a download: it is written while it is sent.
pub fn download(export: Export) -> Response {
    let mut headers = attachment(export.media_type(), export.file_name());
    headers.insert("x-rows", HeaderValue::from(export.rows()));
    let pieces = futures::stream::try_unfold(export, |mut export| async move {
        Ok::<_, Error>(export.next().await?.map(|piece| (Bytes::from(piece), export)))
    });
    (headers, Body::from_stream(pieces)).into_response()
}

/// The headers of a file that is saved under this name. The name needs no quoting.
pub fn attachment(media_type: &'static str, name: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers
}

/// The HTTP status that goes with an error.
pub fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Invalid(_) | Error::Filter(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
