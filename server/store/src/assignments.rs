//! Which credentials may fetch a schedule, and which one of them does.
//!
//! People say which ones may. Which one does stands with the schedule, and only the process that holds the lease of that
//! one changes it: all processes see the same, and none of two ever fetches the same.

use crate::Store;
use crate::audit::{NewEntry, Pen};
use crate::entity::schedule_credentials::{ActiveModel, Column, Entity};
use crate::entity::{runs, schedules, windows};
use crate::error::Result;
use crate::leases::{self, Lease};
use model::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;
use std::collections::BTreeMap;

/// A schedule that goes to another credential.
#[derive(Clone, Debug)]
pub struct Move<'a> {
    pub schedule: i64,
    pub from: i64,
    pub to: i64,
    /// In plain words: it is told with its run.
    pub reason: &'a str,
}

/// Says which credentials may fetch a schedule, in place of what was said before. With none, it is the one that does now.
pub async fn allow(store: &Store, schedule: i64, credentials: &[i64]) -> Result<()> {
    let row = |id: &i64| ActiveModel { schedule_id: Set(schedule), credential_id: Set(*id) };
    let transaction = store.begin().await?;
    Entity::delete_many().filter(Column::ScheduleId.eq(schedule)).exec(&transaction).await?;
    if !credentials.is_empty() {
        Entity::insert_many(credentials.iter().map(row)).exec_without_returning(&transaction).await?;
    }
    Ok(transaction.commit().await?)
}

/// Which credentials may fetch which schedule. One that is not in it keeps the one that it has.
pub async fn allowed(store: &Store) -> Result<BTreeMap<i64, Vec<i64>>> {
    let rows = Entity::find().order_by_asc(Column::CredentialId).all(store.reader()).await?;
    let mut allowed: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for row in rows {
        allowed.entry(row.schedule_id).or_default().push(row.credential_id);
    }
    Ok(allowed)
}

/// Gives a schedule to another credential, with the run that it has. X's page tokens stay behind: they may be good for
/// the other only, and the windows go on by ids. False if it had been given away already.
///
/// # Errors
/// `Lost` if another process fetches with the credential that it comes from.
pub async fn hand_over(store: &Store, lease: &Lease, moved: &Move<'_>, now: Timestamp) -> Result<bool> {
    let pen = Pen::new(store, now).await?;
    let transaction = store.begin().await?;
    leases::guard(&transaction, lease).await?;
    let given = schedules::Entity::update_many()
        .col_expr(schedules::Column::CredentialId, Expr::value(moved.to))
        .filter(schedules::Column::Id.eq(moved.schedule))
        .filter(schedules::Column::CredentialId.eq(moved.from))
        .exec(&transaction)
        .await?;
    if given.rows_affected == 0 {
        return Ok(false);
    }
    forget_tokens(&transaction, moved.schedule).await?;
    let row = schedules::Entity::find_by_id(moved.schedule).one(&transaction).await?;
    if let Some(run) = row.and_then(|schedule| schedule.running) {
        let row = runs::ActiveModel { id: Set(run), remark: Set(Some(moved.reason.to_owned())), ..Default::default() };
        runs::Entity::update(row).exec(&transaction).await?;
        crate::runs::tell(&transaction, run, &[(now, moved.reason.to_owned())]).await?;
    }
    let entry = NewEntry {
        user: None,
        action: "schedule.credential",
        subject: format!("schedule:{}", moved.schedule),
        details: json!({ "from": moved.from, "to": moved.to, "reason": moved.reason }),
    };
    let head = pen.write(&transaction, entry).await?;
    pen.commit(transaction, head).await?;
    Ok(true)
}

async fn forget_tokens(transaction: &DatabaseTransaction, schedule: i64) -> Result<()> {
    let (nowhere, no_token): (Option<i64>, Option<String>) = (None, None);
    windows::Entity::update_many()
        .col_expr(windows::Column::CursorToken, Expr::value(no_token))
        .col_expr(windows::Column::CursorSince, Expr::value(nowhere))
        .col_expr(windows::Column::CursorUntil, Expr::value(nowhere))
        .filter(windows::Column::ScheduleId.eq(schedule))
        .exec(transaction)
        .await?;
    Ok(())
}
