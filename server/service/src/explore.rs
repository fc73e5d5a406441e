//! The question of the explore page, answered: rows, total, facets and histogram from one index snapshot.

use crate::error::blocking;
use crate::{Error, Service, collections};
use model::columns::{self, Format};
use model::explore::{ExplorePage, ExploreQuery, PAGE_SIZE};
use model::filter::{Predicate, Scalar, Test, parse};
use model::{Filter, Pid};
use search::Ask;
use std::collections::HashMap;

/// Values of each facet that are shown.
const FACET_SIZE: usize = 8;

/// Everything that the explore page shows for a query.
pub async fn page(service: &Service, query: &ExploreQuery) -> Result<ExplorePage, Error> {
    let collection = collections::find(service, &query.collection).await?;
    let filter = resolve_authors(service, parse(&query.filter)?).await?;
    let now = service.now();
    let ask = Ask {
        filter: Filter::and([collections::members(&collection), filter]),
        sort: query.sort.clone(),
        after: query.after.clone(),
        before: query.before.clone(),
        limit: PAGE_SIZE,
        facets: columns::DEFAULT_FACETS.iter().filter_map(|name| columns::find(name)).collect(),
        facet_size: FACET_SIZE,
        now,
    };
    let index = service.index.clone();
    let answer = blocking(move || index.explore(&ask)).await??;
    let rows = store::tweets::by_ids(&service.store, &answer.ids).await?;
    Ok(ExplorePage {
        collection,
        total: answer.total,
        authors: answer.authors,
        newest: answer.newest,
        first_position: answer.first_position,
        rows,
        next: answer.next,
        previous: answer.previous,
        facets: answer.facets,
        histogram: answer.histogram,
        answered_at: now,
    })
}

/// The number of tweets, in one collection or in all, that match a filter.
pub async fn count(service: &Service, filter: &str) -> Result<u64, Error> {
    let filter = resolve_authors(service, parse(filter)?).await?;
    let (index, now) = (service.index.clone(), service.now());
    Ok(blocking(move || index.count(&filter, now)).await??)
}

/// The newest tweets that match a filter.
pub async fn newest(service: &Service, filter: &str, limit: usize) -> Result<Vec<model::Row>, Error> {
    let filter = resolve_authors(service, parse(filter)?).await?;
    let (index, now) = (service.index.clone(), service.now());
    let sort = model::explore::Sort::default();
    let page = blocking(move || index.ids(&filter, &sort, None, None, limit, now)).await??;
    Ok(store::tweets::by_ids(&service.store, &page.ids).await?)
}

/// Puts the pseudonym in the place of every handle (`from:nasa`), for the index knows only these.
async fn resolve_authors(service: &Service, filter: Filter) -> Result<Filter, Error> {
    let mut handles = Vec::new();
    collect_handles(&filter, &mut handles);
    let mut pids = HashMap::new();
    for handle in handles {
        let pid = store::tweets::pid_of_handle(&service.store, &handle).await?;
        let pid = pid.ok_or_else(|| {
            Error::Invalid(format!("No author with the handle @{handle} has been seen yet. Check the spelling."))
        })?;
        pids.insert(handle, pid);
    }
    Ok(with_pids(filter, &pids))
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

fn with_pids(filter: Filter, pids: &HashMap<String, Pid>) -> Filter {
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
        Error::Invalid(error.to_string())
    }
}
