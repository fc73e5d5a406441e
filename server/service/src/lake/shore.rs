//! A table of the lake as it follows the store, is asked for work by other processes, and is kept tidy.

use crate::follow::{self, Follower, Lead, Progress, Told, Until};
use crate::pipeline::Stage;
use crate::wish::{self, Wish};
use crate::written::Queue;
use crate::{Error, Service};
use lake::{Lake, Location, Record};
use model::change::Change;
use model::digest::DayDigest;
use model::time::{HOUR, MINUTE};
use model::{Row, Timestamp};
use std::collections::BTreeMap;
use std::future::Future;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::Store;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// How often the store is asked for changes that another process made.
const POLL: Duration = Duration::from_secs(1);
/// Memory for what is not yet durable, in bytes.
const MOST_BYTES: usize = 48 << 20;
/// For how long what was removed stays for those who still read it, and for how long at most a deleted tweet.
const KEPT: i64 = 12 * HOUR;

/// What differs between the tables that follow the store.
pub trait Table: Record {
    /// What messages call it.
    const NAME: &'static str;
    /// The stage of the pipeline that it is.
    const STAGE: Stage;

    /// The changes of the store as the table takes them.
    fn changes(store: &Store, changes: Vec<Change>) -> impl Future<Output = Result<Vec<Change<Self>>, Error>> + Send;
}

impl Table for Row {
    const NAME: &'static str = "lake";
    const STAGE: Stage = Stage::Lake;

    async fn changes(_: &Store, changes: Vec<Change>) -> Result<Vec<Change>, Error> {
        Ok(changes)
    }
}

/// A table of the lake and how far this process has brought it.
pub struct Shore<R = Row> {
    lake: Lake<R>,
    store: Store,
    folder: PathBuf,
    progress: Mutex<Progress>,
    written: Queue,
}

impl<R: Table> Shore<R> {
    /// The table at that place. `folder` is of this table alone: it takes its lock and what is being written.
    ///
    /// # Errors
    /// If the place cannot be one of a lake.
    pub fn open(place: &Location, folder: &Path, store: Store) -> Result<Self, Error> {
        let (progress, written) = Default::default();
        Ok(Self { lake: Lake::open(place, folder)?, store, folder: folder.to_owned(), progress, written })
    }

    /// What this process writes to the store, for the table to take.
    pub(crate) fn written(&self) -> &Queue {
        &self.written
    }
}

impl<R> Deref for Shore<R> {
    type Target = Lake<R>;

    fn deref(&self) -> &Lake<R> {
        &self.lake
    }
}

impl<R: Table> Follower for Shore<R> {
    const NAME: &'static str = R::NAME;
    const STAGE: Stage = R::STAGE;
    const COMMIT_EVERY: usize = 50_000;
    /// Each commit is a file per day, and files cost those who read.
    const COMMIT_AFTER: i64 = 5 * MINUTE;

    fn commit_gap(_: usize) -> Duration {
        Duration::ZERO
    }

    fn position(&self) -> u64 {
        self.lake.position()
    }

    async fn lead(&self, now: Timestamp) -> Result<Lead, Error> {
        if self.lake.still_leads().await {
            return Ok(Lead::Kept);
        }
        Ok(if self.lake.lead(now).await? { Lead::Begun } else { Lead::Other })
    }

    async fn refresh(&self) -> Result<(), Error> {
        Ok(self.lake.refresh().await?)
    }

    async fn apply(&self, changes: Vec<Change>) -> Result<(), Error> {
        let changes = R::changes(&self.store, changes).await?;
        Ok(self.lake.apply(changes).await?)
    }

    async fn is_full(&self) -> bool {
        self.lake.pending().await.bytes >= MOST_BYTES
    }

    async fn commit(&self, position: u64, now: Timestamp) -> Result<(), Error> {
        Ok(self.lake.commit(position, now).await?)
    }

    async fn discard_damaged(&self) -> Result<(), Error> {
        if let Some(damage) = self.lake.discard_damaged().await? {
            tracing::warn!(
                damage = damage.cause(),
                "the log of the {} could not be read; it is made anew from nothing",
                R::NAME
            );
        }
        Ok(())
    }

    async fn clear(&self, now: Timestamp) -> Result<(), Error> {
        Ok(self.lake.clear(now).await?)
    }

    async fn days(&self) -> Result<BTreeMap<i64, DayDigest>, Error> {
        Ok(self.lake.days().await?)
    }
}

/// What a process may ask of the one that changes the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// To make durable what it has.
    Commit,
    Rebuild,
    Compact,
}

