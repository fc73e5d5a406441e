//! All streams of one credential, as long as this process holds their lease.

mod ruling;
mod runs;

use super::Manner;
use super::cover::{Cover, Moved};
use super::reader::{Reader, Shared, is};
use super::rules::Ruled;
use super::spool::Spool;
use super::writer::{self, Written};
use crate::{Error, Service, fetch};
use model::schedule::{Expansions, Schedule, Wait};
use model::time::SECOND;
use model::{Timestamp, TweetId};
use source::{RefusalKind, SourceError, XClient};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::StoreError;
use store::leases::{self, Lease};
use store::runs::Outcome;
use store::streams::{self, Progress};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often it is looked for what has changed.
const GLANCE: Duration = Duration::from_millis(500);
/// How long it is waited after rules could not be looked at, or were not there.
const RULES_AGAIN: i64 = 5 * SECOND;
/// How long it is waited for the log and the store when the process ends.
const LAST: Duration = Duration::from_secs(8);

pub(super) struct Keeper {
    service: Service,
    credential: i64,
    manner: Manner,
    lease: Lease,
    renewed: Timestamp,
    /// Or why the credential cannot be used.
    client: Result<Arc<XClient>, String>,
    /// When the credential was saved that the client has.
    saved_at: Option<Timestamp>,
    /// By schedule.
    streams: BTreeMap<i64, Stream>,
    /// Schedules that rest, and the query with which they do.
    resting: BTreeMap<i64, (Option<String>, Timestamp)>,
    cover: Cover,
    shared: Arc<Shared>,
    ours: Arc<Mutex<Vec<Timestamp>>>,
    /// The reader, with the connection that it keeps.
    reading: Option<JoinHandle<Option<SourceError>>>,
    connection: Connection,
    writing: JoinHandle<Written>,
    /// What is durable, but not yet noted.
    unnoted: Option<Progress>,
    ruling: Option<JoinHandle<Result<Ruled, SourceError>>>,
    ruled: Ruled,
    /// Whether it has to be looked what rules there are, because something speaks against those that are known.
    is_doubtful: bool,
    /// X is not asked for anything before then.
    not_before: Timestamp,
    /// Why, while rules cannot be looked at.
    rules_wait: Option<Wait>,
}

/// A schedule whose run this is.
struct Stream {
    schedule: Schedule,
    run: i64,
    mark: TweetId,
    told: Option<Wait>,
    /// How it ends, once all is noted that has come for it.
    ends: Option<Outcome>,
}

impl Stream {
    /// What its rule says.
    fn query(&self) -> &str {
        self.schedule.reads.query().unwrap_or_default().trim()
    }
}

/// What a connection was made for, and how it is ended.
struct Connection {
    expansions: Expansions,
    stop: CancellationToken,
}

/// Why a stream is no longer kept.
pub(super) enum Trouble {
    /// Another process has the lease.
    Lost,
    Failed(Error),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Lost(_)) { Self::Lost } else { Self::Failed(error.into()) }
    }
}

impl Keeper {
    pub async fn open(service: &Service, credential: i64, lease: Lease, manner: Manner) -> Result<Self, Error> {
        let saved_at = store::credentials::saved_at(&service.store, credential).await?;
        let shared = Arc::new(Shared::new(Spool::new(manner.most_waiting)));
        let client = fetch::client::open(service, credential).await;
        Ok(Self {
            writing: spawn_writer(service, &shared),
            service: service.clone(),
            credential,
            manner,
            renewed: service.now(),
            lease,
            client,
            saved_at,
            streams: BTreeMap::new(),
            resting: BTreeMap::new(),
            cover: Cover::default(),
            shared,
            ours: Arc::default(),
            reading: None,
            connection: Connection { expansions: Expansions::NONE, stop: CancellationToken::new() },
            unnoted: None,
            ruling: None,
            ruled: Ruled::default(),
            is_doubtful: true,
            not_before: Timestamp(i64::MIN),
            rules_wait: None,
        })
    }

    /// Reads until it is told to stop, or until there is nothing to read.
    pub async fn keep(mut self, stop: &CancellationToken) -> Result<(), Trouble> {
        let kept = self.keep_on(stop).await;
        self.stop_reading().await;
        if let Some(ruling) = self.ruling.take() {
            ruling.abort();
        }
        self.shared.spool.close();
        if !matches!(kept, Err(Trouble::Lost)) {
            let rest = async { self.finish().await };
            match tokio::time::timeout(LAST, rest).await {
                Ok(Err(Trouble::Failed(error))) => tracing::warn!(error = %error, "the end of a stream is not noted"),
                Err(_) => {
                    tracing::warn!("the last posts of a stream find no room in the log; they are searched for later")
                }
                Ok(_) => {}
            }
            if let Err(error) = leases::release(&self.service.store, &self.lease).await {
                tracing::warn!(error = %error, "a lease could not be released; it ends by itself");
            }
        }
        self.writing.abort();
        kept
    }

