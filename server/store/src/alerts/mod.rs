//! Alerts: what they watch, how far they have come, and whom they tell.

pub mod deliveries;
mod firings;
pub mod notices;
pub mod subscriptions;

pub use firings::{NewFiring, advance, fired_on, forget_before};

use crate::Store;
use crate::entity::{
    alert_deliveries, alert_firings, alert_notices, alert_subscriptions, alerts, collections, users, views,
};
use crate::error::{Result, StoreError};
use crate::vault::{Place, Purpose};
use model::alert::{Alert, Pace, Rule, Subscription, WatchedView};
use model::{CollectionId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::NotSet, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use std::collections::HashMap;
use url::Url;
use zeroize::Zeroizing;

/// An alert to be made. Its owner is subscribed to it.
#[derive(Clone, Debug)]
pub struct NewAlert {
    pub view: i64,
    pub collection: CollectionId,
    pub owner: i64,
    pub name: String,
    pub rule: Rule,
    pub pace: Pace,
    /// Where to post to, besides telling people.
    pub webhook: Option<Url>,
    /// The owner's address for mails.
    pub email: Option<String>,
    /// How far it has come, as JSON.
    pub progress: String,
}

/// An alert with what its evaluation needs.
#[derive(Clone, Debug)]
pub struct Watched {
    pub id: i64,
    pub view: i64,
    /// Slug of the collection.
    pub collection: String,
    pub owner: i64,
    pub name: String,
    pub rule: Rule,
    pub pace: Pace,
    pub problem: Option<String>,
    pub progress: String,
    pub has_webhook: bool,
    version: i64,
}

/// Makes an alert. Returns its number.
pub async fn create(store: &Store, new: NewAlert, now: Timestamp) -> Result<i64> {
    let key = store.vault().sealing_key(Purpose::Credential, now).await?;
    let sealing = subscriptions::Sealing::today(store, now).await?;
    let row = alerts::ActiveModel {
        id: NotSet,
        view_id: Set(new.view),
        collection_id: Set(new.collection.0),
        owner_id: Set(new.owner),
        name: Set(new.name),
        rule: Set(json(&new.rule)?),
        cool_down_minutes: Set(new.pace.cool_down_minutes as i32),
        max_per_day: Set(new.pace.max_per_day as i32),
        daily_at: Set(new.pace.daily_at.map(i32::from)),
        webhook: Set(None),
        paused: Set(false),
        problem: Set(None),
        progress: Set(new.progress),
        version: Set(0),
        last_fired_at: Set(None),
        created_at: Set(now.0),
        quiet: Set(new.pace.quiet.as_ref().map(json).transpose()?),
        all_clear: Set(new.pace.all_clear),
    };
    let transaction = store.begin().await?;
    let id = alerts::Entity::insert(row).exec(&transaction).await?.last_insert_id;
    if let Some(webhook) = new.webhook {
        let sealed = store.vault().seal(&key, place(&id.to_le_bytes()), webhook.as_str().as_bytes())?;
        let row = alerts::ActiveModel { id: Set(id), webhook: Set(Some(sealed)), ..Default::default() };
        alerts::Entity::update(row).exec(&transaction).await?;
    }
    subscriptions::put(store, &transaction, &sealing, id, new.owner, new.email).await?;
    transaction.commit().await?;
    Ok(id)
}

/// The alerts that are to be evaluated.
pub async fn active(store: &Store) -> Result<Vec<Watched>> {
    let rows = alerts::Entity::find().filter(alerts::Column::Paused.eq(false)).order_by_asc(alerts::Column::Id);
    let rows = rows.all(store.reader()).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let slugs = slugs(store).await?;
    rows.into_iter().map(|row| watched(row, &slugs)).collect()
}

/// The alert of that number.
pub async fn find(store: &Store, id: i64) -> Result<Option<Watched>> {
    let Some(row) = alerts::Entity::find_by_id(id).one(store.reader()).await? else { return Ok(None) };
    watched(row, &slugs(store).await?).map(Some)
}

/// The alerts that a person may see, by name: their own, and those on views that are shared.
pub async fn list(store: &Store, user: i64) -> Result<Vec<Alert>> {
    let rows = alerts::Entity::find().order_by_asc(alerts::Column::Name).all(store.reader()).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let watched = views::Entity::find().filter(views::Column::Id.is_in(rows.iter().map(|row| row.view_id)));
    let watched = watched.all(store.reader()).await?;
    let collections = collections::Entity::find().all(store.reader()).await?;
    let owners = users::Entity::find().filter(users::Column::Id.is_in(rows.iter().map(|row| row.owner_id)));
    let owners: HashMap<i64, String> =
        owners.all(store.reader()).await?.into_iter().map(|user| (user.id, user.name)).collect();
    let subscribed = subscriptions::by_alert(store, user).await?;
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        let view = watched.iter().find(|view| view.id == row.view_id);
        let is_shared = view.is_some_and(|view| view.shared);
        if row.owner_id != user && !is_shared {
            continue;
        }
        let webhook = webhook(store, &row).await?;
        let collection = collections.iter().find(|collection| collection.id == row.collection_id);
        let (subscribers, subscription) = subscribed.get(&row.id).cloned().unwrap_or_default();
        list.push(Alert {
            id: row.id,
            rule: read(&row.rule)?,
            pace: pace(&row)?,
            collection: collection.map(|collection| collection.slug.clone()).unwrap_or_default(),
            collection_title: collection.map(|collection| collection.title.clone()).unwrap_or_default(),
            view: view.map(|view| WatchedView { id: view.id, name: view.name.clone(), query: view.query.clone() }),
            owner: owners.get(&row.owner_id).cloned().unwrap_or_default(),
            is_mine: row.owner_id == user,
            is_shared,
            is_paused: row.paused,
            problem: row.problem,
            last_fired: row.last_fired_at.map(Timestamp),
            subscription: subscription.map(|email| Subscription { email }),
            webhook_host: webhook.as_ref().and_then(Url::host_str).map(str::to_owned),
            subscribers,
            name: row.name,
        });
    }
    Ok(list)
}

