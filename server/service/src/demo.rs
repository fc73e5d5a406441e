//! The sample collection of `roost demo`.

use crate::{Error, Service, collections};
use store::schedules::NewSchedule;

/// What each word-for-word X query of the demo collects.
const QUERIES: [(&str, &str); 1] = [("everything", "lang:en OR lang:de OR lang:ja OR lang:es OR lang:fr OR lang:pt OR lang:ar OR lang:ko OR lang:th OR lang:hi OR lang:und")];

/// Seconds between runs: 450 requests in 15 minutes allow one every two seconds.
const INTERVAL_SECONDS: u32 = 5;

/// Where the demo fetches from.
pub struct DemoSchedule<'a> {
    pub base_url: &'a str,
    pub bearer_token: &'a str,
}

/// Makes the demo's collection and its schedule; a second call only renews where it fetches from.
pub async fn prepare(service: &Service, demo: DemoSchedule<'_>) -> Result<(), Error> {
    let collection = collections::find_or_create(service, "Demo").await?;
    let credential =
        store::credentials::save(&service.store, "simulator", demo.base_url, demo.bearer_token, service.now()).await?;
    if store::schedules::list(&service.store).await?.is_empty() {
        for (name, query) in QUERIES {
            let new = NewSchedule {
                collection: collection.id,
                credential,
                name,
                query,
                interval_seconds: INTERVAL_SECONDS,
            };
            store::schedules::create(&service.store, new).await?;
        }
    }
    Ok(())
}
