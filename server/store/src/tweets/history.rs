//! The counters of a tweet as they were observed before the latest observation.
//!
//! Every observation that tells a counter is either that of a tweet's version, whose counters stand with the tweet, or a
//! row of the history: so the two together are all observations, whatever order they came in. None is thinned out, not
//! even one that equals its neighbours: an observation that comes late may stand between them, and then it would be
//! missed.

use super::bulk::{BulkInsert, OnKnown};
use super::merge::{self, State};
use super::record::to_state;
use super::write::LOOKUP_CHUNK;
use crate::Store;
use crate::entity::{metric_history, tweets};
use crate::error::Result;
use crate::signed;
use model::growth::{Observation, SHORTEST, per_hour};
use model::tweet::{Metrics, Pace};
use model::{Timestamp, TweetId};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Value,
};
use std::collections::{BTreeMap, HashMap};

const UPSERT: BulkInsert<8> = BulkInsert {
    table: "metric_history",
    columns: ["tweet_id", "observed_at", "likes", "reposts", "replies", "quotes", "bookmarks", "views"],
    on_known: OnKnown::Replace { key: "tweet_id, observed_at" },
};

/// Observations that later ones took the place of, by tweet and time: those that are kept already, and those to be kept.
#[derive(Default)]
pub(super) struct Superseded {
    known: BTreeMap<(i64, i64), Metrics>,
    news: BTreeMap<(i64, i64), Metrics>,
}

impl Superseded {
    /// With what is kept of these tweets in the span of these observations.
    pub async fn load(transaction: &DatabaseTransaction, late: &[(i64, i64)]) -> Result<Self> {
        let mut known = BTreeMap::new();
        for chunk in late.chunks(LOOKUP_CHUNK) {
            let times = chunk.iter().map(|(_, at)| *at);
            let (Some(first), Some(last)) = (times.clone().min(), times.max()) else { continue };
            let found = metric_history::Entity::find()
                .filter(metric_history::Column::TweetId.is_in(chunk.iter().map(|(id, _)| *id)))
                .filter(metric_history::Column::ObservedAt.between(first, last))
                .all(transaction)
                .await?;
            known.extend(found.into_iter().map(|row| ((row.tweet_id, row.observed_at), to_observation(&row).metrics)));
        }
        Ok(Self { known, news: BTreeMap::new() })
    }

    /// Adds observations of a tweet, and says whether they tell anything that is not kept.
    pub fn add(&mut self, id: i64, observations: &[Observation]) -> bool {
        let mut is_news = false;
        for Observation { at, metrics } in observations {
            let key = (id, at.0);
            let known = self.news.get(&key).or_else(|| self.known.get(&key)).copied().unwrap_or_default();
            let metrics = known.or(*metrics);
            if metrics != known {
                self.news.insert(key, metrics);
                is_news = true;
            }
        }
        is_news
    }

    pub async fn write(self, transaction: &DatabaseTransaction) -> Result<()> {
        let number = |value: Option<u64>| value.map(signed).into();
        let row = |((id, at), metrics): ((i64, i64), Metrics)| -> [Value; 8] {
            let [likes, reposts, replies, quotes, bookmarks, views] =
                metrics.counters().map(|(_, count)| number(count));
            [id.into(), at.into(), likes, reposts, replies, quotes, bookmarks, views]
        };
        UPSERT.execute(transaction, self.news.into_iter().map(row).collect()).await
    }
}

/// Every observation of a tweet that told a counter, the first one first.
pub async fn history(store: &Store, id: TweetId) -> Result<Vec<Observation>> {
    let id = signed(id.0);
    let Some(row) = tweets::Entity::find_by_id(id).one(store.reader()).await? else { return Ok(Vec::new()) };
    let earlier = metric_history::Entity::find()
        .filter(metric_history::Column::TweetId.eq(id))
        .filter(metric_history::Column::ObservedAt.lt(row.version))
        .order_by_asc(metric_history::Column::ObservedAt)
        .all(store.reader())
        .await?;
    let mut history: Vec<Observation> = earlier.iter().map(to_observation).collect();
    history.extend(merge::latest(&to_state(row)?.0));
    Ok(history)
}

