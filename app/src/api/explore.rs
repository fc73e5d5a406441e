//! The answer of the explore page.

use crate::error::AppError;
use leptos::server;
use model::explore::{Block, ExplorePage, ExploreQuery, ValuesPage, ValuesQuery};
use server_fn::codec::GetUrl;
#[cfg(feature = "ssr")]
use {model::account::CurrentUser, service::Service};

/// Rows, counts, facets and histogram for a filter.
#[server(prefix = "/api/ui", endpoint = "explore", input = GetUrl)]
pub async fn load_explore(query: ExploreQuery) -> Result<ExplorePage, AppError> {
    use super::ssr::{current_user, refused, service};
    let user = current_user()?;
    page(&service()?, &user, &query).await.map_err(refused)
}

/// The same for this person. A filter that cannot be read does not hide what the collection is called.
#[cfg(feature = "ssr")]
pub async fn page(service: &Service, user: &CurrentUser, query: &ExploreQuery) -> Result<ExplorePage, AppError> {
    match service::explore::page(service, user, query).await {
        Err(service::Error::Filter(error)) => {
            let collection = service::collections::find(service, user, &query.collection).await?;
            Err(AppError::Filter(error, Some(collection.title)))
        }
        answer => Ok(answer?),
    }
}

/// Rows alone, for those who scroll on.
#[server(prefix = "/api/ui", endpoint = "rows", input = GetUrl)]
pub async fn load_rows(query: ExploreQuery) -> Result<Block, AppError> {
    use super::ssr::{current_user, refused, service};
    let user = current_user()?;
    service::explore::rows(&service()?, &user, &query).await.map_err(refused)
}

/// How many tweets match the filter now; what was answered before may be fewer.
#[server(prefix = "/api/ui", endpoint = "count", input = GetUrl)]
pub async fn count_tweets(collection: String, filter: String) -> Result<u64, AppError> {
    use super::ssr::{current_user, refused, service};
    let user = current_user()?;
    service::explore::count_in(&service()?, &user, &collection, &filter).await.map_err(refused)
}

/// Values of a column with their counts.
#[server(prefix = "/api/ui", endpoint = "values", input = GetUrl)]
pub async fn list_values(query: ValuesQuery) -> Result<ValuesPage, AppError> {
    use super::ssr::{current_user, refused, service};
    let user = current_user()?;
    service::explore::values(&service()?, &user, query).await.map_err(refused)
}
