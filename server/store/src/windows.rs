//! Until when an endpoint of the X API takes no request of a credential. It outlives a restart.

use crate::Store;
use crate::entity::closed_windows;
use crate::error::Result;
use model::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

/// Closes an endpoint to a credential until then.
pub async fn close(store: &Store, credential: i64, endpoint: &str, until: Timestamp) -> Result<()> {
    let row = closed_windows::ActiveModel {
        credential_id: Set(credential),
        endpoint: Set(endpoint.to_owned()),
        until: Set(until.0),
    };
    let key = [closed_windows::Column::CredentialId, closed_windows::Column::Endpoint];
    let replace = OnConflict::columns(key).update_column(closed_windows::Column::Until).to_owned();
    closed_windows::Entity::insert(row).on_conflict(replace).exec_without_returning(store.writer()).await?;
    Ok(())
}

/// When the endpoint takes requests again, if it is closed now.
pub async fn closed_until(store: &Store, credential: i64, endpoint: &str, now: Timestamp) -> Result<Option<Timestamp>> {
    let key = (credential, endpoint.to_owned());
    let row = closed_windows::Entity::find_by_id(key).one(store.reader()).await?;
    Ok(row.map(|row| Timestamp(row.until)).filter(|until| *until > now))
}
