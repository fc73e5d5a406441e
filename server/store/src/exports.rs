//! The record of exports: who took what, and how much of the day's limit is left.

use crate::Store;
use crate::entity::{exports, users};
use crate::error::Result;
use model::export::ExportFormat;
use model::time::DAY;
use model::{CollectionId, Timestamp};
use sea_orm::{ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

/// An export that is about to begin.
#[derive(Clone, Debug)]
pub struct NewExport {
    pub user: i64,
    pub collection: CollectionId,
    pub filter: String,
    pub format: ExportFormat,
    /// How many tweets it will hold.
    pub tweets: u64,
}

/// Tweets that the user has exported with their content on the UTC day of `now`.
pub async fn used(store: &Store, user: i64, now: Timestamp) -> Result<u64> {
    used_by(store.reader(), user, now).await
}

/// Records the export unless it would exceed the day's limit. Returns whether it may begin.
///
/// Exports without content are recorded and free.
pub async fn begin(store: &Store, new: NewExport, daily_limit: u64, now: Timestamp) -> Result<bool> {
    let transaction = store.begin().await?;
    let has_content = new.format.has_content();
    // Two exports of one person at once: the second waits here, and then counts the first.
    users::Entity::find_by_id(new.user).lock_exclusive().one(&transaction).await?;
    if has_content && used_by(&transaction, new.user, now).await? + new.tweets > daily_limit {
        return Ok(false);
    }
    let row = exports::ActiveModel {
        id: NotSet,
        user_id: Set(new.user),
        collection_id: Set(new.collection.0),
        filter: Set(new.filter),
        format: Set(new.format.name().to_owned()),
        tweets: Set(new.tweets as i64),
        has_content: Set(has_content),
        at: Set(now.0),
    };
    exports::Entity::insert(row).exec_without_returning(&transaction).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn used_by(connection: &impl ConnectionTrait, user: i64, now: Timestamp) -> Result<u64> {
    let counts: Vec<i64> = exports::Entity::find()
        .select_only()
        .column(exports::Column::Tweets)
        .filter(exports::Column::UserId.eq(user))
        .filter(exports::Column::HasContent.eq(true))
        .filter(exports::Column::At.gte(now.floor(DAY).0))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(counts.into_iter().map(i64::unsigned_abs).sum())
}
