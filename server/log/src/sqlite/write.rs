//! What writes the log file. One task appends for everybody: requests that wait while it waits for the disk share its
//! next transaction, so the more there are, the less each costs.

use super::schema::{self, MOST_OFFSETS, MOST_TOPICS, row_id};
use super::whole;
use crate::{Error, Position, Record, Result, Topic};
use sqlx::{Connection, QueryBuilder, Sqlite, SqliteConnection, SqliteTransaction};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard, mpsc, oneshot, watch};

/// Requests that wait; who comes after them waits for room.
const QUEUE: usize = 256;
/// Bytes of the records of one transaction: another request is taken in only below it.
const BATCH: usize = 4 << 20;
/// Bytes that one record may have.
const MOST_BYTES: usize = 64 << 20;
/// Rows of one statement, and how many statements of other lengths are kept prepared.
const ROWS: usize = 32;
/// Records that one transaction of a trim removes, so that appending waits for no longer than that.
const SLICE: u64 = 200;

pub(super) struct Writer {
    connection: Arc<Mutex<SqliteConnection>>,
    requests: mpsc::Sender<Append>,
}

/// Records for a topic, each with its partition, and who waits for their positions.
struct Append {
    topic: i64,
    records: Vec<(u16, Record)>,
    done: oneshot::Sender<Result<Vec<Position>>>,
}

impl Append {
    fn size(&self) -> usize {
        self.records.iter().map(|(_, record)| record.size()).sum()
    }
}

impl Writer {
    /// `grow` is counted up after every transaction that appended.
    pub fn start(connection: SqliteConnection, grow: watch::Sender<u64>) -> Self {
        let connection = Arc::new(Mutex::new(connection));
        let (requests, queue) = mpsc::channel(QUEUE);
        tokio::spawn(append_all(Arc::clone(&connection), queue, grow));
        Self { connection, requests }
    }

    pub async fn append(&self, topic: i64, records: Vec<(u16, Record)>) -> Result<Vec<Position>> {
        if let Some(bytes) = records.iter().map(|(_, record)| record.size()).find(|bytes| *bytes > MOST_BYTES) {
            return Err(Error::TooLarge { bytes, most: MOST_BYTES });
        }
        let (done, answer) = oneshot::channel();
        self.requests.send(Append { topic, records, done }).await.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    /// The connection, for what is written beside records.
    pub async fn connection(&self) -> MutexGuard<'_, SqliteConnection> {
        self.connection.lock().await
    }

    pub async fn create_topic(&self, topic: &Topic) -> Result<()> {
        let mut connection = self.connection().await;
        let mut writing = begin(&mut connection).await?;
        let retention = i64::try_from(topic.retention.as_micros()).unwrap_or(i64::MAX);
        let upsert = "INSERT INTO topics (name, partitions, retention) VALUES (?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET retention = excluded.retention RETURNING topic, partitions";
        let upsert = sqlx::query_as(upsert).bind(&topic.name).bind(topic.partitions.max(1)).bind(retention);
        let (id, has): (i64, u16) = upsert.fetch_one(&mut *writing).await?;
        if has != topic.partitions.max(1) {
            return Err(Error::Partitions { name: topic.name.clone(), has, asked: topic.partitions });
        }
        if id >= MOST_TOPICS {
            return Err(Error::File(format!("it has {id} topics")));
        }
        for part in 0..has {
            let insert = sqlx::query("INSERT OR IGNORE INTO partitions (topic, part, first, next) VALUES (?, ?, 0, 0)");
            insert.bind(id).bind(part).execute(&mut *writing).await?;
        }
        Ok(writing.commit().await?)
    }

    pub async fn forget_group(&self, topic: i64, group: &str) -> Result<()> {
        let mut connection = self.connection().await;
        let mut writing = begin(&mut connection).await?;
        for delete in [
            "DELETE FROM committed WHERE topic = ? AND name = ?",
            "DELETE FROM claims WHERE topic = ? AND name = ?",
            "DELETE FROM members WHERE topic = ? AND name = ?",
        ] {
            sqlx::query(delete).bind(topic).bind(group).execute(&mut *writing).await?;
        }
        Ok(writing.commit().await?)
    }

    /// Removes what no group needs and what is older than the topic's retention.
    pub async fn trim(&self, topic: i64, now: i64) -> Result<u64> {
        let mut removed = 0;
        loop {
            let mut connection = self.connection().await;
            let mut writing = begin(&mut connection).await?;
            let slice = trim_slice(&mut writing, topic, now).await?;
            writing.commit().await?;
            if slice == 0 {
                // Gives the pages of removed records back to the file system.
                sqlx::raw_sql("PRAGMA incremental_vacuum").execute(&mut *connection).await?;
                return Ok(removed);
            }
            removed += slice;
        }
    }

    /// Waits for what is being appended.
    pub async fn close(&self) {
        drop(self.connection().await);
    }
}

/// Begins a transaction that holds the write lock from its start, so that it never fails half-way for it.
pub(super) async fn begin(connection: &mut SqliteConnection) -> Result<SqliteTransaction<'_>> {
    Ok(connection.begin_with("BEGIN IMMEDIATE").await?)
}

