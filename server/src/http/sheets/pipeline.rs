//! Where everything stands, for admins; and what becomes of what could not be understood.

use super::{Admin, own_file};
use crate::http::AppState;
use crate::http::exports::attachment;
use app::sheets::pipeline::{Done, Pipeline, Sample, pipeline, sample};
use app::url::pairs;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::texts::{alerts, pipeline as say, refusals};
use service::pipeline::Overview;
use service::{Error, quality, quarantine, schedules};

/// Runs that are shown.
const RUNS: u64 = 20;

/// The page.
pub async fn show(Admin(asked): Admin, State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    let found = async {
        let overview = Overview::of(&state.service).await?;
        let runs = quality::latest(&state.service, RUNS).await?;
        Ok::<_, Error>((overview, runs, quarantine::groups(&state.service).await?))
    };
    match found.await {
        Ok((overview, runs, groups)) => {
            let done = done(&query.unwrap_or_default());
            let shown = Pipeline { overview: &overview, runs: &runs, groups: &groups, done };
            asked.show(say::title(), pipeline(&shown))
        }
        Err(error) => asked.refused(error),
    }
}

/// What happened in a run, as a file.
pub async fn run_log(Admin(asked): Admin, State(state): State<AppState>, Path(run): Path<i64>) -> Response {
    match schedules::run_log(&state.service, run).await {
        Ok(log) => (attachment("text/plain; charset=utf-8", &format!("roost-run-{run}.txt")), log).into_response(),
        Err(error) => asked.refused(error),
    }
}

/// What only these pages look like: no other loads it.
pub async fn style() -> Response {
    own_file("text/css; charset=utf-8", include_str!("../../../../style/sheets/pipeline.css"))
}

/// What has just been done, as the address says where [`act`] leads.
fn done(query: &str) -> Option<Done> {
    let pairs = pairs(query);
    let number = |name: &str| pairs.iter().find(|(key, _)| key == name)?.1.parse().ok();
    let tried_again = || Some(Done::TriedAgain { stored: number("stored")?, left: number("left")? });
    number("dropped").map(Done::Dropped).or_else(tried_again)
}

/// Does one thing with a group of the quarantine, as the path says.
pub async fn act(
    Admin(asked): Admin,
    State(state): State<AppState>,
    Path((last_id, action)): Path<(i64, String)>,
) -> Response {
    let (service, by) = (&state.service, asked.user.id);
    let acted = async {
        let group = quarantine::find(service, last_id).await?;
        match action.as_str() {
            "look" => {
                let gone = || Error::NotFound(refusals::no_group().to_owned());
                let reject = quarantine::sample(service, &group, by).await?.ok_or_else(gone)?;
                let shown = Sample { group: &group, reject: &reject, now: service.now() };
                Ok(asked.show(say::look(), sample(&shown)))
            }
            "again" => {
                let quarantine::Replayed { stored, left } = quarantine::replay(service, &group, by).await?;
                Ok(Redirect::to(&format!("/pipeline?stored={stored}&left={left}")).into_response())
            }
            "drop" => {
                let dropped = quarantine::drop(service, &group, by).await?;
                Ok(Redirect::to(&format!("/pipeline?dropped={dropped}")).into_response())
            }
            _ => Err(Error::NotFound(alerts::nothing_to_do().to_owned())),
        }
    };
    acted.await.unwrap_or_else(|error| asked.refused(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_what_was_done_only_if_it_has_all_the_numbers() {
        assert_eq!(done("stored=2&left=1"), Some(Done::TriedAgain { stored: 2, left: 1 }));
        assert_eq!(done("dropped=3"), Some(Done::Dropped(3)));
        assert_eq!([done(""), done("stored=2"), done("dropped=x")], [None; 3]);
    }
}
