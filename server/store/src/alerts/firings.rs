//! Moments at which alerts fired.

use super::{Watched, json};
use crate::entity::{alert_deliveries, alert_firings, alert_notices, alert_subscriptions, alerts, views};
use crate::error::Result;
use crate::{Store, signed};
use model::alert::Reason;
use model::explore::Fired;
use model::{CollectionId, Timestamp, TweetId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use std::collections::HashMap;
use std::ops::Range;

/// A moment at which an alert fired, to be told.
#[derive(Clone, Debug)]
pub struct NewFiring {
    pub at: Timestamp,
    pub told_at: Timestamp,
    pub reason: Reason,
    pub count: u64,
    /// Whether it tells that what was told before is over.
    pub all_clear: bool,
    /// Query string of the explore page that shows what it is about.
    pub query: String,
    pub samples: Vec<TweetId>,
}

/// Notes how far an alert has come and, in the same transaction, whom to tell what: killed at any point, nothing is told
/// twice or forgotten. False if the alert was changed meanwhile: another process was faster, or it was paused.
pub async fn advance(store: &Store, alert: &Watched, progress: String, firings: Vec<NewFiring>) -> Result<bool> {
    let transaction = store.begin().await?;
    let mut update = alerts::Entity::update_many()
        .col_expr(alerts::Column::Progress, Expr::value(progress))
        .col_expr(alerts::Column::Version, Expr::value(alert.version + 1))
        .filter(alerts::Column::Id.eq(alert.id))
        .filter(alerts::Column::Version.eq(alert.version))
        .filter(alerts::Column::Paused.eq(false));
    if let Some(last) = firings.iter().rfind(|firing| !firing.all_clear) {
        update = update.col_expr(alerts::Column::LastFiredAt, Expr::value(last.at.0));
    }
    if update.exec(&transaction).await?.rows_affected == 0 {
        return Ok(false);
    }
    if !firings.is_empty() {
        let subscriptions = alert_subscriptions::Entity::find()
            .filter(alert_subscriptions::Column::AlertId.eq(alert.id))
            .all(&transaction)
            .await?;
        for firing in firings {
            tell(&transaction, alert, &subscriptions, firing).await?;
        }
    }
    transaction.commit().await?;
    Ok(true)
}

async fn tell(
    transaction: &DatabaseTransaction,
    alert: &Watched,
    subscriptions: &[alert_subscriptions::Model],
    firing: NewFiring,
) -> Result<()> {
    let due_at = firing.told_at.0;
    let row = alert_firings::ActiveModel {
        id: NotSet,
        alert_id: Set(alert.id),
        at: Set(firing.at.0),
        reason: Set(firing.reason.to_text()),
        count: Set(signed(firing.count)),
        query: Set(firing.query),
        samples: Set(json(&firing.samples)?),
        all_clear: Set(firing.all_clear),
    };
    let firing = alert_firings::Entity::insert(row).exec(transaction).await?.last_insert_id;
    for subscription in subscriptions {
        let notice = alert_notices::ActiveModel {
            id: NotSet,
            firing_id: Set(firing),
            alert_id: Set(alert.id),
            user_id: Set(subscription.user_id),
            due_at: Set(due_at),
            read_at: Set(None),
        };
        alert_notices::Entity::insert(notice).exec_without_returning(transaction).await?;
    }
    let mails = subscriptions.iter().filter(|subscription| subscription.email.is_some());
    let mails = mails.map(|subscription| Some(subscription.id));
    for subscription in mails.chain(alert.has_webhook.then_some(None)) {
        let delivery = alert_deliveries::ActiveModel {
            id: NotSet,
            firing_id: Set(firing),
            alert_id: Set(alert.id),
            subscription_id: Set(subscription),
            due_at: Set(due_at),
            attempts: Set(0),
            lease_until: Set(None),
            done_at: Set(None),
            given_up_at: Set(None),
            last_error: Set(None),
        };
        alert_deliveries::Entity::insert(delivery).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// When the alerts on a view of the collection fired in a span of time, as far as the person may see alert and view: the
/// latest, at most so many, oldest first.
pub async fn fired_on(
    store: &Store,
    user: i64,
    (collection, view): (CollectionId, i64),
    time: Range<Timestamp>,
    limit: u64,
) -> Result<Vec<Fired>> {
    let view = views::Entity::find_by_id(view).filter(views::Column::CollectionId.eq(collection.0));
    let Some(view) = view.one(store.reader()).await? else { return Ok(Vec::new()) };
    let mut on_view = alerts::Entity::find().filter(alerts::Column::ViewId.eq(view.id));
    if !view.shared {
        on_view = on_view.filter(alerts::Column::OwnerId.eq(user));
    }
    let names: HashMap<i64, String> =
        on_view.all(store.reader()).await?.into_iter().map(|alert| (alert.id, alert.name)).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let firings = alert_firings::Entity::find()
        .filter(alert_firings::Column::AlertId.is_in(names.keys().copied()))
        .filter(alert_firings::Column::AllClear.eq(false))
        .filter(alert_firings::Column::At.gte(time.start.0))
        .filter(alert_firings::Column::At.lt(time.end.0))
        .order_by_desc(alert_firings::Column::At)
        .limit(limit);
    let fired = firings.all(store.reader()).await?.into_iter().rev().map(|firing| Fired {
        at: Timestamp(firing.at),
        alert: names.get(&firing.alert_id).cloned().unwrap_or_default(),
        reason: Reason::from_text(&firing.reason).told(),
        query: firing.query,
    });
    Ok(fired.collect())
}

/// Forgets what was told before that moment.
pub async fn forget_before(store: &Store, before: Timestamp) -> Result<()> {
    let transaction = store.begin().await?;
    alert_deliveries::Entity::delete_many()
        .filter(alert_deliveries::Column::DueAt.lt(before.0))
        .exec(&transaction)
        .await?;
    alert_notices::Entity::delete_many().filter(alert_notices::Column::DueAt.lt(before.0)).exec(&transaction).await?;
    // A digest tells of a firing a day later at most, and quiet hours last less than a week.
    let eight_days_before = before.0 - 8 * model::time::DAY;
    let forgotten = alert_firings::Entity::delete_many().filter(alert_firings::Column::At.lt(eight_days_before));
    forgotten.exec(&transaction).await?;
    Ok(transaction.commit().await?)
}
