//! One tweet, opened.

use crate::collections::Opened;
use crate::exports::jsonl;
use crate::{Error, Service, collections};
use model::account::CurrentUser;
use model::columns::COLUMNS;
use model::explore::TweetDetail;
use model::growth::Observation;
use model::{Row, TweetId};

/// The tweet with what it refers to, if it is in that collection.
pub async fn detail(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    id: TweetId,
) -> Result<Option<TweetDetail>, Error> {
    let Opened { collection, hidden } = collections::open(service, user, collection).await?;
    let Some(row) = hidden.rows(store::tweets::by_ids(&service.store, &[id]).await?).pop() else { return Ok(None) };
    if !row.collections.contains(&collection.slug) {
        return Ok(None);
    }
    let referenced: Vec<TweetId> = row.tweet.references.iter().map(|reference| reference.id).collect();
    let referenced = hidden.known(store::tweets::by_ids(&service.store, &referenced).await?);
    Ok(Some(TweetDetail { row, referenced }))
}

/// How the counters of the tweet were at every look, the first one first, if it is in that collection.
pub async fn history(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    id: TweetId,
) -> Result<Option<Vec<Observation>>, Error> {
    match several(service, user, collection, &[id]).await?.is_empty() {
        true => Ok(None),
        false => Ok(Some(store::tweets::history(&service.store, id).await?)),
    }
}

/// Those of the tweets that are in that collection, in the order asked for.
pub async fn several(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    ids: &[TweetId],
) -> Result<Vec<Row>, Error> {
    let Opened { collection, hidden } = collections::open(service, user, collection).await?;
    let rows = hidden.rows(store::tweets::by_ids(&service.store, ids).await?);
    Ok(rows.into_iter().filter(|row| row.collections.contains(&collection.slug)).collect())
}

/// The tweets as a JSON list of objects with a field for each column, as an export has them.
pub fn json(rows: &[Row]) -> String {
    let objects: Vec<_> = rows.iter().map(|row| jsonl::object(row, COLUMNS.iter())).collect();
    serde_json::to_string_pretty(&objects).unwrap_or_default()
}
