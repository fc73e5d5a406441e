//! Credentials that X refuses at an endpoint, until somebody sees to it.

use crate::Store;
use crate::entity::credentials;
use crate::entity::refusals::{ActiveModel, Column, Entity};
use crate::error::Result;
use crate::leases::{self, Lease};
use model::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

/// What X said last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub credential: i64,
    pub endpoint: String,
    pub at: Timestamp,
    /// In plain words.
    pub reason: String,
}

/// All that are noted.
pub async fn list(store: &Store) -> Result<Vec<Refusal>> {
    let rows = Entity::find().all(store.reader()).await?;
    let refusal = |row: crate::entity::refusals::Model| Refusal {
        credential: row.credential_id,
        endpoint: row.endpoint,
        at: Timestamp(row.at),
        reason: row.reason,
    };
    Ok(rows.into_iter().map(refusal).collect())
}

/// Notes one of a secret that was saved then. False where there is another by now, of which X has said nothing.
///
/// # Errors
/// `Lost` if another process fetches with the credential now.
pub async fn note(store: &Store, lease: &Lease, refusal: &Refusal, saved_at: Option<Timestamp>) -> Result<bool> {
    let row = ActiveModel {
        credential_id: Set(refusal.credential),
        endpoint: Set(refusal.endpoint.clone()),
        at: Set(refusal.at.0),
        reason: Set(refusal.reason.clone()),
    };
    let replace = OnConflict::columns([Column::CredentialId, Column::Endpoint])
        .update_columns([Column::At, Column::Reason])
        .to_owned();
    let transaction = store.begin().await?;
    leases::guard(&transaction, lease).await?;
    let credential = credentials::Entity::find_by_id(refusal.credential).lock_shared().one(&transaction).await?;
    if credential.map(|credential| Timestamp(credential.created_at)) != saved_at {
        return Ok(false);
    }
    Entity::insert(row).on_conflict(replace).exec_without_returning(&transaction).await?;
    transaction.commit().await?;
    Ok(true)
}

/// X takes the credential again.
///
/// # Errors
/// `Lost` if another process fetches with the credential now.
pub async fn forget(store: &Store, lease: &Lease, endpoint: &str, credential: i64) -> Result<()> {
    let transaction = store.begin().await?;
    leases::guard(&transaction, lease).await?;
    Entity::delete_by_id((credential, endpoint.to_owned())).exec(&transaction).await?;
    Ok(transaction.commit().await?)
}

/// Forgets all of a credential: X has not seen its new secret.
pub(crate) async fn forget_all(connection: &impl ConnectionTrait, credential: i64) -> Result<()> {
    Entity::delete_many().filter(Column::CredentialId.eq(credential)).exec(connection).await?;
    Ok(())
}
