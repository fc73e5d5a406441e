//! What a delivery changes: decided against what the database has, while nobody else writes.

use super::delivery::{Origin, Part};
use super::record::{Prepared, to_tweet};
use super::write::LOOKUP_CHUNK;
use crate::entity::{tweet_collections, tweets};
use crate::error::Result;
use model::import::Counts;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{HashMap, HashSet};

/// What a delivery changes.
#[derive(Default)]
pub(super) struct Plan {
    pub counts: Counts,
    /// Tweets that nobody knew before.
    pub fresh: Vec<Prepared>,
    /// Tweets that take the place of what is known, with the time of their first sight.
    pub changed: Vec<(Prepared, i64)>,
    /// Tweets that stay as they are, with the version in which they were now observed: they joined the collection,
    /// or were seen to be the same later.
    pub touched: Vec<(i64, i64)>,
    /// Tweets that are new in the collection, or new of this schedule.
    pub joined: Vec<i64>,
}

pub(super) async fn decide(transaction: &DatabaseTransaction, part: &mut Part) -> Result<Plan> {
    let known = known_tweets(transaction, &part.order).await?;
    fill_from_known(transaction, &mut part.tweets, &known).await?;
    let members = members(transaction, part.origin, known.keys().filter(|id| part.rows.contains(id))).await?;
    let mut plan = Plan { counts: part.counts, ..Plan::default() };
    for id in &part.order {
        let Some(tweet) = part.tweets.remove(id) else { continue };
        let is_row = part.rows.contains(id);
        let joins = is_row && !members.by_schedule.contains(id);
        let is_stale = plan.take(*id, tweet, known.get(id), joins);
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

impl Plan {
    /// Says whether the tweet tells nothing new.
    fn take(&mut self, id: i64, tweet: Prepared, known: Option<&Known>, joins: bool) -> bool {
        let observed = tweet.tweet.version.0;
        match known {
            None => self.fresh.push(tweet),
            Some(known) if known.version >= observed || known.content_hash == tweet.content_hash => {
                if joins || known.version < observed {
                    self.touched.push((id, known.version.max(observed)));
                }
                return true;
            }
            Some(known) => self.changed.push((tweet, known.first_seen)),
        }
        false
    }
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
    pending: &mut HashMap<i64, Prepared>,
    known: &HashMap<i64, Known>,
) -> Result<()> {
    let differs = |tweet: &Prepared, known: &Known| {
        known.version < tweet.tweet.version.0 && known.content_hash != tweet.content_hash
    };
    let differing = known.iter().filter(|(id, known)| pending.get(id).is_some_and(|new| differs(new, known)));
    let differing: Vec<i64> = differing.map(|(id, _)| *id).collect();
    for chunk in differing.chunks(LOOKUP_CHUNK) {
        let found = tweets::Entity::find().filter(tweets::Column::Id.is_in(chunk.iter().copied()));
        for mut row in found.all(transaction).await? {
            let Some(tweet) = pending.get_mut(&row.id) else { continue };
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

async fn members(
    transaction: &DatabaseTransaction,
    origin: Origin,
    ids: impl Iterator<Item = &i64>,
) -> Result<Members> {
    let mut members = Members { in_collection: HashSet::new(), by_schedule: HashSet::new() };
    let ids: Vec<i64> = ids.copied().collect();
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
