//! Plots of what the explore page shows, and their files.

use super::Asked;
use crate::http::AppState;
use crate::http::exports::attachment;
use app::components::Here;
use app::sheets::plots::{Plots, bars as bars_sheet, csv_file, file_name, plots as sheet, svg_file, title};
use app::url::{ExploreUrl, pairs};
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use futures::future::join_all;
use model::plot::{Plot, PlotKind};
use model::texts::plots as say;
use model::zone;
use service::Error;
use service::plots::{Plotted, plotted, snapshot, tweets};

/// All plots of what the query describes.
pub async fn show(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let here = here(&state, &collection, &query);
    let tweets = match tweets(&state.service, &asked.user, &collection, &here.written).await {
        Ok(tweets) => tweets,
        Err(error) => return asked.refused(error),
    };
    let index = snapshot(&state.service);
    // In parts as the explore page has them, unless others are chosen.
    let split = here.url.split.map(|column| column.name.to_owned());
    let column = |kind: PlotKind| field(&query, kind.name()).or(split.clone().filter(|_| kind == PlotKind::Volume));
    let chosen = PlotKind::ALL.map(|kind| Plot::new(kind, column(kind).as_deref()));
    let work = chosen.map(|plot| plotted(&state.service, &index, &tweets, plot, zone::current()));
    let done = join_all(work).await.into_iter().map(|done| done.map_err(|error| error.to_string()));
    let shown = Plots { here: &here, title: &tweets.collection.title, plotted: chosen.into_iter().zip(done).collect() };
    asked.show(say::title(), sheet(&shown))
}

/// The bars of the explore page as a table.
pub async fn bars(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let here = here(&state, &collection, &query.unwrap_or_default());
    let plot = Plot::new(PlotKind::Volume, here.url.split.map(|column| column.name));
    let found = async {
        let tweets = tweets(&state.service, &asked.user, &collection, &here.written).await?;
        let of = plotted(&state.service, &snapshot(&state.service), &tweets, plot, zone::current()).await?;
        Ok::<_, Error>((tweets.collection, of))
    };
    match found.await {
        Ok((collection, of)) => asked.show(&title(of.plot), bars_sheet(&here, &collection.title, &of)),
        Err(error) => asked.refused(error),
    }
}

/// One plot as a picture.
pub async fn svg(asked: Asked, state: State<AppState>, path: Path<String>, query: RawQuery) -> Response {
    match one(&asked, state, path, query).await {
        Ok((here, title, of)) => {
            let file = svg_file(&here, &title, &of);
            (attachment("image/svg+xml", &file_name(of.plot, "svg")), file).into_response()
        }
        Err(error) => asked.refused(error),
    }
}

/// The numbers of one plot.
pub async fn csv(asked: Asked, state: State<AppState>, path: Path<String>, query: RawQuery) -> Response {
    match one(&asked, state, path, query).await {
        Ok((here, _, of)) => {
            let name = file_name(of.plot, "csv");
            (attachment("text/csv; charset=utf-8", &name), csv_file(&here, &of)).into_response()
        }
        Err(error) => asked.refused(error),
    }
}

/// Where its tweets are, the title of their collection, and what was counted.
async fn one(
    asked: &Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<(Here, String, Plotted), Error> {
    let query = query.unwrap_or_default();
    let kind = field(&query, "kind").unwrap_or_default();
    let kind = PlotKind::from_name(&kind).ok_or_else(|| Error::NotFound(say::no_plot(&kind)))?;
    let plot = Plot::new(kind, field(&query, "col").as_deref());
    let here = here(&state, &collection, &query);
    let tweets = tweets(&state.service, &asked.user, &collection, &here.written).await?;
    let of = plotted(&state.service, &snapshot(&state.service), &tweets, plot, zone::current()).await?;
    Ok((here, tweets.collection.title, of))
}

fn field(query: &str, name: &str) -> Option<String> {
    pairs(query).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

fn here(state: &AppState, collection: &str, query: &str) -> Here {
    Here { now: state.service.now(), ..Here::at(ExploreUrl::parse(collection, query), None) }
}
