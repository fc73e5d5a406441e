//! Who may open a collection, for admins.

use super::Asked;
use crate::http::AppState;
use app::sheets::access::{Access, access};
use app::url::{encode, pairs};
use axum::extract::{Path, RawForm, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use service::access::{self as use_cases, Access as Allowed};
use service::{Error, accounts};

/// The form.
pub async fn show(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let found = async {
        let found = use_cases::of(&state.service, &asked.user, &collection).await?;
        Ok::<_, Error>((found, accounts::list(&state.service).await?))
    };
    match found.await {
        Ok(((collection, allowed), people)) => {
            let people: Vec<_> =
                people.into_iter().filter(|(_, locked_out)| !locked_out).map(|(user, _)| user).collect();
            let is_saved = query.as_deref() == Some("saved");
            let shown = Access { collection: &collection, allowed: &allowed, people: &people, is_saved };
            asked.show(model::texts::access::title(), access(&shown))
        }
        Err(error) => asked.refused(error),
    }
}

/// Sets it as the form's fields say.
pub async fn save(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawForm(fields): RawForm,
) -> Response {
    let fields = pairs(&String::from_utf8_lossy(&fields));
    let of = |name: &'static str| fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str());
    let allowed = Allowed {
        is_restricted: of("open").any(|open| open == "named"),
        people: of("person").filter_map(|id| id.parse().ok()).collect(),
    };
    match use_cases::set(&state.service, &asked.user, &collection, &allowed).await {
        Ok(()) => Redirect::to(&format!("/c/{}/access?saved", encode(&collection))).into_response(),
        Err(error) => asked.refused(error),
    }
}