impl Work {
    const ALL: [Self; 3] = [Self::Commit, Self::Rebuild, Self::Compact];
}

/// A table that was made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many are in it.
    pub tweets: u64,
    /// Why its log could not be read before, in a line, if it could not.
    pub damage: Option<String>,
}

impl<R: Table> Shore<R> {
    /// Keeps it up to date until it is told to stop, then makes durable what it has.
    pub(super) async fn follow(&self, service: &Service, stop: &CancellationToken) {
        let _following = self.written.follow();
        loop {
            if let Err(error) = self.keep_up(service, stop).await {
                tracing::error!(error = %error, "the {} could not follow the store; trying again", R::NAME);
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.written.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        if self.leads()
            && let Err(error) = self.step(service, follow::last()).await
        {
            let name = R::NAME;
            tracing::error!(error = %error, "the {name} could not take in the last changes; it does so at the next start");
        }
    }

    async fn keep_up(&self, service: &Service, stop: &CancellationToken) -> Result<(), Error> {
        if self.step(service, Until::Stopped(stop)).await?.is_none() {
            return Ok(());
        }
        for work in Work::ALL {
            let wish = self.wish(work);
            if wish.is_open() {
                self.fulfil(service, work, &|tweets| wish.tell(tweets)).await?;
                wish.close()?;
            }
        }
        Ok(())
    }

    fn wish(&self, work: Work) -> Wish {
        Wish::new(self.folder.join(match work {
            Work::Commit => "wanted-commit",
            Work::Rebuild => "wanted-rebuild",
            Work::Compact => "wanted-compact",
        }))
    }

    /// Returns how many tweets or files that took; `None` if another process changes the table.
    async fn fulfil(&self, service: &Service, work: Work, told: Told<'_>) -> Result<Option<u64>, Error> {
        match work {
            Work::Commit => self.step(service, Until::Done).await,
            Work::Rebuild => follow::rebuild(service, self, &self.progress, &self.written, told).await,
            Work::Compact => match self.step(service, Until::Done).await? {
                Some(_) => Ok(Some(self.tidy(service.now()).await?)),
                None => Ok(None),
            },
        }
    }

    async fn step(&self, service: &Service, until: Until<'_>) -> Result<Option<u64>, Error> {
        follow::step(service, self, &self.progress, &self.written, until).await
    }

    /// Does it, or has the process that changes the table do it and waits. Returns how many tweets or files it took as the
    /// one that changes it; `None` if the other did it.
    async fn have_done(&self, service: &Service, work: Work, told: Told<'_>) -> Result<Option<u64>, Error> {
        wish::have_done(service, self, &self.wish(work), told, || self.fulfil(service, work, told)).await
    }

    pub(super) async fn catch_up(&self, service: &Service) -> Result<(), Error> {
        self.have_done(service, Work::Commit, &|_| ()).await.map(|_| ())
    }

    pub(super) async fn settle(&self, service: &Service) -> Result<(), Error> {
        self.step(service, Until::Done).await.map(|_| ())
    }

    pub(super) async fn rebuild(&self, service: &Service, told: Told<'_>) -> Result<Rebuilt, Error> {
        let damage = self.damage().await?.map(|damage| damage.cause());
        self.have_done(service, Work::Rebuild, told).await?;
        Ok(Rebuilt { tweets: follow::count(&Follower::days(self).await?), damage })
    }

    pub(super) async fn compact(&self, service: &Service) -> Result<Option<u64>, Error> {
        self.have_done(service, Work::Compact, &|_| ()).await
    }

    /// What the table holds, with all that the store has had until now.
    pub(super) async fn days_now(&self, service: &Service) -> Result<BTreeMap<i64, DayDigest>, Error> {
        self.catch_up(service).await?;
        Follower::days(self).await
    }

    /// As this process makes it, or as the one that does has committed it.
    pub(crate) async fn look(&self) -> Result<(), Error> {
        if !self.leads() {
            self.lake.refresh().await?;
        }
        Ok(())
    }

    pub(super) async fn tidy_if_leading(&self, now: Timestamp) {
        if self.leads()
            && let Err(error) = self.tidy(now).await
        {
            tracing::error!(error = %error, "the {} could not be tidied; trying again in an hour", R::NAME);
        }
    }

    async fn tidy(&self, now: Timestamp) -> Result<u64, Error> {
        let merged = self.lake.compact(now.day_number(), now).await?;
        let removed = self.vacuum(Timestamp(now.0 - KEPT), now).await?;
        tracing::info!(merged, removed, "the {} was tidied", R::NAME);
        Ok(merged)
    }
}
