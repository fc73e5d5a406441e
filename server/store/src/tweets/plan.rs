//! What a delivery changes: decided against what the database has, while nobody else writes.

use super::delivery::{Origin, Part};
use super::history::Superseded;
use super::record::{Prepared, to_prepared};
use super::write::LOOKUP_CHUNK;
use crate::entity::{removals, tweet_collections, tweets};
use crate::error::Result;
use model::Timestamp;
use model::import::Counts;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{HashMap, HashSet};

/// What a delivery changes.
#[derive(Default)]
pub(super) struct Plan {
    pub counts: Counts,
    /// Tweets that are not there.
    pub fresh: Vec<Prepared>,
    /// Those among the tweets that were there once: they may still belong to other collections.
    pub returned: HashSet<i64>,
    /// Tweets that take the place of what is known, with the time of their first sight.
    pub changed: Vec<(Prepared, i64)>,
    /// Tweets that stay as they are, with the version in which they were now observed: they joined the collection,
    /// or were seen to be the same at another time.
    pub touched: Vec<(i64, i64)>,
    /// Tweets that are new in the collection, or new of this schedule.
    pub joined: Vec<i64>,
    /// What was observed before the latest observations.
    pub superseded: Superseded,
}

pub(super) async fn decide(transaction: &DatabaseTransaction, part: &mut Part) -> Result<Plan> {
    let known = known_tweets(transaction, &part.order).await?;
    let returned = forget_removed(transaction, part).await?;
    let mut whole = whole_of_differing(transaction, &part.tweets, &known).await?;
    let members = members(transaction, part.origin, &part.rows).await?;
    let superseded = Superseded::load(transaction, &late(&part.tweets, &known)).await?;
    let mut plan = Plan { counts: part.counts, returned, superseded, ..Plan::default() };
    for id in &part.order {
        let is_row = part.rows.contains(id);
        let joins = is_row && !members.by_schedule.contains(id);
        let tweet = part.tweets.remove(id);
        // One that was removed since it was observed is not there. Where it belongs is noted all the same: it may come
        // back.
        let is_there = tweet.is_some();
        let is_stale = match tweet {
            Some(tweet) => plan.take(tweet, known.get(id), whole.remove(id), joins)?,
            None => {
                let known = known.get(id).filter(|_| joins);
                plan.touched.extend(known.map(|known| (*id, known.version)));
                true
            }
        };
        if joins {
            plan.joined.push(*id);
        }
        if is_row {
            match (members.in_collection.contains(id), is_stale) {
                (false, _) if is_there => plan.counts.new += 1,
                (true, false) => plan.counts.updated += 1,
                _ => plan.counts.duplicate += 1,
            }
        }
    }
    Ok(plan)
}

impl Plan {
    /// Says whether the tweet tells nothing new. `whole` is all that is known, if the tweet differs from it.
    fn take(
        &mut self,
        mut tweet: Prepared,
        known: Option<&Known>,
        whole: Option<Prepared>,
        joins: bool,
    ) -> Result<bool> {
        let Some(known) = known else {
            self.superseded.add(tweet.id(), &tweet.history);
            self.fresh.push(tweet);
            return Ok(false);
        };
        let (id, observed) = (tweet.id(), tweet.version());
        if let Some(mut whole) = whole {
            let before = whole.provenance();
            whole.join(tweet)?;
            let is_new = !whole.tells_the_same(known.content_hash);
            let is_longer = self.superseded.add(id, &whole.history);
            if is_new || is_longer || whole.provenance() != before || joins {
                self.changed.push((whole, known.first_seen));
            }
            return Ok(!is_new);
        }
        tweet.join_same(known.version);
        let is_longer = self.superseded.add(id, &tweet.history);
        if joins || is_longer || known.version < observed {
            self.touched.push((id, known.version.max(observed)));
        }
        Ok(true)
    }
}

/// Observations, by tweet and time, that are older than what is known, so that they may be kept already.
fn late(pending: &HashMap<i64, Prepared>, known: &HashMap<i64, Known>) -> Vec<(i64, i64)> {
    let late = |(id, known): (&i64, &Known)| {
        let tweet = pending.get(id)?;
        let times = tweet.history.iter().map(|observation| observation.at.0).chain([tweet.version()]);
        Some(times.filter(|at| *at < known.version).map(|at| (*id, at)).collect::<Vec<_>>())
    };
    known.iter().filter_map(late).flatten().collect()
}

/// What was observed before a tweet was removed is not written again. Tells which tweets have been removed once.
async fn forget_removed(transaction: &DatabaseTransaction, part: &mut Part) -> Result<HashSet<i64>> {
    let removed = removed(transaction, &part.order).await?;
    for (id, removal) in &removed {
        if let Some(tweet) = part.tweets.get_mut(id)
            && !tweet.forget(Timestamp(removal.version))?
        {
            part.tweets.remove(id);
        }
    }
    Ok(removed.into_keys().collect())
}

/// A removal that is known.
pub(super) struct KnownRemoval {
    pub version: i64,
    pub change: i64,
}

/// The removals of tweets, of those that have one.
pub(super) async fn removed(transaction: &DatabaseTransaction, ids: &[i64]) -> Result<HashMap<i64, KnownRemoval>> {
    let mut removed = HashMap::new();
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let found = removals::Entity::find().filter(removals::Column::TweetId.is_in(chunk.iter().copied()));
        let found = found.all(transaction).await?.into_iter();
        removed.extend(found.map(|row| (row.tweet_id, KnownRemoval { version: row.version, change: row.change })));
    }
    Ok(removed)
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

/// All that is known of the tweets that tell something else.
async fn whole_of_differing(
    transaction: &DatabaseTransaction,
    pending: &HashMap<i64, Prepared>,
    known: &HashMap<i64, Known>,
) -> Result<HashMap<i64, Prepared>> {
    let differs =
        |(id, known): &(&i64, &Known)| pending.get(id).is_some_and(|tweet| tweet.differs_from(known.content_hash));
    let ids: Vec<i64> = known.iter().filter(differs).map(|(id, _)| *id).collect();
    whole(transaction, &ids).await
}

/// All that is known of tweets.
pub(super) async fn whole(transaction: &DatabaseTransaction, ids: &[i64]) -> Result<HashMap<i64, Prepared>> {
    let mut whole = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let found = tweets::Entity::find().filter(tweets::Column::Id.is_in(chunk.iter().copied()));
        for row in found.all(transaction).await? {
            whole.insert(row.id, to_prepared(row)?);
        }
    }
    Ok(whole)
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
