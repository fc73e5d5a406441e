//! Schedules and their runs.

use crate::Store;
use crate::entity::{runs, schedules};
use crate::error::Result;
use crate::signed;
use model::import::Counts;
use model::schedule::{Resume, Run, RunStatus, Schedule};
use model::time::MINUTE;
use model::{CollectionId, Timestamp, TweetId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

/// A schedule that is to be made.
pub struct NewSchedule<'a> {
    pub collection: CollectionId,
    pub credential: i64,
    pub name: &'a str,
    /// In X's query language.
    pub query: &'a str,
    pub interval_seconds: u32,
}

/// A schedule with the number of its credential.
pub struct Due {
    pub schedule: Schedule,
    pub credential: i64,
}

pub async fn create(store: &Store, new: NewSchedule<'_>) -> Result<i64> {
    let row = schedules::ActiveModel {
        id: NotSet,
        collection_id: Set(new.collection.0),
        credential_id: Set(new.credential),
        name: Set(new.name.to_owned()),
        query: Set(new.query.to_owned()),
        interval_seconds: Set(i32::try_from(new.interval_seconds).unwrap_or(i32::MAX)),
        enabled: Set(true),
        since_id: Set(None),
        resume_below: Set(None),
        resume_newest: Set(None),
        last_run_at: Set(None),
        running: Set(None),
        lease_until: Set(None),
    };
    Ok(schedules::Entity::insert(row).exec(store.writer()).await?.last_insert_id)
}

/// A run that is not renewed for so long is taken for dead: another may begin.
pub const LEASE: i64 = MINUTE;

/// The enabled schedules whose interval has passed since their last run, and which nobody runs.
pub async fn due(store: &Store, now: Timestamp) -> Result<Vec<Due>> {
    let enabled = schedules::Entity::find().filter(schedules::Column::Enabled.eq(true)).all(store.reader()).await?;
    let is_due = |row: &schedules::Model| {
        row.lease_until.is_none_or(|until| until <= now.0)
            && row.last_run_at.is_none_or(|last| last + i64::from(row.interval_seconds) * model::time::SECOND <= now.0)
    };
    let due = enabled.into_iter().filter(is_due);
    Ok(due.map(|row| Due { credential: row.credential_id, schedule: from_row(row) }).collect())
}

/// All schedules, each with the number of its credential.
pub async fn all(store: &Store) -> Result<Vec<Due>> {
    let rows = schedules::Entity::find().order_by_asc(schedules::Column::Id).all(store.reader()).await?;
    Ok(rows.into_iter().map(|row| Due { credential: row.credential_id, schedule: from_row(row) }).collect())
}

