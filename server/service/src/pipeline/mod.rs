//! From the durable log to the store. What changes tweets is appended to the log first; one process at a time reads it
//! from where the store stands, and writes what it says. Index and lake follow the store.
//!
//! `record` is what a record holds, `process` the work on records. What cannot be done goes to the quarantine in the
//! transaction that notes the position, so that nothing blocks and nothing is lost.

mod overview;
mod process;
mod record;
mod stages;

pub use overview::{Follower, Overview, Room, Standing, State};
pub use process::{drain, follow};
pub use record::Page;
pub use stages::{Pace, Stage, WINDOW};

use crate::{Error, Service};
use eventlog::{EventLog, Options, Position, Record, SqliteLog, Topic};
use model::Timestamp;
use model::annotation::Annotation;
use model::observed::Removal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::positions::Partition;
use tokio::time::Instant;

/// What changes tweets: pages of X, removals, and what people put on tweets.
const CHANGES: &str = "changes";
/// Who reads the changes.
const STORE: &str = "store";
/// How long a record is kept after it has been done.
const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);
/// How often done records are removed.
const TRIM_EVERY: Duration = Duration::from_secs(10 * 60);
/// Records that may wait. Fetching is slowed beyond that: it would only fill the disk.
const MOST_WAITING: u64 = 5_000;
/// How often it is looked whether what somebody waits for is stored.
const BLINK: Duration = Duration::from_millis(25);
/// How often it is looked whether there is room again.
const GLANCE: Duration = Duration::from_millis(250);

/// The open log. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Pipeline {
    log: SqliteLog,
    identity: Arc<str>,
    /// Where the log is.
    folder: PathBuf,
    stages: Arc<stages::Stages>,
}

impl Pipeline {
    /// Opens the log in the data folder, or makes it.
    pub async fn open(data: &Path, clock: Arc<dyn crate::Clock>) -> Result<Self, Error> {
        let options = Options::new(Arc::new(move || clock.now().0));
        let log = SqliteLog::open(&data.join("log.db"), options).await?;
        log.create_topic(&Topic { name: CHANGES.to_owned(), partitions: 1, retention: RETENTION }).await?;
        let identity = log.identity().await?.into();
        Ok(Self { log, identity, folder: data.to_owned(), stages: Arc::default() })
    }

    pub async fn close(self) {
        self.log.close().await;
    }

    /// What each stage did lately.
    pub fn stages(&self) -> &stages::Stages {
        &self.stages
    }

    fn partition(&self, number: u16) -> Partition {
        Partition { log: self.identity.to_string(), topic: CHANGES.to_owned(), number }
    }
}

/// Appends a page. When it returns, the page outlives the end of the process and of the machine's power.
pub async fn append(service: &Service, page: Page) -> Result<(), Error> {
    append_all(service, vec![page]).await
}

/// Appends pages, all or none.
pub(crate) async fn append_all(service: &Service, pages: Vec<Page>) -> Result<(), Error> {
    let mut records = Vec::with_capacity(pages.len());
    for page in pages {
        records.push(record::seal_page(service, page).await?);
    }
    service.pipeline.log.append(CHANGES, records).await?;
    Ok(())
}

/// Asks for tweets to go, from the database and all that follows it. When it returns, that is as durable as a page.
pub async fn remove(service: &Service, removals: &[Removal]) -> Result<(), Error> {
    let record = record::seal_removals(service, removals).await?;
    service.pipeline.log.append(CHANGES, vec![record]).await?;
    Ok(())
}

/// Puts tags and notes on tweets, or takes them away. When it returns, that is as durable as a page. Returns where it
/// stands in the log.
pub async fn annotate(service: &Service, annotations: &[Annotation]) -> Result<Vec<Position>, Error> {
    let record = record::seal_annotations(service, annotations).await?;
    Ok(service.pipeline.log.append(CHANGES, vec![record]).await?)
}

/// Waits until the store has these records, but not for longer than that. Returns whether it has them.
pub(crate) async fn is_stored_within(
    service: &Service,
    records: &[Position],
    patience: Duration,
) -> Result<bool, Error> {
    let end = Instant::now() + patience;
    for record in records {
        let partition = service.pipeline.partition(record.partition);
        while store::positions::next_of(&service.store, &partition).await? <= record.offset {
            if Instant::now() >= end {
                return Ok(false);
            }
            tokio::time::sleep(BLINK).await;
        }
    }
    Ok(true)
}

/// Waits until not too many records wait.
pub(crate) async fn wait_for_room(service: &Service) -> Result<(), Error> {
    while status(service).await?.waiting > MOST_WAITING {
        tokio::time::sleep(GLANCE).await;
    }
    Ok(())
}

/// How the log and who follows it stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Records that are kept.
    pub kept: u64,
    /// Records that are not in the store yet.
    pub waiting: u64,
    /// When the oldest of those was appended.
    pub waiting_since: Option<Timestamp>,
}

/// How the log stands now.
pub async fn status(service: &Service) -> Result<Status, Error> {
    let log = &service.pipeline.log;
    let (mut kept, mut waiting, mut oldest) = (0, 0, None);
    for lag in log.lag(CHANGES, STORE).await? {
        let next = store::positions::next_of(&service.store, &service.pipeline.partition(lag.partition)).await?;
        let from = next.max(lag.first).min(lag.end);
        kept += lag.end - lag.first;
        waiting += lag.end - from;
        if from < lag.end {
            let first = log.read(CHANGES, Position { partition: lag.partition, offset: from }, 1).await;
            let time = first.ok().and_then(|read| read.first().map(|stored| stored.record.time));
            oldest = [oldest, time].into_iter().flatten().min();
        }
    }
    Ok(Status { kept, waiting, waiting_since: oldest.map(Timestamp) })
}

/// Removes records that are done and have been kept for their time.
async fn trim(service: &Service) -> Result<(), Error> {
    let removed = service.pipeline.log.trim(CHANGES).await?;
    if removed > 0 {
        tracing::debug!(removed, "records of the log were removed");
    }
    Ok(())
}

/// A header of a record.
fn header<'r>(record: &'r Record, name: &str) -> Option<&'r str> {
    record.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
