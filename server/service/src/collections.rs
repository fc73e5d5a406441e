//! Collections.

use crate::error::blocking;
use crate::{Error, Service};
use model::collection::{Collection, CollectionSummary, slug_of};
use model::{Filter, columns};
use search::Ask;

/// All collections by title, with the number of their tweets and the newest of them.
pub async fn list(service: &Service) -> Result<Vec<CollectionSummary>, Error> {
    let collections = store::collections::list(&service.store).await?;
    let mut summaries = Vec::with_capacity(collections.len());
    for collection in collections {
        let (index, now) = (service.index.clone(), service.now());
        let filter = members(&collection);
        let ask = Ask {
            filter,
            sort: Vec::new(),
            at: search::At::First,
            limit: 0,
            facets: Vec::new(),
            facet_size: 0,
            split: None,
            previous: false,
            now,
        };
        let answer = blocking(move || index.explore(&ask)).await??;
        summaries.push(CollectionSummary { collection, tweets: answer.total, newest: answer.newest });
    }
    Ok(summaries)
}

/// The collection with that slug.
pub async fn find(service: &Service, slug: &str) -> Result<Collection, Error> {
    let found = store::collections::find(&service.store, slug).await?;
    found.ok_or_else(|| Error::NotFound(format!("There is no collection \"{slug}\".")))
}

/// The collection of that name, made if there is none.
pub async fn find_or_create(service: &Service, name: &str) -> Result<Collection, Error> {
    let slug = slug_of(name).ok_or_else(|| Error::Invalid("A collection's name needs a letter or a digit.".into()))?;
    Ok(store::collections::find_or_create(&service.store, &slug, name.trim(), service.now()).await?)
}

/// The condition that a tweet is in it.
pub(crate) fn members(collection: &Collection) -> Filter {
    match columns::find("collection") {
        Some(column) => Filter::equals(column, collection.slug.as_str()),
        None => Filter::All,
    }
}
