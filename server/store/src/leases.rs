//! Work that one process does at a time, and another takes over when that one is gone.
//!
//! Whoever takes a lease gets a greater token than all before. What it writes is only kept while the token is the latest
//! one, which is checked in the same transaction: a process that was away for long cannot undo what its successor did.

use crate::Store;
use crate::entity::leases::{ActiveModel, Column, Entity};
use crate::error::{Result, StoreError};
use model::Timestamp;
use model::time::SECOND;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set};

/// For how long a process may be silent.
pub const LENGTH: i64 = 15 * SECOND;

/// A work that this process does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    name: String,
    token: i64,
}

/// Takes a work, if nobody has it. `None` if another process does it.
pub async fn take(store: &Store, name: &str, now: Timestamp) -> Result<Option<Lease>> {
    let row = ActiveModel { name: Set(name.to_owned()), token: Set(1), until: Set(now.0 + LENGTH) };
    let over = Expr::col((Entity, Column::Until)).lte(now.0);
    let take_over = OnConflict::column(Column::Name)
        .value(Column::Token, Expr::col((Entity, Column::Token)).add(1))
        .value(Column::Until, now.0 + LENGTH)
        .action_and_where(over)
        .to_owned();
    let transaction = store.begin().await?;
    let taken = Entity::insert(row).on_conflict(take_over).exec_without_returning(&transaction).await?;
    if taken == 0 {
        return Ok(None);
    }
    let row = Entity::find_by_id(name.to_owned()).one(&transaction).await?;
    transaction.commit().await?;
    Ok(row.map(|row| Lease { name: row.name, token: row.token }))
}

/// Says that this process is there. False if another has taken the work over.
pub async fn renew(store: &Store, lease: &Lease, now: Timestamp) -> Result<bool> {
    let mine = Entity::update_many().col_expr(Column::Until, Expr::value(now.0 + LENGTH)).filter(is(lease));
    Ok(mine.exec(store.writer()).await?.rows_affected == 1)
}

/// Lets another process have it at once.
pub async fn release(store: &Store, lease: &Lease) -> Result<()> {
    Entity::update_many().col_expr(Column::Until, Expr::value(0_i64)).filter(is(lease)).exec(store.writer()).await?;
    Ok(())
}

/// Makes sure that nobody has taken the work over, and nobody does before the transaction ends.
///
/// # Errors
/// `Lost` if somebody has. Nothing of the transaction may then be kept.
pub(crate) async fn guard(transaction: &DatabaseTransaction, lease: &Lease) -> Result<()> {
    match Entity::find().filter(is(lease)).lock_exclusive().one(transaction).await? {
        Some(_) => Ok(()),
        None => Err(StoreError::Lost(lease.name.clone())),
    }
}

fn is(lease: &Lease) -> sea_orm::Condition {
    sea_orm::Condition::all().add(Column::Name.eq(&lease.name)).add(Column::Token.eq(lease.token))
}
