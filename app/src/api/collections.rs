//! The list of collections.

use crate::error::AppError;
use leptos::server;
use model::collection::CollectionSummary;
use server_fn::codec::GetUrl;

/// All collections, with their counts.
#[server(prefix = "/api/ui", endpoint = "collections", input = GetUrl)]
pub async fn list_collections() -> Result<Vec<CollectionSummary>, AppError> {
    use super::ssr::{current_user, refused, service};
    current_user()?;
    service::collections::list(&service()?).await.map_err(refused)
}
