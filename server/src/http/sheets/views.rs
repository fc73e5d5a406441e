//! Saved views: the list, saving, changing, deleting.

use super::Asked;
use crate::http::AppState;
use crate::http::exports::status_of;
use app::components::Here;
use app::sheets::views::{NewForm, Views, edit, new, stale, views as views_sheet};
use app::url::{ExploreUrl, encode, pairs};
use axum::extract::{Path, RawForm, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::texts::views as say;
use model::view::SavedView;
use service::Error;
use service::views::{self, Manner, SavedOver};

/// The fields of a form or of an address.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(text: &str) -> Self {
        Self(pairs(text))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn manner(&self) -> Manner {
        Manner {
            name: self.get("name").unwrap_or_default().to_owned(),
            is_shared: self.get("shared").is_some(),
            is_locked: self.get("locked").is_some(),
        }
    }
}

/// The list.
pub async fn show(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let here = Here::at(ExploreUrl::parse(&collection, &query), None);
    match views::list(&state.service, &asked.user, &collection).await {
        Ok(list) => {
            let (role, now) = (asked.user.role, state.service.now());
            let fields = Fields::read(&query);
            let find = fields.get("find").unwrap_or_default();
            asked.show(say::title(), views_sheet(&Views { here: &here, views: &list, role, find, now }))
        }
        Err(error) => asked.refused(error),
    }
}

/// The form for a new one.
pub async fn show_new(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    form(&asked, &state, &collection, &query.unwrap_or_default(), None).await
}

async fn form(asked: &Asked, state: &AppState, collection: &str, text: &str, refused: Option<Error>) -> Response {
    let here = Here::at(ExploreUrl::parse(collection, text), None);
    let list = match views::list(&state.service, &asked.user, collection).await {
        Ok(list) => list,
        Err(error) => return asked.refused(error),
    };
    let open = list.iter().find(|view| Some(view.id) == here.url.view);
    let Manner { name, is_shared, is_locked } = Fields::read(text).manner();
    let status = refused.as_ref().map_or(StatusCode::OK, status_of);
    let refused = refused.map(|error| error.to_string());
    let filled = NewForm { here: &here, open, role: asked.user.role, name: &name, is_shared, is_locked, refused };
    asked.answer(status, say::save(), None, new(&filled))
}

/// Saves what the form's fields (those of the page's URL) describe under `name`, with `shared` for everyone.
pub async fn create(
    asked: Result<Asked, Response>,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawForm(fields): RawForm,
) -> Response {
    let text = String::from_utf8_lossy(&fields);
    let url = ExploreUrl::parse(&collection, &text);
    let manner = Fields::read(&text).manner();
    let Ok(asked) = asked else {
        // After signing in the form is there again.
        return Redirect::to(&format!("/sign-in?next={}", encode(&url.sheet("views/new", "")))).into_response();
    };
    match views::create(&state.service, &asked.user, &collection, manner, url.view_query()).await {
        Ok(id) => Redirect::to(&url.with_view(Some(id)).href()).into_response(),
        Err(error @ Error::Invalid(_)) => form(&asked, &state, &collection, &text, Some(error)).await,
        Err(error) => asked.refused(error),
    }
}

/// Saves what the form's fields describe over a view, as `version` of it was seen.
pub async fn save_over(
    asked: Asked,
    State(state): State<AppState>,
    Path((collection, id)): Path<(String, i64)>,
    RawForm(fields): RawForm,
) -> Response {
    let text = String::from_utf8_lossy(&fields);
    let url = ExploreUrl::parse(&collection, &text).with_view(Some(id));
    // A form without the version has seen none.
    let version = Fields::read(&text).get("version").and_then(|version| version.parse().ok()).unwrap_or(-1);
    match views::save_over(&state.service, &asked.user, &collection, (id, version), url.view_query()).await {
        Ok(SavedOver::Done) => Redirect::to(&url.href()).into_response(),
        Ok(SavedOver::Stale(theirs)) => {
            let sheet = stale(&Here::at(url, None), &theirs);
            asked.answer(StatusCode::CONFLICT, say::meanwhile(), None, sheet)
        }
        Err(error) => asked.refused(error),
    }
}

/// One view, to be named, shared, locked or deleted.
pub async fn show_one(
    asked: Asked,
    State(state): State<AppState>,
    Path((collection, id)): Path<(String, i64)>,
    RawQuery(query): RawQuery,
) -> Response {
    let here = Here::at(ExploreUrl::parse(&collection, &query.unwrap_or_default()), None);
    match managed(&asked, &state, &collection, id).await {
        Ok(view) => asked.show(say::view(), edit(&here, &view, None)),
        Err(error) => asked.refused(error),
    }
}

async fn managed(asked: &Asked, state: &AppState, collection: &str, id: i64) -> Result<SavedView, Error> {
    let view = views::find(&state.service, &asked.user, collection, id).await?;
    match view.may_manage(asked.user.role) {
        true => Ok(view),
        false => Err(Error::Invalid(say::of_other(&view.owner))),
    }
}

/// Names, shares and locks it as the form's fields say.
pub async fn manage(
    asked: Asked,
    State(state): State<AppState>,
    Path((collection, id)): Path<(String, i64)>,
    RawForm(fields): RawForm,
) -> Response {
    let text = String::from_utf8_lossy(&fields);
    let url = ExploreUrl::parse(&collection, &text);
    let manner = Fields::read(&text).manner();
    let error = match views::manage(&state.service, &asked.user, &collection, id, manner).await {
        Ok(()) => return Redirect::to(&url.sheet("views", "")).into_response(),
        Err(error) => error,
    };
    match managed(&asked, &state, &collection, id).await {
        Ok(view) => {
            let sheet = edit(&Here::at(url, None), &view, Some(error.to_string()));
            asked.answer(status_of(&error), say::view(), None, sheet)
        }
        Err(error) => asked.refused(error),
    }
}

/// Deletes a view; what it showed stays on the page.
pub async fn delete(
    asked: Asked,
    State(state): State<AppState>,
    Path((collection, id)): Path<(String, i64)>,
    RawForm(form): RawForm,
) -> Response {
    let url = ExploreUrl::parse(&collection, &String::from_utf8_lossy(&form));
    let open = url.view.filter(|open| *open != id);
    match views::delete(&state.service, &asked.user, &collection, id).await {
        Ok(()) => Redirect::to(&url.with_view(open).href()).into_response(),
        Err(error) => asked.refused(error),
    }
}
