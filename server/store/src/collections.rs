//! Collections.

use crate::Store;
use crate::entity::collections;
use crate::error::Result;
use model::collection::Collection;
use model::{CollectionId, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::NotSet, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

/// The collection with that slug.
pub async fn find(store: &Store, slug: &str) -> Result<Option<Collection>> {
    let row = collections::Entity::find().filter(collections::Column::Slug.eq(slug)).one(store.reader()).await?;
    Ok(row.map(from_row))
}

/// The collection with that slug, made with that title if there is none.
pub async fn find_or_create(store: &Store, slug: &str, title: &str, now: Timestamp) -> Result<Collection> {
    let row = collections::ActiveModel {
        id: NotSet,
        slug: Set(slug.to_owned()),
        title: Set(title.to_owned()),
        created_at: Set(now.0),
        restricted: Set(false),
    };
    let keep = OnConflict::column(collections::Column::Slug).do_nothing().to_owned();
    collections::Entity::insert(row).on_conflict(keep).exec_without_returning(store.writer()).await?;
    let row = collections::Entity::find().filter(collections::Column::Slug.eq(slug)).one(store.writer()).await?;
    row.map(from_row).ok_or_else(|| crate::StoreError::Damaged(format!("collection {slug} vanished")))
}

/// All collections by title.
pub async fn list(store: &Store) -> Result<Vec<Collection>> {
    let rows = collections::Entity::find().order_by_asc(collections::Column::Title).all(store.reader()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

fn from_row(row: collections::Model) -> Collection {
    Collection { id: CollectionId(row.id), slug: row.slug, title: row.title, created_at: Timestamp(row.created_at) }
}
