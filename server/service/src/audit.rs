//! The audit: who did what. It is written with what it tells of; here it is read and checked.

use crate::{Error, Service};

pub use store::audit::{Entry, Problem, Verdict};

/// The latest entries, newest first.
pub async fn latest(service: &Service, limit: u64) -> Result<Vec<Entry>, Error> {
    Ok(store::audit::latest(&service.store, limit).await?)
}

/// Goes through all entries and tells what is not as it was written.
pub async fn verify(service: &Service) -> Result<Verdict, Error> {
    Ok(store::audit::verify(&service.store).await?)
}
