//! Links to what the explore page shows.

use super::Asked;
use crate::http::AppState;
use app::components::Here;
use app::sheets::share::{Share, share};
use app::url::ExploreUrl;
use axum::extract::{Path, RawForm, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use service::{collections, links};

/// The links that there are to the page with this query.
pub async fn show(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let collection = match collections::find(&state.service, &asked.user, &collection).await {
        Ok(collection) => collection,
        Err(error) => return asked.refused(error),
    };
    let here = Here::at(ExploreUrl::parse(&collection.slug, &query), None);
    let code = app::url::pairs(&query).into_iter().find(|(key, _)| key == "short").map(|(_, code)| code);
    let now = state.service.now();
    let shared = Share { here: &here, title: &collection.title, site: state.address(&headers), code, now };
    asked.show(model::texts::share::title(), share(&shared))
}

/// Makes a short link to the page that the form's fields describe.
pub async fn shorten(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawForm(form): RawForm,
) -> Response {
    let url = ExploreUrl::parse(&collection, &String::from_utf8_lossy(&form));
    let made = async {
        collections::find(&state.service, &asked.user, &collection).await?;
        links::shorten(&state.service, &asked.user, url.href()).await
    };
    match made.await {
        Ok(code) => {
            let query = url.query_string();
            let joint = if query.is_empty() { "" } else { "&" };
            Redirect::to(&format!("{}/share?{query}{joint}short={code}", url.path())).into_response()
        }
        Err(error) => asked.refused(error),
    }
}

/// Goes to where a short link leads.
pub async fn follow(asked: Asked, State(state): State<AppState>, Path(code): Path<String>) -> Response {
    match links::follow(&state.service, &asked.user, &code).await {
        Ok(path) => Redirect::to(app::site::local_path(&path)).into_response(),
        Err(error) => asked.refused(error),
    }
}
