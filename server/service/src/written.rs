//! From the store to what follows it: what was written is handed over as it is, so that it need not be read back.

use crate::Service;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::tweets::Handover;
use tokio::sync::Notify;

/// Tweets that wait to be taken before whoever writes is slowed; who follows reads back what it was not handed.
const MOST_WAITING: usize = 6_000;
/// How long a writer is slowed at most: then what waits longest is left to be read back.
const PATIENCE: Duration = Duration::from_secs(5);

/// What this process wrote, for the index. The tables of the lake have queues of their own.
#[derive(Default)]
pub(crate) struct Written {
    pub index: Queue,
}

/// What this process wrote and one that follows has not yet taken.
#[derive(Default)]
pub(crate) struct Queue {
    notify: Notify,
    taken: Notify,
    /// Tasks that take what is handed over, while it comes.
    followers: AtomicUsize,
    waiting: Mutex<VecDeque<Arc<Handover>>>,
}

impl Queue {
    /// Returns when something was written since the last time.
    pub async fn notified(&self) {
        self.notify.notified().await;
    }

    /// Says that what is written is taken until the guard is dropped: only then does it make sense to wait for it.
    pub fn follow(&self) -> Following<'_> {
        self.followers.fetch_add(1, Ordering::AcqRel);
        Following(self)
    }

    /// The changes that follow that position, if they are at hand.
    pub fn after(&self, position: u64) -> Option<Handover> {
        let next = {
            let mut waiting = self.waiting();
            while waiting.front().is_some_and(|first| first.position <= position) {
                waiting.pop_front();
            }
            waiting.pop_front_if(|first| first.after <= position)
        };
        self.taken.notify_one();
        // The last that takes it need not copy it.
        next.map(Arc::unwrap_or_clone)
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Arc<Handover>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tweets(&self) -> usize {
        self.waiting().iter().map(|written| written.len()).sum()
    }

    /// Hands it over, if this process changes the one that follows. Waits while that one is far behind.
    async fn tell(&self, written: &Arc<Handover>, leads: bool) {
        if leads && written.position > written.after {
            let room = async {
                while self.tweets() > MOST_WAITING && self.followers.load(Ordering::Acquire) > 0 {
                    self.taken.notified().await;
                }
            };
            // Who follows may be busy with something else for long.
            tokio::time::timeout(PATIENCE, room).await.ok();
            self.waiting().push_back(Arc::clone(written));
            while self.tweets() > 2 * MOST_WAITING && self.waiting().len() > 1 {
                self.waiting().pop_front();
            }
        }
        self.notify.notify_one();
    }
}

/// Somebody takes what is written.
pub(crate) struct Following<'q>(&'q Queue);

impl Drop for Following<'_> {
    fn drop(&mut self) {
        self.0.followers.fetch_sub(1, Ordering::AcqRel);
        self.0.taken.notify_waiters();
    }
}

/// Tells those that follow what was written.
pub(crate) async fn hand_over(service: &Service, written: Handover) {
    let written = Arc::new(written);
    service.written.index.tell(&written, service.index.leads()).await;
    #[cfg(feature = "lake")]
    if let Some(shores) = service.lake.as_deref() {
        shores.tweets.written().tell(&written, shores.tweets.leads()).await;
        if let Some(raw) = &shores.raw {
            raw.written().tell(&written, raw.leads()).await;
        }
    }
}
