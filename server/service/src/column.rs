//! What the values of a column are like, to choose among them.

use crate::collections::Opened;
use crate::error::blocking;
use crate::explore::resolved;
use crate::{Error, Service, collections, explore};
use model::account::CurrentUser;
use model::columns::{Column, Format};
use model::explore::{Sort, ValuesPage, ValuesQuery};
use model::stats::{Activity, ColumnStats, Week};
use model::zone::Zone;
use model::{Filter, Pid};
use search::{At, StatsAsk};

/// Values listed of a column that is counted by value.
pub const LISTED: usize = 50;

/// A column of what a filter finds, without the filter's own conditions on it.
#[derive(Clone, Debug, Default)]
pub struct ColumnCard {
    pub stats: ColumnStats,
    /// Its values with their counts, where it is counted by value.
    pub values: Option<ValuesPage>,
    /// When the tweets were posted: of the time only.
    pub week: Option<Week>,
    /// How many tweets each author posted: of the author only.
    pub activity: Option<Activity>,
}

/// Which column is wanted.
#[derive(Clone, Debug)]
pub struct ColumnQuery {
    /// Slug of the collection.
    pub collection: String,
    /// In the filter language.
    pub filter: String,
    pub column: &'static Column,
    /// Only values that contain this are listed.
    pub containing: String,
    /// By whose clocks the hours of the week are.
    pub zone: &'static Zone,
}

pub async fn card(service: &Service, user: &CurrentUser, query: &ColumnQuery) -> Result<ColumnCard, Error> {
    let column = query.column;
    let (opened, filter) = others(service, user, query).await?;
    let now = service.now();
    let zone = query.zone;
    let index = service.index.clone();
    let mut card = blocking(move || {
        let ask = StatsAsk { filter, column, top: 0, now };
        Ok::<_, search::SearchError>(ColumnCard {
            stats: index.stats(&ask)?,
            values: None,
            week: (column.name == "created").then(|| index.week(&ask.filter, zone, now)).transpose()?,
            activity: (column.name == "author").then(|| index.activity(&ask.filter, now)).transpose()?,
        })
    })
    .await??;
    if opened.hidden.covers(column) {
        // It would count what is hidden.
        card.stats.distinct = None;
    }
    if column.facet {
        let values = ValuesQuery {
            collection: query.collection.clone(),
            filter: query.filter.clone(),
            column: column.name.to_owned(),
            containing: query.containing.clone(),
            by_name: false,
            limit: LISTED,
        };
        card.values = Some(explore::values(service, user, values).await?);
    }
    Ok(card)
}

/// The tweet that stands at that place, from 1, if those of the filter's other conditions are ordered by the column,
/// the highest or the lowest first. Of fewer tweets the last.
pub async fn at_place(
    service: &Service,
    user: &CurrentUser,
    query: &ColumnQuery,
    place: u64,
    highest: bool,
) -> Result<Option<model::Row>, Error> {
    let (opened, filter) = others(service, user, query).await?;
    let filter = filter.with(Filter::present(query.column));
    let sort = vec![Sort { column: query.column.name.to_owned(), descending: highest }];
    let (index, now) = (service.index.clone(), service.now());
    let ids = blocking(move || index.ids(&filter, &sort, &At::Number(place.max(1)), 1, now)).await??.ids;
    Ok(opened.hidden.rows(store::tweets::by_ids(&service.store, &ids).await?).pop())
}

/// Those of the names that nobody has been seen with; none for columns that hold no names.
pub async fn unseen(service: &Service, column: &'static Column, names: &[String]) -> Result<Vec<String>, Error> {
    let mut unseen = Vec::new();
    if column.format != Format::Author {
        return Ok(unseen);
    }
    for name in names {
        let handle = name.trim_start_matches('@').to_lowercase();
        let is_known =
            name.parse::<Pid>().is_ok() || store::tweets::pid_of_handle(&service.store, &handle).await?.is_some();
        if !is_known {
            unseen.push(name.clone());
        }
    }
    Ok(unseen)
}

async fn others(service: &Service, user: &CurrentUser, query: &ColumnQuery) -> Result<(Opened, Filter), Error> {
    let opened = collections::open(service, user, &query.collection).await?;
    let filter = resolved(service, &query.filter).await?.filter.without_column(query.column);
    let filter = opened.members_matching(filter);
    Ok((opened, filter))
}
