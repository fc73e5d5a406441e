//! Exports that are made in the background: claimed by one process at a time, and never lost.

use super::{Kept, entry, opened};
use crate::audit::Pen;
use crate::entity::exports;
use crate::error::Result;
use crate::{Store, signed};
use model::Timestamp;
use model::export::{ExportState, Fault};
use model::time::SECOND;
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, UpdateMany,
};
use serde_json::json;

/// A claim that is not renewed for so long is taken for dead: another process may go on.
pub const LEASE: i64 = 10 * SECOND;

/// What a process works on.
pub struct Job {
    pub kept: Kept,
    pub user: i64,
    /// The name of its files.
    pub file: String,
}

/// What is in the file for sure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub written: u64,
    pub removed: u64,
    pub bytes: u64,
}

impl Progress {
    pub(super) fn details(self) -> serde_json::Value {
        json!({ "written": self.written, "removed": self.removed, "bytes": self.bytes })
    }
}

/// Unfinished background exports of a person.
pub(super) async fn unfinished(connection: &impl ConnectionTrait, user: i64) -> Result<u64> {
    let rows = exports::Entity::find().filter(exports::Column::UserId.eq(user)).filter(is_unfinished());
    Ok(rows.count(connection).await?)
}

fn is_unfinished() -> Expr {
    exports::Column::State.is_in([ExportState::Waiting, ExportState::Running].map(ExportState::name))
}

/// Claims the oldest export that waits, or whose process has died. `claim` names the process and the try.
pub async fn claim(store: &Store, claim: &str, now: Timestamp) -> Result<Option<Job>> {
    let dead = Condition::all().add(is(ExportState::Running)).add(exports::Column::LeaseUntil.lte(now.0));
    let free = Condition::any().add(is(ExportState::Waiting)).add(dead);
    let oldest = exports::Entity::find()
        .filter(free.clone())
        .filter(exports::Column::File.is_not_null())
        .order_by_asc(exports::Column::Id);
    let Some(row) = oldest.one(store.reader()).await? else { return Ok(None) };
    let claimed = exports::Entity::update_many()
        .col_expr(exports::Column::State, Expr::value(ExportState::Running.name()))
        .col_expr(exports::Column::Claim, Expr::value(claim))
        .col_expr(exports::Column::LeaseUntil, Expr::value(now.0 + LEASE))
        .filter(exports::Column::Id.eq(row.id))
        .filter(free)
        .exec(store.writer())
        .await?;
    // Another process was faster, or its owner cancelled it.
    if claimed.rows_affected == 0 {
        return Ok(None);
    }
    let (user, file) = (row.user_id, row.file.clone().unwrap_or_default());
    Ok(Some(Job { kept: opened(store, row).await?, user, file }))
}

/// Notes what is on the disk, and that the process is alive. False if the export is not its any more: it must stop.
pub async fn save_progress(store: &Store, id: i64, claim: &str, progress: Progress, now: Timestamp) -> Result<bool> {
    let saved = with_progress(mine(id, claim), progress)
        .col_expr(exports::Column::LeaseUntil, Expr::value(now.0 + LEASE))
        .exec(store.writer())
        .await?;
    Ok(saved.rows_affected == 1)
}

/// Lets go of an export that is not done: it waits again.
pub async fn release(store: &Store, id: i64, claim: &str) -> Result<()> {
    let update = mine(id, claim).col_expr(exports::Column::State, Expr::value(ExportState::Waiting.name()));
    unclaimed(update).exec(store.writer()).await?;
    Ok(())
}

