//! The link in mails of alerts. It works without signing in, and for that one subscription.

use super::Anybody;
use crate::http::AppState;
use app::sheets::unsubscribe::{ask, done, used};
use axum::extract::{Query, State};
use axum::response::Response;
use model::texts::unsubscribe::title;
use serde::Deserialize;
use service::{Error, alerts};

#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// Asks whether it shall end.
pub async fn show(anybody: Anybody, State(state): State<AppState>, Query(Link { token }): Query<Link>) -> Response {
    match alerts::subscription_of(&state.service, &token).await {
        Ok(Some(found)) => anybody.show(title(), ask(&found.alert_name, &token)),
        Ok(None) => anybody.show(title(), used()),
        Err(error) => anybody.refused(error),
    }
}

/// Ends it. Mail programs may post here by themselves (RFC 8058).
pub async fn end(anybody: Anybody, State(state): State<AppState>, Query(Link { token }): Query<Link>) -> Response {
    let ended = async {
        let Some(found) = alerts::subscription_of(&state.service, &token).await? else { return Ok::<_, Error>(false) };
        alerts::unsubscribe(&state.service, found.user, found.alert).await?;
        Ok(true)
    };
    match ended.await {
        Ok(true) => anybody.show(title(), done()),
        Ok(false) => anybody.show(title(), used()),
        Err(error) => anybody.refused(error),
    }
}
