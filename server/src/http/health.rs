//! Is Roost alive, and can it answer?

use axum::extract::State;
use axum::http::StatusCode;
use service::{Service, collections};

/// The process runs.
pub async fn alive() -> &'static str {
    "ok"
}

/// The store and the index answer.
pub async fn ready(State(service): State<Service>) -> Result<&'static str, StatusCode> {
    match collections::list(&service).await {
        Ok(_) => Ok("ready"),
        Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}