/// Notes that the file is whole. False if the export is not the process's any more.
pub async fn finish(
    store: &Store,
    job: &Job,
    claim: &str,
    progress: Progress,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<bool> {
    let id = job.kept.record.id;
    let update = with_progress(unclaimed(mine(id, claim)), progress)
        .col_expr(exports::Column::State, Expr::value(ExportState::Ready.name()))
        .col_expr(exports::Column::FinishedAt, Expr::value(now.0))
        .col_expr(exports::Column::ExpiresAt, Expr::value(expires_at.0));
    changed(store, update, entry(id, Some(job.user), "export.ready", progress.details()), now).await
}

/// Notes that the file cannot be made, and why, in plain words.
pub async fn fail(store: &Store, job: &Job, claim: &str, fault: &Fault, now: Timestamp) -> Result<bool> {
    let id = job.kept.record.id;
    let update = unclaimed(mine(id, claim))
        .col_expr(exports::Column::State, Expr::value(ExportState::Failed.name()))
        .col_expr(exports::Column::FinishedAt, Expr::value(now.0))
        .col_expr(exports::Column::Reason, Expr::value(fault.to_text()));
    changed(store, update, entry(id, Some(job.user), "export.failed", json!({ "reason": fault.to_text() })), now).await
}

/// Stops an export of this person, or deletes its file if it is ready. False if there is nothing to stop.
pub async fn cancel(store: &Store, id: i64, user: i64, now: Timestamp) -> Result<bool> {
    let of_user = |state: ExportState| {
        let update = exports::Entity::update_many().filter(exports::Column::Id.eq(id));
        unclaimed(update.filter(exports::Column::UserId.eq(user)))
            .col_expr(exports::Column::State, Expr::value(state.name()))
            .col_expr(exports::Column::FinishedAt, Expr::value(now.0))
    };
    let stop = of_user(ExportState::Cancelled).filter(is_unfinished()).filter(exports::Column::FinishedAt.is_null());
    if changed(store, stop, entry(id, Some(user), "export.cancelled", json!({})), now).await? {
        return Ok(true);
    }
    // Its file was there before, and may have been taken: it counts as handed out.
    let with_file = Condition::any().add(is(ExportState::Ready)).add(is_unfinished());
    let delete = of_user(ExportState::Expired).filter(with_file);
    changed(store, delete, entry(id, Some(user), "export.deleted", json!({})), now).await
}

/// Lets a file that is ready be made anew, because `removed` of its tweets were removed since.
pub async fn again(store: &Store, id: i64, removed: u64, now: Timestamp) -> Result<bool> {
    let update = exports::Entity::update_many()
        .col_expr(exports::Column::State, Expr::value(ExportState::Waiting.name()))
        .col_expr(exports::Column::Reason, Expr::value(Fault::Removed(removed).to_text()))
        .col_expr(exports::Column::SeenAt, Expr::value(None::<i64>))
        .filter(exports::Column::Id.eq(id))
        .filter(is(ExportState::Ready));
    let update = with_progress(update, Progress::default());
    changed(store, update, entry(id, None, "export.remade", json!({ "removed": removed })), now).await
}

/// Marks the files whose time is over. Their number.
pub async fn expire(store: &Store, now: Timestamp) -> Result<u64> {
    let over = exports::Entity::find()
        .filter(is(ExportState::Ready))
        .filter(exports::Column::ExpiresAt.lte(now.0))
        .all(store.reader())
        .await?;
    let mut expired = 0;
    for row in over {
        let update = exports::Entity::update_many()
            .col_expr(exports::Column::State, Expr::value(ExportState::Expired.name()))
            .filter(exports::Column::Id.eq(row.id))
            .filter(is(ExportState::Ready));
        expired += u64::from(changed(store, update, entry(row.id, None, "export.expired", json!({})), now).await?);
    }
    Ok(expired)
}

/// The names of the files that are needed: of exports that wait, run or are ready.
pub async fn files(store: &Store) -> Result<Vec<String>> {
    let needed = Condition::any().add(is_unfinished()).add(is(ExportState::Ready));
    let rows = exports::Entity::find().filter(needed).all(store.reader()).await?;
    Ok(rows.into_iter().filter_map(|row| row.file).collect())
}

fn is(state: ExportState) -> Expr {
    exports::Column::State.eq(state.name())
}

fn mine(id: i64, claim: &str) -> UpdateMany<exports::Entity> {
    exports::Entity::update_many()
        .filter(exports::Column::Id.eq(id))
        .filter(is(ExportState::Running))
        .filter(exports::Column::Claim.eq(claim))
}

fn unclaimed(update: UpdateMany<exports::Entity>) -> UpdateMany<exports::Entity> {
    let (nobody, never): (Option<String>, Option<i64>) = (None, None);
    update
        .col_expr(exports::Column::Claim, Expr::value(nobody))
        .col_expr(exports::Column::LeaseUntil, Expr::value(never))
}

fn with_progress(update: UpdateMany<exports::Entity>, progress: Progress) -> UpdateMany<exports::Entity> {
    update
        .col_expr(exports::Column::Written, Expr::value(signed(progress.written)))
        .col_expr(exports::Column::Removed, Expr::value(signed(progress.removed)))
        .col_expr(exports::Column::Bytes, Expr::value(signed(progress.bytes)))
}

/// Changes the one row that the update is about, and records it in the audit, or does neither.
async fn changed(
    store: &Store,
    update: UpdateMany<exports::Entity>,
    entry: crate::audit::NewEntry,
    now: Timestamp,
) -> Result<bool> {
    let pen = Pen::new(store, now).await?;
    let transaction: DatabaseTransaction = store.begin().await?;
    if update.exec(&transaction).await?.rows_affected == 0 {
        return Ok(false);
    }
    let head = pen.write(&transaction, entry).await?;
    pen.commit(transaction, head).await?;
    Ok(true)
}
