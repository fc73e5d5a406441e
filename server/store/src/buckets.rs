//! The requests that the X API lets a credential make at an endpoint, as far as X has told. They outlive a restart.

use crate::Store;
use crate::entity::buckets::{ActiveModel, Column, Entity};
use crate::error::Result;
use crate::leases::{self, Lease};
use model::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

/// What X allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Requests in a window.
    pub most: u32,
    /// Whether X said so; else it is what the access tier has.
    pub is_told: bool,
    /// Requests left until `reset`.
    pub remaining: u32,
    pub reset: Timestamp,
    /// X takes no request before then.
    pub closed_until: Option<Timestamp>,
}

/// As it was noted last.
pub async fn load(store: &Store, credential: i64, endpoint: &str) -> Result<Option<Bucket>> {
    let row = Entity::find_by_id((credential, endpoint.to_owned())).one(store.reader()).await?;
    Ok(row.map(|row| Bucket {
        most: row.most.unsigned_abs(),
        is_told: row.is_told,
        remaining: row.remaining.unsigned_abs(),
        reset: Timestamp(row.reset),
        closed_until: row.closed_until.map(Timestamp),
    }))
}

/// Notes a bucket by itself; [`crate::windows::note`] does it with a page.
///
/// # Errors
/// `Lost` if another process has taken the work over: nothing is noted then.
pub async fn note(store: &Store, lease: &Lease, (credential, endpoint): (i64, &str), bucket: Bucket) -> Result<()> {
    let transaction = store.begin().await?;
    leases::guard(&transaction, lease).await?;
    save(&transaction, credential, endpoint, bucket).await?;
    Ok(transaction.commit().await?)
}

pub(crate) async fn save(
    connection: &impl ConnectionTrait,
    credential: i64,
    endpoint: &str,
    bucket: Bucket,
) -> Result<()> {
    let row = ActiveModel {
        credential_id: Set(credential),
        endpoint: Set(endpoint.to_owned()),
        most: Set(i32::try_from(bucket.most).unwrap_or(i32::MAX)),
        remaining: Set(i32::try_from(bucket.remaining).unwrap_or(i32::MAX)),
        reset: Set(bucket.reset.0),
        closed_until: Set(bucket.closed_until.map(|until| until.0)),
        is_told: Set(bucket.is_told),
    };
    let replace = OnConflict::columns([Column::CredentialId, Column::Endpoint])
        .update_columns([Column::Most, Column::Remaining, Column::Reset, Column::ClosedUntil, Column::IsTold])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(connection).await?;
    Ok(())
}

/// Forgets all of a credential: another secret has limits of its own.
pub(crate) async fn forget(connection: &impl ConnectionTrait, credential: i64) -> Result<()> {
    Entity::delete_many().filter(Column::CredentialId.eq(credential)).exec(connection).await?;
    Ok(())
}
