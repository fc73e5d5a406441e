//! Saved views.

use crate::Store;
use crate::entity::{users, views};
use crate::error::Result;
use model::view::SavedView;
use model::{CollectionId, Timestamp};
use sea_orm::sea_query::{Condition, OnConflict};
use sea_orm::{ActiveValue::NotSet, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use std::collections::HashMap;

/// A view to be saved.
#[derive(Clone, Debug)]
pub struct NewView {
    pub collection: CollectionId,
    pub owner: i64,
    pub name: String,
    pub query: String,
    pub is_shared: bool,
}

/// The user's own views of a collection and those that are shared, by name.
pub async fn list(store: &Store, collection: CollectionId, user: i64) -> Result<Vec<SavedView>> {
    let visible = Condition::any().add(views::Column::OwnerId.eq(user)).add(views::Column::Shared.eq(true));
    let rows = views::Entity::find()
        .filter(views::Column::CollectionId.eq(collection.0))
        .filter(visible)
        .order_by_asc(views::Column::Name)
        .all(store.reader())
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let owners = users::Entity::find().filter(users::Column::Id.is_in(rows.iter().map(|row| row.owner_id)));
    let owners: HashMap<i64, String> =
        owners.all(store.reader()).await?.into_iter().map(|user| (user.id, user.name)).collect();
    let view = |row: views::Model| SavedView {
        id: row.id,
        name: row.name,
        query: row.query,
        is_shared: row.shared,
        is_mine: row.owner_id == user,
        owner: owners.get(&row.owner_id).cloned().unwrap_or_default(),
    };
    Ok(rows.into_iter().map(view).collect())
}

/// A view with what its alerts need of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub collection: CollectionId,
    pub owner: i64,
    /// The query string of the explore page that it stands for.
    pub query: String,
    pub is_shared: bool,
}

/// The view of that number.
pub async fn find(store: &Store, id: i64) -> Result<Option<Found>> {
    let row = views::Entity::find_by_id(id).one(store.reader()).await?;
    Ok(row.map(|row| Found {
        collection: CollectionId(row.collection_id),
        owner: row.owner_id,
        query: row.query,
        is_shared: row.shared,
    }))
}

/// Saves a view, in place of the owner's earlier one of that name. Returns its id.
pub async fn save(store: &Store, new: NewView, now: Timestamp) -> Result<i64> {
    let row = views::ActiveModel {
        id: NotSet,
        collection_id: Set(new.collection.0),
        owner_id: Set(new.owner),
        name: Set(new.name),
        query: Set(new.query),
        shared: Set(new.is_shared),
        updated_at: Set(now.0),
        locked: Set(true),
        version: Set(0),
    };
    let replace = OnConflict::columns([views::Column::CollectionId, views::Column::OwnerId, views::Column::Name])
        .update_columns([views::Column::Query, views::Column::Shared, views::Column::UpdatedAt])
        .to_owned();
    let saved = views::Entity::insert(row).on_conflict(replace).exec_with_returning(store.writer()).await?;
    Ok(saved.id)
}

/// Deletes a view: its owner's, or any that is shared if `any_shared`. Returns whether there was one to delete.
pub async fn delete(store: &Store, id: i64, user: i64, any_shared: bool) -> Result<bool> {
    let mut may = Condition::any().add(views::Column::OwnerId.eq(user));
    if any_shared {
        may = may.add(views::Column::Shared.eq(true));
    }
    let deleted =
        views::Entity::delete_many().filter(views::Column::Id.eq(id)).filter(may).exec(store.writer()).await?;
    Ok(deleted.rows_affected > 0)
}
