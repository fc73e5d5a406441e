//! Writing deliveries: every tweet of them ends as new, updated or duplicate, in one transaction.

use super::annotations::{Pending, Standing};
use super::authors::write_authors;
use super::bulk::{BulkInsert, BulkUpdate, OnKnown};
use super::delivery::{Origin, Part, Ready, Sealer};
use super::plan::{Plan, decide};
use super::read::{Names, by_ids};
use super::record::{Prepared, UPSERT};
use super::remove::remove;
use crate::Store;
use crate::entity::{counters, rejects, runs};
use crate::error::{Result, StoreError};
use crate::positions::{self, Consumed};
use crate::signed;
use model::change::Change;
use model::import::Counts;
use model::observed::Removal;
use model::{Row, Timestamp, TweetId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashSet;

/// Ids in one `IN (…)`.
pub(super) const LOOKUP_CHUNK: usize = 1000;

const JOIN: BulkInsert<3> = BulkInsert {
    table: "tweet_collections",
    columns: ["tweet_id", "collection_id", "schedule_id"],
    // During an upgrade, a server that does not hold the counter first may have joined them meanwhile.
    on_known: OnKnown::Keep,
};

/// For tweets that stay as they are, with another version and change number.
const TOUCH: BulkUpdate<3> = BulkUpdate { table: "tweets", columns: ["id", "version", "change"] };

/// For tweets that people put something on.
const CHANGE: BulkUpdate<2> = BulkUpdate { table: "tweets", columns: ["id", "change"] };

/// What deliveries came to.
pub struct Written {
    pub counts: Counts,
    pub handover: Handover,
}

/// Changes that follow each other without a gap, for who follows them: mostly as they were written, so that they need
/// not be read back.
#[derive(Clone)]
pub struct Handover {
    /// The number of the last change before them.
    pub after: u64,
    /// Tweets that nobody knew before.
    fresh: Vec<Row>,
    /// Tweets that were known, and are in other collections, come with other values now, or are gone.
    changed: Vec<TweetId>,
    /// The number of the last of them.
    pub position: u64,
}

impl Handover {
    /// Tweets in it.
    pub fn len(&self) -> usize {
        self.fresh.len() + self.changed.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The changes, as [`super::changes_after`] would tell them: each tweet as it is now.
    pub async fn changes(self, store: &Store) -> Result<Vec<Change>> {
        let mut changes: Vec<Change> = self.fresh.into_iter().map(Change::Put).collect();
        for ids in self.changed.chunks(LOOKUP_CHUNK) {
            let rows = by_ids(store, ids).await?;
            let there: HashSet<TweetId> = rows.iter().map(|row| row.tweet.id).collect();
            changes.extend(ids.iter().filter(|id| !there.contains(id)).copied().map(Change::Remove));
            changes.extend(rows.into_iter().filter(|row| !row.collections.is_empty()).map(Change::Put));
        }
        Ok(changes)
    }
}

/// Writes deliveries and says what became of their rows. Tweets that are only context are kept, but are no rows.
///
/// It is all or nothing, and writing the same again changes nothing: every tweet is then a duplicate. A later
/// observation takes the place of an earlier one, but what it lacks stays as it was known. Where they come from the
/// log, `consumed` says from where in it: it is noted in the same transaction.
///
/// # Errors
/// `Overtaken` if another process has written some of what was consumed.
pub async fn write(store: &Store, ready: Ready, consumed: Option<&Consumed>, now: Timestamp) -> Result<Written> {
    let Ready { parts, removals, annotations, sealer } = ready;
    let annotations = Pending::new(store, annotations, now).await?;
    let transaction = store.begin().await?;
    let before = hold_counter(&transaction).await?;
    let names = Names::load(&transaction).await?;
    let mut writing = Writing { transaction, names, sealer, now, change: before, counts: Counts::default() };
    let (mut fresh, mut changed) = (Vec::new(), Vec::new());
    for part in parts {
        writing.part(part, &mut fresh, &mut changed).await?;
    }
    if !removals.is_empty() {
        writing.remove(removals, &mut changed).await?;
    }
    if !annotations.is_empty() {
        writing.annotate(annotations, &mut changed).await?;
    }
    let Writing { transaction, change, counts, .. } = writing;
    if change > before {
        counters::Entity::update_many()
            .col_expr(counters::Column::Value, Expr::value(change))
            .filter(counters::Column::Name.eq("change"))
            .exec(&transaction)
            .await?;
    }
    if let Some(consumed) = consumed {
        positions::advance(&transaction, consumed).await?;
    }
    transaction.commit().await?;
    let handover = Handover { after: before.unsigned_abs(), fresh, changed, position: change.unsigned_abs() };
    Ok(Written { counts, handover })
}

/// Takes hold of the counter of changes until the transaction ends, and returns the last number given out.
///
/// Whoever writes tweets does so first. So numbers become visible in their order, nothing that was read before a
/// decision changes until it is carried out, and no two writers wait for each other.
async fn hold_counter(transaction: &DatabaseTransaction) -> Result<i64> {
    let counter = counters::Entity::find_by_id("change".to_owned()).lock_exclusive().one(transaction).await?;
    let counter = counter.ok_or_else(|| StoreError::Damaged("the counter of changes is missing".to_owned()))?;
    Ok(counter.value)
}

/// A transaction that writes.
struct Writing {
    transaction: DatabaseTransaction,
    names: Names,
    sealer: Sealer,
    now: Timestamp,
    /// The last change number given out.
    change: i64,
    counts: Counts,
}

impl Writing {
    /// Writes a part, and adds what it changes to what is handed over.
    async fn part(&mut self, mut part: Part, fresh: &mut Vec<Row>, changed: &mut Vec<TweetId>) -> Result<()> {
        write_authors(&self.transaction, &self.sealer, std::mem::take(&mut part.authors)).await?;
        let plan = decide(&self.transaction, &mut part).await?;
        let counts = plan.counts;
        self.carry_out(part.origin, plan, fresh, changed).await?;
        if !part.rejects.is_empty() {
            // A page holds 100 at most: one statement binds those of many.
            rejects::Entity::insert_many(part.rejects).exec_without_returning(&self.transaction).await?;
        }
        if let Some(run) = part.run {
            add_to_run(&self.transaction, run, counts).await?;
        }
        self.counts.add(counts);
        Ok(())
    }

    async fn carry_out(
        &mut self,
        origin: Origin,
        plan: Plan,
        fresh: &mut Vec<Row>,
        changed: &mut Vec<TweetId>,
    ) -> Result<()> {
        let mut next = || {
            self.change += 1;
            self.change
        };
        let joined: HashSet<i64> = plan.joined.iter().copied().collect();
        let ids: Vec<i64> = plan.fresh.iter().map(Prepared::id).collect();
        let mut standing = Standing::load(&self.transaction, &ids).await?;
        let (collections, queries) = self.names.of(&[(origin.collection.0, origin.schedule_id())]);
        let mut values = Vec::with_capacity(plan.fresh.len() + plan.changed.len());
        for mut tweet in plan.fresh {
            values.push(tweet.take_values(self.now.0, next()));
            if plan.returned.contains(&tweet.id()) {
                changed.push(tweet.state.tweet.id);
            } else if joined.contains(&tweet.id()) {
                let row = tweet.into_row(self.now, collections.clone(), queries.clone());
                fresh.push(standing.add_to(row));
            }
        }
        for (mut tweet, first_seen) in plan.changed {
            values.push(tweet.take_values(first_seen, next()));
            changed.push(tweet.state.tweet.id);
        }
        UPSERT.execute(&self.transaction, values).await?;
        changed.extend(plan.touched.iter().map(|(id, _)| TweetId(id.unsigned_abs())));
        let touched = plan.touched.into_iter().map(|(id, version)| [id.into(), version.into(), next().into()]);
        TOUCH.execute(&self.transaction, touched.collect()).await?;
        plan.superseded.write(&self.transaction).await?;
        let joined = plan.joined.into_iter();
        let joined = joined.map(|id| [id.into(), origin.collection.0.into(), origin.schedule_id().into()]);
        JOIN.execute(&self.transaction, joined.collect()).await
    }
}

impl Writing {
    async fn remove(&mut self, removals: Vec<Removal>, changed: &mut Vec<TweetId>) -> Result<()> {
        let mut next = || {
            self.change += 1;
            self.change
        };
        let removed = remove(&self.transaction, removals, &mut next).await?;
        changed.extend(removed.gone);
        let mut values = Vec::with_capacity(removed.changed.len());
        for (mut tweet, first_seen) in removed.changed {
            changed.push(tweet.state.tweet.id);
            values.push(tweet.take_values(first_seen, next()));
        }
        UPSERT.execute(&self.transaction, values).await
    }
}

impl Writing {
    async fn annotate(&mut self, annotations: Pending, changed: &mut Vec<TweetId>) -> Result<()> {
        let annotated = annotations.write(&self.transaction, self.sealer.vault()).await?;
        let mut changes = Vec::with_capacity(annotated.len());
        for id in annotated {
            self.change += 1;
            changes.push([id.into(), self.change.into()]);
            changed.push(TweetId(id.unsigned_abs()));
        }
        CHANGE.execute(&self.transaction, changes).await
    }
}

async fn add_to_run(transaction: &DatabaseTransaction, run: i64, counts: Counts) -> Result<()> {
    let more = |column: runs::Column, count: u64| (column, Expr::col(column).add(signed(count)));
    let Counts { read, new, updated, duplicate, rejected } = counts;
    let columns = [
        more(runs::Column::Read, read),
        more(runs::Column::New, new),
        more(runs::Column::Updated, updated),
        more(runs::Column::Duplicate, duplicate),
        more(runs::Column::Rejected, rejected),
    ];
    let update =
        columns.into_iter().fold(runs::Entity::update_many(), |update, (column, sum)| update.col_expr(column, sum));
    update.filter(runs::Column::Id.eq(run)).exec(transaction).await?;
    Ok(())
}
