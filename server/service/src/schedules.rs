//! Schedules and the credentials they use.

use crate::{Error, Service, collections};
use model::gap::Gap;
use model::schedule::{Run, Schedule};
pub use store::rejects::Reject;

/// A schedule that is to be made.
pub struct NewSchedule<'a> {
    /// Name of the collection that it fills; it is made if there is none.
    pub collection: &'a str,
    pub credential: i64,
    pub name: &'a str,
    /// In X's query language.
    pub query: &'a str,
    pub interval_seconds: u32,
}

/// Seals a credential under a name, in place of an earlier one of that name. Returns its number.
pub async fn save_credential(service: &Service, name: &str, base_url: &str, bearer_token: &str) -> Result<i64, Error> {
    Ok(store::credentials::save(&service.store, name, base_url, bearer_token, service.now()).await?)
}

/// Makes a schedule, which is due at once. Returns its number.
pub async fn create(service: &Service, new: NewSchedule<'_>) -> Result<i64, Error> {
    let collection = collections::find_or_create(service, new.collection).await?;
    let new = store::schedules::NewSchedule {
        collection: collection.id,
        credential: new.credential,
        name: new.name,
        query: new.query,
        interval_seconds: new.interval_seconds,
    };
    Ok(store::schedules::create(&service.store, new).await?)
}

pub async fn list(service: &Service) -> Result<Vec<Schedule>, Error> {
    Ok(store::schedules::list(&service.store).await?)
}

/// The latest runs of a schedule, newest first.
pub async fn runs(service: &Service, schedule: i64) -> Result<Vec<Run>, Error> {
    Ok(store::runs::of_schedule(&service.store, schedule, 50).await?)
}

/// Asks a run to end: it does within seconds, even while it waits. False if it has ended.
pub async fn cancel(service: &Service, run: i64) -> Result<bool, Error> {
    Ok(store::runs::cancel(&service.store, run, service.now()).await?)
}

/// What was missed of a schedule, from the oldest on.
pub async fn gaps(service: &Service, schedule: i64) -> Result<Vec<Gap>, Error> {
    Ok(store::windows::gaps(&service.store, schedule).await?)
}

/// The latest of what X sent for a schedule and could not be understood, newest first: with its content, which names
/// people.
pub async fn rejects(service: &Service, schedule: i64) -> Result<Vec<Reject>, Error> {
    Ok(store::rejects::list(&service.store, schedule, 50).await?)
}
