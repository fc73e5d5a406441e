//! Writing a batch: every tweet of it ends as new, updated or duplicate, in one transaction.

use super::record::{Prepared, prepare};
use crate::Store;
use crate::entity::{authors, counters, tweet_collections, tweets};
use crate::error::{Result, StoreError};
use crate::vault::{Place, Purpose, SealingKey, Vault};
use model::import::Counts;
use model::observed::{Batch, ObservedAuthor, Role};
use model::tweet::AuthorStats;
use model::{CollectionId, Timestamp, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, Iterable, QueryFilter, QuerySelect, Set};
use std::collections::{HashMap, HashSet};

/// Ids in one `IN (…)`.
const LOOKUP_CHUNK: usize = 1000;

/// What brings the tweets.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    pub collection: CollectionId,
    /// None for an import.
    pub schedule: Option<i64>,
}

/// Writes a batch and says what became of its rows. Tweets that are only context are kept, but are no rows.
///
/// It is all or nothing, and writing the same batch again changes nothing: every tweet is then a duplicate.
pub async fn write(store: &Store, origin: Origin, batch: Batch, now: Timestamp) -> Result<Counts> {
    let vault = store.vault();
    let raw_key = vault.sealing_key(Purpose::Raw, now).await?;
    let identity_key = vault.sealing_key(Purpose::Identity, now).await?;
    let stats: HashMap<UserId, AuthorStats> = batch.authors.iter().map(|author| (author.id, author.stats)).collect();
    let authors = latest_authors(batch.authors).into_iter().map(|author| author_row(author, vault, &identity_key));
    let authors = authors.collect::<Result<Vec<_>>>()?;

    let mut pending = Pending::default();
    for observed in batch.tweets {
        let stats = observed.author_id.and_then(|id| stats.get(&id)).copied().unwrap_or_default();
        let is_row = observed.role == Role::Row;
        pending.add(prepare(observed, stats, vault, &raw_key)?, is_row);
    }

    let transaction = store.begin().await?;
    write_authors(&transaction, authors, store.bind_limit()).await?;
    let counts = write_tweets(&transaction, origin, pending, now, store.bind_limit()).await?;
    transaction.commit().await?;
    Ok(counts)
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
    fn add(&mut self, tweet: Prepared, is_row: bool) {
        let id = tweet.id;
        if is_row {
            self.counts.read += 1;
            if !self.rows.insert(id) {
                self.counts.duplicate += 1;
            }
        }
        match self.tweets.get(&id) {
            Some(known) if known.version >= tweet.version => {}
            Some(_) => {
                self.tweets.insert(id, tweet);
            }
            None => {
                self.order.push(id);
                self.tweets.insert(id, tweet);
            }
        }
    }
}

/// What the store already has of a tweet.
struct Known {
    version: i64,
    content_hash: i64,
    first_seen: i64,
}

async fn write_tweets(
    transaction: &DatabaseTransaction,
    origin: Origin,
    mut pending: Pending,
    now: Timestamp,
    bind_limit: usize,
) -> Result<Counts> {
    let known = known_tweets(transaction, &pending.order).await?;
    let members = members(transaction, origin, &pending.rows).await?;
    let mut counts = pending.counts;
    let mut written = Vec::new();
    let mut joined = Vec::new();
    let mut touched = Vec::new();
    for id in &pending.order {
        let Some(tweet) = pending.tweets.remove(id) else { continue };
        let is_row = pending.rows.contains(id);
        let is_member = members.in_collection.contains(id);
        let stale = known
            .get(id)
            .is_some_and(|known| known.version >= tweet.version || known.content_hash == tweet.content_hash);
        let joins = is_row && !members.by_schedule.contains(id);
        if joins {
            joined.push(*id);
        }
        if !stale {
            let first_seen = known.get(id).map_or(now.0, |known| known.first_seen);
            let mut row = tweet.row;
            row.first_seen = Set(first_seen);
            written.push(row);
        } else if joins {
            touched.push(*id);
        }
        if is_row {
            match (is_member, stale) {
                (false, _) => counts.new += 1,
                (true, false) => counts.updated += 1,
                (true, true) => counts.duplicate += 1,
            }
        }
    }
    let changes = written.len() + touched.len();
    if changes > 0 {
        let mut change = reserve_changes(transaction, changes as i64).await?;
        for row in &mut written {
            change += 1;
            row.change = Set(change);
        }
        upsert(transaction, written, bind_limit).await?;
        touch(transaction, &touched, change).await?;
    }
    join(transaction, origin, joined, bind_limit).await?;
    Ok(counts)
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
            if schedule == origin.schedule.unwrap_or(0) {
                members.by_schedule.insert(id);
            }
        }
    }
    Ok(members)
}

