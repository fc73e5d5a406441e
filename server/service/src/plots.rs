//! What plots show of the tweets that a filter finds.

use crate::error::blocking;
use crate::explore::resolved;
use crate::{Error, Service, collections};
use model::account::CurrentUser;
use model::collection::Collection;
use model::explore::Histogram;
use model::plot::{Plot, PlotKind};
use model::stats::{Activity, ColumnStats, Week};
use model::texts::refusals as say;
use model::zone::Zone;
use model::{Filter, Timestamp};
use search::{Answer, Ask, At, Snapshot, StatsAsk};
use std::time::Duration;

/// The most values of a column that a plot shows.
pub const TOP: usize = 10;

/// How long a plot may take.
const BUDGET: Duration = Duration::from_secs(5);

/// What a plot shows. All of it is of one state of the index.
#[derive(Clone, Debug)]
pub struct Plotted {
    pub plot: Plot,
    /// Tweets that match; exact.
    pub total: u64,
    /// When the newest of them was posted.
    pub newest: Option<Timestamp>,
    pub as_of: Timestamp,
    pub data: Data,
}

#[derive(Clone, Debug)]
pub enum Data {
    Volume(Histogram),
    /// Of a column, with its most frequent values or its ranges.
    Column(ColumnStats),
    Week(Box<Week>),
    Activity(Activity),
}

/// The tweets that a plot is about.
#[derive(Clone, Debug)]
pub struct Tweets {
    pub collection: Collection,
    filter: Filter,
}

/// The tweets of a collection that the user may open, by a filter in the filter language.
///
/// # Errors
/// `NotFound` if there is no such collection, `Filter` if the filter cannot be read.
pub async fn tweets(service: &Service, user: &CurrentUser, collection: &str, filter: &str) -> Result<Tweets, Error> {
    let collection = collections::find(service, user, collection).await?;
    let filter = resolved(service, filter).await?.filter;
    let filter = Filter::and([collections::members(&collection), filter]);
    Ok(Tweets { collection, filter })
}

/// What the index holds now, for several plots of one state of it.
pub fn snapshot(service: &Service) -> Snapshot {
    service.index.snapshot()
}

/// What a plot shows of the tweets, by the clocks of a zone.
///
/// # Errors
/// `Invalid` if it takes longer than a page may wait for it.
pub async fn plotted(
    service: &Service,
    index: &Snapshot,
    tweets: &Tweets,
    plot: Plot,
    zone: &'static Zone,
) -> Result<Plotted, Error> {
    let (index, filter, now) = (index.clone(), tweets.filter.clone(), service.now());
    let asked = blocking(move || ask(&index, filter, plot, (zone, now)));
    match tokio::time::timeout(BUDGET, asked).await {
        Ok(done) => Ok(done??),
        Err(_) => Err(Error::Invalid(say::plot_slow(&BUDGET.as_secs().to_string()))),
    }
}

fn ask(
    index: &Snapshot,
    filter: Filter,
    plot: Plot,
    (zone, now): (&'static Zone, Timestamp),
) -> search::Result<Plotted> {
    let split = plot.column.filter(|_| plot.kind == PlotKind::Volume);
    let Answer { total, newest, histogram, .. } = index.explore(&Ask {
        filter: filter.clone(),
        sort: Vec::new(),
        at: At::First,
        limit: 0,
        facets: Vec::new(),
        facet_size: 0,
        split,
        previous: false,
        zone,
        now,
    })?;
    let data = match (plot.kind, plot.column) {
        (PlotKind::Week, _) => Data::Week(Box::new(index.week(&filter, zone, now)?)),
        (PlotKind::Activity, _) => Data::Activity(index.activity(&filter, now)?),
        (PlotKind::Top | PlotKind::Share | PlotKind::Spread, Some(column)) => {
            Data::Column(index.stats(&StatsAsk { filter, column, top: TOP, now })?)
        }
        (_, _) => Data::Volume(histogram),
    };
    Ok(Plotted { plot, total, newest, as_of: now, data })
}
