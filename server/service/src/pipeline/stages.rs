//! What each stage of the pipeline did in the last minute, in this process. The stages work side by side: the one that is
//! busiest sets the pace of all.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How far back is remembered.
pub const WINDOW: Duration = Duration::from_secs(60);

/// A stage, in the order in which a page goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Records of the log are opened, decoded and sealed for the store.
    Prepare,
    Store,
    Index,
    Lake,
    /// Tweets as they came are put into the lake.
    RawLake,
}

impl Stage {
    pub const ALL: [Self; 5] = [Self::Prepare, Self::Store, Self::Index, Self::Lake, Self::RawLake];
}

/// What a stage did in the last minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pub stage: Stage,
    pub tweets: u64,
    /// For how long it worked: at most the whole of [`WINDOW`].
    pub busy: Duration,
}

/// The stages of this process.
pub(crate) struct Stages {
    since: Instant,
    lately: [Mutex<VecDeque<Second>>; Stage::ALL.len()],
}

/// What was done within a second, by when it ended.
struct Second {
    number: u64,
    tweets: u64,
    busy: Duration,
}

impl Default for Stages {
    fn default() -> Self {
        Self { since: Instant::now(), lately: Default::default() }
    }
}

impl Stages {
    /// Does a piece of work and notes how long it took. `tweets` tells from its outcome how many it was about.
    pub async fn time<T>(&self, stage: Stage, work: impl Future<Output = T>, tweets: impl FnOnce(&T) -> u64) -> T {
        let began = Instant::now();
        let done = work.await;
        self.note(stage, tweets(&done), began.elapsed());
        done
    }

    fn note(&self, stage: Stage, tweets: u64, busy: Duration) {
        let number = self.since.elapsed().as_secs();
        let mut seconds = self.lately[stage as usize].lock().unwrap_or_else(PoisonError::into_inner);
        seconds.retain(|second| second.number + WINDOW.as_secs() > number);
        match seconds.back_mut() {
            Some(last) if last.number == number => {
                last.tweets += tweets;
                last.busy += busy;
            }
            _ => seconds.push_back(Second { number, tweets, busy }),
        }
    }

    /// The stages that worked in the last minute.
    pub fn paces(&self) -> Vec<Pace> {
        let now = self.since.elapsed().as_secs();
        let pace = |stage: Stage| {
            let seconds = self.lately[stage as usize].lock().unwrap_or_else(PoisonError::into_inner);
            let late = seconds.iter().filter(|second| second.number + WINDOW.as_secs() > now);
            let (tweets, busy) =
                late.fold((0, Duration::ZERO), |(tweets, busy), second| (tweets + second.tweets, busy + second.busy));
            Pace { stage, tweets, busy: busy.min(WINDOW) }
        };
        Stage::ALL.map(pace).into_iter().filter(|pace| pace.tweets > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_stage_remembers_a_minute_of_work() {
        let stages = Stages::default();
        let work = async |stage, seconds, tweets| {
            stages.time(stage, tokio::time::sleep(Duration::from_secs(seconds)), |()| tweets).await;
        };
        assert_eq!(stages.paces(), []);
        work(Stage::Store, 2, 500).await;
        work(Stage::Store, 3, 700).await;
        work(Stage::Index, 1, 1_200).await;
        let store = Pace { stage: Stage::Store, tweets: 1_200, busy: Duration::from_secs(5) };
        let index = Pace { stage: Stage::Index, tweets: 1_200, busy: Duration::from_secs(1) };
        assert_eq!(stages.paces(), [store, index]);
        tokio::time::advance(Duration::from_secs(58)).await;
        assert_eq!(stages.paces(), [Pace { tweets: 700, busy: Duration::from_secs(3), ..store }, index]);
        work(Stage::Lake, 90, 10).await;
        assert_eq!(stages.paces(), [Pace { stage: Stage::Lake, tweets: 10, busy: WINDOW }]);
    }
}
