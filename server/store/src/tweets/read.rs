//! Reading tweets by id, with all that their columns need.

use super::annotations::Standing;
use super::history::{earlier, pace};
use super::merge::State;
use super::raw::decompress;
use super::record::to_state;
use crate::Store;
use crate::entity::{authors, collections, schedules, tweet_collections, tweets};
use crate::error::{Result, StoreError};
use crate::signed;
use crate::vault::Place;
use model::{CollectionId, Pid, Row, Timestamp, TweetId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

/// The tweets with these ids, in their order; ids that are not there are left out.
pub async fn by_ids(store: &Store, ids: &[TweetId]) -> Result<Vec<Row>> {
    let ids: Vec<i64> = ids.iter().map(|id| signed(id.0)).collect();
    let mut found = Vec::with_capacity(ids.len());
    // A statement has so many parameters at most.
    for chunk in ids.chunks(1000) {
        found
            .extend(tweets::Entity::find().filter(tweets::Column::Id.is_in(chunk.to_vec())).all(store.reader()).await?);
    }
    let rows = to_rows(store.reader(), found).await?;
    let mut rows: HashMap<u64, Row> = rows.into_iter().map(|row| (row.tweet.id.0, row)).collect();
    Ok(ids.iter().filter_map(|id| rows.remove(&id.unsigned_abs())).collect())
}

/// How many of these tweets are there. For at most a thousand ids at a time.
pub async fn count_of(store: &Store, ids: &[TweetId]) -> Result<u64> {
    let ids = ids.iter().map(|id| signed(id.0));
    Ok(tweets::Entity::find().filter(tweets::Column::Id.is_in(ids)).count(store.reader()).await?)
}

/// The first tweets of a collection with ids from `from` to before `to`, so many at most; those that are gone from X, too.
pub async fn ids_between(
    store: &Store,
    collection: CollectionId,
    from: TweetId,
    to: TweetId,
    most: u64,
) -> Result<Vec<TweetId>> {
    use tweet_collections::Column;
    let found = tweet_collections::Entity::find()
        .select_only()
        .column(Column::TweetId)
        .distinct()
        .filter(Column::CollectionId.eq(collection.0))
        .filter(Column::TweetId.gte(signed(from.0)))
        .filter(Column::TweetId.lt(signed(to.0)));
    let ids: Vec<i64> = found.order_by_asc(Column::TweetId).limit(most).into_tuple().all(store.reader()).await?;
    Ok(ids.into_iter().map(|id| TweetId(id.unsigned_abs())).collect())
}

/// Adds the collections, schedules, pace, tags and notes of tweets that were read.
pub(super) async fn to_rows(database: &DatabaseConnection, found: Vec<tweets::Model>) -> Result<Vec<Row>> {
    let names = Names::load(database).await?;
    let ids: Vec<i64> = found.iter().map(|tweet| tweet.id).collect();
    let mut origins: HashMap<i64, Vec<(i64, i64)>> = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(1000) {
        let rows: Vec<(i64, i64, i64)> = tweet_collections::Entity::find()
            .select_only()
            .columns([
                tweet_collections::Column::TweetId,
                tweet_collections::Column::CollectionId,
                tweet_collections::Column::ScheduleId,
            ])
            .filter(tweet_collections::Column::TweetId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(database)
            .await?;
        for (tweet, collection, schedule) in rows {
            origins.entry(tweet).or_default().push((collection, schedule));
        }
    }
    let earlier = earlier(database, &ids).await?;
    let mut standing = Standing::load(database, &ids).await?;
    let to_row = |tweet: tweets::Model| {
        let origins = origins.get(&tweet.id).map(Vec::as_slice).unwrap_or_default();
        let (earlier, first_seen) = (earlier.get(&tweet.id), Timestamp(tweet.first_seen));
        let state = to_state(tweet)?.0;
        let (pace, (collections, queries)) = (pace(&state, earlier), names.of(origins));
        let State { tweet, author_stats, .. } = state;
        let row = Row { tweet, author_stats, collections, queries, first_seen, pace, tags: Vec::new(), noted: false };
        Ok(standing.add_to(row))
    };
    found.into_iter().map(to_row).collect()
}

/// Slugs of collections and names of schedules: few, so all are loaded.
pub(super) struct Names {
    collections: HashMap<i64, String>,
    schedules: HashMap<i64, String>,
}

impl Names {
    pub async fn load(database: &impl ConnectionTrait) -> Result<Self> {
        let collections = collections::Entity::find().all(database).await?;
        let schedules = schedules::Entity::find().all(database).await?;
        Ok(Self {
            collections: collections.into_iter().map(|row| (row.id, row.slug)).collect(),
            schedules: schedules.into_iter().map(|row| (row.id, row.name)).collect(),
        })
    }

    /// The collections and the schedules of a tweet, each once and sorted, from the ids of both.
    pub fn of(&self, origins: &[(i64, i64)]) -> (Vec<String>, Vec<String>) {
        let named = |names: &HashMap<i64, String>, ids: &mut dyn Iterator<Item = i64>| {
            let mut named: Vec<String> = ids.filter_map(|id| names.get(&id).cloned()).collect();
            named.sort();
            named.dedup();
            named
        };
        let collections = named(&self.collections, &mut origins.iter().map(|(collection, _)| *collection));
        (collections, named(&self.schedules, &mut origins.iter().map(|(_, schedule)| *schedule)))
    }
}

/// The pseudonym of the author who has (or had) that handle, if one is known: of several the one last seen with it.
pub async fn pid_of_handle(store: &Store, handle: &str) -> Result<Option<Pid>> {
    let key = store.vault().handle_key(handle).to_vec();
    let row = authors::Entity::find()
        .filter(authors::Column::HandleKey.eq(key))
        .order_by_desc(authors::Column::Version)
        .one(store.reader())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let pid = <[u8; 16]>::try_from(row.pid.as_slice());
    pid.map(|pid| Some(Pid(pid))).map_err(|_| StoreError::Damaged("an author's key is not 16 bytes".to_owned()))
}

/// The tweet exactly as it came.
pub async fn raw(store: &Store, id: TweetId) -> Result<Option<String>> {
    let id = signed(id.0);
    let Some(row) = tweets::Entity::find_by_id(id).one(store.reader()).await? else { return Ok(None) };
    let place = Place { table: "tweets", row: &id.to_le_bytes(), column: "raw" };
    let compressed = store.vault().unseal(place, &row.raw).await?;
    decompress(&compressed).map(Some)
}
