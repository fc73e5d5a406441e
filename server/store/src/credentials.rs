//! Credentials for the X API. The secret is sealed; nothing but the fetcher reads it again.

use crate::Store;
use crate::buckets;
use crate::entity::credentials;
use crate::error::{Result, StoreError};
use crate::vault::{Place, Purpose};
use model::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::NotSet, ColumnTrait, EntityTrait, QueryFilter, Set};
use zeroize::Zeroizing;

/// A credential with its secret in the clear: keep it short.
pub struct Credential {
    /// Where the API is: `https://api.x.com`, or a simulator.
    pub base_url: String,
    pub bearer_token: Zeroizing<String>,
}

/// Saves a credential under a name; one of that name is replaced, and what was closed to it is open to the new one.
/// Returns its number.
pub async fn save(store: &Store, name: &str, base_url: &str, bearer_token: &str, now: Timestamp) -> Result<i64> {
    let key = store.vault().sealing_key(Purpose::Credential, now).await?;
    let sealed = store.vault().seal(&key, place(name), bearer_token.as_bytes())?;
    let row = credentials::ActiveModel {
        id: NotSet,
        name: Set(name.to_owned()),
        base_url: Set(base_url.to_owned()),
        bearer_token: Set(sealed),
        created_at: Set(now.0),
    };
    let replace = OnConflict::column(credentials::Column::Name)
        .update_columns([
            credentials::Column::BaseUrl,
            credentials::Column::BearerToken,
            credentials::Column::CreatedAt,
        ])
        .to_owned();
    let transaction = store.begin().await?;
    credentials::Entity::insert(row).on_conflict(replace).exec_without_returning(&transaction).await?;
    let row = credentials::Entity::find().filter(credentials::Column::Name.eq(name)).one(&transaction).await?;
    let id = row.map(|row| row.id).ok_or_else(|| StoreError::Damaged(format!("credential {name} vanished")))?;
    buckets::forget(&transaction, id).await?;
    transaction.commit().await?;
    Ok(id)
}

/// When it was saved last: another time means another secret. None if it is gone.
pub async fn saved_at(store: &Store, id: i64) -> Result<Option<Timestamp>> {
    let row = credentials::Entity::find_by_id(id).one(store.reader()).await?;
    Ok(row.map(|row| Timestamp(row.created_at)))
}

/// Opens a credential for use.
pub async fn open(store: &Store, id: i64) -> Result<Option<Credential>> {
    let Some(row) = credentials::Entity::find_by_id(id).one(store.reader()).await? else { return Ok(None) };
    let token = store.vault().unseal(place(&row.name), &row.bearer_token).await?;
    let token = String::from_utf8(token.to_vec()).map_err(|_| StoreError::Sealed("it is not text"))?;
    Ok(Some(Credential { base_url: row.base_url, bearer_token: Zeroizing::new(token) }))
}

fn place(name: &str) -> Place<'_> {
    Place { table: "credentials", row: name.as_bytes(), column: "bearer_token" }
}