/// Of each of these tweets that was observed before, the latest observation that is long enough before its version for
/// their difference to tell its pace.
pub(super) async fn earlier(database: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, Observation>> {
    let mut earlier = HashMap::new();
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let each = Alias::new("each");
        let last = Query::select()
            .expr(Expr::col((each.clone(), metric_history::Column::ObservedAt)).max())
            .from_as(metric_history::Entity, each.clone())
            .and_where(
                Expr::col((each.clone(), metric_history::Column::TweetId)).equals((tweets::Entity, tweets::Column::Id)),
            )
            .and_where(
                Expr::col((each, metric_history::Column::ObservedAt))
                    .lte(Expr::col((tweets::Entity, tweets::Column::Version)).sub(SHORTEST)),
            )
            .to_owned();
        let of_tweet = Expr::col((metric_history::Entity, metric_history::Column::TweetId))
            .equals((tweets::Entity, tweets::Column::Id))
            .and(Expr::col((metric_history::Entity, metric_history::Column::ObservedAt)).eq(last));
        let query = Query::select()
            .column((metric_history::Entity, sea_orm::sea_query::Asterisk))
            .from(tweets::Entity)
            .inner_join(metric_history::Entity, of_tweet)
            .and_where(Expr::col((tweets::Entity, tweets::Column::Id)).is_in(chunk.iter().copied()))
            .to_owned();
        let statement = database.get_database_backend().build(&query);
        let found = metric_history::Model::find_by_statement(statement).all(database).await?;
        earlier.extend(found.iter().map(|row| (row.tweet_id, to_observation(row))));
    }
    Ok(earlier)
}

/// How fast the counters of a tweet grow: since that observation, or since it was posted.
pub(super) fn pace(state: &State, earlier: Option<&Observation>) -> Pace {
    let pace = |name: &str, count: Option<u64>, before: Option<u64>| {
        let latest = (count?, merge::told_at(state, name));
        let before = before.zip(earlier).map(|(count, earlier)| (count, earlier.at));
        before.and_then(|before| per_hour(before, latest)).or_else(|| per_hour((0, state.tweet.created_at), latest))
    };
    let (now, before) = (state.tweet.metrics, earlier.map(|earlier| earlier.metrics).unwrap_or_default());
    Pace { likes: pace("likes", now.likes, before.likes), views: pace("views", now.views, before.views) }
}

/// The latest of observations that is long enough before a version.
pub(super) fn latest_before(history: &[Observation], version: Timestamp) -> Option<&Observation> {
    history.iter().filter(|observation| version - observation.at >= SHORTEST).max_by_key(|observation| observation.at)
}

/// Deletes what was observed of a tweet up to a time.
pub(super) async fn forget(transaction: &DatabaseTransaction, id: i64, until: Timestamp) -> Result<()> {
    let rows = metric_history::Entity::delete_many().filter(metric_history::Column::TweetId.eq(id));
    rows.filter(metric_history::Column::ObservedAt.lte(until.0)).exec(transaction).await?;
    Ok(())
}

/// Deletes all that was observed of tweets.
pub(super) async fn forget_all(transaction: &DatabaseTransaction, ids: &[i64]) -> Result<()> {
    let rows = metric_history::Entity::delete_many();
    rows.filter(metric_history::Column::TweetId.is_in(ids.iter().copied())).exec(transaction).await?;
    Ok(())
}

fn to_observation(row: &metric_history::Model) -> Observation {
    let number = |value: Option<i64>| value.map(i64::unsigned_abs);
    let metrics = Metrics {
        likes: number(row.likes),
        reposts: number(row.reposts),
        replies: number(row.replies),
        quotes: number(row.quotes),
        bookmarks: number(row.bookmarks),
        views: number(row.views),
    };
    Observation { at: Timestamp(row.observed_at), metrics }
}