/// Takes what waits, writes it in one transaction, and tells those who wait; until nobody can ask any more.
async fn append_all(
    connection: Arc<Mutex<SqliteConnection>>,
    mut queue: mpsc::Receiver<Append>,
    grow: watch::Sender<u64>,
) {
    while let Some(first) = queue.recv().await {
        let mut bytes = first.size();
        let mut batch = vec![first];
        while bytes < BATCH {
            let Ok(next) = queue.try_recv() else { break };
            bytes += next.size();
            batch.push(next);
        }
        let mut connection = connection.lock().await;
        match write(&mut connection, &batch).await {
            Ok(positions) => {
                for (append, positions) in batch.into_iter().zip(positions) {
                    // Who no longer waits has gone away; the records are there all the same.
                    append.done.send(Ok(positions)).ok();
                }
                grow.send_modify(|commits| *commits += 1);
            }
            Err(error) => fail(batch, error),
        }
    }
}

/// Nothing of the batch was written. Each is told why, the first with the engine's own words.
fn fail(batch: Vec<Append>, error: Error) {
    let told = error.to_string();
    let is_full = matches!(error, Error::NoSpace);
    let mut error = Some(error);
    for append in batch {
        let again = || if is_full { Error::NoSpace } else { Error::File(told.clone()) };
        append.done.send(Err(error.take().unwrap_or_else(again))).ok();
    }
}

/// Writes all records of a batch and tells their positions, or writes none.
async fn write(connection: &mut SqliteConnection, batch: &[Append]) -> Result<Vec<Vec<Position>>> {
    let mut writing = begin(connection).await?;
    let mut ends = BTreeMap::new();
    let mut positions = Vec::with_capacity(batch.len());
    let mut rows = Vec::new();
    for append in batch {
        let mut given = Vec::with_capacity(append.records.len());
        for (partition, record) in &append.records {
            let end = match ends.entry((append.topic, *partition)) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(unknown) => {
                    let end = end_of(&mut writing, append.topic, *partition).await?;
                    unknown.insert(end)
                }
            };
            let position = Position { partition: *partition, offset: *end };
            *end += 1;
            rows.push((row_id(append.topic, position), record));
            given.push(position);
        }
        positions.push(given);
    }
    for chunk in rows.chunks(ROWS) {
        insert(&mut writing, chunk).await?;
    }
    for ((topic, partition), end) in ends {
        let update = sqlx::query("UPDATE partitions SET next = ? WHERE topic = ? AND part = ?");
        update.bind(end.cast_signed()).bind(topic).bind(partition).execute(&mut *writing).await?;
    }
    writing.commit().await?;
    Ok(positions)
}

async fn end_of(writing: &mut SqliteTransaction<'_>, topic: i64, partition: u16) -> Result<u64> {
    let select = sqlx::query_scalar("SELECT next FROM partitions WHERE topic = ? AND part = ?");
    let end: Option<i64> = select.bind(topic).bind(partition).fetch_optional(&mut **writing).await?;
    let end = whole(end.ok_or_else(|| Error::File(format!("partition {partition} has no row")))?)?;
    if end >= MOST_OFFSETS - 1 { Err(Error::File(format!("partition {partition} is full"))) } else { Ok(end) }
}

async fn insert(writing: &mut SqliteTransaction<'_>, rows: &[(i64, &Record)]) -> Result<()> {
    let mut statement =
        QueryBuilder::<Sqlite>::new("INSERT INTO records (id, time, checksum, record_key, headers, payload) ");
    statement.push_values(rows, |mut row, (id, record)| {
        let headers = schema::headers_text(&record.headers);
        let checksum = schema::checksum(*id, record, &headers);
        row.push_bind(id).push_bind(record.time).push_bind(checksum).push_bind(&record.key[..]);
        row.push_bind(headers).push_bind(&record.payload[..]);
    });
    statement.build().execute(&mut **writing).await?;
    Ok(())
}

/// Removes the next records that may go, and tells how many those were.
async fn trim_slice(writing: &mut SqliteTransaction<'_>, topic: i64, now: i64) -> Result<u64> {
    let retention: i64 = sqlx::query_scalar("SELECT retention FROM topics WHERE topic = ?")
        .bind(topic)
        .fetch_one(&mut **writing)
        .await?;
    // Where no group ever committed, nothing has been done with the records: they stay.
    let select = "SELECT p.part, p.first, coalesce(min(c.next), p.first) FROM partitions p
        LEFT JOIN committed c ON c.topic = p.topic AND c.part = p.part WHERE p.topic = ? GROUP BY p.part, p.first";
    let parts: Vec<(u16, i64, i64)> = sqlx::query_as(select).bind(topic).fetch_all(&mut **writing).await?;
    let mut removed = 0;
    for (partition, first, done) in parts {
        let (first, done) = (whole(first)?, whole(done)?);
        let at = |offset| row_id(topic, Position { partition, offset });
        let until = done.min(first + SLICE);
        // The first that is young enough to stay; those after it stay with it, whatever their times.
        let young = "SELECT id FROM records WHERE id >= ? AND id < ? AND time > ? ORDER BY id LIMIT 1";
        let young = sqlx::query_scalar(young).bind(at(first)).bind(at(until)).bind(now.saturating_sub(retention));
        let young: Option<i64> = young.fetch_optional(&mut **writing).await?;
        let until = young.map_or(until, |row| schema::position_of(row).offset);
        let delete = sqlx::query("DELETE FROM records WHERE id >= ? AND id < ?").bind(at(first)).bind(at(until));
        removed += delete.execute(&mut **writing).await?.rows_affected();
        let update = sqlx::query("UPDATE partitions SET first = ? WHERE topic = ? AND part = ?");
        update.bind(until.cast_signed()).bind(topic).bind(partition).execute(&mut **writing).await?;
    }
    Ok(removed)
}
