//! Schedules and their runs.

use crate::Store;
use crate::entity::{runs, schedules};
use crate::error::Result;
use model::import::Counts;
use model::schedule::{Resume, Run, RunStatus, Schedule};
use model::{CollectionId, Timestamp, TweetId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::NotSet, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

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
    };
    Ok(schedules::Entity::insert(row).exec(store.writer()).await?.last_insert_id)
}

/// The enabled schedules whose interval has passed since their last run.
pub async fn due(store: &Store, now: Timestamp) -> Result<Vec<Due>> {
    let enabled = schedules::Entity::find().filter(schedules::Column::Enabled.eq(true)).all(store.reader()).await?;
    let is_due = |row: &schedules::Model| {
        row.last_run_at.is_none_or(|last| last + i64::from(row.interval_seconds) * model::time::SECOND <= now.0)
    };
    let due = enabled.into_iter().filter(is_due);
    Ok(due.map(|row| Due { credential: row.credential_id, schedule: from_row(row) }).collect())
}

pub async fn list(store: &Store) -> Result<Vec<Schedule>> {
    let rows = schedules::Entity::find().order_by_asc(schedules::Column::Id).all(store.reader()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// Starts a run and notes that the schedule ran.
pub async fn begin_run(store: &Store, schedule: i64, now: Timestamp) -> Result<i64> {
    schedules::Entity::update_many()
        .col_expr(schedules::Column::LastRunAt, Expr::value(now.0))
        .filter(schedules::Column::Id.eq(schedule))
        .exec(store.writer())
        .await?;
    let row = runs::ActiveModel {
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
    };
    Ok(runs::Entity::insert(row).exec(store.writer()).await?.last_insert_id)
}

/// How a run ended.
pub struct Outcome {
    pub pages: u32,
    pub counts: Counts,
    /// Why it failed, in plain words.
    pub failure: Option<String>,
}

pub async fn end_run(store: &Store, run: i64, outcome: Outcome, now: Timestamp) -> Result<()> {
    let status = if outcome.failure.is_some() { RunStatus::Failed } else { RunStatus::Done };
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let row = runs::ActiveModel {
        id: Set(run),
        status: Set(status.name().to_owned()),
        finished_at: Set(Some(now.0)),
        pages: Set(i32::try_from(outcome.pages).unwrap_or(i32::MAX)),
        read: Set(number(outcome.counts.read)),
        new: Set(number(outcome.counts.new)),
        updated: Set(number(outcome.counts.updated)),
        duplicate: Set(number(outcome.counts.duplicate)),
        rejected: Set(number(outcome.counts.rejected)),
        reason: Set(outcome.failure),
        ..Default::default()
    };
    runs::Entity::update(row).exec(store.writer()).await?;
    Ok(())
}

/// Notes how far down a run has stored everything.
pub async fn save_resume(store: &Store, schedule: i64, resume: Resume) -> Result<()> {
    schedules::Entity::update_many()
        .col_expr(schedules::Column::ResumeBelow, Expr::value(signed(resume.below)))
        .col_expr(schedules::Column::ResumeNewest, Expr::value(signed(resume.newest)))
        .filter(schedules::Column::Id.eq(schedule))
        .exec(store.writer())
        .await?;
    Ok(())
}

/// Moves the mark from which the next run goes on, now that all up to it is stored; it never moves back.
pub async fn advance(store: &Store, schedule: i64, newest: TweetId) -> Result<()> {
    let newest = signed(newest);
    let nothing: Option<i64> = None;
    schedules::Entity::update_many()
        .col_expr(schedules::Column::ResumeBelow, Expr::value(nothing))
        .col_expr(schedules::Column::ResumeNewest, Expr::value(nothing))
        .filter(schedules::Column::Id.eq(schedule))
        .exec(store.writer())
        .await?;
    schedules::Entity::update_many()
        .col_expr(schedules::Column::SinceId, Expr::value(newest))
        .filter(schedules::Column::Id.eq(schedule))
        .filter(schedules::Column::SinceId.is_null().or(schedules::Column::SinceId.lt(newest)))
        .exec(store.writer())
        .await?;
    Ok(())
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

/// Marks the runs that a killed process left behind. Returns how many there were.
pub async fn fail_interrupted_runs(store: &Store, now: Timestamp) -> Result<u64> {
    let result = runs::Entity::update_many()
        .col_expr(runs::Column::Status, Expr::value(RunStatus::Failed.name()))
        .col_expr(runs::Column::FinishedAt, Expr::value(now.0))
        .col_expr(runs::Column::Reason, Expr::value("Roost was stopped while it ran; the next run goes on from there."))
        .filter(runs::Column::Status.eq(RunStatus::Running.name()))
        .exec(store.writer())
        .await?;
    Ok(result.rows_affected)
}

fn signed(id: TweetId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
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
        reason: row.reason,
    }
}
