//! What is derived from the store follows it by change number: the index, and the lake.
//!
//! A follower keeps the number that it has made durable with what it took in. It can be killed at any point and goes on
//! from there, and it can be thrown away and made anew at any time.

use crate::pipeline::Stage;
use crate::written::Queue;
use crate::{Error, Service};
use model::Timestamp;
use model::change::Change;
use model::digest::DayDigest;
use model::time::SECOND;
use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;
use store::tweets::Changes;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Tweets read from the store at a time.
const SLICE: u64 = 500;
/// Microseconds after which the first of a new follower is made durable, if that is sooner: somebody may wait for it.
const FIRST_AFTER: i64 = 10 * SECOND;
/// Time that a process takes in changes for after it was told to stop.
const LAST: Duration = Duration::from_secs(2);

/// What follows the store. `server/service/tests/followers.rs` tells what each must keep to.
pub trait Follower: Send + Sync {
    /// What messages call it.
    const NAME: &'static str;
    /// The stage of the pipeline that it is.
    const STAGE: Stage;
    /// Tweets after which what was taken in is made durable, though there are more to come.
    const COMMIT_EVERY: usize;
    /// Microseconds after which it is made durable when there are no more to come.
    const COMMIT_AFTER: i64;
    /// Time between two such commits, by how many tweets wait for the next: each makes files that have to be merged.
    fn commit_gap(tweets: usize) -> Duration;

    /// The number up to which all changes are durably in it.
    fn position(&self) -> u64;

    /// Becomes the process that changes it, if none is. If it did not lead before, what it had taken in and not
    /// committed is gone.
    fn lead(&self, now: Timestamp) -> impl Future<Output = Result<Lead, Error>> + Send;

    /// Looks at what the process that leads has committed.
    fn refresh(&self) -> impl Future<Output = Result<(), Error>> + Send;

    /// Takes in changes in their order. After an error it leads no more.
    fn apply(&self, changes: Vec<Change>) -> impl Future<Output = Result<(), Error>> + Send;

    /// Whether so much was taken in that it must be made durable now.
    fn is_full(&self) -> impl Future<Output = bool> + Send {
        async { false }
    }

    /// Makes what was taken in durable, and the number that it leads to. After an error it leads no more.
    fn commit(&self, position: u64, now: Timestamp) -> impl Future<Output = Result<(), Error>> + Send;

    /// Removes it if it is damaged so that it cannot be led, unless another process changes it: the next that leads has an
    /// empty one.
    fn discard_damaged(&self) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Empties it and sets its number to 0: at once, or with the next commit.
    fn clear(&self, now: Timestamp) -> impl Future<Output = Result<(), Error>> + Send;

    /// Whether what it held before it was emptied is still seen, until the next commit: that should hold all tweets then.
    fn is_replaced(&self) -> bool {
        false
    }

    /// The tweets of each UTC day of creation, for comparison with the store.
    fn days(&self) -> impl Future<Output = Result<BTreeMap<i64, DayDigest>, Error>> + Send;
}

/// Is told how many tweets were taken in, from time to time.
pub(crate) type Told<'t> = &'t (dyn Fn(u64) + Sync);

/// How far a step goes.
#[derive(Clone, Copy)]
pub(crate) enum Until<'s> {
    /// All that there is, which is made durable when its time has come; less, once this is cancelled.
    Stopped(&'s CancellationToken),
    /// All that there is, durably.
    Done,
    /// What can be taken until then, durably.
    Time(Instant),
}

impl Until<'_> {
    fn has_come(self) -> bool {
        match self {
            Self::Stopped(stop) => stop.is_cancelled(),
            Self::Done => false,
            Self::Time(end) => Instant::now() >= end,
        }
    }

    fn is_durable(self) -> bool {
        !matches!(self, Self::Stopped(_))
    }
}

/// The end of a process' last step, which is told to stop: the rest is taken at the next start.
pub(crate) fn last() -> Until<'static> {
    Until::Time(Instant::now() + LAST)
}

/// Which process changes a follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// Another one.
    Other,
    /// This one, from now on.
    Begun,
    /// This one, as before.
    Kept,
}

/// What was taken in, and what of it is not yet durable. Whoever brings the follower up to date holds it.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    applied: u64,
    uncommitted: usize,
    /// Since when something is not durable.
    since: Option<Timestamp>,
    /// When something was made durable last.
    committed_at: Option<Instant>,
}

impl Progress {
    /// Whether something is not durable.
    pub fn is_uncommitted(&self) -> bool {
        self.since.is_some()
    }

    fn is_time(&self, now: Timestamp, after: i64, gap: Duration) -> bool {
        self.since.is_none_or(|since| now - since >= after) && self.committed_at.is_none_or(|at| at.elapsed() >= gap)
    }
}

