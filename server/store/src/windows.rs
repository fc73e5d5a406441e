//! What schedules read: windows of ids, how far each is read, and what was missed.
//!
//! All that a page changes is written in one transaction, once the page is durable in the log, and only by the process that
//! holds the lease: so a killed process is asked for at most the pages again that were on their way.

use crate::Store;
use crate::buckets::{self, Bucket};
use crate::entity::{gaps, runs, schedules, windows};
use crate::error::{Result, StoreError};
use crate::leases::{self, Lease};
use crate::signed;
use model::gap::{Cause, Gap};
use model::{Timestamp, TweetId};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, Set,
};

/// A stretch of a schedule's ids, from `from` to before `to`.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Within the schedule.
    pub number: u64,
    pub from: TweetId,
    pub to: TweetId,
    /// Tweets that are expected in it.
    pub expected: Option<f64>,
    /// Whether X counted them.
    pub is_counted: bool,
    pub state: State,
    /// No more pages than this are read, and why.
    pub page_limit: Option<(u32, Cause)>,
    pub pages: u32,
    pub posts: u64,
    pub newest: Option<TweetId>,
    /// What is below is still to be read.
    pub reached: Option<TweetId>,
    /// Where X goes on.
    pub cursor: Option<Cursor>,
    pub not_before: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Done,
    Missed(Cause),
}

/// Where X goes on, for the ids that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub token: String,
    pub since_id: Option<TweetId>,
    pub until_id: TweetId,
}

/// What an answer of X changed.
#[derive(Clone, Debug, Default)]
pub struct Checkpoint {
    pub schedule: i64,
    pub run: i64,
    /// Whether the run is that of a stream: who reads the stream may end it at any time.
    pub is_of_stream: bool,
    pub changed: Vec<Window>,
    /// Numbers of windows that are no more.
    pub gone: Vec<u64>,
    pub sum: Sum,
    /// What happened, in plain words, and when.
    pub log: Vec<(Timestamp, String)>,
}

/// What is added to the figures of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    /// Requests that were sent.
    pub requests: u32,
    /// Pages that came.
    pub pages: u32,
    /// Tweets that were looked up and are gone.
    pub removed: u32,
}

/// How far a schedule is once all its windows are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// All below it was read, or missed and named.
    pub read: TweetId,
    /// All below it is not read again.
    pub settled: TweetId,
    /// When the first of what lies between was read.
    pub since: Timestamp,
}

/// The windows of a schedule, from the oldest on.
pub async fn of_schedule(store: &Store, schedule: i64) -> Result<Vec<Window>> {
    let of_schedule = windows::Entity::find().filter(windows::Column::ScheduleId.eq(schedule));
    let rows = of_schedule.order_by_asc(windows::Column::FromId).all(store.reader()).await?;
    rows.into_iter().map(from_row).collect()
}

/// What was missed of a schedule, from the oldest on.
pub async fn gaps(store: &Store, schedule: i64) -> Result<Vec<Gap>> {
    let of_schedule = gaps::Entity::find().filter(gaps::Column::ScheduleId.eq(schedule));
    let rows = of_schedule.order_by_asc(gaps::Column::FromId).all(store.reader()).await?;
    rows.into_iter().map(gap_from_row).collect()
}

