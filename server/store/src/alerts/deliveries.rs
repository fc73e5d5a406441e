//! Mails and webhooks that are to be sent, and what became of them.

use super::{read, subscriptions, webhook};
use crate::Store;
use crate::entity::{alert_deliveries, alert_firings, alert_subscriptions, alerts, collections};
use crate::error::Result;
use model::alert::Reason;
use model::time::MINUTE;
use model::{Timestamp, TweetId};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use url::Url;

/// A sending that is not settled for so long is taken for dead: another process may send it.
const LEASE: i64 = 2 * MINUTE;

/// What goes out in one piece: all that one receiver is to be told of one alert.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// The numbers of its deliveries, ascending.
    pub ids: Vec<i64>,
    pub receiver: Receiver,
    pub alert: i64,
    pub alert_name: String,
    /// Slug of the collection.
    pub collection: String,
    /// What it tells, oldest first.
    pub firings: Vec<Fired>,
    /// How often it was tried before.
    pub attempts: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// The subscription and its address.
    Mail {
        subscription: i64,
        email: String,
    },
    Webhook(Url),
}

/// A moment at which an alert fired.
#[derive(Clone, Debug)]
pub struct Fired {
    pub at: Timestamp,
    pub reason: Reason,
    pub count: u64,
    pub all_clear: bool,
    pub query: String,
    pub samples: Vec<TweetId>,
}

/// Claims what is to be sent now, at most so many deliveries.
pub async fn claim(store: &Store, now: Timestamp, limit: u64) -> Result<Vec<Parcel>> {
    let due = alert_deliveries::Entity::find()
        .filter(open(now))
        .order_by_asc(alert_deliveries::Column::Id)
        .limit(limit)
        .all(store.reader())
        .await?;
    let mut groups: BTreeMap<(i64, Option<i64>), Vec<alert_deliveries::Model>> = BTreeMap::new();
    for delivery in due {
        groups.entry((delivery.alert_id, delivery.subscription_id)).or_default().push(delivery);
    }
    let mut parcels = Vec::with_capacity(groups.len());
    for group in groups.into_values() {
        let ids: Vec<i64> = group.iter().map(|delivery| delivery.id).collect();
        let claimed = alert_deliveries::Entity::update_many()
            .col_expr(alert_deliveries::Column::LeaseUntil, Expr::value(now.0 + LEASE))
            .filter(alert_deliveries::Column::Id.is_in(ids.clone()))
            .filter(open(now))
            .exec(store.writer())
            .await?;
        // Another process has some of them, and tells all that it finds; the rest waits for the next look.
        if claimed.rows_affected == ids.len() as u64 {
            parcels.extend(parcel(store, ids, &group).await?);
        }
    }
    Ok(parcels)
}

fn open(now: Timestamp) -> Condition {
    let unclaimed = Condition::any()
        .add(alert_deliveries::Column::LeaseUntil.is_null())
        .add(alert_deliveries::Column::LeaseUntil.lte(now.0));
    Condition::all()
        .add(alert_deliveries::Column::DoneAt.is_null())
        .add(alert_deliveries::Column::GivenUpAt.is_null())
        .add(alert_deliveries::Column::DueAt.lte(now.0))
        .add(unclaimed)
}

/// `None` if the alert or the receiver has gone.
async fn parcel(store: &Store, ids: Vec<i64>, group: &[alert_deliveries::Model]) -> Result<Option<Parcel>> {
    let Some(first) = group.first() else { return Ok(None) };
    let Some(alert) = alerts::Entity::find_by_id(first.alert_id).one(store.reader()).await? else { return Ok(None) };
    let Some(receiver) = receiver(store, &alert, first.subscription_id).await? else { return Ok(None) };
    let collection = collections::Entity::find_by_id(alert.collection_id).one(store.reader()).await?;
    let firings = alert_firings::Entity::find()
        .filter(alert_firings::Column::Id.is_in(group.iter().map(|delivery| delivery.firing_id)))
        .order_by_asc(alert_firings::Column::Id)
        .all(store.reader())
        .await?;
    Ok(Some(Parcel {
        ids,
        receiver,
        alert: alert.id,
        alert_name: alert.name,
        collection: collection.map(|collection| collection.slug).unwrap_or_default(),
        firings: firings.into_iter().map(fired).collect::<Result<_>>()?,
        attempts: group.iter().map(|delivery| delivery.attempts.unsigned_abs()).max().unwrap_or_default(),
    }))
}

async fn receiver(store: &Store, alert: &alerts::Model, subscription: Option<i64>) -> Result<Option<Receiver>> {
    let Some(id) = subscription else { return Ok(webhook(store, alert).await?.map(Receiver::Webhook)) };
    let Some(row) = alert_subscriptions::Entity::find_by_id(id).one(store.reader()).await? else { return Ok(None) };
    let email = subscriptions::email(store, &row).await?;
    Ok(email.map(|email| Receiver::Mail { subscription: id, email }))
}

fn fired(row: alert_firings::Model) -> Result<Fired> {
    Ok(Fired {
        at: Timestamp(row.at),
        reason: Reason::from_text(&row.reason),
        count: row.count.unsigned_abs(),
        all_clear: row.all_clear,
        query: row.query,
        samples: read(&row.samples)?,
    })
}

/// Notes that a parcel was sent.
pub async fn settle(store: &Store, parcel: &Parcel, now: Timestamp) -> Result<()> {
    alert_deliveries::Entity::update_many()
        .col_expr(alert_deliveries::Column::DoneAt, Expr::value(now.0))
        .filter(alert_deliveries::Column::Id.is_in(parcel.ids.clone()))
        .exec(store.writer())
        .await?;
    Ok(())
}

/// Notes that a parcel could not be sent, and when to try again; without that, it is given up.
pub async fn put_off(
    store: &Store,
    parcel: &Parcel,
    reason: String,
    again_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    let nothing: Option<i64> = None;
    let update = alert_deliveries::Entity::update_many()
        .col_expr(alert_deliveries::Column::Attempts, Expr::value(parcel.attempts as i32 + 1))
        .col_expr(alert_deliveries::Column::LastError, Expr::value(reason))
        .col_expr(alert_deliveries::Column::LeaseUntil, Expr::value(nothing))
        .filter(alert_deliveries::Column::Id.is_in(parcel.ids.clone()));
    let update = match again_at {
        Some(again_at) => update.col_expr(alert_deliveries::Column::DueAt, Expr::value(again_at.0)),
        None => update.col_expr(alert_deliveries::Column::GivenUpAt, Expr::value(now.0)),
    };
    update.exec(store.writer()).await?;
    Ok(())
}

/// Why the latest mail or webhook of each alert has not arrived, of those that are still open or given up.
pub async fn troubles(store: &Store) -> Result<BTreeMap<i64, String>> {
    let failed = alert_deliveries::Entity::find()
        .filter(alert_deliveries::Column::DoneAt.is_null())
        .filter(alert_deliveries::Column::LastError.is_not_null())
        .order_by_asc(alert_deliveries::Column::Id)
        .all(store.reader())
        .await?;
    Ok(failed.into_iter().filter_map(|row| row.last_error.map(|error| (row.alert_id, error))).collect())
}