    async fn keep_on(&mut self, stop: &CancellationToken) -> Result<(), Trouble> {
        let mut glances = tokio::time::interval(GLANCE);
        glances.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = glances.tick() => {
                    self.look().await?;
                    if self.streams.is_empty() && self.resting.is_empty() && self.ruling.is_none() {
                        return Ok(());
                    }
                }
                written = &mut self.writing, if self.unnoted.is_none() => self.take_written(written).await?,
                ruled = came(&mut self.ruling) => self.take_rules(ruled.map_err(panicked)?).await?,
                ended = came(&mut self.reading) => self.reading_ended(ended.map_err(panicked)?),
            }
        }
        Ok(())
    }

    /// Writes down what has come, and ends the runs.
    async fn finish(&mut self) -> Result<(), Trouble> {
        self.note().await?;
        loop {
            let written = (&mut self.writing).await;
            let is_last = written.as_ref().is_ok_and(|written| written.is_last);
            self.take_written(written).await?;
            if is_last || self.unnoted.is_some() {
                break;
            }
        }
        self.streams.values_mut().for_each(|stream| _ = stream.ends.get_or_insert(Outcome::Stopped));
        self.end_streams().await
    }

    /// Renews the lease, and does what the schedules ask for.
    async fn look(&mut self) -> Result<(), Trouble> {
        let now = self.service.now();
        if now - self.renewed > leases::LENGTH / 4 {
            if !leases::renew(&self.service.store, &self.lease, now).await? {
                return Err(Trouble::Lost);
            }
            self.renewed = now;
        }
        if self.unnoted.is_some() {
            self.note().await?;
        }
        self.look_at_credential().await?;
        self.look_at_schedules(now).await?;
        self.look_at_rules(now);
        self.look_at_connection(now).await;
        self.tell_waits(now).await
    }

    async fn look_at_credential(&mut self) -> Result<(), Trouble> {
        let saved_at = store::credentials::saved_at(&self.service.store, self.credential).await?;
        if saved_at != self.saved_at {
            self.stop_reading().await;
            self.client = fetch::client::open(&self.service, self.credential).await;
            self.saved_at = saved_at;
            self.resting.clear();
            self.forget_rules();
        }
        Ok(())
    }

    /// Connects where there are rules, and no longer where there are none.
    async fn look_at_connection(&mut self, now: Timestamp) {
        let ruled = self.streams.values().filter(|stream| stream.ends.is_none() && self.cover.has(stream.schedule.id));
        let expansions = ruled.map(|stream| stream.schedule.expansions).reduce(union);
        let has = self.connection.expansions;
        if expansions.is_none_or(|wanted| union(has, wanted) != has) {
            self.stop_reading().await;
        }
        let (Some(expansions), Ok(client)) = (expansions, &self.client) else { return };
        if self.reading.is_some() || now < self.not_before {
            return;
        }
        let stop = CancellationToken::new();
        let reader = Reader {
            service: self.service.clone(),
            credential: self.credential,
            client: Arc::clone(client),
            expansions,
            patience: self.manner.patience,
            shared: Arc::clone(&self.shared),
            ours: Arc::clone(&self.ours),
            stop: stop.clone(),
        };
        self.reading = Some(tokio::spawn(reader.read()));
        self.connection = Connection { expansions, stop };
    }

    async fn stop_reading(&mut self) {
        if let Some(reading) = self.reading.take() {
            self.connection.stop.cancel();
            // A reader that panicked has said so.
            let _ = reading.await;
        }
    }

    /// The reader has given up.
    fn reading_ended(&mut self, why: Option<SourceError>) {
        self.not_before = Timestamp(self.service.now().0 + RULES_AGAIN);
        match why {
            Some(error) if is(&error, RefusalKind::NoRules) => self.is_doubtful = true,
            Some(error) => self.fail_all(&error.to_string()),
            None => {}
        }
    }

    /// Takes what is in the log now.
    async fn take_written(&mut self, written: Result<Written, JoinError>) -> Result<(), Trouble> {
        self.writing = spawn_writer(&self.service, &self.shared);
        // One that panicked has taken lines with it: they are searched for by who opens the stream anew.
        let Written { signs, pages, .. } = written.map_err(panicked)?;
        let moved = self.cover.take(&signs);
        self.put_down(moved, pages);
        self.note().await
    }

    fn put_down(&mut self, moved: Moved, pages: BTreeMap<i64, u32>) {
        let Moved { missed, reached, schedules } = moved;
        let reached = reached.unwrap_or(TweetId(0));
        let pages: Vec<_> = pages.into_iter().collect();
        if missed.is_empty() && schedules.is_empty() && pages.is_empty() {
            return;
        }
        match &mut self.unnoted {
            None => self.unnoted = Some(Progress { missed, reached, schedules, pages }),
            Some(progress) => {
                progress.missed.extend(missed);
                progress.pages.extend(pages);
                if reached > progress.reached {
                    (progress.reached, progress.schedules) = (reached, schedules);
                }
            }
        }
    }

    /// Notes what is durable. What could not be noted is tried again.
    async fn note(&mut self) -> Result<(), Trouble> {
        let Some(progress) = self.unnoted.take() else { return Ok(()) };
        match streams::note(&self.service.store, &self.lease, self.credential, &progress).await {
            Ok(()) => Ok(()),
            Err(StoreError::Lost(_)) => Err(Trouble::Lost),
            Err(error) => {
                tracing::error!(error = %error, "how far a stream is could not be noted; trying again");
                self.unnoted = Some(progress);
                Ok(())
            }
        }
    }
}

/// What a task brings, if there is one.
async fn came<T>(task: &mut Option<JoinHandle<T>>) -> Result<T, JoinError> {
    let Some(running) = task else { return std::future::pending().await };
    let came = running.await;
    *task = None;
    came
}

/// A task that panicked has said so.
fn panicked(_: JoinError) -> Trouble {
    Trouble::Failed(Error::Internal)
}

fn spawn_writer(service: &Service, shared: &Arc<Shared>) -> JoinHandle<Written> {
    let (service, shared) = (service.clone(), Arc::clone(shared));
    tokio::spawn(async move { writer::write(service, &shared.spool).await })
}

fn union(one: Expansions, other: Expansions) -> Expansions {
    Expansions {
        users: one.users || other.users,
        tweets: one.tweets || other.tweets,
        attachments: one.attachments || other.attachments,
    }
}
