//! How far streams have brought their schedules. What they missed becomes windows, which are read by search as those of
//! other schedules are.
//!
//! Who holds the stream's lease moves the marks and makes windows, always above all others of the schedule; who holds the
//! credential's reads them and takes them away. So neither writes over what the other wrote.

use crate::Store;
use crate::entity::{gaps, runs, schedules, windows};
use crate::error::Result;
use crate::leases::{self, Lease};
use crate::schedules::{Due, at_work, load};
use crate::signed;
use crate::windows::{State, Window, gap_to_row, to_row};
use model::TweetId;
use model::gap::Gap;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashSet;

/// Ids of a schedule, from `from` to before `to`, that its stream has missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    pub schedule: i64,
    pub from: TweetId,
    pub to: TweetId,
}

/// What became durable of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is to be searched for; the schedule's mark moves to its end.
    pub missed: Vec<Missed>,
    /// All below it has come,
    pub reached: TweetId,
    /// for these schedules, but for what is missed.
    pub schedules: Vec<i64>,
    /// Pages that were put into the log, by run.
    pub pages: Vec<(i64, u32)>,
}

/// The credentials with which streams are to be read.
pub async fn credentials(store: &Store) -> Result<Vec<i64>> {
    let found = schedules::Entity::find().select_only().column(schedules::Column::CredentialId).distinct();
    let found = found.filter(at_work()).filter(is_stream()).order_by_asc(schedules::Column::CredentialId);
    Ok(found.into_tuple().all(store.reader()).await?)
}

/// The streams of a credential: the enabled ones, and those that have a run.
pub async fn of_credential(store: &Store, credential: i64) -> Result<Vec<Due>> {
    load(store, schedules::Entity::find().filter(of(credential)).filter(at_work())).await
}

/// The streams of a credential that have missed something which can be searched for: it ends at `highest` at the latest.
pub async fn to_fill(store: &Store, credential: i64, highest: TweetId) -> Result<Vec<i64>> {
    let streams =
        Query::select().column(schedules::Column::Id).from(schedules::Entity).cond_where(of(credential)).to_owned();
    let found = windows::Entity::find().select_only().column(windows::Column::ScheduleId).distinct();
    let found = found
        .filter(windows::Column::ToId.lte(signed(highest.0)))
        .filter(windows::Column::ScheduleId.in_subquery(streams));
    Ok(found.into_tuple().all(store.reader()).await?)
}

fn of(credential: i64) -> Condition {
    is_stream().add(schedules::Column::CredentialId.eq(credential))
}

fn is_stream() -> Condition {
    Condition::all().add(schedules::Column::Kind.eq("stream"))
}

/// Notes what became durable, for the schedules that still have the credential: who keeps the stream of another goes on
/// from their marks.
///
/// # Errors
/// `Lost` if another process has taken the stream over: nothing is noted then.
pub async fn note(store: &Store, lease: &Lease, credential: i64, progress: &Progress) -> Result<()> {
    let transaction = store.begin().await?;
    leases::guard(&transaction, lease).await?;
    let ours = schedules::Entity::find().select_only().column(schedules::Column::Id).filter(of(credential));
    let ours: HashSet<i64> = HashSet::from_iter(ours.lock_exclusive().into_tuple::<i64>().all(&transaction).await?);
    let schedules: Vec<i64> = progress.schedules.iter().filter(|schedule| ours.contains(schedule)).copied().collect();
    for missed in progress.missed.iter().filter(|missed| ours.contains(&missed.schedule)) {
        let window = to_row(missed.schedule, &missed.window());
        windows::Entity::insert(window).exec_without_returning(&transaction).await?;
        move_marks(&transaction, &[missed.schedule], missed.to).await?;
    }
    move_marks(&transaction, &schedules, progress.reached).await?;
    for (run, pages) in &progress.pages {
        let pages = i32::try_from(*pages).unwrap_or(i32::MAX);
        runs::Entity::update_many()
            .col_expr(runs::Column::Pages, Expr::col(runs::Column::Pages).add(pages))
            .filter(runs::Column::Id.eq(*run))
            .exec(&transaction)
            .await?;
    }
    Ok(transaction.commit().await?)
}

/// Marks only move up.
async fn move_marks(transaction: &DatabaseTransaction, schedules: &[i64], to: TweetId) -> Result<()> {
    let to = signed(to.0);
    for some in schedules.chunks(500) {
        schedules::Entity::update_many()
            .col_expr(schedules::Column::SinceId, Expr::value(to))
            .col_expr(schedules::Column::SettledId, Expr::value(to))
            .filter(schedules::Column::Id.is_in(some.iter().copied()))
            .filter(schedules::Column::SinceId.lt(to))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

/// Some of what a stream missed has been read, or is noted as a gap: its windows go.
///
/// # Errors
/// `Lost` if another process has taken the credential over: nothing is noted then.
pub async fn filled(store: &Store, lease: &Lease, run: i64, filled: Missed, gaps: &[Gap]) -> Result<()> {
    let transaction = store.begin().await?;
    leases::guard(&transaction, lease).await?;
    let rows: Vec<_> = gaps.iter().map(|gap| gap_to_row(filled.schedule, run, gap)).collect();
    if !rows.is_empty() {
        gaps::Entity::insert_many(rows).exec_without_returning(&transaction).await?;
    }
    windows::Entity::delete_many()
        .filter(windows::Column::ScheduleId.eq(filled.schedule))
        .filter(windows::Column::FromId.gte(signed(filled.from.0)))
        .filter(windows::Column::ToId.lte(signed(filled.to.0)))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

impl Missed {
    /// It is numbered by its first id: the planner, which may split older windows at the same time, counts on from theirs
    /// and does not get so far.
    fn window(&self) -> Window {
        Window {
            number: self.from.0,
            from: self.from,
            to: self.to,
            expected: None,
            is_counted: false,
            state: State::Open,
            page_limit: None,
            pages: 0,
            posts: 0,
            newest: None,
            reached: None,
            cursor: None,
            not_before: None,
        }
    }
}
