//! What the index follows: changes by number, and digests to compare with.

use super::read::to_rows;
use crate::Store;
use crate::entity::{counters, removals, tweet_collections, tweets};
use crate::error::Result;
use model::change::Change;
use model::digest::DayDigest;
use model::{Timestamp, TweetId};
use sea_orm::sea_query::{ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// Changes, and the number up to which they are complete.
pub struct Changes {
    pub changes: Vec<Change>,
    pub position: u64,
    /// Whether there may be more.
    pub more: bool,
}

/// The next changes with a number after `position`, at most `limit`, in their order. Tweets that are in no collection
/// (context only) are skipped.
pub async fn changes_after(store: &Store, position: u64, limit: u64) -> Result<Changes> {
    // What is written between the two looks is left for the next time.
    let last = last_change(store).await?;
    let numbers = crate::signed(position) + 1..=crate::signed(last);
    let found = tweets::Entity::find()
        .filter(tweets::Column::Change.between(*numbers.start(), *numbers.end()))
        .order_by_asc(tweets::Column::Change)
        .limit(limit)
        .all(store.reader())
        .await?;
    let removed = removals::Entity::find()
        .filter(removals::Column::Change.between(*numbers.start(), *numbers.end()))
        .order_by_asc(removals::Column::Change)
        .limit(limit)
        .all(store.reader())
        .await?;
    // A list that was cut says nothing of what is beyond its end.
    let ends = [
        found.last().filter(|_| found.len() as u64 == limit).map(|tweet| tweet.change),
        removed.last().filter(|_| removed.len() as u64 == limit).map(|removal| removal.change),
    ];
    let end = ends.into_iter().flatten().min();
    let is_within = |change: i64| end.is_none_or(|end| change <= end);
    let mut changes: BTreeMap<i64, Change> = BTreeMap::new();
    for removal in removed.into_iter().filter(|removal| is_within(removal.change)) {
        changes.insert(removal.change, Change::Remove(TweetId(removal.tweet_id.unsigned_abs())));
    }
    let found: Vec<tweets::Model> = found.into_iter().filter(|tweet| is_within(tweet.change)).collect();
    let order: Vec<i64> = found.iter().map(|tweet| tweet.change).collect();
    let rows = to_rows(store.reader(), found).await?;
    let rows = order.into_iter().zip(rows).filter(|(_, row)| !row.collections.is_empty());
    changes.extend(rows.map(|(change, row)| (change, Change::Put(row))));
    let position = end.map_or(Ord::max(last, position), i64::unsigned_abs);
    Ok(Changes { changes: changes.into_values().collect(), position, more: end.is_some() })
}

/// The number of the last change.
pub async fn last_change(store: &Store) -> Result<u64> {
    let counter = counters::Entity::find_by_id("change".to_owned()).one(store.reader()).await?;
    Ok(counter.map_or(0, |counter| counter.value.unsigned_abs()))
}

/// When the first of the tweets was seen that were changed after `position`, of those seen at or after `since`.
pub async fn first_seen_after(store: &Store, position: u64, since: Timestamp) -> Result<Option<Timestamp>> {
    let first: Option<Option<i64>> = tweets::Entity::find()
        .select_only()
        .column_as(tweets::Column::FirstSeen.min(), "first")
        .filter(tweets::Column::Change.gt(crate::signed(position)))
        .filter(tweets::Column::FirstSeen.gte(since.0))
        .into_tuple()
        .one(store.reader())
        .await?;
    Ok(first.flatten().map(Timestamp))
}

/// Count and hash of the rows of every UTC day of creation, to compare with the index. It reads every tweet's
/// id and times, in slices.
pub async fn day_digests(store: &Store) -> Result<BTreeMap<i64, DayDigest>> {
    const SLICE: u64 = 50_000;
    let mut days: BTreeMap<i64, DayDigest> = BTreeMap::new();
    let mut after = i64::MIN;
    loop {
        let is_row = Query::select()
            .expr(sea_orm::sea_query::Expr::value(1))
            .from(tweet_collections::Entity)
            .and_where(
                sea_orm::sea_query::Expr::col((tweet_collections::Entity, tweet_collections::Column::TweetId))
                    .equals((tweets::Entity, tweets::Column::Id)),
            )
            .to_owned();
        let slice: Vec<(i64, i64, i64, i64)> = tweets::Entity::find()
            .select_only()
            .columns([
                tweets::Column::Id,
                tweets::Column::Version,
                tweets::Column::CreatedAt,
                tweets::Column::FirstSeen,
            ])
            .filter(tweets::Column::Id.gt(after))
            .filter(sea_orm::sea_query::Expr::exists(is_row))
            .order_by_asc(tweets::Column::Id)
            .limit(SLICE)
            .into_tuple()
            .all(store.reader())
            .await?;
        for (id, version, created_at, first_seen) in &slice {
            let day = days.entry(Timestamp(*created_at).day_number()).or_default();
            day.add(TweetId(id.unsigned_abs()), Timestamp(*version), Timestamp(*first_seen));
        }
        match slice.last() {
            Some((id, ..)) if slice.len() as u64 == SLICE => after = *id,
            _ => return Ok(days),
        }
    }
}
