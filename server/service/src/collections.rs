//! Collections.

use crate::access::Hidden;
use crate::error::blocking;
use crate::{Error, Service};
use model::account::CurrentUser;
use model::collection::{Collection, CollectionSummary, slug_of};
use model::texts::refusals as say;
use model::{Filter, columns};
use search::Ask;

/// Whether there is any collection.
pub async fn is_any(service: &Service) -> Result<bool, Error> {
    Ok(!store::collections::list(&service.store).await?.is_empty())
}

/// The collections that the user may open, by title, with the number of their tweets and the newest of them.
pub async fn list(service: &Service, user: &CurrentUser) -> Result<Vec<CollectionSummary>, Error> {
    let hidden = Hidden::from(service, user).await?;
    let mut collections = store::collections::list(&service.store).await?;
    collections.retain(|collection| !hidden.has(&collection.slug));
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
            zone: &model::zone::UTC,
            now,
        };
        let answer = blocking(move || index.explore(&ask)).await??;
        summaries.push(CollectionSummary { collection, tweets: answer.total, newest: answer.newest });
    }
    Ok(summaries)
}

/// The collection with that slug, if the user may open it.
///
/// # Errors
/// `NotFound`, the same for one that is not there and one that the user may not open.
pub async fn find(service: &Service, user: &CurrentUser, slug: &str) -> Result<Collection, Error> {
    Ok(open(service, user, slug).await?.collection)
}

/// A collection that somebody has opened, with what they may not know of others.
pub(crate) struct Opened {
    pub collection: Collection,
    pub hidden: Hidden,
}

impl Opened {
    /// Its tweets that match, as the index understands it.
    pub fn members_matching(&self, filter: Filter) -> Filter {
        Filter::and([members(&self.collection), self.hidden.filter(filter)])
    }
}

/// As [`find`].
pub(crate) async fn open(service: &Service, user: &CurrentUser, slug: &str) -> Result<Opened, Error> {
    let hidden = Hidden::from(service, user).await?;
    let found = match hidden.has(slug) {
        true => None,
        false => store::collections::find(&service.store, slug).await?,
    };
    let collection = found.ok_or_else(|| Error::NotFound(say::no_collection(slug)))?;
    Ok(Opened { collection, hidden })
}

/// The collection of that name, made if there is none.
pub async fn find_or_create(service: &Service, name: &str) -> Result<Collection, Error> {
    let slug = slug_of(name).ok_or_else(|| Error::Invalid(say::collection_name().into()))?;
    Ok(store::collections::find_or_create(&service.store, &slug, name.trim(), service.now()).await?)
}

/// The condition that a tweet is in it.
pub(crate) fn members(collection: &Collection) -> Filter {
    match columns::find("collection") {
        Some(column) => Filter::equals(column, collection.slug.as_str()),
        None => Filter::All,
    }
}
