//! One tweet, opened.

use crate::{Error, Service, collections};
use model::TweetId;
use model::explore::TweetDetail;

/// The tweet with what it refers to, if it is in that collection.
pub async fn detail(service: &Service, collection: &str, id: TweetId) -> Result<Option<TweetDetail>, Error> {
    let collection = collections::find(service, collection).await?;
    let Some(row) = store::tweets::by_ids(&service.store, &[id]).await?.pop() else { return Ok(None) };
    if !row.collections.contains(&collection.slug) {
        return Ok(None);
    }
    let referenced: Vec<TweetId> = row.tweet.references.iter().map(|reference| reference.id).collect();
    let referenced = store::tweets::by_ids(&service.store, &referenced).await?;
    Ok(Some(TweetDetail { row, referenced }))
}
