//! What an endpoint is asked, and what it answers.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::auth::Caller;
use super::params::Params;

/// A request that was let in.
pub struct Asked {
    pub now: i64,
    pub caller: Caller,
    pub headers: HeaderMap,
    /// The query string.
    pub params: Params,
    /// The values of the path's `{names}`.
    pub path: Params,
    /// Where the simulator is, such as `http://127.0.0.1:4000`, as the one who asks has it.
    pub host: String,
    pub body: Bytes,
}

pub struct Answer {
    pub status: StatusCode,
    pub content: Content,
}

pub enum Content {
    Json(Value),
    /// Where to go on.
    Redirect(String),
    /// Anything else, and its media type.
    Raw(Body, &'static str),
}

impl Answer {
    pub fn json(body: Value) -> Self {
        Self { status: StatusCode::OK, content: Content::Json(body) }
    }

    pub fn redirect(address: String) -> Self {
        Self { status: StatusCode::FOUND, content: Content::Redirect(address) }
    }

    pub fn raw(body: Body, media_type: &'static str) -> Self {
        Self { status: StatusCode::OK, content: Content::Raw(body, media_type) }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = match self.content {
            Content::Json(value) => Json(value).into_response(),
            Content::Redirect(address) => [(header::LOCATION, address)].into_response(),
            Content::Raw(body, media_type) => ([(header::CONTENT_TYPE, media_type)], body).into_response(),
        };
        *response.status_mut() = self.status;
        response
    }
}
