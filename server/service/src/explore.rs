//! The question of the explore page, answered: rows, total, facets and histogram from one index snapshot.

use crate::collections::Opened;
use crate::error::blocking;
use crate::{Error, Service, collections, zones};
use model::account::CurrentUser;
use model::columns::{self, Format};
use model::explore::{Block, ExplorePage, ExploreQuery, PAGE_SIZE, VALUES_LIMIT, ValuesPage, ValuesQuery};
use model::filter::{DateValue, FilterError, Predicate, Scalar, Test, parse};
use model::texts::refusals as say;
use model::zone::UTC;
use model::{Filter, Pid, Timestamp};
use search::{Ask, At, ValuesAsk};
use std::collections::BTreeMap;

/// Values of each facet that are shown.
const FACET_SIZE: usize = 8;

/// Moments at which alerts fired that are marked.
const MOST_FIRED: u64 = 100;

/// Everything that the explore page shows for a query.
pub async fn page(service: &Service, user: &CurrentUser, query: &ExploreQuery) -> Result<ExplorePage, Error> {
    let Opened { collection, hidden } = collections::open(service, user, &query.collection).await?;
    let Resolved { filter, handles } = resolved(service, &query.filter).await?;
    let (filter, now) = (hidden.filter(filter), service.now());
    let members = collections::members(&collection);
    let ask = Ask {
        filter: Filter::and([members.clone(), filter.clone()]),
        sort: query.sort.clone(),
        at: at(query, now),
        limit: PAGE_SIZE,
        facets: columns::DEFAULT_FACETS.iter().filter_map(|name| columns::find(name)).collect(),
        facet_size: FACET_SIZE,
        split: query.split.as_deref().and_then(columns::find).filter(|column| column.facet && !hidden.covers(column)),
        previous: query.previous,
        zone: zones::find(&query.zone).unwrap_or(&UTC),
        now,
    };
    let behind = store::tweets::last_change(&service.store).await?.saturating_sub(service.index.position());
    let index = service.index.clone();
    let (answer, without) = blocking(move || {
        let answer = index.explore(&ask)?;
        let without = if answer.total == 0 { counts_without(&index, &members, &filter, now)? } else { Vec::new() };
        Ok::<_, search::SearchError>((answer, without))
    })
    .await??;
    let rows = hidden.rows(store::tweets::by_ids(&service.store, &answer.ids).await?);
    let fired = match query.view {
        Some(view) => {
            let time = answer.histogram.from..answer.histogram.to;
            store::alerts::fired_on(&service.store, user.id, (collection.id, view), time, MOST_FIRED).await?
        }
        None => Vec::new(),
    };
    let views = store::views::names(&service.store, collection.id, user.id).await?;
    Ok(ExplorePage {
        collection,
        total: answer.total,
        authors: answer.authors,
        newest: answer.newest,
        first_position: answer.first_position,
        rows,
        next: answer.next,
        previous: answer.previous,
        facets: answer.facets.into_iter().map(|facet| hidden.facet(facet)).collect(),
        histogram: answer.histogram,
        fired,
        handles,
        without,
        views,
        answered_at: now,
        behind,
    })
}

fn at(query: &ExploreQuery, now: Timestamp) -> At {
    let time = query.at.as_deref().and_then(DateValue::parse);
    match (&query.after, &query.before, query.row, time) {
        (Some(cursor), ..) => At::After(cursor.clone()),
        (None, Some(cursor), ..) => At::Before(cursor.clone()),
        (None, None, Some(row), _) => At::Number(row),
        (None, None, None, Some(time)) => {
            let (start, end) = time.span(now);
            At::Time { start, end }
        }
        (None, None, None, None) => At::First,
    }
}

/// The rows of a query alone.
pub async fn rows(service: &Service, user: &CurrentUser, query: &ExploreQuery) -> Result<Block, Error> {
    let opened = collections::open(service, user, &query.collection).await?;
    let filter = opened.members_matching(resolved(service, &query.filter).await?.filter);
    let (index, now, sort) = (service.index.clone(), service.now(), query.sort.clone());
    let at = at(query, now);
    let page = blocking(move || index.ids(&filter, &sort, &at, PAGE_SIZE, now)).await??;
    let rows = opened.hidden.rows(store::tweets::by_ids(&service.store, &page.ids).await?);
    Ok(Block { rows, first_position: page.first_position, next: page.next, previous: page.previous })
}

/// For each conjunct of the filter, how many of the members match without it.
fn counts_without(
    index: &search::Index,
    members: &Filter,
    filter: &Filter,
    now: Timestamp,
) -> search::Result<Vec<u64>> {
    let without = |place| Filter::and([members.clone(), filter.without_conjunct(place)]);
    (0..filter.conjuncts().len()).map(|place| index.count(&without(place), now)).collect()
}

/// The number of tweets of a collection that match a filter.
pub async fn count_in(service: &Service, user: &CurrentUser, collection: &str, filter: &str) -> Result<u64, Error> {
    let opened = collections::open(service, user, collection).await?;
    let filter = resolved(service, filter).await?.filter;
    count_matching(service, opened.members_matching(filter)).await
}

