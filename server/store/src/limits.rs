//! What X lets be asked in each access tier, as admins have it. What X says itself stands in [`crate::buckets`].

use crate::Store;
use crate::audit::{NewEntry, Pen};
use crate::entity::credentials;
use crate::entity::limits::{ActiveModel, Column, Entity, Model};
use crate::error::{Result, StoreError};
use model::Timestamp;
use model::credential::Kind;
use model::limit::{Caller, Limit};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, QueryOrder, Set};
use serde_json::json;

/// All that there are, by tier, endpoint and caller.
pub async fn list(store: &Store) -> Result<Vec<Limit>> {
    let rows = Entity::find()
        .order_by_asc(Column::Tier)
        .order_by_asc(Column::Endpoint)
        .order_by_asc(Column::Caller)
        .all(store.reader())
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// What the tier of a credential allows it at an endpoint. None if the tier says nothing of it.
pub async fn of_credential(store: &Store, credential: i64, endpoint: &str) -> Result<Option<Limit>> {
    let Some(row) = credentials::Entity::find_by_id(credential).one(store.reader()).await? else { return Ok(None) };
    let Some(kind) = Kind::from_name(&row.kind) else { return Ok(None) };
    let key = (row.tier, endpoint.to_owned(), kind.caller().name().to_owned());
    Entity::find_by_id(key).one(store.reader()).await?.map(from_row).transpose()
}

/// Sets one, in place of what there was; `by` is who says so, none where it is a command.
pub async fn set(store: &Store, limit: &Limit, by: Option<i64>, now: Timestamp) -> Result<()> {
    let Limit { tier, endpoint, caller, requests, spacing } = limit;
    let row = ActiveModel {
        tier: Set(tier.clone()),
        endpoint: Set(endpoint.clone()),
        caller: Set(caller.name().to_owned()),
        requests: Set(i32::try_from(*requests).unwrap_or(i32::MAX)),
        spacing: Set(*spacing),
    };
    let replace = OnConflict::columns([Column::Tier, Column::Endpoint, Column::Caller])
        .update_columns([Column::Requests, Column::Spacing])
        .to_owned();
    let pen = Pen::new(store, now).await?;
    let transaction = store.begin().await?;
    let key = (tier.clone(), endpoint.clone(), caller.name().to_owned());
    let before = Entity::find_by_id(key).one(&transaction).await?;
    Entity::insert(row).on_conflict(replace).exec_without_returning(&transaction).await?;
    let values = |requests: i64, spacing: i64| json!({ "requests": requests, "spacing": spacing });
    let entry = NewEntry {
        user: by,
        action: "limit.set",
        subject: format!("tier:{tier}"),
        details: json!({
            "endpoint": endpoint,
            "caller": caller.name(),
            "from": before.map(|before| values(before.requests.into(), before.spacing)),
            "to": values((*requests).into(), *spacing),
        }),
    };
    let head = pen.write(&transaction, entry).await?;
    pen.commit(transaction, head).await
}

fn from_row(row: Model) -> Result<Limit> {
    let Model { tier, endpoint, caller, requests, spacing } = row;
    let caller = Caller::from_name(&caller)
        .ok_or_else(|| StoreError::Damaged(format!("a limit is for {caller:?}, who is nobody")))?;
    Ok(Limit { tier, endpoint, caller, requests: requests.unsigned_abs(), spacing })
}