/// Notes what an answer changed, with the bucket that it came out of.
///
/// # Errors
/// `Lost` if another process has taken the work over: nothing is noted then.
pub async fn note(
    store: &Store,
    lease: &Lease,
    checkpoint: Checkpoint,
    (credential, endpoint): (i64, &str),
    bucket: Option<Bucket>,
) -> Result<()> {
    let transaction = store.begin().await?;
    leases::guard(&transaction, lease).await?;
    if !checkpoint.is_of_stream {
        crate::runs::guard(&transaction, checkpoint.schedule, checkpoint.run).await?;
    }
    if let Some(bucket) = bucket {
        buckets::save(&transaction, credential, endpoint, bucket).await?;
    }
    write(&transaction, &checkpoint).await?;
    crate::runs::tell(&transaction, checkpoint.run, &checkpoint.log).await?;
    let more = |column: runs::Column, number: u32| Expr::col(column).add(i32::try_from(number).unwrap_or(i32::MAX));
    runs::Entity::update_many()
        .col_expr(runs::Column::Requests, more(runs::Column::Requests, checkpoint.sum.requests))
        .col_expr(runs::Column::Pages, more(runs::Column::Pages, checkpoint.sum.pages))
        .col_expr(runs::Column::Removed, more(runs::Column::Removed, checkpoint.sum.removed))
        .filter(runs::Column::Id.eq(checkpoint.run))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

async fn write(transaction: &DatabaseTransaction, checkpoint: &Checkpoint) -> Result<()> {
    let Checkpoint { schedule, changed, gone, .. } = checkpoint;
    for window in changed {
        let replace = OnConflict::columns([windows::Column::ScheduleId, windows::Column::Number])
            .update_columns(COLUMNS)
            .to_owned();
        let row = to_row(*schedule, window);
        windows::Entity::insert(row).on_conflict(replace).exec_without_returning(transaction).await?;
    }
    if !gone.is_empty() {
        windows::Entity::delete_many()
            .filter(windows::Column::ScheduleId.eq(*schedule))
            .filter(windows::Column::Number.is_in(gone.iter().map(|number| signed(*number))))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

/// All windows of a schedule are done: notes what was missed in them and how far the schedule is, and drops them.
pub(crate) async fn finish(
    transaction: &DatabaseTransaction,
    schedule: i64,
    run: i64,
    missed: &[Gap],
    marks: Marks,
) -> Result<()> {
    let rows: Vec<_> = missed.iter().map(|gap| gap_to_row(schedule, run, gap)).collect();
    if !rows.is_empty() {
        gaps::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    }
    windows::Entity::delete_many().filter(windows::Column::ScheduleId.eq(schedule)).exec(transaction).await?;
    save_marks(transaction, schedule, marks).await
}

async fn save_marks(connection: &impl ConnectionTrait, schedule: i64, marks: Marks) -> Result<()> {
    schedules::Entity::update_many()
        .col_expr(schedules::Column::SinceId, Expr::value(signed(marks.read.0)))
        .col_expr(schedules::Column::SettledId, Expr::value(signed(marks.settled.0)))
        .col_expr(schedules::Column::UnsettledSince, Expr::value(marks.since.0))
        .filter(schedules::Column::Id.eq(schedule))
        .exec(connection)
        .await?;
    Ok(())
}

/// All but the key.
const COLUMNS: [windows::Column; 15] = [
    windows::Column::FromId,
    windows::Column::ToId,
    windows::Column::Expected,
    windows::Column::IsCounted,
    windows::Column::State,
    windows::Column::Cause,
    windows::Column::PageLimit,
    windows::Column::Pages,
    windows::Column::Posts,
    windows::Column::Newest,
    windows::Column::Reached,
    windows::Column::CursorToken,
    windows::Column::CursorSince,
    windows::Column::CursorUntil,
    windows::Column::NotBefore,
];

const OPEN: &str = "open";
const DONE: &str = "done";
const MISSED: &str = "missed";

pub(crate) fn to_row(schedule: i64, window: &Window) -> windows::ActiveModel {
    let id = |id: TweetId| signed(id.0);
    let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let (state, missed) = match window.state {
        State::Open => (OPEN, None),
        State::Done => (DONE, None),
        State::Missed(cause) => (MISSED, Some(cause)),
    };
    let cause = missed.or(window.page_limit.map(|(_, cause)| cause));
    let cursor = window.cursor.clone();
    windows::ActiveModel {
        schedule_id: Set(schedule),
        number: Set(signed(window.number)),
        from_id: Set(id(window.from)),
        to_id: Set(id(window.to)),
        expected: Set(window.expected),
        is_counted: Set(window.is_counted),
        state: Set(state.to_owned()),
        cause: Set(cause.map(|cause| cause.name().to_owned())),
        page_limit: Set(window.page_limit.map(|(pages, _)| number(pages))),
        pages: Set(number(window.pages)),
        posts: Set(signed(window.posts)),
        newest: Set(window.newest.map(id)),
        reached: Set(window.reached.map(id)),
        cursor_since: Set(cursor.as_ref().and_then(|cursor| cursor.since_id).map(id)),
        cursor_until: Set(cursor.as_ref().map(|cursor| id(cursor.until_id))),
        cursor_token: Set(cursor.map(|cursor| cursor.token)),
        not_before: Set(window.not_before.map(|at| at.0)),
    }
}

fn from_row(row: windows::Model) -> Result<Window> {
    let id = |id: i64| TweetId(id.unsigned_abs());
    let cause = row.cause.as_deref().map(cause).transpose()?;
    let named = || cause.ok_or_else(|| StoreError::Damaged(format!("window {} has no cause", row.number)));
    let state = match row.state.as_str() {
        OPEN => State::Open,
        DONE => State::Done,
        MISSED => State::Missed(named()?),
        other => return Err(StoreError::Damaged(format!("a window is {other:?}"))),
    };
    let page_limit = match row.page_limit {
        Some(pages) => Some((pages.unsigned_abs(), named()?)),
        None => None,
    };
    let cursor = row.cursor_token.zip(row.cursor_until).map(|(token, until)| Cursor {
        token,
        since_id: row.cursor_since.map(id),
        until_id: id(until),
    });
    Ok(Window {
        number: row.number.unsigned_abs(),
        from: id(row.from_id),
        to: id(row.to_id),
        expected: row.expected,
        is_counted: row.is_counted,
        state,
        page_limit,
        pages: row.pages.unsigned_abs(),
        posts: row.posts.unsigned_abs(),
        newest: row.newest.map(id),
        reached: row.reached.map(id),
        cursor,
        not_before: row.not_before.map(Timestamp),
    })
}

pub(crate) fn gap_to_row(schedule: i64, run: i64, gap: &Gap) -> gaps::ActiveModel {
    gaps::ActiveModel {
        id: NotSet,
        schedule_id: Set(schedule),
        run_id: Set(run),
        from_id: Set(signed(gap.from.0)),
        to_id: Set(signed(gap.to.0)),
        missed: Set(gap.missed.map(signed)),
        cause: Set(gap.cause.name().to_owned()),
        noted_at: Set(gap.noted_at.0),
    }
}

fn gap_from_row(row: gaps::Model) -> Result<Gap> {
    Ok(Gap {
        from: TweetId(row.from_id.unsigned_abs()),
        to: TweetId(row.to_id.unsigned_abs()),
        missed: row.missed.map(i64::unsigned_abs),
        cause: cause(&row.cause)?,
        noted_at: Timestamp(row.noted_at),
    })
}

fn cause(name: &str) -> Result<Cause> {
    Cause::from_name(name).ok_or_else(|| StoreError::Damaged(format!("no cause of a gap is called {name:?}")))
}
