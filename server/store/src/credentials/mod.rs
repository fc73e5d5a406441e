//! Credentials for the X API. The secret is sealed; nothing but the fetcher reads it again.

mod secret;

pub use secret::{Keys, Secret, Tokens};

use crate::Store;
use crate::audit::{NewEntry, Pen};
use crate::entity::credentials::{ActiveModel, Column, Entity, Model};
use crate::error::{Result, StoreError};
use crate::vault::{Place, Purpose};
use crate::{buckets, refusals};
use model::Timestamp;
use model::credential::{Credential, Kind};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde_json::json;

/// A credential that can be used: keep it short.
#[derive(Debug)]
pub struct Opened {
    pub known: Credential,
    pub secret: Secret,
}

/// Saves a credential under a name; one of that name is replaced, and what was closed to it is open to the new one.
/// Returns its number. The audit gets its name and kind, and nothing of the secret.
pub async fn save(store: &Store, name: &str, base_url: &str, secret: impl Into<Secret>, now: Timestamp) -> Result<i64> {
    let secret = secret.into();
    let key = store.vault().sealing_key(Purpose::Credential, now).await?;
    let sealed = store.vault().seal(&key, place(name, secret.kind()), &secret.to_bytes()?)?;
    let row = ActiveModel {
        id: NotSet,
        name: Set(name.to_owned()),
        base_url: Set(base_url.to_owned()),
        secret: Set(sealed),
        created_at: Set(now.0),
        kind: Set(secret.kind().name().to_owned()),
        client_id: Set(secret.client_id().map(str::to_owned)),
        expires_at: Set(secret.expires_at().map(|at| at.0)),
        refreshed_at: Set(None),
        // A new one has what X sells today; another secret is of the same app.
        tier: NotSet,
    };
    let replaced = [
        Column::BaseUrl,
        Column::Secret,
        Column::CreatedAt,
        Column::Kind,
        Column::ClientId,
        Column::ExpiresAt,
        Column::RefreshedAt,
    ];
    let replace = OnConflict::column(Column::Name).update_columns(replaced).to_owned();
    let pen = Pen::new(store, now).await?;
    let transaction = store.begin().await?;
    let is_new = Entity::find().filter(Column::Name.eq(name)).one(&transaction).await?.is_none();
    Entity::insert(row).on_conflict(replace).exec_without_returning(&transaction).await?;
    let row = Entity::find().filter(Column::Name.eq(name)).one(&transaction).await?;
    let id = row.map(|row| row.id).ok_or_else(|| StoreError::Damaged(format!("credential {name} vanished")))?;
    buckets::forget(&transaction, id).await?;
    refusals::forget_all(&transaction, id).await?;
    let details = json!({ "name": name, "kind": secret.kind().name(), "address": base_url, "is_new": is_new });
    let head = pen.write(&transaction, entry(id, None, "credential.saved", details)).await?;
    pen.commit(transaction, head).await?;
    Ok(id)
}

/// Says which access tier was bought for a credential; `by` is who says so, none where it is a command. False if there is
/// no such credential.
pub async fn set_tier(store: &Store, id: i64, tier: &str, by: Option<i64>, now: Timestamp) -> Result<bool> {
    let pen = Pen::new(store, now).await?;
    let transaction = store.begin().await?;
    let Some(row) = Entity::find_by_id(id).one(&transaction).await? else { return Ok(false) };
    Entity::update_many()
        .col_expr(Column::Tier, Expr::value(tier))
        .filter(Column::Id.eq(id))
        .exec(&transaction)
        .await?;
    let details = json!({ "name": row.name, "from": row.tier, "to": tier });
    let head = pen.write(&transaction, entry(id, by, "credential.tier", details)).await?;
    pen.commit(transaction, head).await?;
    Ok(true)
}

fn entry(id: i64, user: Option<i64>, action: &'static str, details: serde_json::Value) -> NewEntry {
    NewEntry { user, action, subject: format!("credential:{id}"), details }
}

/// Keeps the tokens that a person's refresh brought, in place of those before, which are worthless from then on. It is
/// the same secret all the same: what is known of its limits holds. When this returns, they survive a loss of power.
///
/// # Errors
/// `Replaced` if the credential is not the one that was saved at `saved_at` any more: somebody entered another meanwhile.
pub async fn keep_tokens(store: &Store, id: i64, saved_at: Timestamp, tokens: &Tokens, now: Timestamp) -> Result<()> {
    let key = store.vault().sealing_key(Purpose::Credential, now).await?;
    let transaction = store.begin().await?;
    flush_when_committed(&transaction).await?;
    let of_them = Entity::find_by_id(id).filter(Column::CreatedAt.eq(saved_at.0));
    let of_them = of_them.filter(Column::Kind.eq(Kind::Oauth2.name()));
    let row = of_them.lock_exclusive().one(&transaction).await?.ok_or(StoreError::Replaced(id))?;
    let plain = store.vault().unseal_within(&transaction, place(&row.name, Kind::Oauth2), &row.secret).await?;
    let secret = secret::refreshed(&plain, tokens)?;
    let sealed = store.vault().seal(&key, place(&row.name, Kind::Oauth2), &secret)?;
    Entity::update_many()
        .col_expr(Column::Secret, Expr::value(sealed))
        .col_expr(Column::ExpiresAt, Expr::value(tokens.expires_at.0))
        .col_expr(Column::RefreshedAt, Expr::value(now.0))
        .filter(Column::Id.eq(id))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// SQLite's writer syncs each commit. A PostgreSQL may be set up to acknowledge some before they are on its disk.
async fn flush_when_committed(transaction: &DatabaseTransaction) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared("SET LOCAL synchronous_commit = on").await?;
    }
    Ok(())
}

/// When its secret was entered last: another time means another secret. None if it is gone.
pub async fn saved_at(store: &Store, id: i64) -> Result<Option<Timestamp>> {
    let row = Entity::find_by_id(id).one(store.reader()).await?;
    Ok(row.map(|row| Timestamp(row.created_at)))
}

/// Opens a credential for use.
pub async fn open(store: &Store, id: i64) -> Result<Option<Opened>> {
    let Some(row) = Entity::find_by_id(id).one(store.reader()).await? else { return Ok(None) };
    let sealed = row.secret.clone();
    let known = from_row(row)?;
    let plain = store.vault().unseal(place(&known.name, known.kind), &sealed).await?;
    let secret = secret::read(&known, &plain)?;
    Ok(Some(Opened { known, secret }))
}

/// All that there are, without their secrets, by name.
pub async fn list(store: &Store) -> Result<Vec<Credential>> {
    let rows = Entity::find().order_by_asc(Column::Name).all(store.reader()).await?;
    rows.into_iter().map(from_row).collect()
}

fn from_row(row: Model) -> Result<Credential> {
    let kind = Kind::from_name(&row.kind);
    let kind = kind.ok_or_else(|| StoreError::Damaged(format!("no credential is of the kind {:?}", row.kind)))?;
    Ok(Credential {
        id: row.id,
        name: row.name,
        base_url: row.base_url,
        kind,
        tier: row.tier,
        client_id: row.client_id,
        expires_at: row.expires_at.map(Timestamp),
        saved_at: Timestamp(row.created_at),
        refreshed_at: row.refreshed_at.map(Timestamp),
    })
}

/// A secret opens only as one of its kind: one of people is never sent as a bearer token.
fn place(name: &str, kind: Kind) -> Place<'_> {
    let column = match kind {
        Kind::Bearer => "bearer_token",
        Kind::Oauth2 | Kind::Oauth1 => kind.name(),
    };
    Place { table: "credentials", row: name.as_bytes(), column }
}