/// Whether this process is the one that changes the follower. If it was not before, it goes on from what is durable.
pub(crate) async fn lead<F: Follower>(service: &Service, follower: &F, progress: &mut Progress) -> Result<bool, Error> {
    match follower.lead(service.now()).await? {
        Lead::Other => return Ok(false),
        Lead::Begun => *progress = Progress { applied: follower.position(), ..Progress::default() },
        Lead::Kept => {}
    }
    Ok(true)
}

/// One step of keeping up: if this process is the one that changes the follower, what the store has; else a look at
/// what the other has committed. Returns how many tweets it took, as the one that changes it.
pub(crate) async fn step<F: Follower>(
    service: &Service,
    follower: &F,
    progress: &Mutex<Progress>,
    queue: &Queue,
    until: Until<'_>,
) -> Result<Option<u64>, Error> {
    let mut progress = progress.lock().await;
    if !lead(service, follower, &mut progress).await? {
        return follower.refresh().await.map(|()| None);
    }
    take_all(service, follower, &mut progress, queue, until, &|_| ()).await.map(Some)
}

/// Makes the follower anew from the store. Returns how many tweets are in it; `None` if another process changes it.
pub(crate) async fn rebuild<F: Follower>(
    service: &Service,
    follower: &F,
    progress: &Mutex<Progress>,
    queue: &Queue,
    told: Told<'_>,
) -> Result<Option<u64>, Error> {
    let mut progress = progress.lock().await;
    follower.discard_damaged().await?;
    if !lead(service, follower, &mut progress).await? {
        return Ok(None);
    }
    follower.clear(service.now()).await?;
    *progress = Progress::default();
    take_all(service, follower, &mut progress, queue, Until::Done, told).await.map(Some)
}

async fn take_all<F: Follower>(
    service: &Service,
    follower: &F,
    progress: &mut Progress,
    queue: &Queue,
    until: Until<'_>,
    told: Told<'_>,
) -> Result<u64, Error> {
    if progress.applied > store::tweets::last_change(&service.store).await? {
        // It is of another database, or the database was put back to an earlier state.
        tracing::warn!("the {} is ahead of the store; it is made anew", F::NAME);
        follower.clear(service.now()).await?;
        *progress = Progress::default();
    }
    let mut taken = 0;
    loop {
        let changes = changes_after(service, queue, progress.applied).await?;
        let (tweets, stages) = (changes.changes.len() as u64, service.pipeline.stages());
        taken += tweets;
        progress.uncommitted += changes.changes.len();
        if !changes.changes.is_empty() {
            stages.time(F::STAGE, follower.apply(changes.changes), |_| tweets).await?;
        }
        progress.applied = changes.position;
        told(taken);
        let is_last = !changes.more || until.has_come();
        if progress.applied > follower.position() || follower.is_replaced() {
            // The last slice may be empty, and the one before it not yet committed.
            let now = service.now();
            progress.since.get_or_insert(now);
            let after = if follower.position() == 0 { F::COMMIT_AFTER.min(FIRST_AFTER) } else { F::COMMIT_AFTER };
            let is_whole = !changes.more || !follower.is_replaced();
            let is_time =
                is_last && (until.is_durable() || progress.is_time(now, after, F::commit_gap(progress.uncommitted)));
            let is_much = progress.uncommitted >= F::COMMIT_EVERY && !follower.is_replaced();
            if (is_time && is_whole) || is_much || follower.is_full().await {
                stages.time(F::STAGE, follower.commit(progress.applied, now), |_| 0).await?;
                (progress.uncommitted, progress.since, progress.committed_at) = (0, None, Some(Instant::now()));
            }
        }
        if is_last {
            return Ok(taken);
        }
    }
}

/// What follows that change: as it was handed over, or read back.
async fn changes_after(service: &Service, queue: &Queue, position: u64) -> Result<Changes, Error> {
    if let Some(written) = queue.after(position) {
        let position = written.position;
        return Ok(Changes { changes: written.changes(&service.store).await?, position, more: true });
    }
    Ok(store::tweets::changes_after(&service.store, position, SLICE).await?)
}

/// The days whose tweets differ, with what the store and what a follower holds.
pub(crate) fn differing(
    stored: &BTreeMap<i64, DayDigest>,
    held: &BTreeMap<i64, DayDigest>,
) -> Vec<(i64, DayDigest, DayDigest)> {
    let days: std::collections::BTreeSet<i64> = stored.keys().chain(held.keys()).copied().collect();
    let of = |digests: &BTreeMap<i64, DayDigest>, day| digests.get(&day).copied().unwrap_or_default();
    let pairs = days.into_iter().map(|day| (day, of(stored, day), of(held, day)));
    pairs.filter(|(_, stored, held)| stored != held).collect()
}

/// Tweets in all days.
pub(crate) fn count(days: &BTreeMap<i64, DayDigest>) -> u64 {
    days.values().map(|digest| digest.count).sum()
}
