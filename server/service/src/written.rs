//! From the store to the index: what was written is handed over as it is, so that it need not be read back.

use crate::Service;
use model::Timestamp;
use model::import::Counts;
use model::observed::Batch;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use store::StoreError;
use store::tweets::{Fresh, Origin};
use tokio::sync::Notify;

/// Batches that are kept for an index that cannot follow at once; it reads back what is older.
const KEPT: usize = 8;

/// What this process wrote and its index has not yet taken.
#[derive(Default)]
pub(crate) struct Written {
    notify: Notify,
    fresh: Mutex<VecDeque<Fresh>>,
}

impl Written {
    /// Returns when something was written since the last time.
    pub async fn notified(&self) {
        self.notify.notified().await;
    }

    /// The changes that follow that position, if they are at hand.
    pub fn after(&self, position: u64) -> Option<Fresh> {
        let mut fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        while fresh.front().is_some_and(|fresh| fresh.position <= position) {
            fresh.pop_front();
        }
        fresh.pop_front_if(|fresh| fresh.after <= position)
    }

    fn add(&self, written: Fresh) {
        let mut fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        if fresh.len() == KEPT {
            fresh.pop_front();
        }
        fresh.push_back(written);
    }
}

/// Writes a batch to the store and tells the index.
pub(crate) async fn write(
    service: &Service,
    origin: Origin,
    batch: Batch,
    now: Timestamp,
) -> Result<Counts, StoreError> {
    let store::tweets::Written { counts, fresh } = store::tweets::write(&service.store, origin, batch, now).await?;
    if let Some(fresh) = fresh.filter(|_| service.index.leads()) {
        service.written.add(fresh);
    }
    service.written.notify.notify_one();
    Ok(counts)
}