/// Takes the next `count` change numbers and returns the one before them. It holds the counter's row until the
/// transaction ends, so that numbers become visible in their order.
async fn reserve_changes(transaction: &DatabaseTransaction, count: i64) -> Result<i64> {
    counters::Entity::update_many()
        .col_expr(counters::Column::Value, Expr::col(counters::Column::Value).add(count))
        .filter(counters::Column::Name.eq("change"))
        .exec(transaction)
        .await?;
    let counter = counters::Entity::find_by_id("change".to_owned()).one(transaction).await?;
    let counter = counter.ok_or_else(|| StoreError::Damaged("the counter of changes is missing".to_owned()))?;
    Ok(counter.value - count)
}

async fn upsert(transaction: &DatabaseTransaction, rows: Vec<tweets::ActiveModel>, bind_limit: usize) -> Result<()> {
    let columns = tweets::Column::iter().count();
    let newer =
        Expr::col((tweets::Entity, tweets::Column::Version)).lt(Expr::col(("excluded", tweets::Column::Version)));
    let conflict = OnConflict::column(tweets::Column::Id)
        .update_columns(tweets::Column::iter().filter(|column| !matches!(column, tweets::Column::Id)))
        .action_and_where(newer)
        .to_owned();
    for chunk in chunks(rows, bind_limit / columns) {
        tweets::Entity::insert_many(chunk).on_conflict(conflict.clone()).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// Gives new change numbers to tweets that only joined a collection.
async fn touch(transaction: &DatabaseTransaction, ids: &[i64], mut change: i64) -> Result<()> {
    for id in ids {
        change += 1;
        tweets::Entity::update_many()
            .col_expr(tweets::Column::Change, Expr::value(change))
            .filter(tweets::Column::Id.eq(*id))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

async fn join(transaction: &DatabaseTransaction, origin: Origin, ids: Vec<i64>, bind_limit: usize) -> Result<()> {
    let rows: Vec<_> = ids
        .into_iter()
        .map(|id| tweet_collections::ActiveModel {
            tweet_id: Set(id),
            collection_id: Set(origin.collection.0),
            schedule_id: Set(origin.schedule.unwrap_or(0)),
        })
        .collect();
    for chunk in chunks(rows, bind_limit / 3) {
        tweet_collections::Entity::insert_many(chunk).exec_without_returning(transaction).await?;
    }
    Ok(())
}

fn latest_authors(authors: Vec<ObservedAuthor>) -> Vec<ObservedAuthor> {
    let mut latest: HashMap<UserId, ObservedAuthor> = HashMap::with_capacity(authors.len());
    for author in authors {
        match latest.get(&author.id) {
            Some(known) if known.version >= author.version => {}
            _ => {
                latest.insert(author.id, author);
            }
        }
    }
    latest.into_values().collect()
}

fn author_row(author: ObservedAuthor, vault: &Vault, key: &SealingKey) -> Result<authors::ActiveModel> {
    let pid = vault.pid(author.id);
    let place = Place { table: "authors", row: &pid.0, column: "identity" };
    let identity = serde_json::to_vec(&(author.id, &author.identity));
    let identity = identity.map_err(|error| StoreError::Damaged(error.to_string()))?;
    let number = |value: Option<u64>| value.map(super::record::signed);
    Ok(authors::ActiveModel {
        pid: Set(pid.0.to_vec()),
        version: Set(author.version.0),
        handle_key: Set(author.identity.handle.as_deref().map(|handle| vault.handle_key(handle).to_vec())),
        identity: Set(vault.seal(key, place, &identity)?),
        followers: Set(number(author.stats.followers)),
        following: Set(number(author.stats.following)),
        tweets: Set(number(author.stats.tweets)),
        verified: Set(author.stats.verified),
        account_created: Set(author.stats.created_at.map(|time| time.0)),
    })
}

async fn write_authors(
    transaction: &DatabaseTransaction,
    rows: Vec<authors::ActiveModel>,
    bind_limit: usize,
) -> Result<()> {
    let columns = authors::Column::iter().count();
    let newer =
        Expr::col((authors::Entity, authors::Column::Version)).lt(Expr::col(("excluded", authors::Column::Version)));
    let conflict = OnConflict::column(authors::Column::Pid)
        .update_columns(authors::Column::iter().filter(|column| !matches!(column, authors::Column::Pid)))
        .action_and_where(newer)
        .to_owned();
    for chunk in chunks(rows, bind_limit / columns) {
        authors::Entity::insert_many(chunk).on_conflict(conflict.clone()).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// The rows in chunks that one statement can bind.
fn chunks<T>(rows: Vec<T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<T> = rows.by_ref().take(size).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}
