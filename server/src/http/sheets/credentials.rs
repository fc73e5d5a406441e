//! Credentials and the limits of access tiers, for admins.

use super::{Admin, own_file};
use crate::http::AppState;
use app::sheets::credentials::{Credentials, credentials};
use app::url::pairs;
use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use service::limits::{self, Caller, Change};
use service::{Error, credentials as use_cases};

/// Microseconds.
const MILLISECOND: i64 = 1_000;

/// The page.
pub async fn show(Admin(asked): Admin, State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    let found = async {
        let known = use_cases::list(&state.service).await?;
        Ok::<_, Error>((known, limits::list(&state.service).await?))
    };
    match found.await {
        Ok((known, limits)) => {
            let is_saved = query.as_deref() == Some("saved");
            let shown = Credentials { credentials: &known, limits: &limits, is_saved };
            asked.show(model::texts::credentials::title(), credentials(&shown))
        }
        Err(error) => asked.refused(error),
    }
}

/// Says which access tier a credential has.
pub async fn set_tier(
    Admin(asked): Admin,
    State(state): State<AppState>,
    Path(credential): Path<i64>,
    RawForm(fields): RawForm,
) -> Response {
    let fields = pairs(&String::from_utf8_lossy(&fields));
    let tier = of(&fields, "tier");
    match use_cases::set_tier(&state.service, credential, tier, Some(asked.user.id)).await {
        Ok(()) => saved(),
        Err(error) => asked.refused(error),
    }
}

/// Sets a limit.
pub async fn set_limit(Admin(asked): Admin, State(state): State<AppState>, RawForm(fields): RawForm) -> Response {
    let fields = pairs(&String::from_utf8_lossy(&fields));
    // What is no number is no limit either: the service says what is one.
    let apart: i64 = of(&fields, "apart").trim().parse().unwrap_or(-1);
    let change = Change {
        tier: of(&fields, "tier"),
        endpoint: of(&fields, "endpoint"),
        caller: Caller::from_name(of(&fields, "caller")).unwrap_or(Caller::App),
        requests: of(&fields, "requests").trim().parse().unwrap_or_default(),
        spacing: Some(apart.saturating_mul(MILLISECOND)),
    };
    match limits::set(&state.service, &change, Some(asked.user.id)).await {
        Ok(()) => saved(),
        Err(error) => asked.refused(error),
    }
}

fn of<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

fn saved() -> Response {
    Redirect::to("/credentials?saved").into_response()
}

/// What only this page looks like.
pub async fn style() -> Response {
    own_file("text/css; charset=utf-8", include_str!("../../../../style/sheets/credentials.css"))
}
