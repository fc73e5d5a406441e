//! The answer of the explore page.

use crate::error::AppError;
use leptos::server;
use model::explore::{ExplorePage, ExploreQuery};
use server_fn::codec::GetUrl;

/// Rows, counts, facets and histogram for a filter.
#[server(prefix = "/api/ui", endpoint = "explore", input = GetUrl)]
pub async fn load_explore(query: ExploreQuery) -> Result<ExplorePage, AppError> {
    use super::ssr::{current_user, refused, service};
    current_user()?;
    service::explore::page(&service()?, &query).await.map_err(refused)
}
