//! A schedule, for admins: what it is going to ask of X and when, and its latest runs.

use super::{Admin, own_file};
use crate::http::AppState;
use app::sheets::schedule::{Shown, schedule};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::texts::schedule as say;
use service::{Error, fetch, schedules};

/// Runs that are shown.
const RUNS: usize = 20;
/// A run that somebody cancelled ends within a second: then the page says so by itself.
const SOON: u32 = 2;

/// The page.
pub async fn show(Admin(asked): Admin, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    let found = async {
        let plan = fetch::plan(&state.service, id).await?;
        let runs = schedules::runs(&state.service, id).await?;
        Ok::<_, Error>((plan, runs, schedules::gaps(&state.service, id).await?))
    };
    match found.await {
        Ok((plan, runs, gaps)) => {
            let runs = &runs[..runs.len().min(RUNS)];
            let refresh = plan.is_cancelled.then_some(SOON);
            let title = say::title(&plan.schedule.name);
            asked.answer(StatusCode::OK, &title, refresh, schedule(&Shown { plan: &plan, runs, gaps: &gaps }))
        }
        Err(error) => asked.refused(error),
    }
}

/// Asks a run to end. Where it has ended already, the page says how.
pub async fn cancel(Admin(asked): Admin, State(state): State<AppState>, Path((id, run)): Path<(i64, i64)>) -> Response {
    match schedules::cancel(&state.service, run).await {
        Ok(_) => Redirect::to(&format!("/schedules/{id}")).into_response(),
        Err(error) => asked.refused(error),
    }
}

/// What only this page looks like.
pub async fn style() -> Response {
    own_file("text/css; charset=utf-8", include_str!("../../../../style/sheets/schedule.css"))
}
