//! What people find in the application.

use super::read;
use crate::Store;
use crate::access::Hidden;
use crate::entity::{alert_firings, alert_notices, alerts, collections};
use crate::error::Result;
use model::Timestamp;
use model::alert::{Notice, Reason};
use sea_orm::sea_query::{Condition, Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;

/// How many notices of what is not hidden the person has not read.
pub async fn unread(store: &Store, user: i64, now: Timestamp, hidden: &Hidden) -> Result<u64> {
    let unread =
        alert_notices::Entity::find().filter(due(user, now, hidden)).filter(alert_notices::Column::ReadAt.is_null());
    Ok(unread.count(store.reader()).await?)
}

/// The person's notices of what is not hidden, newest first, at most `limit`.
pub async fn list(store: &Store, user: i64, now: Timestamp, hidden: &Hidden, limit: u64) -> Result<Vec<Notice>> {
    let notices = alert_notices::Entity::find()
        .filter(due(user, now, hidden))
        .order_by_desc(alert_notices::Column::DueAt)
        .order_by_desc(alert_notices::Column::Id)
        .limit(limit)
        .all(store.reader())
        .await?;
    let firings = alert_firings::Entity::find()
        .filter(alert_firings::Column::Id.is_in(notices.iter().map(|notice| notice.firing_id)));
    let firings: HashMap<i64, alert_firings::Model> =
        firings.all(store.reader()).await?.into_iter().map(|firing| (firing.id, firing)).collect();
    let of_notices = notices.iter().map(|notice| notice.alert_id);
    let alerts = alerts::Entity::find().filter(alerts::Column::Id.is_in(of_notices)).all(store.reader()).await?;
    let alerts: HashMap<i64, alerts::Model> = alerts.into_iter().map(|alert| (alert.id, alert)).collect();
    let slugs = collections::Entity::find().all(store.reader()).await?;
    let slugs: HashMap<i64, String> = slugs.into_iter().map(|row| (row.id, row.slug)).collect();
    let mut list = Vec::with_capacity(notices.len());
    for notice in notices {
        let Some((alert, firing)) = alerts.get(&notice.alert_id).zip(firings.get(&notice.firing_id)) else { continue };
        list.push(Notice {
            id: notice.id,
            alert: alert.id,
            alert_name: alert.name.clone(),
            collection: slugs.get(&alert.collection_id).cloned().unwrap_or_default(),
            at: Timestamp(firing.at),
            reason: Reason::from_text(&firing.reason),
            count: firing.count.unsigned_abs(),
            query: firing.query.clone(),
            samples: read(&firing.samples)?,
            is_read: notice.read_at.is_some(),
        });
    }
    Ok(list)
}

/// Marks one of the person's notices as read, or all of them.
pub async fn mark_read(store: &Store, user: i64, notice: Option<i64>, now: Timestamp) -> Result<()> {
    let mut update = alert_notices::Entity::update_many()
        .col_expr(alert_notices::Column::ReadAt, Expr::value(now.0))
        .filter(due(user, now, &Hidden::default()))
        .filter(alert_notices::Column::ReadAt.is_null());
    if let Some(notice) = notice {
        update = update.filter(alert_notices::Column::Id.eq(notice));
    }
    update.exec(store.writer()).await?;
    Ok(())
}

fn due(user: i64, now: Timestamp, hidden: &Hidden) -> Condition {
    let due = Condition::all().add(alert_notices::Column::UserId.eq(user)).add(alert_notices::Column::DueAt.lte(now.0));
    if hidden.closed.collections.is_empty() {
        return due;
    }
    let collections = Query::select()
        .column(collections::Column::Id)
        .from(collections::Entity)
        .and_where(collections::Column::Slug.is_in(hidden.closed.collections.iter().map(String::as_str)))
        .to_owned();
    let alerts = Query::select()
        .column(alerts::Column::Id)
        .from(alerts::Entity)
        .and_where(alerts::Column::CollectionId.in_subquery(collections))
        .to_owned();
    due.add(alert_notices::Column::AlertId.not_in_subquery(alerts))
}
