//! What of the store belongs to a day, for whoever makes that day anew elsewhere.

use crate::Store;
use crate::entity::{tweet_collections, tweets};
use crate::error::Result;
use model::time::DAY;
use model::{Timestamp, TweetId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// Tweets that are looked at at a time.
const SLICE: u64 = 50_000;

/// The rows of these UTC days of creation (since 1970), by day and ascending. It goes through the tweets once, however
/// many days there are; a day without rows has none here.
pub async fn ids_of_days(store: &Store, days: &BTreeSet<i64>) -> Result<BTreeMap<i64, Vec<TweetId>>> {
    let mut found: BTreeMap<i64, Vec<TweetId>> = BTreeMap::new();
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(found) };
    let mut after = i64::MIN;
    loop {
        let is_row = Query::select()
            .expr(Expr::value(1))
            .from(tweet_collections::Entity)
            .and_where(
                Expr::col((tweet_collections::Entity, tweet_collections::Column::TweetId))
                    .equals((tweets::Entity, tweets::Column::Id)),
            )
            .to_owned();
        let slice: Vec<(i64, i64)> = tweets::Entity::find()
            .select_only()
            .columns([tweets::Column::Id, tweets::Column::CreatedAt])
            .filter(tweets::Column::Id.gt(after))
            .filter(tweets::Column::CreatedAt.gte(first.saturating_mul(DAY)))
            .filter(tweets::Column::CreatedAt.lt(last.saturating_add(1).saturating_mul(DAY)))
            .filter(Expr::exists(is_row))
            .order_by_asc(tweets::Column::Id)
            .limit(SLICE)
            .into_tuple()
            .all(store.reader())
            .await?;
        let of_days = slice.iter().map(|(id, created)| (Timestamp(*created).day_number(), id));
        for (day, id) in of_days.filter(|(day, _)| days.contains(day)) {
            found.entry(day).or_default().push(TweetId(id.unsigned_abs()));
        }
        match slice.last() {
            Some((id, _)) if slice.len() as u64 == SLICE => after = *id,
            _ => return Ok(found),
        }
    }
}
