//! Boards: the list, one of them, and what can be done with it.

use super::Asked;
use crate::http::AppState;
use app::sheets::boards::{Addable, Open, add as add_sheet, board as board_sheet, boards as list_sheet};
use app::url::pairs;
use axum::extract::{Path, RawForm, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::account::CurrentUser;
use model::board::{Board, Shows, TimeRange};
use model::collection::Collection;
use model::filter::for_all;
use model::plot::{Plot, PlotKind};
use model::texts::boards as say;
use model::view::SavedView;
use service::{Error, Service, boards, collections, views};

type Fields = Vec<(String, String)>;

/// The boards that the person may open.
pub async fn list(asked: Asked, State(state): State<AppState>) -> Response {
    show_list(&asked, &state, None).await
}

/// Makes a board.
pub async fn create(asked: Asked, State(state): State<AppState>, RawForm(form): RawForm) -> Response {
    let fields = read(&form);
    match boards::create(&state.service, &asked.user, field(&fields, "name"), is_shared(&fields)).await {
        Ok(id) => Redirect::to(&format!("/boards/{id}")).into_response(),
        Err(error @ Error::Invalid(_)) => show_list(&asked, &state, Some(error.to_string())).await,
        Err(error) => asked.refused(error),
    }
}

async fn show_list(asked: &Asked, state: &AppState, refused: Option<String>) -> Response {
    let found = async {
        let list = boards::list(&state.service, &asked.user).await?;
        Ok::<_, Error>((list, boards::start(&state.service, &asked.user).await?))
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    match found.await {
        Ok((list, start)) => asked.answer(status, say::title(), None, list_sheet(&list, start, refused.as_deref())),
        Err(error) => asked.refused(error),
    }
}

/// One board, in the range of time that the query names.
pub async fn show(
    asked: Asked,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Response {
    let range = range(&query);
    if range.query() != said(&query) {
        // Days of whoever chooses them become days that everybody understands.
        return Redirect::to(&address(id, range)).into_response();
    }
    let found = async {
        let board = boards::find(&state.service, &asked.user, id).await?;
        Ok::<_, Error>((board, boards::start(&state.service, &asked.user).await?))
    };
    let (board, start) = match found.await {
        Ok(found) => found,
        Err(error) => return asked.refused(error),
    };
    let panels = boards::show(&state.service, &asked.user, &board, range).await;
    let open = Open {
        board: &board,
        range,
        panels: &panels,
        may_change: boards::may_change(&asked.user, &board),
        is_start: start == Some(id),
        now: state.service.now(),
    };
    asked.show(&board.name, board_sheet(&open))
}

/// The form for a new panel.
pub async fn add(
    asked: Asked,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Response {
    show_form(&asked, &state, id, range(&query), &[], None).await
}

/// Adds the panel that the form's fields describe.
pub async fn add_panel(
    asked: Asked,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
    RawForm(form): RawForm,
) -> Response {
    let (fields, range) = (read(&form), range(&query));
    let (collection, shows) = match field(&fields, "source").split_once('/') {
        Some((slug, view)) => (slug, view.parse().map_or_else(|_| Shows::Filter(String::new()), Shows::View)),
        None => (field(&fields, "source"), Shows::Filter(for_all(field(&fields, "filter").trim()))),
    };
    let kind = PlotKind::from_name(field(&fields, "kind")).unwrap_or(PlotKind::Volume);
    let plot = Plot::new(kind, Some(field(&fields, "col")));
    match boards::add_panel(&state.service, &asked.user, id, plot, collection, shows).await {
        Ok(panel) => Redirect::to(&format!("{}#panel-{panel}", address(id, range))).into_response(),
        Err(Error::Internal) => asked.refused(Error::Internal),
        Err(error) => show_form(&asked, &state, id, range, &fields, Some(error.to_string())).await,
    }
}

async fn show_form(
    asked: &Asked,
    state: &AppState,
    id: i64,
    range: TimeRange,
    sent: &[(String, String)],
    refused: Option<String>,
) -> Response {
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    match addable(&state.service, &asked.user, id).await {
        Ok((board, sources)) => {
            let of = Addable { board: &board, range, sources: &sources, sent, refused };
            asked.answer(status, say::add(), None, add_sheet(&of))
        }
        Err(error) => asked.refused(error),
    }
}

type Sources = Vec<(Collection, Vec<SavedView>)>;

async fn addable(service: &Service, user: &CurrentUser, id: i64) -> Result<(Board, Sources), Error> {
    let board = boards::find(service, user, id).await?;
    let mut sources = Vec::new();
    for summary in collections::list(service, user).await? {
        let views = views::list(service, user, &summary.collection.slug).await?;
        sources.push((summary.collection, views));
    }
    Ok((board, sources))
}

/// Does one thing about a board, as the path says.
pub async fn act(
    asked: Asked,
    State(state): State<AppState>,
    Path((id, action)): Path<(i64, String)>,
    RawQuery(query): RawQuery,
    RawForm(form): RawForm,
) -> Response {
    let (service, user, fields) = (&state.service, &asked.user, read(&form));
    let mut next = address(id, range(&query));
    let done = match action.as_str() {
        "change" => boards::change(service, user, id, field(&fields, "name"), is_shared(&fields)).await,
        "start" => boards::set_start(service, user, Some(id)).await,
        "no-start" => boards::set_start(service, user, None).await,
        "delete" => {
            "/boards".clone_into(&mut next);
            boards::delete(service, user, id).await
        }
        _ => Err(Error::NotFound(model::texts::alerts::nothing_to_do().to_owned())),
    };
    match done {
        Ok(()) => Redirect::to(&next).into_response(),
        Err(error) => asked.refused(error),
    }
}

/// Does one thing about a panel, as the path says.
pub async fn act_on_panel(
    asked: Asked,
    State(state): State<AppState>,
    Path((id, panel, action)): Path<(i64, i64, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let (service, user) = (&state.service, &asked.user);
    let done = match action.as_str() {
        "up" => boards::move_panel(service, user, id, panel, true).await,
        "down" => boards::move_panel(service, user, id, panel, false).await,
        "remove" => boards::remove_panel(service, user, id, panel).await,
        _ => Err(Error::NotFound(model::texts::alerts::nothing_to_do().to_owned())),
    };
    match done {
        Ok(()) => Redirect::to(&address(id, range(&query))).into_response(),
        Err(error) => asked.refused(error),
    }
}

fn address(id: i64, range: TimeRange) -> String {
    match range.query() {
        query if query.is_empty() => format!("/boards/{id}"),
        query => format!("/boards/{id}?{query}"),
    }
}

fn range(query: &Option<String>) -> TimeRange {
    let fields = pairs(query.as_deref().unwrap_or_default());
    TimeRange::read(field(&fields, "t"), field(&fields, "from"), field(&fields, "to"))
}

/// What the query says of the range, as [`TimeRange::query`] would say it.
fn said(query: &Option<String>) -> String {
    let fields = pairs(query.as_deref().unwrap_or_default());
    let days = [field(&fields, "from"), field(&fields, "to")].map(|day| day.replace('+', "%2B"));
    match (range(query), days) {
        (TimeRange::Days { .. }, [from, to]) => format!("from={from}&to={to}"),
        (other, _) => other.query(),
    }
}

fn read(form: &[u8]) -> Fields {
    pairs(&String::from_utf8_lossy(form))
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

fn is_shared(fields: &[(String, String)]) -> bool {
    field(fields, "shared") == "1"
}
