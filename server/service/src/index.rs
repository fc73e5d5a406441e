//! The index follows the store by change number. It can be thrown away and made anew at any time.

use crate::error::blocking;
use crate::{Error, Service};
use model::change::Change;
use model::digest::DayDigest;
use search::Index;
use std::collections::BTreeSet;
use std::time::Duration;
use store::tweets::Changes;
use tokio_util::sync::CancellationToken;

/// Tweets read from the store at a time.
const SLICE: u64 = 500;
/// Tweets after which the index is made durable, while there are more to come.
const COMMIT_EVERY: usize = 100_000;
/// How often the store is asked for changes that another process made.
const POLL: Duration = Duration::from_secs(1);
/// How often a command that waits looks whether another process has brought the index up to date.
const GLANCE: Duration = Duration::from_millis(100);
/// How long, in microseconds, that other process may make no progress.
const PATIENCE: i64 = 60 * model::time::SECOND;
const STUCK: &str = "Another process of Roost changes the search index and has made no progress for a minute. \
                     What was stored is safe; stop that process, and the next command brings the index up to date.";
/// The part of the index that replaced tweets may take up before it is rewritten without them.
const MOST_WASTE: f64 = 0.2;

/// Brings the index up to the store, or waits until the process that changes the index has done so. Returns how
/// many tweets this one took.
///
/// # Errors
/// `Invalid` if another process changes the index and makes no progress.
pub async fn catch_up(service: &Service) -> Result<u64, Error> {
    let mut idle_since = (service.index.position(), service.now());
    loop {
        if let Some(taken) = lead(service).await? {
            return Ok(taken);
        }
        let position = service.index.position();
        if position >= store::tweets::last_change(&service.store).await? {
            return Ok(0);
        }
        if position != idle_since.0 {
            idle_since = (position, service.now());
        } else if service.now() - idle_since.1 > PATIENCE {
            return Err(Error::Invalid(STUCK.to_owned()));
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// One step of keeping the index up to date: if this process is the one that changes it, all that the store has;
/// else a look at what the other has committed. Returns how many tweets it took, as the one that changes it.
async fn lead(service: &Service) -> Result<Option<u64>, Error> {
    let _guard = service.indexing.lock().await;
    let index = service.index.clone();
    let leads = blocking(move || if index.lead()? { Ok(true) } else { index.refresh().map(|()| false) }).await??;
    if leads { take_all(service).await.map(Some) } else { Ok(None) }
}

async fn take_all(service: &Service) -> Result<u64, Error> {
    let mut position = service.index.position();
    if position > store::tweets::last_change(&service.store).await? {
        // The index is of another database, or the database was put back to an earlier state.
        tracing::warn!("the index is ahead of the store; it is made anew");
        let index = service.index.clone();
        blocking(move || index.clear()).await??;
        position = 0;
    }
    let (mut taken, mut uncommitted) = (0, 0);
    let mut committed = position;
    loop {
        let changes = changes_after(service, position).await?;
        position = changes.position;
        taken += changes.changes.len() as u64;
        uncommitted += changes.changes.len();
        // The last slice may be empty, and the one before it not yet committed.
        let commit = position > committed && (!changes.more || uncommitted >= COMMIT_EVERY);
        let index = service.index.clone();
        blocking(move || apply(&index, changes.changes, commit.then_some(position))).await??;
        if commit {
            (uncommitted, committed) = (0, position);
        }
        if !changes.more {
            return Ok(taken);
        }
    }
}

/// What follows that change: as it was handed over, or read back.
async fn changes_after(service: &Service, position: u64) -> Result<Changes, Error> {
    if let Some(written) = service.written.after(position) {
        let position = written.position;
        return Ok(Changes { changes: written.changes(&service.store).await?, position, more: true });
    }
    Ok(store::tweets::changes_after(&service.store, position, SLICE).await?)
}

fn apply(index: &Index, changes: Vec<Change>, commit: Option<u64>) -> Result<(), search::SearchError> {
    if !changes.is_empty() {
        index.apply(changes)?;
    }
    commit.map_or(Ok(()), |position| index.commit(position))
}

/// Makes the index ready for its first question.
pub async fn warm_up(service: Service) {
    let index = service.index.clone();
    if let Err(error) = blocking(move || index.warm_up()).await.and_then(|warmed| Ok(warmed?)) {
        tracing::warn!(error = %error, "the index could not be made ready; its first question does that");
    }
}

/// Keeps the index up to date until it is told to stop.
pub async fn follow(service: Service, stop: CancellationToken) {
    let _following = service.written.follow();
    loop {
        if let Err(error) = keep_up(&service).await {
            tracing::error!(error = %error, "the index could not follow the store; trying again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = service.written.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

async fn keep_up(service: &Service) -> Result<(), Error> {
    let idle = lead(service).await? == Some(0);
    if service.index.leads() {
        crate::repair::serve(service).await?;
    }
    if idle && service.index.waste() > MOST_WASTE {
        let _guard = service.indexing.lock().await;
        let index = service.index.clone();
        blocking(move || index.purge()).await??;
    }
    Ok(())
}

/// Makes the index anew from the store. Returns how many tweets are in it.
///
/// # Errors
/// `Invalid` if another process changes the index.
pub async fn rebuild(service: &Service) -> Result<u64, Error> {
    let _guard = service.indexing.lock().await;
    let index = service.index.clone();
    blocking(move || if index.lead()? { index.clear() } else { Err(search::SearchError::Locked) }).await??;
    take_all(service).await
}

/// Whether store and index hold the same tweets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub stored: u64,
    pub indexed: u64,
    /// UTC days (since 1970) whose tweets differ, with what the store and what the index holds.
    pub differing: Vec<(i64, DayDigest, DayDigest)>,
}

impl Verdict {
    pub fn agrees(&self) -> bool {
        self.differing.is_empty()
    }
}

/// Compares store and index: counts and hashes of ids and versions, per day of creation.
pub async fn verify(service: &Service) -> Result<Verdict, Error> {
    let index = service.index.clone();
    blocking(move || index.refresh()).await??;
    let stored = store::tweets::day_digests(&service.store).await?;
    let index = service.index.clone();
    let indexed = blocking(move || index.days()).await??;
    let days: BTreeSet<i64> = stored.keys().chain(indexed.keys()).copied().collect();
    let of = |digests: &std::collections::BTreeMap<i64, DayDigest>, day| digests.get(&day).copied().unwrap_or_default();
    let differing = days
        .into_iter()
        .map(|day| (day, of(&stored, day), of(&indexed, day)))
        .filter(|(_, stored, indexed)| stored != indexed)
        .collect();
    Ok(Verdict {
        stored: stored.values().map(|digest| digest.count).sum(),
        indexed: indexed.values().map(|digest| digest.count).sum(),
        differing,
    })
}
