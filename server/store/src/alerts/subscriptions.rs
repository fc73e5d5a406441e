//! Who is told of an alert.

use crate::Store;
use crate::entity::{alert_deliveries, alert_notices, alert_subscriptions, alerts};
use crate::error::{Result, StoreError};
use crate::vault::{Place, Purpose, SealingKey};
use model::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::NotSet, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};
use std::collections::HashMap;

/// What addresses are sealed with. Made before a transaction begins, which may hold the only connection.
pub(super) struct Sealing(SealingKey);

impl Sealing {
    pub async fn today(store: &Store, now: Timestamp) -> Result<Self> {
        Ok(Self(store.vault().sealing_key(Purpose::Identity, now).await?))
    }
}

/// Subscribes a person, in place of an earlier subscription of theirs: with an address, mails go there too.
pub async fn subscribe(store: &Store, alert: i64, user: i64, email: Option<String>, now: Timestamp) -> Result<()> {
    let sealing = Sealing::today(store, now).await?;
    let transaction = store.begin().await?;
    put(store, &transaction, &sealing, alert, user, email).await?;
    Ok(transaction.commit().await?)
}

pub(super) async fn put(
    store: &Store,
    transaction: &DatabaseTransaction,
    sealing: &Sealing,
    alert: i64,
    user: i64,
    email: Option<String>,
) -> Result<()> {
    let row = row(alert, user);
    let sealed = email.map(|email| store.vault().seal(&sealing.0, place(&row), email.as_bytes())).transpose()?;
    let row =
        alert_subscriptions::ActiveModel { id: NotSet, alert_id: Set(alert), user_id: Set(user), email: Set(sealed) };
    let key = [alert_subscriptions::Column::AlertId, alert_subscriptions::Column::UserId];
    let replace = OnConflict::columns(key).update_column(alert_subscriptions::Column::Email).to_owned();
    alert_subscriptions::Entity::insert(row).on_conflict(replace).exec_without_returning(transaction).await?;
    Ok(())
}

/// Ends a person's subscription to an alert: what has not been told yet is not told any more.
pub async fn unsubscribe(store: &Store, alert: i64, user: i64, now: Timestamp) -> Result<()> {
    let transaction = store.begin().await?;
    let found = alert_subscriptions::Entity::find()
        .filter(alert_subscriptions::Column::AlertId.eq(alert))
        .filter(alert_subscriptions::Column::UserId.eq(user))
        .one(&transaction)
        .await?;
    let Some(found) = found else { return Ok(()) };
    alert_deliveries::Entity::delete_many()
        .filter(alert_deliveries::Column::SubscriptionId.eq(found.id))
        .filter(alert_deliveries::Column::DoneAt.is_null())
        .exec(&transaction)
        .await?;
    alert_notices::Entity::delete_many()
        .filter(alert_notices::Column::AlertId.eq(alert))
        .filter(alert_notices::Column::UserId.eq(user))
        .filter(alert_notices::Column::DueAt.gt(now.0))
        .exec(&transaction)
        .await?;
    alert_subscriptions::Entity::delete_by_id(found.id).exec(&transaction).await?;
    Ok(transaction.commit().await?)
}

/// A subscription, as its link in a mail names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscribed {
    pub alert: i64,
    pub alert_name: String,
    pub user: i64,
}

/// The subscription of that number.
pub async fn find(store: &Store, id: i64) -> Result<Option<Subscribed>> {
    let Some(row) = alert_subscriptions::Entity::find_by_id(id).one(store.reader()).await? else { return Ok(None) };
    let alert = alerts::Entity::find_by_id(row.alert_id).one(store.reader()).await?;
    Ok(alert.map(|alert| Subscribed { alert: alert.id, alert_name: alert.name, user: row.user_id }))
}

/// For each alert that has any: how many people are subscribed, and the address of this one if they are.
pub(super) async fn by_alert(store: &Store, user: i64) -> Result<HashMap<i64, (u64, Option<Option<String>>)>> {
    let mut by_alert: HashMap<i64, (u64, Option<Option<String>>)> = HashMap::new();
    for row in alert_subscriptions::Entity::find().all(store.reader()).await? {
        let of_alert = by_alert.entry(row.alert_id).or_default();
        of_alert.0 += 1;
        if row.user_id == user {
            of_alert.1 = Some(email(store, &row).await?);
        }
    }
    Ok(by_alert)
}

/// The address of a subscription.
pub(super) async fn email(store: &Store, of: &alert_subscriptions::Model) -> Result<Option<String>> {
    let Some(sealed) = &of.email else { return Ok(None) };
    let row = row(of.alert_id, of.user_id);
    let text = store.vault().unseal(place(&row), sealed).await?;
    String::from_utf8(text.to_vec()).map(Some).map_err(|_| StoreError::Sealed("it is not text"))
}

fn row(alert: i64, user: i64) -> Vec<u8> {
    [alert.to_le_bytes(), user.to_le_bytes()].concat()
}

fn place(row: &[u8]) -> Place<'_> {
    Place { table: "alert_subscriptions", row, column: "email" }
}