pub async fn list(store: &Store) -> Result<Vec<Schedule>> {
    let rows = schedules::Entity::find().order_by_asc(schedules::Column::Id).all(store.reader()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// Claims a schedule and begins a run of it. `None` if another process was faster.
pub async fn begin_run(store: &Store, due: &Due, now: Timestamp) -> Result<Option<i64>> {
    let transaction = store.begin().await?;
    close_interrupted(&transaction, now).await?;
    let run = runs::Entity::insert(new_run(due.schedule.id, now)).exec(&transaction).await?.last_insert_id;
    let seen = due.schedule.last_run_at.map(|last| last.0);
    let unchanged = match seen {
        Some(last) => schedules::Column::LastRunAt.eq(last),
        None => schedules::Column::LastRunAt.is_null(),
    };
    let claimed = schedules::Entity::update_many()
        .col_expr(schedules::Column::LastRunAt, Expr::value(now.0))
        .col_expr(schedules::Column::Running, Expr::value(run))
        .col_expr(schedules::Column::LeaseUntil, Expr::value(now.0 + LEASE))
        .filter(schedules::Column::Id.eq(due.schedule.id))
        .filter(schedules::Column::LeaseUntil.is_null().or(schedules::Column::LeaseUntil.lte(now.0)))
        .filter(unchanged)
        .exec(&transaction)
        .await?;
    if claimed.rows_affected == 0 {
        return Ok(None);
    }
    transaction.commit().await?;
    Ok(Some(run))
}

fn new_run(schedule: i64, now: Timestamp) -> runs::ActiveModel {
    runs::ActiveModel {
        id: NotSet,
        schedule_id: Set(schedule),
        status: Set(RunStatus::Running.name().to_owned()),
        started_at: Set(now.0),
        finished_at: Set(None),
        pages: Set(0),
        read: Set(0),
        new: Set(0),
        updated: Set(0),
        duplicate: Set(0),
        rejected: Set(0),
        reason: Set(None),
    }
}

/// Says that a run is alive. False if its claim was lost: it must end.
pub async fn renew(store: &Store, run: i64, now: Timestamp) -> Result<bool> {
    let renewed = schedules::Entity::update_many()
        .col_expr(schedules::Column::LeaseUntil, Expr::value(now.0 + LEASE))
        .filter(schedules::Column::Running.eq(run))
        .exec(store.writer())
        .await?;
    Ok(renewed.rows_affected == 1)
}

/// How a run ended.
pub struct Outcome {
    pub pages: u32,
    /// Why it failed, in plain words.
    pub failure: Option<String>,
}

/// Notes how a run ended, and lets go of its schedule. What became of its tweets is counted where they are written.
pub async fn end_run(store: &Store, run: i64, outcome: &Outcome, now: Timestamp) -> Result<()> {
    let status = if outcome.failure.is_some() { RunStatus::Failed } else { RunStatus::Done };
    let row = runs::ActiveModel {
        id: Set(run),
        status: Set(status.name().to_owned()),
        finished_at: Set(Some(now.0)),
        pages: Set(i32::try_from(outcome.pages).unwrap_or(i32::MAX)),
        reason: Set(outcome.failure.clone()),
        ..Default::default()
    };
    let nothing: Option<i64> = None;
    let transaction = store.begin().await?;
    runs::Entity::update(row).exec(&transaction).await?;
    schedules::Entity::update_many()
        .col_expr(schedules::Column::Running, Expr::value(nothing))
        .col_expr(schedules::Column::LeaseUntil, Expr::value(nothing))
        .filter(schedules::Column::Running.eq(run))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// Notes how far down a run has stored everything.
pub async fn save_resume(store: &Store, schedule: i64, resume: Resume) -> Result<()> {
    schedules::Entity::update_many()
        .col_expr(schedules::Column::ResumeBelow, Expr::value(signed(resume.below.0)))
        .col_expr(schedules::Column::ResumeNewest, Expr::value(signed(resume.newest.0)))
        .filter(schedules::Column::Id.eq(schedule))
        .exec(store.writer())
        .await?;
    Ok(())
}

/// Moves the mark from which the next run goes on, now that all up to it is stored; it never moves back.
pub async fn advance(store: &Store, schedule: i64, newest: TweetId) -> Result<()> {
    let newest = signed(newest.0);
    let nothing: Option<i64> = None;
    let transaction = store.begin().await?;
    schedules::Entity::update_many()
        .col_expr(schedules::Column::ResumeBelow, Expr::value(nothing))
        .col_expr(schedules::Column::ResumeNewest, Expr::value(nothing))
        .filter(schedules::Column::Id.eq(schedule))
        .exec(&transaction)
        .await?;
    schedules::Entity::update_many()
        .col_expr(schedules::Column::SinceId, Expr::value(newest))
        .filter(schedules::Column::Id.eq(schedule))
        .filter(schedules::Column::SinceId.is_null().or(schedules::Column::SinceId.lt(newest)))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// The latest runs of a schedule, newest first.
pub async fn runs(store: &Store, schedule: i64, limit: u64) -> Result<Vec<Run>> {
    let rows = runs::Entity::find()
        .filter(runs::Column::ScheduleId.eq(schedule))
        .order_by_desc(runs::Column::Id)
        .limit(limit)
        .all(store.reader())
        .await?;
    Ok(rows.into_iter().map(run_from_row).collect())
}

/// The latest runs of all schedules, newest first.
pub async fn latest_runs(store: &Store, limit: u64) -> Result<Vec<Run>> {
    let rows = runs::Entity::find().order_by_desc(runs::Column::Id).limit(limit).all(store.reader()).await?;
    Ok(rows.into_iter().map(run_from_row).collect())
}

/// Marks the runs that killed processes left behind. Returns how many there were.
pub async fn fail_interrupted_runs(store: &Store, now: Timestamp) -> Result<u64> {
    close_interrupted(store.writer(), now).await
}

/// A run is alive as long as the claim on its schedule.
async fn close_interrupted(connection: &impl ConnectionTrait, now: Timestamp) -> Result<u64> {
    let alive = Query::select()
        .column(schedules::Column::Running)
        .from(schedules::Entity)
        .and_where(schedules::Column::Running.is_not_null())
        .and_where(schedules::Column::LeaseUntil.gt(now.0))
        .to_owned();
    let result = runs::Entity::update_many()
        .col_expr(runs::Column::Status, Expr::value(RunStatus::Failed.name()))
        .col_expr(runs::Column::FinishedAt, Expr::value(now.0))
        .col_expr(runs::Column::Reason, Expr::value("Roost was stopped while it ran; the next run goes on from there."))
        .filter(runs::Column::Status.eq(RunStatus::Running.name()))
        .filter(runs::Column::Id.not_in_subquery(alive))
        .exec(connection)
        .await?;
    Ok(result.rows_affected)
}

fn from_row(row: schedules::Model) -> Schedule {
    let id = |id: i64| TweetId(id.unsigned_abs());
    let resume = row.resume_below.zip(row.resume_newest);
    Schedule {
        id: row.id,
        collection: CollectionId(row.collection_id),
        name: row.name,
        query: row.query,
        interval_seconds: row.interval_seconds.unsigned_abs(),
        enabled: row.enabled,
        since_id: row.since_id.map(id),
        resume: resume.map(|(below, newest)| Resume { below: id(below), newest: id(newest) }),
        last_run_at: row.last_run_at.map(Timestamp),
    }
}

fn run_from_row(row: runs::Model) -> Run {
    Run {
        id: row.id,
        schedule: row.schedule_id,
        status: RunStatus::from_name(&row.status).unwrap_or(RunStatus::Failed),
        started_at: Timestamp(row.started_at),
        finished_at: row.finished_at.map(Timestamp),
        pages: row.pages.unsigned_abs(),
        counts: Counts {
            read: row.read.unsigned_abs(),
            new: row.new.unsigned_abs(),
            updated: row.updated.unsigned_abs(),
            duplicate: row.duplicate.unsigned_abs(),
            rejected: row.rejected.unsigned_abs(),
        },
        reason: row.reason.or_else(|| remark(row.rejected)),
    }
}

/// What is to be said of a run that did not fail.
fn remark(rejected: i64) -> Option<String> {
    (rejected > 0).then(|| format!("{rejected} of X's tweets could not be understood; they are kept."))
}
