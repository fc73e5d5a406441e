//! Short links: a code that stands for the path of a page.

use crate::Store;
use crate::entity::links;
use crate::error::Result;
use model::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

/// Keeps the path under the code; a person's earlier code of the same path is used again. Returns the code.
pub async fn save(store: &Store, user: i64, code: String, path: String, now: Timestamp) -> Result<String> {
    let known = links::Entity::find()
        .filter(links::Column::UserId.eq(user))
        .filter(links::Column::Path.eq(path.as_str()))
        .one(store.reader())
        .await?;
    if let Some(known) = known {
        return Ok(known.code);
    }
    let row =
        links::ActiveModel { code: Set(code.clone()), path: Set(path), user_id: Set(user), created_at: Set(now.0) };
    links::Entity::insert(row).exec_without_returning(store.writer()).await?;
    Ok(code)
}

/// The path that the code stands for.
pub async fn path(store: &Store, code: &str) -> Result<Option<String>> {
    Ok(links::Entity::find_by_id(code).one(store.reader()).await?.map(|row| row.path))
}
