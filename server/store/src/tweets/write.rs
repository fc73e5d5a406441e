//! Writing a batch: every tweet of it ends as new, updated or duplicate, in one transaction.

use super::authors::write_authors;
use super::read::Names;
use super::record::{Prepared, to_tweet};
use crate::Store;
use crate::entity::{counters, tweet_collections, tweets};
use crate::error::{Result, StoreError};
use crate::vault::Purpose;
use model::import::Counts;
use model::observed::{Batch, Role};
use model::tweet::AuthorStats;
use model::{CollectionId, Row, Timestamp, UserId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, Iterable, QueryFilter, QuerySelect, Set};
use std::collections::{HashMap, HashSet};

/// Ids in one `IN (…)`.
pub(super) const LOOKUP_CHUNK: usize = 1000;

/// What brings the tweets.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    pub collection: CollectionId,
    /// None for an import.
    pub schedule: Option<i64>,
}

impl Origin {
    fn schedule_id(self) -> i64 {
        self.schedule.unwrap_or(0)
    }
}

/// What a batch came to.
pub struct Written {
    pub counts: Counts,
    /// Its changes, where they are known without asking the database: where none of its tweets was there before.
    pub fresh: Option<Fresh>,
}

/// Changes that follow each other without a gap.
pub struct Fresh {
    /// The number of the last change before them.
    pub after: u64,
    /// As [`super::changes_after`] would tell them.
    pub rows: Vec<Row>,
    /// The number of the last of them.
    pub position: u64,
}

/// Writes a batch and says what became of its rows. Tweets that are only context are kept, but are no rows.
///
/// It is all or nothing, and writing the same batch again changes nothing: every tweet is then a duplicate. A later
/// observation takes the place of an earlier one, but what it lacks stays as it was known.
pub async fn write(store: &Store, origin: Origin, batch: Batch, now: Timestamp) -> Result<Written> {
    let vault = store.vault();
    let raw_key = vault.sealing_key(Purpose::Raw, now).await?;
    let identity_key = vault.sealing_key(Purpose::Identity, now).await?;
    let stats: HashMap<UserId, AuthorStats> = batch.authors.iter().map(|author| (author.id, author.stats)).collect();
    let mut pending = Pending::default();
    for observed in batch.tweets {
        let stats = observed.author_id.and_then(|id| stats.get(&id)).copied().unwrap_or_default();
        let is_row = observed.role == Role::Row;
        pending.add(Prepared::new(observed, stats, vault, &raw_key)?, is_row)?;
    }

    let transaction = store.begin().await?;
    let last_change = hold_counter(&transaction).await?;
    write_authors(&transaction, store, &identity_key, batch.authors).await?;
    let plan = decide(&transaction, origin, pending, now).await?;
    let (counts, is_fresh) = (plan.counts, plan.is_fresh);
    let (rows, change) = carry_out(&transaction, origin, plan, last_change, store.bind_limit()).await?;
    transaction.commit().await?;
    let fresh = if is_fresh && change > last_change {
        let rows = origin_of_all(store, origin, rows).await?;
        Some(Fresh { after: last_change.unsigned_abs(), rows, position: change.unsigned_abs() })
    } else {
        None
    };
    Ok(Written { counts, fresh })
}

/// The tweets of a batch, each once: of several observations the latest.
#[derive(Default)]
struct Pending {
    tweets: HashMap<i64, Prepared>,
    /// Ids in the order of the batch, so that equal input gives equal change numbers.
    order: Vec<i64>,
    rows: HashSet<i64>,
    counts: Counts,
}

impl Pending {
    fn add(&mut self, tweet: Prepared, is_row: bool) -> Result<()> {
        let id = tweet.id();
        if is_row {
            self.counts.read += 1;
            if !self.rows.insert(id) {
                self.counts.duplicate += 1;
            }
        }
        match self.tweets.get_mut(&id) {
            Some(other) => {
                let is_later = other.tweet.version < tweet.tweet.version;
                let earlier = if is_later { std::mem::replace(other, tweet) } else { tweet };
                other.fill_from(earlier)
            }
            None => {
                self.order.push(id);
                self.tweets.insert(id, tweet);
                Ok(())
            }
        }
    }
}

