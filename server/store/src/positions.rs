//! How far the database has come in the durable log.
//!
//! A position is written in the transaction that writes what the log says there, so each record takes effect once,
//! however often it is delivered.

use crate::Store;
use crate::entity::log_positions::{ActiveModel, Column, Entity};
use crate::error::{Result, StoreError};
use crate::signed;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, EntityTrait, Set};

/// A partition of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The identity of the log: an offset means nothing without it.
    pub log: String,
    pub topic: String,
    pub number: u16,
}

impl Partition {
    fn key(&self) -> (String, String, i32) {
        (self.log.clone(), self.topic.clone(), i32::from(self.number))
    }
}

/// Records of a partition that are written together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumed {
    pub partition: Partition,
    /// The offset of the first of them.
    pub from: u64,
    /// The offset after the last of them.
    pub next: u64,
}

/// The offset that is done next; 0 if nothing of that log was done.
pub async fn next_of(store: &Store, partition: &Partition) -> Result<u64> {
    let row = Entity::find_by_id(partition.key()).one(store.reader()).await?;
    Ok(row.map_or(0, |row| row.next.unsigned_abs()))
}

/// Forgets how far it was, so that the partition can be read from an earlier offset.
pub async fn forget(store: &Store, partition: &Partition) -> Result<()> {
    Entity::delete_by_id(partition.key()).exec(store.writer()).await?;
    Ok(())
}

/// Notes that the records are done.
///
/// # Errors
/// `Overtaken` if another process has done some of them. Nothing of the transaction may then be kept.
pub(crate) async fn advance(transaction: &DatabaseTransaction, consumed: &Consumed) -> Result<()> {
    let Consumed { partition, from, next } = consumed;
    let known = Entity::find_by_id(partition.key()).one(transaction).await?;
    let done = known.map_or(0, |known| known.next.unsigned_abs());
    if done > *from {
        return Err(StoreError::Overtaken { partition: partition.number, from: *from, done });
    }
    let (log, topic, part) = partition.key();
    let row = ActiveModel { log: Set(log), topic: Set(topic), part: Set(part), next: Set(signed(*next)) };
    let replace =
        OnConflict::columns([Column::Log, Column::Topic, Column::Part]).update_column(Column::Next).to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(transaction).await?;
    Ok(())
}
