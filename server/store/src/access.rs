//! Who may open a collection: everyone who may sign in, or only the people that are named. That admins may always is
//! not known here.

use crate::Store;
use crate::audit::{NewEntry, Pen};
use crate::entity::{collection_people, collections, schedules, users};
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

/// Names of some collections, and of what fills them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Slugs of collections.
    pub collections: BTreeSet<String>,
    /// Names of schedules.
    pub schedules: BTreeSet<String>,
}

/// What is not for a person: collections, and the schedules that fill only these. Both are empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    pub closed: Names,
    /// All others.
    pub open: Names,
}

/// The collections that are restricted to people among whom this one is not.
pub async fn hidden_from(store: &Store, user: i64) -> Result<Hidden> {
    let named = collection_people::Entity::find().filter(collection_people::Column::UserId.eq(user));
    let named: BTreeSet<i64> = named.all(store.reader()).await?.into_iter().map(|row| row.collection_id).collect();
    let all = collections::Entity::find().all(store.reader()).await?;
    let (closed, open): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| row.restricted && !named.contains(&row.id));
    if closed.is_empty() {
        return Ok(Hidden::default());
    }
    let schedules = schedules::Entity::find().all(store.reader()).await?;
    let filling = |rows: &[collections::Model]| -> BTreeSet<String> {
        let fills = |schedule: &&schedules::Model| rows.iter().any(|row| row.id == schedule.collection_id);
        schedules.iter().filter(fills).map(|schedule| schedule.name.clone()).collect()
    };
    let open_schedules = filling(&open);
    let closed_schedules = filling(&closed).difference(&open_schedules).cloned().collect();
    let slugs = |rows: Vec<collections::Model>| rows.into_iter().map(|row| row.slug).collect();
    Ok(Hidden {
        closed: Names { collections: slugs(closed), schedules: closed_schedules },
        open: Names { collections: slugs(open), schedules: open_schedules },
    })
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
