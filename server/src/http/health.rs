//! Is Roost alive, and can it answer?

use axum::extract::State;
use axum::http::StatusCode;
use service::Service;

/// The process runs.
pub async fn alive() -> &'static str {
    "ok"
}

/// The database answers; the index is open for as long as the process runs.
pub async fn ready(State(service): State<Service>) -> Result<&'static str, StatusCode> {
    match service.ping().await {
        Ok(_) => Ok("ready"),
        Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}
