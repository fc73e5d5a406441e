//! Who may open a collection: everyone who may sign in, or only the people that are named. That admins may always is
//! not known here.

use crate::Store;
use crate::audit::{NewEntry, Pen};
use crate::entity::{collection_people, collections, users};
use crate::error::Result;
use model::{CollectionId, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use std::collections::BTreeSet;

/// Who may open a collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Whether only the people that are named may.
    pub is_restricted: bool,
    /// Their numbers. They are kept while everyone may.
    pub people: BTreeSet<i64>,
}

/// Slugs of the collections that are restricted to people among whom this one is not.
pub async fn hidden_from(store: &Store, user: i64) -> Result<BTreeSet<String>> {
    let restricted = collections::Entity::find().filter(collections::Column::Restricted.eq(true));
    let restricted = restricted.all(store.reader()).await?;
    if restricted.is_empty() {
        return Ok(BTreeSet::new());
    }
    let named: BTreeSet<i64> = collection_people::Entity::find()
        .filter(collection_people::Column::UserId.eq(user))
        .all(store.reader())
        .await?
        .into_iter()
        .map(|row| row.collection_id)
        .collect();
    Ok(restricted.into_iter().filter(|row| !named.contains(&row.id)).map(|row| row.slug).collect())
}

/// Who may open the collection.
pub async fn find(store: &Store, collection: CollectionId) -> Result<Access> {
    let row = collections::Entity::find_by_id(collection.0).one(store.reader()).await?;
    let people = collection_people::Entity::find().filter(collection_people::Column::CollectionId.eq(collection.0));
    Ok(Access {
        is_restricted: row.is_some_and(|row| row.restricted),
        people: people.all(store.reader()).await?.into_iter().map(|row| row.user_id).collect(),
    })
}

/// Sets who may open the collection; `by` is who says so. Numbers of nobody are left out.
pub async fn set(store: &Store, collection: CollectionId, access: &Access, by: i64, now: Timestamp) -> Result<()> {
    let pen = Pen::new(store, now).await?;
    let transaction = store.begin().await?;
    collections::Entity::update_many()
        .col_expr(collections::Column::Restricted, Expr::value(access.is_restricted))
        .filter(collections::Column::Id.eq(collection.0))
        .exec(&transaction)
        .await?;
    collection_people::Entity::delete_many()
        .filter(collection_people::Column::CollectionId.eq(collection.0))
        .exec(&transaction)
        .await?;
    let known: Vec<i64> = users::Entity::find()
        .select_only()
        .column(users::Column::Id)
        .filter(users::Column::Id.is_in(access.people.iter().copied()))
        .into_tuple()
        .all(&transaction)
        .await?;
    if !known.is_empty() {
        let rows = known
            .iter()
            .map(|user| collection_people::ActiveModel { collection_id: Set(collection.0), user_id: Set(*user) });
        collection_people::Entity::insert_many(rows).exec_without_returning(&transaction).await?;
    }
    let entry = NewEntry {
        user: Some(by),
        action: "collection.access",
        subject: format!("collection:{}", collection.0),
        details: json!({ "restricted": access.is_restricted, "people": known }),
    };
    let head = pen.write(&transaction, entry).await?;
    pen.commit(transaction, head).await
}
