//! From the store to the index: what was written is handed over as it is, so that it need not be read back.

use crate::Service;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::tweets::Handover;
use tokio::sync::Notify;

/// Tweets that wait to be taken before whoever writes is slowed; the index reads back what it was not handed.
const MOST_WAITING: usize = 12_000;
/// How long a writer is slowed at most: then what waits longest is left to be read back.
const PATIENCE: Duration = Duration::from_secs(5);

/// What this process wrote and its index has not yet taken.
#[derive(Default)]
pub(crate) struct Written {
    notify: Notify,
    taken: Notify,
    /// Tasks that take what is handed over, while it comes.
    followers: AtomicUsize,
    waiting: Mutex<VecDeque<Handover>>,
}

impl Written {
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
        let mut waiting = self.waiting();
        while waiting.front().is_some_and(|first| first.position <= position) {
            waiting.pop_front();
        }
        let next = waiting.pop_front_if(|first| first.after <= position);
        self.taken.notify_one();
        next
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, VecDeque<Handover>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_full(&self) -> bool {
        self.waiting().iter().map(Handover::len).sum::<usize>() > MOST_WAITING
    }

    async fn add(&self, written: Handover) {
        let room = async {
            while self.is_full() && self.followers.load(Ordering::Acquire) > 0 {
                self.taken.notified().await;
            }
        };
        // Who follows may be busy with something else for long.
        tokio::time::timeout(PATIENCE, room).await.ok();
        let mut waiting = self.waiting();
        waiting.push_back(written);
        while waiting.len() > 1 && waiting.iter().map(Handover::len).sum::<usize>() > 2 * MOST_WAITING {
            waiting.pop_front();
        }
    }
}

/// Somebody takes what is written.
pub(crate) struct Following<'w>(&'w Written);

impl Drop for Following<'_> {
    fn drop(&mut self) {
        self.0.followers.fetch_sub(1, Ordering::AcqRel);
        self.0.taken.notify_waiters();
    }
}

/// Tells the index what was written, if it is changed by this process. Waits while the index is far behind.
pub(crate) async fn hand_over(service: &Service, written: Handover) {
    if written.position > written.after && service.index.leads() {
        service.written.add(written).await;
    }
    service.written.notify.notify_one();
}