/// Lets an alert rest, or go on from what `progress` says. Nothing of what another process evaluates meanwhile counts.
pub async fn set_paused(store: &Store, id: i64, paused: bool, progress: Option<String>) -> Result<()> {
    let mut update = alerts::Entity::update_many()
        .col_expr(alerts::Column::Paused, Expr::value(paused))
        .col_expr(alerts::Column::Version, Expr::col(alerts::Column::Version).add(1))
        .filter(alerts::Column::Id.eq(id));
    if let Some(progress) = progress {
        update = update.col_expr(alerts::Column::Progress, Expr::value(progress));
    }
    update.exec(store.writer()).await?;
    Ok(())
}

/// Notes why an alert cannot be evaluated, or that it can again.
pub async fn set_problem(store: &Store, id: i64, problem: Option<String>) -> Result<()> {
    let row = alerts::ActiveModel { id: Set(id), problem: Set(problem), ..Default::default() };
    alerts::Entity::update_many().set(row).filter(alerts::Column::Id.eq(id)).exec(store.writer()).await?;
    Ok(())
}

/// Deletes an alert with all that it has told.
pub async fn delete(store: &Store, id: i64) -> Result<()> {
    let transaction = store.begin().await?;
    alert_deliveries::Entity::delete_many().filter(alert_deliveries::Column::AlertId.eq(id)).exec(&transaction).await?;
    alert_notices::Entity::delete_many().filter(alert_notices::Column::AlertId.eq(id)).exec(&transaction).await?;
    alert_firings::Entity::delete_many().filter(alert_firings::Column::AlertId.eq(id)).exec(&transaction).await?;
    alert_subscriptions::Entity::delete_many()
        .filter(alert_subscriptions::Column::AlertId.eq(id))
        .exec(&transaction)
        .await?;
    alerts::Entity::delete_by_id(id).exec(&transaction).await?;
    Ok(transaction.commit().await?)
}

async fn slugs(store: &Store) -> Result<HashMap<i64, String>> {
    let rows = collections::Entity::find().all(store.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.slug)).collect())
}

fn watched(row: alerts::Model, slugs: &HashMap<i64, String>) -> Result<Watched> {
    Ok(Watched {
        id: row.id,
        view: row.view_id,
        collection: slugs.get(&row.collection_id).cloned().unwrap_or_default(),
        owner: row.owner_id,
        rule: read(&row.rule)?,
        pace: pace(&row)?,
        problem: row.problem,
        progress: row.progress,
        has_webhook: row.webhook.is_some(),
        version: row.version,
        name: row.name,
    })
}

/// The address that the alert posts to.
async fn webhook(store: &Store, row: &alerts::Model) -> Result<Option<Url>> {
    let Some(sealed) = &row.webhook else { return Ok(None) };
    let text: Zeroizing<Vec<u8>> = store.vault().unseal(place(&row.id.to_le_bytes()), sealed).await?;
    let url = std::str::from_utf8(&text).ok().and_then(|text| Url::parse(text).ok());
    url.map(Some).ok_or(StoreError::Sealed("it is no address"))
}

fn place(id: &[u8; 8]) -> Place<'_> {
    Place { table: "alerts", row: id, column: "webhook" }
}

fn pace(row: &alerts::Model) -> Result<Pace> {
    Ok(Pace {
        cool_down_minutes: row.cool_down_minutes.unsigned_abs(),
        max_per_day: row.max_per_day.unsigned_abs(),
        daily_at: row.daily_at.and_then(|hour| u8::try_from(hour).ok()),
        quiet: row.quiet.as_deref().map(read).transpose()?,
        all_clear: row.all_clear,
    })
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(format!("an alert's value: {error}")))
}
