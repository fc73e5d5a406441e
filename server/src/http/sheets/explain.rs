//! What sets the tweets of a range of time apart from the others.

use super::Asked;
use crate::http::AppState;
use app::components::Here;
use app::sheets::explain::explain;
use app::url::{ExploreUrl, pairs};
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use model::filter::DateValue;
use model::{Timestamp, columns};

/// The range is that of the filter; `from` and `to` (dates of the filter language) take its place.
pub async fn show(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let now = state.service.now();
    let mut here = Here::at(ExploreUrl::parse(&collection, &query), None);
    let range = limit(&query, "from", now).zip(limit(&query, "to", now)).zip(columns::find("created"));
    if let Some(((from, to), created)) = range {
        let filter = here.filter.with_span(created, from, to);
        here = Here::at(here.url.with_filter(&filter), None);
    }
    match service::explain::explain(&state.service, &asked.user, &collection, &here.written).await {
        Ok(found) => asked.show(model::texts::explain::title(), explain(&here, found.as_ref())),
        Err(error) => asked.refused(error),
    }
}

/// The moment at which a date begins.
fn limit(query: &str, key: &str, now: Timestamp) -> Option<Timestamp> {
    let value = pairs(query).into_iter().find(|(name, _)| name == key)?.1;
    Some(DateValue::parse(&value)?.span(now).0)
}
