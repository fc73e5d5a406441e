//! Removing tweets. What is removed stays known by its id and the time up to which it is gone, so that what was observed
//! before does not come back, in whatever order it arrives. What people put on it goes with it.

use super::annotations;
use super::bulk::{BulkInsert, OnKnown};
use super::history;
use super::plan::{removed, whole};
use super::record::Prepared;
use super::write::LOOKUP_CHUNK;
use crate::entity::tweets;
use crate::error::Result;
use crate::signed;
use model::TweetId;
use model::observed::Removal;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, HashMap};

const UPSERT: BulkInsert<4> = BulkInsert {
    table: "removals",
    columns: ["tweet_id", "version", "change", "reason"],
    on_known: OnKnown::Replace { key: "tweet_id" },
};

/// What removals come to.
#[derive(Default)]
pub(super) struct Removed {
    /// Tweets that are gone, in the order of their change numbers.
    pub gone: Vec<TweetId>,
    /// Tweets that were observed later, and of which only what is older goes; with the time of their first sight.
    pub changed: Vec<(Prepared, i64)>,
}

/// Notes the removals and deletes the tweets. Those that only lose something are left to be written.
pub(super) async fn remove(
    transaction: &DatabaseTransaction,
    removals: Vec<Removal>,
    mut next_change: impl FnMut() -> i64,
) -> Result<Removed> {
    let mut latest: BTreeMap<i64, Removal> = BTreeMap::new();
    for removal in removals {
        let later = latest.entry(signed(removal.id.0)).or_insert_with(|| removal.clone());
        if later.version < removal.version {
            *later = removal;
        }
    }
    let before = removed(transaction, &latest.keys().copied().collect::<Vec<_>>()).await?;
    latest.retain(|id, removal| before.get(id).is_none_or(|before| before.version < removal.version.0));
    let known = known(transaction, &latest.keys().copied().collect::<Vec<_>>()).await?;
    let is_later = |(id, (version, _)): &(&i64, &(i64, i64))| *version > latest[*id].version.0;
    let later: Vec<i64> = known.iter().filter(is_later).map(|(id, _)| *id).collect();
    let mut later = whole(transaction, &later).await?;
    let ids: Vec<i64> = latest.keys().copied().collect();
    let (mut done, mut rows, mut gone) = (Removed::default(), Vec::with_capacity(latest.len()), Vec::new());
    for (id, removal) in latest {
        let mut change = before.get(&id).map_or(0, |before| before.change);
        if let Some((_, first_seen)) = known.get(&id) {
            let mut left = later.remove(&id);
            if let Some(tweet) = &mut left
                && !tweet.forget(removal.version)?
            {
                left = None;
            }
            match left {
                Some(tweet) => {
                    history::forget(transaction, id, removal.version).await?;
                    done.changed.push((tweet, *first_seen));
                }
                None => {
                    change = next_change();
                    gone.push(id);
                    done.gone.push(removal.id);
                }
            }
        }
        rows.push([id.into(), removal.version.0.into(), change.into(), removal.reason.into()]);
    }
    for chunk in gone.chunks(LOOKUP_CHUNK) {
        history::forget_all(transaction, chunk).await?;
        tweets::Entity::delete_many().filter(tweets::Column::Id.is_in(chunk.iter().copied())).exec(transaction).await?;
    }
    UPSERT.execute(transaction, rows).await?;
    annotations::forget(transaction, &ids).await?;
    Ok(done)
}

/// Version and first sight of tweets that are there.
async fn known(transaction: &DatabaseTransaction, ids: &[i64]) -> Result<HashMap<i64, (i64, i64)>> {
    let mut known = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let found: Vec<(i64, i64, i64)> = tweets::Entity::find()
            .select_only()
            .columns([tweets::Column::Id, tweets::Column::Version, tweets::Column::FirstSeen])
            .filter(tweets::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(transaction)
            .await?;
        known.extend(found.into_iter().map(|(id, version, first_seen)| (id, (version, first_seen))));
    }
    Ok(known)
}