/// What a batch changes.
#[derive(Default)]
struct Plan {
    counts: Counts,
    /// Tweets to write, with the time of their first sight.
    written: Vec<(Prepared, i64)>,
    /// Tweets that stay as they are, with the version in which they were now observed: they joined the collection,
    /// or were seen to be the same later.
    touched: Vec<(i64, i64)>,
    joined: Vec<i64>,
    /// Whether none of the tweets was there before.
    is_fresh: bool,
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

async fn decide(
    transaction: &DatabaseTransaction,
    origin: Origin,
    mut pending: Pending,
    now: Timestamp,
) -> Result<Plan> {
    let known = known_tweets(transaction, &pending.order).await?;
    fill_from_known(transaction, &mut pending, &known).await?;
    let members = members(transaction, origin, &pending.rows).await?;
    let mut plan = Plan { counts: pending.counts, is_fresh: known.is_empty(), ..Plan::default() };
    for id in &pending.order {
        let Some(tweet) = pending.tweets.remove(id) else { continue };
        let is_row = pending.rows.contains(id);
        let joins = is_row && !members.by_schedule.contains(id);
        let observed = tweet.tweet.version.0;
        let is_stale = match known.get(id) {
            Some(known) => {
                let is_stale = known.version >= observed || known.content_hash == tweet.content_hash;
                if is_stale && (joins || known.version < observed) {
                    plan.touched.push((*id, known.version.max(observed)));
                }
                is_stale
            }
            None => false,
        };
        if !is_stale {
            plan.written.push((tweet, known.get(id).map_or(now.0, |known| known.first_seen)));
        }
        if joins {
            plan.joined.push(*id);
        }
        if is_row {
            match (members.in_collection.contains(id), is_stale) {
                (false, _) => plan.counts.new += 1,
                (true, false) => plan.counts.updated += 1,
                (true, true) => plan.counts.duplicate += 1,
            }
        }
    }
    Ok(plan)
}

/// Returns the tweets that are in the collection now, as they were written, and the number of the last change.
async fn carry_out(
    transaction: &DatabaseTransaction,
    origin: Origin,
    plan: Plan,
    last_change: i64,
    bind_limit: usize,
) -> Result<(Vec<Row>, i64)> {
    let mut change = last_change;
    let mut next = || {
        change += 1;
        change
    };
    let joined: HashSet<i64> = plan.joined.iter().copied().collect();
    let mut models = Vec::with_capacity(plan.written.len());
    let mut rows = Vec::with_capacity(if plan.is_fresh { joined.len() } else { 0 });
    for (mut tweet, first_seen) in plan.written {
        models.push(tweet.take_model(first_seen, next()));
        if plan.is_fresh && joined.contains(&tweet.id()) {
            rows.push(tweet.into_row(first_seen));
        }
    }
    upsert(transaction, models, bind_limit).await?;
    for (id, version) in plan.touched {
        tweets::Entity::update_many()
            .col_expr(tweets::Column::Change, Expr::value(next()))
            .col_expr(tweets::Column::Version, Expr::value(version))
            .filter(tweets::Column::Id.eq(id))
            .exec(transaction)
            .await?;
    }
    join(transaction, origin, plan.joined, bind_limit).await?;
    if change > last_change {
        counters::Entity::update_many()
            .col_expr(counters::Column::Value, Expr::value(change))
            .filter(counters::Column::Name.eq("change"))
            .exec(transaction)
            .await?;
    }
    Ok((rows, change))
}

/// Names the collection and the schedule in rows that are of no other.
async fn origin_of_all(store: &Store, origin: Origin, mut rows: Vec<Row>) -> Result<Vec<Row>> {
    let names = Names::load(store.reader()).await?;
    for row in &mut rows {
        (row.collections, row.queries) = names.of(&[(origin.collection.0, origin.schedule_id())]);
    }
    Ok(rows)
}

/// What the store already has of a tweet.
struct Known {
    version: i64,
    content_hash: i64,
    first_seen: i64,
}

async fn known_tweets(transaction: &DatabaseTransaction, ids: &[i64]) -> Result<HashMap<i64, Known>> {
    let mut known = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let found: Vec<(i64, i64, i64, i64)> = tweets::Entity::find()
            .select_only()
            .columns([
                tweets::Column::Id,
                tweets::Column::Version,
                tweets::Column::ContentHash,
                tweets::Column::FirstSeen,
            ])
            .filter(tweets::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(transaction)
            .await?;
        known.extend(
            found
                .into_iter()
                .map(|(id, version, content_hash, first_seen)| (id, Known { version, content_hash, first_seen })),
        );
    }
    Ok(known)
}

/// Fills what later observations lack. Only those that differ from what is known are compared field by field.
async fn fill_from_known(
    transaction: &DatabaseTransaction,
    pending: &mut Pending,
    known: &HashMap<i64, Known>,
) -> Result<()> {
    let differs = |tweet: &Prepared, known: &Known| {
        known.version < tweet.tweet.version.0 && known.content_hash != tweet.content_hash
    };
    let differing = known.iter().filter(|(id, known)| pending.tweets.get(id).is_some_and(|new| differs(new, known)));
    let differing: Vec<i64> = differing.map(|(id, _)| *id).collect();
    for chunk in differing.chunks(LOOKUP_CHUNK) {
        let found = tweets::Entity::find().filter(tweets::Column::Id.is_in(chunk.iter().copied()));
        for mut row in found.all(transaction).await? {
            let Some(tweet) = pending.tweets.get_mut(&row.id) else { continue };
            let raw = std::mem::take(&mut row.raw);
            let (known, stats) = to_tweet(row)?;
            tweet.fill(known, stats, raw)?;
        }
    }
    Ok(())
}

/// Which tweets are in the collection, and which by this very schedule.
struct Members {
    in_collection: HashSet<i64>,
    by_schedule: HashSet<i64>,
}

async fn members(transaction: &DatabaseTransaction, origin: Origin, ids: &HashSet<i64>) -> Result<Members> {
    let mut members = Members { in_collection: HashSet::new(), by_schedule: HashSet::new() };
    let ids: Vec<i64> = ids.iter().copied().collect();
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let found: Vec<(i64, i64)> = tweet_collections::Entity::find()
            .select_only()
            .columns([tweet_collections::Column::TweetId, tweet_collections::Column::ScheduleId])
            .filter(tweet_collections::Column::CollectionId.eq(origin.collection.0))
            .filter(tweet_collections::Column::TweetId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(transaction)
            .await?;
        for (id, schedule) in found {
            members.in_collection.insert(id);
            if schedule == origin.schedule_id() {
                members.by_schedule.insert(id);
            }
        }
    }
    Ok(members)
}

async fn upsert(transaction: &DatabaseTransaction, rows: Vec<tweets::ActiveModel>, bind_limit: usize) -> Result<()> {
    let columns = tweets::Column::iter().count();
    let conflict = OnConflict::column(tweets::Column::Id)
        .update_columns(tweets::Column::iter().filter(|column| !matches!(column, tweets::Column::Id)))
        .to_owned();
    for chunk in chunks(rows, bind_limit / columns) {
        tweets::Entity::insert_many(chunk).on_conflict(conflict.clone()).exec_without_returning(transaction).await?;
    }
    Ok(())
}

async fn join(transaction: &DatabaseTransaction, origin: Origin, ids: Vec<i64>, bind_limit: usize) -> Result<()> {
    let rows: Vec<_> = ids
        .into_iter()
        .map(|id| tweet_collections::ActiveModel {
            tweet_id: Set(id),
            collection_id: Set(origin.collection.0),
            schedule_id: Set(origin.schedule_id()),
        })
        .collect();
    // During an upgrade, a server that does not hold the counter first may have joined them meanwhile.
    let keep = OnConflict::columns(tweet_collections::Column::iter()).do_nothing().to_owned();
    for chunk in chunks(rows, bind_limit / 3) {
        tweet_collections::Entity::insert_many(chunk)
            .on_conflict(keep.clone())
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// The rows in chunks that one statement can bind.
pub(super) fn chunks<T>(rows: Vec<T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<T> = rows.by_ref().take(size).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}
