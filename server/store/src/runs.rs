//! Runs of schedules: who does one, how far it is, how it ended.
//!
//! A schedule has one run at a time, which `schedules.running` names. It outlives the process that began it: whoever
//! takes the credential's lease goes on with it.

use crate::Store;
use crate::entity::{run_log, runs, schedules};
use crate::error::{Result, StoreError};
use crate::leases::{self, Lease};
use crate::schedules::{Due, reads_as};
use crate::signed;
use crate::windows::{self, Marks};
use model::Timestamp;
use model::gap::Gap;
use model::import::Counts;
use model::schedule::{Run, RunStatus, Wait};
use sea_orm::sea_query::{Expr, Func, SimpleExpr};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use std::collections::HashSet;

/// How a run ended.
pub enum Outcome {
    /// All that there was is read, or missed and named.
    Done {
        missed: Vec<Gap>,
        marks: Marks,
    },
    /// In plain words why. What is still to be read is left to the next run.
    Failed(String),
    Cancelled,
    /// A stream is no longer read. What it missed is still read.
    Stopped,
}

/// Begins the run of a schedule that is due at `tick`; it reads from `first` on if it is the first. `None` if that run was
/// begun, or if the schedule was changed since it was looked at.
pub async fn begin(
    store: &Store,
    lease: &Lease,
    due: &Due,
    tick: Timestamp,
    first: Marks,
    now: Timestamp,
) -> Result<Option<i64>> {
    let transaction = store.begin().await?;
    leases::guard(&transaction, lease).await?;
    let run = runs::Entity::insert(new_run(due.schedule.id, now)).exec(&transaction).await?.last_insert_id;
    tell(&transaction, run, &[(now, format!("begun; it was due at {}", tick.to_rfc3339()))]).await?;
    let claimed = schedules::Entity::update_many()
        .col_expr(schedules::Column::LastRunAt, Expr::value(now.0))
        .col_expr(schedules::Column::LastTick, Expr::value(tick.0))
        .col_expr(schedules::Column::Running, Expr::value(run))
        .col_expr(schedules::Column::SinceId, unless_there(schedules::Column::SinceId, signed(first.read.0)))
        .col_expr(schedules::Column::SettledId, unless_there(schedules::Column::SettledId, signed(first.settled.0)))
        .col_expr(schedules::Column::UnsettledSince, unless_there(schedules::Column::UnsettledSince, first.since.0))
        .filter(schedules::Column::Id.eq(due.schedule.id))
        .filter(schedules::Column::CredentialId.eq(due.credential))
        .filter(reads_as(&due.schedule.reads))
        .filter(schedules::Column::Running.is_null())
        .filter(match due.schedule.last_tick {
            Some(last) => schedules::Column::LastTick.eq(last.0),
            None => schedules::Column::LastTick.is_null(),
        })
        .exec(&transaction)
        .await?;
    if claimed.rows_affected == 0 {
        return Ok(None);
    }
    transaction.commit().await?;
    Ok(Some(run))
}

fn unless_there(column: schedules::Column, value: i64) -> SimpleExpr {
    Func::coalesce([Expr::col(column), Expr::value(value)]).into()
}

fn new_run(schedule: i64, now: Timestamp) -> runs::ActiveModel {
    runs::ActiveModel {
        id: NotSet,
        schedule_id: Set(schedule),
        status: Set(RunStatus::Running.name().to_owned()),
        started_at: Set(now.0),
        finished_at: Set(None),
        requests: Set(0),
        removed: Set(0),
        pages: Set(0),
        read: Set(0),
        new: Set(0),
        updated: Set(0),
        duplicate: Set(0),
        rejected: Set(0),
        reason: Set(None),
        waits_until: Set(None),
        waits_for: Set(None),
        cancelled_at: Set(None),
        remark: Set(None),
    }
}

/// Makes sure that the schedule's run is still this one.
///
/// # Errors
/// `Lost` if it is not. Nothing of the transaction may then be kept.
pub(crate) async fn guard(transaction: &DatabaseTransaction, schedule: i64, run: i64) -> Result<()> {
    let of_run = schedules::Entity::find_by_id(schedule).filter(schedules::Column::Running.eq(run));
    match of_run.lock_exclusive().one(transaction).await? {
        Some(_) => Ok(()),
        None => Err(StoreError::Lost(format!("the run {run}"))),
    }
}

/// Notes what a run waits for, or that it goes on.
pub async fn note_wait(store: &Store, lease: &Lease, run: i64, wait: Option<&Wait>, now: Timestamp) -> Result<()> {
    let transaction = store.begin().await?;
    leases::guard(&transaction, lease).await?;
    runs::Entity::update_many()
        .col_expr(runs::Column::WaitsUntil, Expr::value(wait.map(|wait| wait.until.0)))
        .col_expr(runs::Column::WaitsFor, Expr::value(wait.map(|wait| wait.reason.clone())))
        .filter(runs::Column::Id.eq(run))
        .exec(&transaction)
        .await?;
    let told = match wait {
        Some(Wait { until, reason }) => format!("waits until {}: {reason}", until.to_rfc3339()),
        None => "goes on".to_owned(),
    };
    tell(&transaction, run, &[(now, told)]).await?;
    Ok(transaction.commit().await?)
}

