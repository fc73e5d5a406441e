//! Saved views.

use crate::Store;
use crate::entity::{alerts, users, views};
use crate::error::{Result, StoreError};
use model::view::{SavedView, ViewName};
use model::{CollectionId, Timestamp};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ActiveValue::NotSet, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set, SqlErr};
use std::collections::HashMap;

/// A view to be saved.
#[derive(Clone, Debug)]
pub struct NewView {
    pub collection: CollectionId,
    pub owner: i64,
    pub name: String,
    pub query: String,
    pub is_shared: bool,
    pub is_locked: bool,
}

/// What a view is called, and for whom it is.
#[derive(Clone, Debug)]
pub struct Manner {
    pub name: String,
    pub is_shared: bool,
    pub is_locked: bool,
}

/// The user's own views of a collection and those that are shared, by name.
pub async fn names(store: &Store, collection: CollectionId, user: i64) -> Result<Vec<ViewName>> {
    let rows = visible(store, collection, user).await?;
    Ok(rows.into_iter().map(|row| ViewName { id: row.id, name: row.name, query: row.query }).collect())
}

/// The same with all that is known of them.
pub async fn list(store: &Store, collection: CollectionId, user: i64) -> Result<Vec<SavedView>> {
    let rows = visible(store, collection, user).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let owners = users::Entity::find().filter(users::Column::Id.is_in(rows.iter().map(|row| row.owner_id)));
    let owners: HashMap<i64, String> =
        owners.all(store.reader()).await?.into_iter().map(|user| (user.id, user.name)).collect();
    let mut watching: HashMap<i64, Vec<String>> = HashMap::new();
    let alerts = alerts::Entity::find().filter(alerts::Column::ViewId.is_in(rows.iter().map(|row| row.id)));
    for alert in alerts.order_by_asc(alerts::Column::Name).all(store.reader()).await? {
        watching.entry(alert.view_id).or_default().push(alert.name);
    }
    let view = |row: views::Model| SavedView {
        id: row.id,
        name: row.name,
        query: row.query,
        is_shared: row.shared,
        is_locked: row.locked,
        is_mine: row.owner_id == user,
        owner: owners.get(&row.owner_id).cloned().unwrap_or_default(),
        changed_at: Timestamp(row.updated_at),
        version: row.version,
        alerts: watching.remove(&row.id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(view).collect())
}

async fn visible(store: &Store, collection: CollectionId, user: i64) -> Result<Vec<views::Model>> {
    let visible = Condition::any().add(views::Column::OwnerId.eq(user)).add(views::Column::Shared.eq(true));
    let rows = views::Entity::find()
        .filter(views::Column::CollectionId.eq(collection.0))
        .filter(visible)
        .order_by_asc(views::Column::Name)
        .order_by_asc(views::Column::Id);
    Ok(rows.all(store.reader()).await?)
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

/// Makes a view. Returns its id.
///
/// # Errors
/// `Taken` if its owner has one of that name.
pub async fn create(store: &Store, new: NewView, now: Timestamp) -> Result<i64> {
    let name = new.name.clone();
    let inserted = views::Entity::insert(row(new, now)).exec(store.writer()).await;
    Ok(inserted.map_err(|error| taken(error, name))?.last_insert_id)
}

fn row(new: NewView, now: Timestamp) -> views::ActiveModel {
    views::ActiveModel {
        id: NotSet,
        collection_id: Set(new.collection.0),
        owner_id: Set(new.owner),
        name: Set(new.name),
        query: Set(new.query),
        shared: Set(new.is_shared),
        updated_at: Set(now.0),
        locked: Set(new.is_locked),
        version: Set(0),
    }
}

fn taken(error: DbErr, name: String) -> StoreError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => StoreError::Taken(name),
        _ => error.into(),
    }
}

/// Saves over a view, if it is still at that version. Returns whether it was.
pub async fn save_over(store: &Store, id: i64, version: i64, query: String, now: Timestamp) -> Result<bool> {
    let saved = views::Entity::update_many()
        .col_expr(views::Column::Query, Expr::value(query))
        .col_expr(views::Column::UpdatedAt, Expr::value(now.0))
        .col_expr(views::Column::Version, Expr::value(version + 1))
        .filter(views::Column::Id.eq(id))
        .filter(views::Column::Version.eq(version))
        .exec(store.writer())
        .await?;
    Ok(saved.rows_affected > 0)
}

/// Names, shares and locks a view. What it shows stays, and so does its version.
///
/// # Errors
/// `Taken` if its owner has another of that name.
pub async fn set(store: &Store, id: i64, manner: Manner) -> Result<()> {
    let set = views::Entity::update_many()
        .col_expr(views::Column::Name, Expr::value(manner.name.as_str()))
        .col_expr(views::Column::Shared, Expr::value(manner.is_shared))
        .col_expr(views::Column::Locked, Expr::value(manner.is_locked))
        .filter(views::Column::Id.eq(id));
    set.exec(store.writer()).await.map_err(|error| taken(error, manner.name))?;
    Ok(())
}

/// Deletes a view.
pub async fn delete(store: &Store, id: i64) -> Result<()> {
    views::Entity::delete_by_id(id).exec(store.writer()).await?;
    Ok(())
}
