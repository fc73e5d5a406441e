//! The index follows the store by change number. It can be thrown away and made anew at any time.

use crate::error::blocking;
use crate::follow::{self, Follower, Lead, Told, Until};
use crate::pipeline::Stage;
use crate::wish::{self, Wish};
use crate::{Error, Service};
use model::change::Change;
use model::digest::DayDigest;
use model::{Timestamp, TweetId};
use search::Index;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often the store is asked for changes that another process made.
const POLL: Duration = Duration::from_secs(1);
/// How often a command that waits looks whether another process has brought the index up to date.
const GLANCE: Duration = Duration::from_millis(100);
/// How long, in microseconds, that other process may make no progress.
const PATIENCE: i64 = 60 * model::time::SECOND;
const STUCK: &str = "Another process of Roost changes the search index and has made no progress for a minute. \
                     What was stored is safe; stop that process, and the next command brings the index up to date.";
/// Time between two commits.
const GAP: Duration = Duration::from_secs(1);
/// The same where so many tweets wait: a stream as fast as that makes files that need be merged only once.
const GAP_OF_MANY: Duration = Duration::from_secs(5);
const MANY: usize = 2_000;
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
        if let Some(taken) = step(service, Until::Done).await? {
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

impl Follower for Index {
    const NAME: &'static str = "index";
    const STAGE: Stage = Stage::Index;
    const COMMIT_EVERY: usize = 100_000;
    /// At once: it is what people look at.
    const COMMIT_AFTER: i64 = 0;

    fn commit_gap(tweets: usize) -> Duration {
        if tweets < MANY { GAP } else { GAP_OF_MANY }
    }

    fn position(&self) -> u64 {
        self.position()
    }

    async fn lead(&self, _now: Timestamp) -> Result<Lead, Error> {
        if self.leads() {
            return Ok(Lead::Kept);
        }
        let index = self.clone();
        Ok(if blocking(move || index.lead()).await?? { Lead::Begun } else { Lead::Other })
    }

    async fn refresh(&self) -> Result<(), Error> {
        let index = self.clone();
        Ok(blocking(move || index.refresh()).await??)
    }

    async fn apply(&self, changes: Vec<Change>) -> Result<(), Error> {
        let index = self.clone();
        Ok(blocking(move || index.apply(changes)).await??)
    }

    async fn commit(&self, position: u64, _now: Timestamp) -> Result<(), Error> {
        let index = self.clone();
        Ok(blocking(move || index.commit(position)).await??)
    }

    async fn clear(&self, _now: Timestamp) -> Result<(), Error> {
        let index = self.clone();
        Ok(blocking(move || index.clear()).await??)
    }

    fn is_replaced(&self) -> bool {
        self.is_replaced()
    }

    async fn days(&self) -> Result<BTreeMap<i64, DayDigest>, Error> {
        let index = self.clone();
        Ok(blocking(move || index.days()).await??)
    }
}

async fn step(service: &Service, until: Until<'_>) -> Result<Option<u64>, Error> {
    follow::step(service, &service.index, &service.indexing, &service.written.index, until).await
}

/// Makes the index ready for its first question.
pub async fn warm_up(service: Service) {
    let index = service.index.clone();
    if let Err(error) = blocking(move || index.warm_up()).await.and_then(|warmed| Ok(warmed?)) {
        tracing::warn!(error = %error, "the index could not be made ready; its first question does that");
    }
}

/// Keeps the index up to date until it is told to stop, then makes durable what it has.
pub async fn follow(service: Service, stop: CancellationToken) {
    let _following = service.written.index.follow();
    loop {
        if let Err(error) = keep_up(&service, &stop).await {
            tracing::error!(error = %error, "the index could not follow the store; trying again");
        }
        let pause = if service.indexing.lock().await.is_uncommitted() { GLANCE } else { POLL };
        tokio::select! {
            () = stop.cancelled() => break,
            () = service.written.index.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    if let Err(error) = step(&service, follow::last()).await {
        tracing::error!(error = %error, "the index could not take in the last changes; it does so at the next start");
    }
}

async fn keep_up(service: &Service, stop: &CancellationToken) -> Result<(), Error> {
    let idle = step(service, Until::Stopped(stop)).await? == Some(0);
    if service.index.leads() {
        let wish = wanted(service);
        if wish.is_open() && rebuild_here(service, &|tweets| wish.tell(tweets)).await?.is_some() {
            wish.close()?;
        }
        crate::repair::serve(service).await?;
    }
    if idle && service.index.waste() > MOST_WASTE {
        let _guard = service.indexing.lock().await;
        let index = service.index.clone();
        blocking(move || index.purge()).await??;
    }
    Ok(())
}

/// Makes the index anew from the store, and tells how many tweets that has; if another process changes it, has it do so.
/// Searches find what they found until all is in it. Returns how many tweets are in it.
///
/// # Errors
/// `Invalid` if another process changes it and makes no progress.
pub async fn rebuild(service: &Service, told: impl Fn(u64) + Sync) -> Result<u64, Error> {
    wish::have_done(service, &service.index, &wanted(service), &told, || rebuild_here(service, &told)).await?;
    Ok(service.index.len())
}

async fn rebuild_here(service: &Service, told: Told<'_>) -> Result<Option<u64>, Error> {
    follow::rebuild(service, &service.index, &service.indexing, &service.written.index, told).await
}

/// What asks the process that changes the index to make it anew.
fn wanted(service: &Service) -> Wish {
    Wish::new(service.index.dir().join("wanted-rebuild"))
}

/// Whether the store, the index and the lake hold the same tweets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub stored: u64,
    pub indexed: u64,
    /// UTC days (since 1970) whose tweets differ, with what the store and what the index holds.
    pub differing: Vec<(i64, DayDigest, DayDigest)>,
    /// `None` where there is no lake.
    pub lake: Option<Held>,
    /// The table of raw tweets; `None` where there is none.
    pub raw_lake: Option<Held>,
    /// Tweets that are not in the store as they were written.
    pub damaged: Vec<TweetId>,
}

/// What a table of the lake holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub tweets: u64,
    /// As [`Verdict::differing`], with what the lake holds.
    pub differing: Vec<(i64, DayDigest, DayDigest)>,
}

impl Verdict {
    pub fn agrees(&self) -> bool {
        self.damaged.is_empty()
            && self.differing.is_empty()
            && self.lake.iter().chain(&self.raw_lake).all(|held| held.differing.is_empty())
    }
}

/// Compares the store with the index and the lake: counts and hashes of ids and versions, per day of creation. And looks
/// whether each tweet is in the store as it was written, and each file of the lake on the disk.
pub async fn verify(service: &Service) -> Result<Verdict, Error> {
    #[cfg(feature = "lake")]
    let (in_lake, in_raw_lake) = crate::lake::days(service).await?;
    #[cfg(not(feature = "lake"))]
    let (in_lake, in_raw_lake): (Option<BTreeMap<i64, DayDigest>>, _) = (None, None);
    Follower::refresh(&service.index).await?;
    let stored = store::tweets::day_digests(&service.store).await?;
    let indexed = Follower::days(&service.index).await?;
    let held =
        |days: BTreeMap<_, _>| Held { tweets: follow::count(&days), differing: follow::differing(&stored, &days) };
    Ok(Verdict {
        stored: follow::count(&stored),
        indexed: follow::count(&indexed),
        differing: follow::differing(&stored, &indexed),
        lake: in_lake.map(held),
        raw_lake: in_raw_lake.map(held),
        damaged: store::tweets::damaged(&service.store).await?,
    })
}
