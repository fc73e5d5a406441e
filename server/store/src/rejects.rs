//! What came with X's answers and could not be understood. It is kept sealed, until a later Roost can read it.

use crate::Store;
use crate::entity::rejects;
use crate::error::Result;
use crate::vault::{Place, Purpose};
use model::Timestamp;
use sea_orm::{ActiveValue::NotSet, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use zeroize::Zeroizing;

/// An object that was refused.
pub struct NewReject {
    /// In plain words; it holds nothing of the content.
    pub reason: String,
    /// The object as it came. Personal data.
    pub content: String,
}

/// One that is kept.
pub struct Reject {
    pub id: i64,
    pub run: i64,
    pub at: Timestamp,
    pub reason: String,
    /// As it came.
    pub content: Zeroizing<Vec<u8>>,
}

/// Keeps what a run of a schedule could not read.
pub async fn add(store: &Store, schedule: i64, run: i64, rejected: Vec<NewReject>, now: Timestamp) -> Result<()> {
    if rejected.is_empty() {
        return Ok(());
    }
    let key = store.vault().sealing_key(Purpose::Raw, now).await?;
    let rows = rejected.into_iter().map(|reject| {
        let content = store.vault().seal(&key, place(&run.to_le_bytes()), reject.content.as_bytes())?;
        Ok(rejects::ActiveModel {
            id: NotSet,
            schedule_id: Set(schedule),
            run_id: Set(run),
            at: Set(now.0),
            reason: Set(reject.reason),
            content: Set(content),
        })
    });
    // A page holds 100 at most: one statement binds them all.
    let rows = rows.collect::<Result<Vec<_>>>()?;
    rejects::Entity::insert_many(rows).exec_without_returning(store.writer()).await?;
    Ok(())
}

/// The latest of a schedule, newest first.
pub async fn list(store: &Store, schedule: i64, limit: u64) -> Result<Vec<Reject>> {
    let rows = rejects::Entity::find()
        .filter(rejects::Column::ScheduleId.eq(schedule))
        .order_by_desc(rejects::Column::Id)
        .limit(limit)
        .all(store.reader())
        .await?;
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let content = store.vault().unseal(place(&row.run_id.to_le_bytes()), &row.content).await?;
        kept.push(Reject { id: row.id, run: row.run_id, at: Timestamp(row.at), reason: row.reason, content });
    }
    Ok(kept)
}

fn place(run: &[u8]) -> Place<'_> {
    Place { table: "rejects", row: run, column: "content" }
}
