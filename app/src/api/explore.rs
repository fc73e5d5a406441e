//! The answer of the explore page.

use crate::error::AppError;
use leptos::server;
use model::explore::{Block, ExplorePage, ExploreQuery, ValuesPage, ValuesQuery};
use server_fn::codec::GetUrl;

/// Rows, counts, facets and histogram for a filter.
#[server(prefix = "/api/ui", endpoint = "explore", input = GetUrl)]
pub async fn load_explore(query: ExploreQuery) -> Result<ExplorePage, AppError> {
    use super::ssr::{current_user, refused, service};
    let user = current_user()?;
    service::explore::page(&service()?, &user, &query).await.map_err(refused)
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
