//! Chosen tweets, and one tweet by itself.

use super::{Asked, own_file};
use crate::http::AppState;
use crate::http::exports::attachment;
use app::components::{Here, selection::MOST};
use app::sheets::{
    annotations::Marks,
    plots::growth_csv,
    selection::{Tagging, selection},
    tweet::tweet,
};
use app::url::{ExploreUrl, pairs};
use axum::Form;
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::TweetId;
use model::annotation::Act;
use model::texts::{selected, tweet as say};
use serde::Deserialize;
use service::{Error, annotations, tweets};

#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    ids: String,
    /// The tag that they were given just now.
    tagged: Option<String>,
    /// There if that cannot be seen yet.
    soon: Option<String>,
}

/// The tweets with these ids, in their order.
pub async fn show(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Response {
    let ids = tweet_ids(&chosen.ids);
    let may = annotations::may_annotate(&asked.user);
    let tagging = Tagging { may, done: chosen.tagged, is_soon: chosen.soon.is_some() };
    let here = here(&state, ExploreUrl::of(&collection));
    match tweets::several(&state.service, &asked.user, &collection, &ids).await {
        Ok(rows) => asked.show(selected::title(), selection(&here, &rows, &tagging, tweets::json(&rows))),
        Err(error) => asked.refused(error),
    }
}

fn tweet_ids(text: &str) -> Vec<TweetId> {
    text.split(',').filter_map(|id| id.parse().ok()).take(MOST).collect()
}

#[derive(Deserialize)]
pub struct Tag {
    ids: String,
    tag: String,
}

/// Puts a tag on all of the tweets.
pub async fn tag(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    Form(put): Form<Tag>,
) -> Response {
    let act = Act::Tag(put.tag.clone());
    match annotations::annotate(&state.service, &asked.user, &collection, &tweet_ids(&put.ids), act).await {
        Ok(is_seen) => {
            let path = ExploreUrl::of(&collection).path();
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("ids", &put.ids).append_pair("tagged", &put.tag);
            if !is_seen {
                query.append_key_only("soon");
            }
            Redirect::to(&format!("{path}/selection?{}", query.finish())).into_response()
        }
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
    let query = query.unwrap_or_default();
    let is_soon = pairs(&query).iter().any(|(name, _)| name == "soon");
    let here = here(&state, ExploreUrl::parse(&collection, &query));
    let found = async {
        let detail = tweets::detail(&state.service, &asked.user, &collection, id).await?;
        let history = tweets::history(&state.service, &asked.user, &collection, id).await?;
        let standing = annotations::of(&state.service, &asked.user, &collection, id).await?;
        detail.zip(history).zip(standing).ok_or_else(gone)
    };
    match found.await {
        Ok(((found, history), standing)) => {
            let json = tweets::json(std::slice::from_ref(&found.row));
            let marks = Marks { standing, may_annotate: annotations::may_annotate(&asked.user), is_soon };
            asked.show(say::title(), tweet(&here, &found, &marks, &history, json))
        }
        Err(error) => asked.refused(error),
    }
}

#[derive(Deserialize)]
pub struct Put {
    #[serde(default)]
    tag: String,
    #[serde(default)]
    note: String,
}

/// Puts a tag or a note on a tweet, or takes one away, as the path says.
pub async fn annotate(
    asked: Asked,
    State(state): State<AppState>,
    Path((collection, id, act)): Path<(String, TweetId, String)>,
    RawQuery(query): RawQuery,
    Form(put): Form<Put>,
) -> Response {
    let act = match act.as_str() {
        "tag" => Act::Tag(put.tag),
        "untag" => Act::Untag(put.tag),
        "note" => Act::Note(put.note),
        _ => return asked.nowhere(),
    };
    let url = ExploreUrl::parse(&collection, &query.unwrap_or_default());
    match annotations::annotate(&state.service, &asked.user, &collection, &[id], act).await {
        Ok(is_seen) => {
            let soon = if is_seen { "" } else { "&soon" };
            Redirect::to(&format!("{}/tweet/{id}?{}{soon}", url.path(), url.query_string())).into_response()
        }
        Err(error) => asked.refused(error),
    }
}

/// What only tags and notes look like.
pub async fn style() -> Response {
    own_file("text/css; charset=utf-8", include_str!("../../../../style/sheets/marks.css"))
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