/// Notes how a run ended, and lets go of its schedule. What became of its tweets is counted where they are written.
pub async fn end(
    store: &Store,
    lease: &Lease,
    schedule: i64,
    run: i64,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<()> {
    let (status, reason, told) = match outcome {
        Outcome::Done { missed, .. } if missed.is_empty() => (RunStatus::Done, None, "done".to_owned()),
        Outcome::Done { missed, .. } if missed.len() == 1 => (RunStatus::Done, None, "done, with a gap".to_owned()),
        Outcome::Done { missed, .. } => (RunStatus::Done, None, format!("done, with {} gaps", missed.len())),
        Outcome::Failed(reason) => (RunStatus::Failed, Some(reason.clone()), format!("failed: {reason}")),
        Outcome::Stopped => (RunStatus::Done, None, "done".to_owned()),
        Outcome::Cancelled => (RunStatus::Cancelled, None, "cancelled".to_owned()),
    };
    let row = runs::ActiveModel {
        id: Set(run),
        status: Set(status.name().to_owned()),
        finished_at: Set(Some(now.0)),
        reason: Set(reason),
        waits_until: Set(None),
        waits_for: Set(None),
        ..Default::default()
    };
    let transaction = store.begin().await?;
    leases::guard(&transaction, lease).await?;
    guard(&transaction, schedule, run).await?;
    runs::Entity::update(row).exec(&transaction).await?;
    tell(&transaction, run, &[(now, told)]).await?;
    if let Outcome::Done { missed, marks } = outcome {
        windows::finish(&transaction, schedule, run, missed, *marks).await?;
    }
    let nothing: Option<i64> = None;
    schedules::Entity::update_many()
        .col_expr(schedules::Column::Running, Expr::value(nothing))
        .filter(schedules::Column::Id.eq(schedule))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// Notes what happened in a run.
pub(crate) async fn tell(transaction: &DatabaseTransaction, run: i64, log: &[(Timestamp, String)]) -> Result<()> {
    let row = |(at, text): &(Timestamp, String)| run_log::ActiveModel {
        id: NotSet,
        run_id: Set(run),
        at: Set(at.0),
        text: Set(text.clone()),
    };
    if !log.is_empty() {
        run_log::Entity::insert_many(log.iter().map(row)).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// What happened in a run, from its beginning on.
pub async fn log(store: &Store, run: i64) -> Result<Vec<(Timestamp, String)>> {
    let of_run = run_log::Entity::find().filter(run_log::Column::RunId.eq(run));
    let rows = of_run.order_by_asc(run_log::Column::Id).all(store.reader()).await?;
    Ok(rows.into_iter().map(|row| (Timestamp(row.at), row.text)).collect())
}

/// A run by its number.
pub async fn find(store: &Store, run: i64) -> Result<Option<Run>> {
    Ok(runs::Entity::find_by_id(run).one(store.reader()).await?.map(from_row))
}

/// Asks a run to end. False if it has ended.
pub async fn cancel(store: &Store, run: i64, now: Timestamp) -> Result<bool> {
    let asked = runs::Entity::update_many()
        .col_expr(runs::Column::CancelledAt, Expr::value(now.0))
        .filter(runs::Column::Id.eq(run))
        .filter(runs::Column::Status.eq(RunStatus::Running.name()))
        .exec(store.writer())
        .await?;
    Ok(asked.rows_affected == 1)
}

/// Which of these runs somebody asked to end.
pub async fn cancelled(store: &Store, among: &[i64]) -> Result<HashSet<i64>> {
    if among.is_empty() {
        return Ok(HashSet::new());
    }
    let asked: Vec<i64> = runs::Entity::find()
        .select_only()
        .column(runs::Column::Id)
        .filter(runs::Column::Id.is_in(among.iter().copied()))
        .filter(runs::Column::CancelledAt.is_not_null())
        .into_tuple()
        .all(store.reader())
        .await?;
    Ok(asked.into_iter().collect())
}

/// The latest runs of a schedule, newest first.
pub async fn of_schedule(store: &Store, schedule: i64, limit: u64) -> Result<Vec<Run>> {
    let rows = runs::Entity::find()
        .filter(runs::Column::ScheduleId.eq(schedule))
        .order_by_desc(runs::Column::Id)
        .limit(limit)
        .all(store.reader())
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The latest runs of all schedules, newest first.
pub async fn latest(store: &Store, limit: u64) -> Result<Vec<Run>> {
    let rows = runs::Entity::find().order_by_desc(runs::Column::Id).limit(limit).all(store.reader()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

fn from_row(row: runs::Model) -> Run {
    let wait = row.waits_until.zip(row.waits_for);
    Run {
        id: row.id,
        schedule: row.schedule_id,
        status: RunStatus::from_name(&row.status).unwrap_or(RunStatus::Failed),
        started_at: Timestamp(row.started_at),
        finished_at: row.finished_at.map(Timestamp),
        requests: row.requests.unsigned_abs(),
        pages: row.pages.unsigned_abs(),
        removed: row.removed.unsigned_abs(),
        counts: Counts {
            read: row.read.unsigned_abs(),
            new: row.new.unsigned_abs(),
            updated: row.updated.unsigned_abs(),
            duplicate: row.duplicate.unsigned_abs(),
            rejected: row.rejected.unsigned_abs(),
        },
        wait: wait.map(|(until, reason)| Wait { until: Timestamp(until), reason }),
        reason: told([row.reason, row.remark, rejected(row.rejected)]),
    }
}

/// All that is to be said of a run.
fn told(remarks: [Option<String>; 3]) -> Option<String> {
    let remarks: Vec<String> = remarks.into_iter().flatten().collect();
    (!remarks.is_empty()).then(|| remarks.join("; "))
}

fn rejected(rejected: i64) -> Option<String> {
    (rejected > 0).then(|| format!("{rejected} of X's tweets could not be understood; they are kept."))
}
