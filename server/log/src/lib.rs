//! The durable log: what changes tweets is appended to it before anything else knows of it, and the sinks read it from
//! where each of them stands. Records are opaque here; who appends seals them.
//!
//! [`EventLog`] is spoken by every engine that keeps one; `tests/conformance` says what all of them promise.

mod error;
mod sqlite;

pub use error::Error;
pub use sqlite::{Clock, Inspection, Marks, Options, Progress, SqliteLog};

use async_trait::async_trait;
use std::time::Duration;

pub type Result<T> = std::result::Result<T, Error>;

/// A named sequence of records in partitions. Records of one partition have an order, those of two have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    pub name: String,
    /// At least 1. It is fixed when the topic is made: a key belongs to one partition for good.
    pub partitions: u16,
    /// How long a record is kept after every group has committed past it.
    pub retention: Duration,
}

/// What is appended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Records with equal keys go to the same partition.
    pub key: Vec<u8>,
    /// When it was appended: microseconds in UTC.
    pub time: i64,
    /// What can be known of it without opening it: kind, schema, trace.
    pub headers: Vec<(String, String)>,
    pub payload: Vec<u8>,
}

impl Record {
    /// Bytes that it takes, roughly.
    pub fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len());
        self.key.len() + headers.sum::<usize>() + self.payload.len()
    }
}

/// A place in a topic. Offsets of a partition count from 0 without holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub partition: u16,
    pub offset: u64,
}

/// A record and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub position: Position,
    pub record: Record,
}

/// How far a group has come in a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    pub partition: u16,
    /// The first offset that is kept.
    pub first: u64,
    /// The offset that the group does next.
    pub committed: u64,
    /// The offset that the next record gets.
    pub end: u64,
}

impl Lag {
    /// Records that the group has yet to do.
    pub fn records(&self) -> u64 {
        self.end.saturating_sub(self.committed.max(self.first))
    }
}

/// What one look at a log brought.
#[derive(Debug, Default)]
pub struct Batch {
    /// In the order of each partition.
    pub records: Vec<Stored>,
    /// The partitions that this member has from now on, if they changed. Work on records of others must not be committed.
    pub assigned: Option<Vec<u16>>,
}

/// A durable log. An acknowledged record survives the end of the process and of the machine's power; it is delivered to
/// every group at least once.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// Makes the topic if it is missing; its retention is as told last.
    async fn create_topic(&self, topic: &Topic) -> Result<()>;

    /// Tells this log from every other: a position means something only together with it.
    async fn identity(&self) -> Result<String>;

    /// Appends all records or none. It returns when they are durable.
    async fn append(&self, topic: &str, records: Vec<Record>) -> Result<Vec<Position>>;

    /// Joins a group, in which every partition belongs to one member at a time. `member` is unique in the group.
    async fn subscribe(&self, topic: &str, group: &str, member: &str) -> Result<Box<dyn Subscription>>;

    /// Records from a position on, whatever groups do: for people who look.
    async fn read(&self, topic: &str, from: Position, most: usize) -> Result<Vec<Stored>>;

    /// How far a group is in each partition. A group that never committed stands at the first record.
    async fn lag(&self, topic: &str, group: &str) -> Result<Vec<Lag>>;

    /// Takes a group out of those that hold records back.
    async fn forget_group(&self, topic: &str, group: &str) -> Result<()>;

    /// Removes what every group has done and what has been kept for the topic's time; tells how many records that were.
    /// Engines that do so by themselves do nothing here.
    async fn trim(&self, topic: &str) -> Result<u64>;
}

/// A member of a group.
#[async_trait]
pub trait Subscription: Send {
    /// The next records, at most so many. It waits up to `wait` for the first. It must be called more often than a
    /// member's lease is long, or its partitions go to others.
    async fn poll(&mut self, most: usize, wait: Duration) -> Result<Batch>;

    /// Notes what the group does next in each partition named. Refused where a partition has gone to another member.
    async fn commit(&mut self, next: &[Position]) -> Result<()>;

    /// Goes on from there: also back, also past the end.
    fn seek(&mut self, to: Position);

    /// Delivers nothing of these partitions until they are resumed. They stay this member's.
    fn pause(&mut self, partitions: &[u16]);
    fn resume(&mut self, partitions: &[u16]);

    /// Leaves the group, so that others need not wait for the lease to end.
    async fn close(self: Box<Self>) -> Result<()>;
}

/// The partition of a key: CRC-32, as librdkafka's `consistent` partitioner does it.
fn partition_of(key: &[u8], partitions: u16) -> u16 {
    let hash = crc32fast::hash(key) % u32::from(partitions);
    u16::try_from(hash).expect("a remainder of a u16 is one")
}
