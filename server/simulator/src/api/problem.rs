//! X's error bodies.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    body: Value,
}

impl Problem {
    pub fn unauthorized() -> Self {
        Self::plain(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    pub fn too_many_requests() -> Self {
        Self::plain(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests")
    }

    pub fn internal() -> Self {
        Self::plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }

    /// A 400 about the given parameters.
    pub fn invalid(parameters: &[(&str, &str)], message: impl Into<String>) -> Self {
        let parameters: Map<String, Value> =
            parameters.iter().map(|&(name, value)| (name.to_owned(), json!([value]))).collect();
        let body = json!({
            "errors": [{ "parameters": parameters, "message": message.into() }],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": "https://api.twitter.com/2/problems/invalid-request",
        });
        Self { status: StatusCode::BAD_REQUEST, body }
    }

    fn plain(status: StatusCode, title: &str) -> Self {
        let body = json!({ "title": title, "type": "about:blank", "status": status.as_u16(), "detail": title });
        Self { status, body }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let media_type = [(header::CONTENT_TYPE, "application/problem+json")];
        (self.status, media_type, self.body.to_string()).into_response()
    }
}
