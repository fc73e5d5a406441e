//! Whether tweets are as they were written. SQLite keeps no checksums of its pages: of a bit that is another within a
//! value it knows nothing.

use super::record::to_prepared;
use crate::Store;
use crate::entity::tweets;
use crate::error::Result;
use crate::vault::Place;
use model::TweetId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Tweets that are read at a time.
const SLICE: u64 = 1000;

/// The tweets that are not as they were written, by id: the fingerprint of their content is another, the tweet as it came
/// does not open, or the row is none. It reads every tweet from end to end.
///
/// What a fingerprint does not cover: the version and the first sight of a tweet, which index and lake have too, and when
/// single fields were told.
///
/// # Errors
/// What the database says.
pub async fn damaged(store: &Store) -> Result<Vec<TweetId>> {
    let mut damaged = Vec::new();
    let mut after = i64::MIN;
    loop {
        let slice = tweets::Entity::find()
            .filter(tweets::Column::Id.gt(after))
            .order_by_asc(tweets::Column::Id)
            .limit(SLICE)
            .all(store.reader())
            .await?;
        let Some(last) = slice.last() else { return Ok(damaged) };
        after = last.id;
        for row in slice {
            let id = TweetId(row.id.unsigned_abs());
            if !is_as_written(store, row).await? {
                damaged.push(id);
            }
        }
    }
}

async fn is_as_written(store: &Store, row: tweets::Model) -> Result<bool> {
    let place = Place { table: "tweets", row: &row.id.to_le_bytes(), column: "raw" };
    // It is empty where what it came with was removed.
    if !row.raw.is_empty() {
        match store.vault().unseal(place, &row.raw).await {
            Err(error) if error.is_passing() => return Err(error),
            Err(_) => return Ok(false),
            Ok(_) => {}
        }
    }
    let content_hash = row.content_hash;
    Ok(to_prepared(row).is_ok_and(|tweet| tweet.content_hash == content_hash))
}
