use model::Timestamp;
use model::observed::Batch;
use store::tweets::{Delivery, Origin, Sealer, Written};
use store::{Store, StoreError};

/// Writes one batch, as it comes by no log.
///
/// # Errors
/// What the store says.
pub async fn write(store: &Store, origin: Origin, batch: Batch, now: Timestamp) -> Result<Written, StoreError> {
    let ready = Sealer::new(store, now).await?.prepare(vec![Delivery::of(origin, batch)])?;
    store::tweets::write(store, ready, None, now).await
}
