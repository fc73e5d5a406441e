//! The log as one SQLite file: `synchronous=FULL`, so what is committed survives the loss of power, and one task that
//! appends for everybody, so that many share the wait for the disk.

mod group;
mod inspect;
mod read;
mod schema;
mod write;

pub use inspect::{Inspection, Marks, Progress};

use crate::{Error, EventLog, Lag, Position, Record, Result, Stored, Subscription, Topic, partition_of};
use async_trait::async_trait;
use group::Member;
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlitePool};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use write::Writer;

/// The time now: microseconds in UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Connections that read at the same time.
const READERS: u32 = 4;
/// Bytes of a page of the file: records are large, small pages would be chained for each.
const PAGE: u32 = 16_384;
/// How long another process may hold the write lock before this one gives up.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub struct Options {
    pub clock: Clock,
    /// After so long without a poll a member's partitions go to others.
    pub lease: Duration,
}

impl Options {
    pub fn new(clock: Clock) -> Self {
        Self { clock, lease: Duration::from_secs(10) }
    }
}

/// An open log file. Cheap to clone. Several processes may have the same file open.
#[derive(Clone)]
pub struct SqliteLog {
    shared: Arc<Shared>,
}

struct Shared {
    readers: SqlitePool,
    writer: Writer,
    /// Counts the commits of this process: whoever waits for records looks again when it changes.
    grown: watch::Receiver<u64>,
    /// The topics that were asked for. They never change.
    topics: Mutex<HashMap<String, TopicRow>>,
    options: Options,
}

/// A topic as its row has it.
#[derive(Clone, Copy)]
struct TopicRow {
    topic: i64,
    partitions: u16,
}

impl SqliteLog {
    /// Opens the file, or makes it.
    pub async fn open(path: &Path, options: Options) -> Result<Self> {
        let file = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(PATIENCE)
            .pragma("cell_size_check", "ON")
            .disable_statement_logging();
        let to_write = file
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .page_size(PAGE)
            .pragma("secure_delete", "ON");
        let mut connection = to_write.connect().await?;
        sqlx::raw_sql(schema::TABLES).execute(&mut connection).await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(file.read_only(true)).await?;
        let (grow, grown) = watch::channel(0);
        let writer = Writer::start(connection, grow);
        Ok(Self { shared: Arc::new(Shared { readers, writer, grown, topics: Mutex::default(), options }) })
    }

    /// Waits for what is being appended and closes the file.
    pub async fn close(self) {
        self.shared.writer.close().await;
        self.shared.readers.close().await;
    }

    async fn topic(&self, name: &str) -> Result<TopicRow> {
        let known = || self.shared.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = known().get(name) {
            return Ok(*row);
        }
        let row = read::topic(&self.shared.readers, name).await?;
        known().insert(name.to_owned(), row);
        Ok(row)
    }
}

#[async_trait]
impl EventLog for SqliteLog {
    async fn create_topic(&self, topic: &Topic) -> Result<()> {
        self.shared.writer.create_topic(topic).await
    }

    async fn identity(&self) -> Result<String> {
        Ok(sqlx::query_scalar("SELECT identity FROM log_identity").fetch_one(&self.shared.readers).await?)
    }

    async fn append(&self, topic: &str, records: Vec<Record>) -> Result<Vec<Position>> {
        let TopicRow { topic, partitions } = self.topic(topic).await?;
        let placed = records.into_iter().map(|record| (partition_of(&record.key, partitions), record)).collect();
        self.shared.writer.append(topic, placed).await
    }

    async fn subscribe(&self, topic: &str, group: &str, member: &str) -> Result<Box<dyn Subscription>> {
        let row = self.topic(topic).await?;
        Ok(Box::new(Member::join(Arc::clone(&self.shared), row, group, member)))
    }

    async fn read(&self, topic: &str, from: Position, most: usize) -> Result<Vec<Stored>> {
        let row = self.topic(topic).await?;
        read::records(&self.shared.readers, row, from, most).await
    }

    async fn lag(&self, topic: &str, group: &str) -> Result<Vec<Lag>> {
        let row = self.topic(topic).await?;
        read::lag(&self.shared.readers, row, group).await
    }

    async fn forget_group(&self, topic: &str, group: &str) -> Result<()> {
        let TopicRow { topic, .. } = self.topic(topic).await?;
        self.shared.writer.forget_group(topic, group).await
    }

    async fn trim(&self, topic: &str) -> Result<u64> {
        let TopicRow { topic, .. } = self.topic(topic).await?;
        self.shared.writer.trim(topic, (self.shared.options.clock)()).await
    }
}

/// A number as the file has it, where it can only be a whole one from 0 on.
fn whole(number: i64) -> Result<u64> {
    u64::try_from(number).map_err(|_| Error::File(format!("{number} stands where a count belongs")))
}
