//! One tweet.

use crate::error::AppError;
use leptos::server;
use model::{TweetId, explore::TweetDetail};
use server_fn::codec::GetUrl;

/// A tweet of a collection with all that is known of it.
#[server(prefix = "/api/ui", endpoint = "tweet", input = GetUrl)]
pub async fn load_tweet(collection: String, id: TweetId) -> Result<TweetDetail, AppError> {
    use super::ssr::{current_user, refused, service};
    let user = current_user()?;
    detail(&service()?, &user, &collection, id).await.map_err(refused)
}

/// The same for who is named, on the server.
#[cfg(feature = "ssr")]
pub async fn detail(
    service: &service::Service,
    user: &model::account::CurrentUser,
    collection: &str,
    id: TweetId,
) -> Result<TweetDetail, AppError> {
    let detail = service::tweets::detail(service, user, collection, id).await?;
    detail.ok_or_else(|| AppError::NotFound(model::texts::tweet::gone().to_owned()))
}
