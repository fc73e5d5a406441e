//! The choice of the time zone.

use super::Asked;
use crate::http::AppState;
use crate::http::language::zone_names;
use app::sheets::zone::{Zones, zone};
use app::site::local_path;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use service::zones;

/// The form; `unknown` is what was sent and is no zone.
pub async fn show(
    asked: Asked,
    State(state): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = app::url::pairs(&query.unwrap_or_default());
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let [chosen, browser] = zone_names(&headers);
    let names = zones::names();
    let form = Zones {
        names: &names,
        chosen: chosen.as_deref(),
        browser: browser.as_deref().filter(|name| zones::find(name).is_some()),
        unknown: field("unknown"),
        next: local_path(field("next").unwrap_or("/")),
        now: state.service.now(),
    };
    asked.show(model::texts::zone::title(), zone(&form))
}
