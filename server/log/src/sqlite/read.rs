//! What is read of the log file.

use super::schema::{self, row_id};
use super::{TopicRow, whole};
use crate::{Error, Lag, Position, Record, Result, Stored};
use futures::TryStreamExt;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};
use std::ops::Range;

/// Bytes of the records that one read brings at most, so that memory does not grow with what was appended. The first
/// record comes whatever its size.
const MOST_BYTES: usize = 8 << 20;

pub(super) async fn topic(readers: &SqlitePool, name: &str) -> Result<TopicRow> {
    let found = sqlx::query_as("SELECT topic, partitions FROM topics WHERE name = ?").bind(name);
    let (topic, partitions): (i64, u16) =
        found.fetch_optional(readers).await?.ok_or_else(|| Error::NoTopic(name.to_owned()))?;
    Ok(TopicRow { topic, partitions })
}

/// Records from a position on. Asking for the end itself brings none.
pub(super) async fn records(readers: &SqlitePool, topic: TopicRow, from: Position, most: usize) -> Result<Vec<Stored>> {
    // One view of the file: a record that a trim takes meanwhile is not missing.
    let mut reading = readers.begin().await?;
    let kept = kept(&mut reading, topic, from.partition).await?;
    if from.offset < kept.start {
        return Err(Error::Trimmed { partition: from.partition, asked: from.offset, first: kept.start });
    }
    if from.offset > kept.end {
        return Err(Error::PastEnd { partition: from.partition, asked: from.offset, end: kept.end });
    }
    let count = (kept.end - from.offset).min(most as u64);
    rows(&mut reading, topic, from, count).await
}

/// The offsets that a partition keeps.
async fn kept(reading: &mut SqliteConnection, topic: TopicRow, partition: u16) -> Result<Range<u64>> {
    let select = sqlx::query_as("SELECT first, next FROM partitions WHERE topic = ? AND part = ?");
    let bounds: Option<(i64, i64)> = select.bind(topic.topic).bind(partition).fetch_optional(reading).await?;
    let (first, next) = bounds.ok_or_else(|| Error::File(format!("partition {partition} has no row")))?;
    Ok(whole(first)?..whole(next)?)
}

/// So many records, or as many of them as [`MOST_BYTES`] has room for.
async fn rows(reading: &mut SqliteConnection, topic: TopicRow, from: Position, count: u64) -> Result<Vec<Stored>> {
    let select = "SELECT id, time, checksum, record_key, headers, payload FROM records
        WHERE id >= ? ORDER BY id LIMIT ?";
    let mut found = sqlx::query(select).bind(row_id(topic.topic, from)).bind(count.cast_signed()).fetch(reading);
    let (mut records, mut bytes) = (Vec::new(), 0);
    for offset in (from.offset..).take(usize::try_from(count).unwrap_or(usize::MAX)) {
        let position = Position { offset, ..from };
        let row = found.try_next().await?;
        let record = match row.ok_or("it is missing").and_then(|row| checked(&row, row_id(topic.topic, position))) {
            Ok(record) => record,
            // What is whole before it comes first.
            Err(_) if !records.is_empty() => break,
            Err(reason) => return Err(Error::Damaged { position, reason }),
        };
        bytes += record.size();
        if bytes > MOST_BYTES && !records.is_empty() {
            break;
        }
        records.push(Stored { position, record });
    }
    Ok(records)
}

/// The record of a row, which must be the one that is expected there and hold what was appended.
fn checked(row: &SqliteRow, expected: i64) -> std::result::Result<Record, &'static str> {
    const UNREADABLE: &str = "its row cannot be read";
    let id: i64 = row.try_get(0).map_err(|_| UNREADABLE)?;
    if id != expected {
        return Err("it is missing");
    }
    let headers: String = row.try_get(4).map_err(|_| UNREADABLE)?;
    let record = Record {
        key: row.try_get(3).map_err(|_| UNREADABLE)?,
        time: row.try_get(1).map_err(|_| UNREADABLE)?,
        headers: serde_json::from_str(&headers).map_err(|_| UNREADABLE)?,
        payload: row.try_get(5).map_err(|_| UNREADABLE)?,
    };
    let checksum: i64 = row.try_get(2).map_err(|_| UNREADABLE)?;
    if checksum != i64::from(schema::checksum(expected, &record, &headers)) {
        return Err("its checksum differs");
    }
    Ok(record)
}

pub(super) async fn lag(readers: &SqlitePool, topic: TopicRow, group: &str) -> Result<Vec<Lag>> {
    let select = "SELECT p.part, p.first, coalesce(c.next, p.first), p.next FROM partitions p
        LEFT JOIN committed c ON c.topic = p.topic AND c.part = p.part AND c.name = ? WHERE p.topic = ? ORDER BY p.part";
    let rows: Vec<(u16, i64, i64, i64)> =
        sqlx::query_as(select).bind(group).bind(topic.topic).fetch_all(readers).await?;
    rows.into_iter()
        .map(|(partition, first, committed, end)| {
            Ok(Lag { partition, first: whole(first)?, committed: whole(committed)?, end: whole(end)? })
        })
        .collect()
}