/// The number of tweets of all collections that match a filter.
pub async fn count(service: &Service, filter: &str) -> Result<u64, Error> {
    count_matching(service, resolved(service, filter).await?.filter).await
}

async fn count_matching(service: &Service, filter: Filter) -> Result<u64, Error> {
    let (index, now) = (service.index.clone(), service.now());
    Ok(blocking(move || index.count(&filter, now)).await??)
}

/// The values of a column, each with its count; the column's own conditions are left out of the filter.
pub async fn values(service: &Service, user: &CurrentUser, query: ValuesQuery) -> Result<ValuesPage, Error> {
    let opened = collections::open(service, user, &query.collection).await?;
    let column = columns::find(&query.column).ok_or_else(|| Error::Invalid(no_column(&query.column)))?;
    let filter = resolved(service, &query.filter).await?.filter.without_choice(column);
    let ask = ValuesAsk {
        filter: opened.members_matching(filter),
        column,
        containing: query.containing,
        by_name: query.by_name,
        limit: query.limit.min(VALUES_LIMIT),
        now: service.now(),
    };
    let index = service.index.clone();
    let mut page = blocking(move || index.values(ask)).await??;
    let before = page.values.len();
    opened.hidden.values(column, &mut page.values);
    page.found -= (before - page.values.len()) as u64;
    Ok(page)
}

fn no_column(name: &str) -> String {
    say::no_column(name)
}

/// The newest tweets that match a filter.
pub async fn newest(service: &Service, filter: &str, limit: usize) -> Result<Vec<model::Row>, Error> {
    let filter = resolved(service, filter).await?.filter;
    let (index, now) = (service.index.clone(), service.now());
    let page = blocking(move || index.ids(&filter, &[], &At::First, limit, now)).await??;
    Ok(store::tweets::by_ids(&service.store, &page.ids).await?)
}

/// A filter as the index understands it.
pub(crate) struct Resolved {
    pub filter: Filter,
    /// The authors that the text names by handle.
    pub handles: BTreeMap<String, Pid>,
}

/// Reads a filter and puts the pseudonym in the place of every handle (`from:nasa`), for the index knows only these.
///
/// # Errors
/// `Filter` if it cannot be read, or names someone who has not been seen.
pub(crate) async fn resolved(service: &Service, text: &str) -> Result<Resolved, Error> {
    let filter = parse(text)?;
    let mut named = Vec::new();
    collect_handles(&filter, &mut named);
    let mut handles = BTreeMap::new();
    for handle in named {
        let pid = store::tweets::pid_of_handle(&service.store, &handle).await?;
        let pid = pid.ok_or_else(|| Error::Filter(unseen(text, &handle)))?;
        handles.insert(handle, pid);
    }
    Ok(Resolved { filter: with_pids(filter, &handles), handles })
}

fn unseen(text: &str, handle: &str) -> FilterError {
    let start = text.to_ascii_lowercase().find(handle).unwrap_or(0);
    let at = start..start + handle.len().min(text.len() - start);
    FilterError { replaces: at.clone(), at, message: say::no_author(handle), suggestion: None }
}

fn handle_of(test: &Test) -> Option<&str> {
    match &test.predicate {
        Predicate::Equals(Scalar::Word(word)) if test.column.format == Format::Author => {
            word.parse::<Pid>().is_err().then_some(word)
        }
        _ => None,
    }
}

fn collect_handles(filter: &Filter, handles: &mut Vec<String>) {
    match filter {
        Filter::All => {}
        Filter::Test(test) => handles.extend(handle_of(test).map(str::to_owned)),
        Filter::Not(inner) => collect_handles(inner, handles),
        Filter::And(parts) | Filter::Or(parts) => parts.iter().for_each(|part| collect_handles(part, handles)),
    }
}

fn with_pids(filter: Filter, pids: &BTreeMap<String, Pid>) -> Filter {
    let all = |parts: Vec<Filter>| parts.into_iter().map(|part| with_pids(part, pids)).collect::<Vec<_>>();
    match filter {
        Filter::Test(test) => match handle_of(&test).and_then(|handle| pids.get(handle)) {
            Some(pid) => Filter::equals(test.column, pid.to_string()),
            None => Filter::Test(test),
        },
        Filter::Not(inner) => with_pids(*inner, pids).negate(),
        Filter::And(parts) => Filter::and(all(parts)),
        Filter::Or(parts) => Filter::or(all(parts)),
        Filter::All => Filter::All,
    }
}

impl From<search::SearchError> for Error {
    fn from(error: search::SearchError) -> Self {
        tracing::error!(error = %error, "the index failed");
        match error {
            // Their words are about the machine.
            search::SearchError::Engine(_) | search::SearchError::Files(_) => Error::Internal,
            error => Error::Invalid(error.to_string()),
        }
    }
}
