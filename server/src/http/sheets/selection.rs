//! Chosen tweets, and one tweet by itself.

use super::Asked;
use crate::http::AppState;
use crate::http::exports::attachment;
use app::components::{Here, selection::MOST};
use app::sheets::{plots::growth_csv, selection::selection, tweet::tweet};
use app::url::ExploreUrl;
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::{IntoResponse, Response};
use model::TweetId;
use model::texts::{selected, tweet as say};
use serde::Deserialize;
use service::{Error, tweets};

#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    ids: String,
}

/// The tweets with these ids, in their order.
pub async fn show(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Response {
    let ids: Vec<TweetId> = chosen.ids.split(',').filter_map(|id| id.parse().ok()).take(MOST).collect();
    let here = here(&state, ExploreUrl::of(&collection));
    match tweets::several(&state.service, &asked.user, &collection, &ids).await {
        Ok(rows) => asked.show(selected::title(), selection(&here, &rows, tweets::json(&rows))),
        Err(error) => asked.refused(error),
    }
}

/// One tweet by itself.
pub async fn show_one(
    asked: Asked,
    State(state): State<AppState>,
    Path((collection, id)): Path<(String, TweetId)>,
    RawQuery(query): RawQuery,
) -> Response {
    let here = here(&state, ExploreUrl::parse(&collection, &query.unwrap_or_default()));
    let found = async {
        let detail = tweets::detail(&state.service, &asked.user, &collection, id).await?;
        let history = tweets::history(&state.service, &asked.user, &collection, id).await?;
        detail.zip(history).ok_or_else(gone)
    };
    match found.await {
        Ok((found, history)) => {
            let json = tweets::json(std::slice::from_ref(&found.row));
            asked.show(say::title(), tweet(&here, &found, &history, json))
        }
        Err(error) => asked.refused(error),
    }
}

/// The counters of one tweet at every look.
pub async fn metrics(
    asked: Asked,
    State(state): State<AppState>,
    Path((collection, id)): Path<(String, TweetId)>,
) -> Response {
    match tweets::history(&state.service, &asked.user, &collection, id).await {
        Ok(Some(history)) => {
            let name = format!("roost-{id}-metrics.csv");
            (attachment("text/csv; charset=utf-8", &name), growth_csv(&history)).into_response()
        }
        Ok(None) => asked.refused(gone()),
        Err(error) => asked.refused(error),
    }
}

fn gone() -> Error {
    Error::NotFound(say::gone().to_owned())
}

fn here(state: &AppState, url: ExploreUrl) -> Here {
    Here { now: state.service.now(), ..Here::at(url, None) }
}
