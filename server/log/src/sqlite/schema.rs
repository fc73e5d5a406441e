//! The log's tables, and how a record's place becomes its row id.

use crate::{Position, Record};

/// One database file, apart from all other data, so that appending never waits for another writer's lock.
///
/// `records.id` packs topic, partition and offset, see [`row_id`]: each partition is one range of ids, in its order.
pub const TABLES: &str = "
CREATE TABLE IF NOT EXISTS log_identity (identity TEXT NOT NULL) STRICT;
INSERT INTO log_identity SELECT lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM log_identity);
CREATE TABLE IF NOT EXISTS topics (
    topic INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL, retention INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS partitions (
    topic INTEGER NOT NULL, part INTEGER NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL,
    PRIMARY KEY (topic, part)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY, time INTEGER NOT NULL, checksum INTEGER NOT NULL, record_key BLOB NOT NULL,
    headers TEXT NOT NULL, payload BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS committed (
    topic INTEGER NOT NULL, name TEXT NOT NULL, part INTEGER NOT NULL, next INTEGER NOT NULL,
    PRIMARY KEY (topic, name, part)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS members (
    topic INTEGER NOT NULL, name TEXT NOT NULL, member TEXT NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (topic, name, member)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claims (
    topic INTEGER NOT NULL, name TEXT NOT NULL, part INTEGER NOT NULL, member TEXT NOT NULL,
    PRIMARY KEY (topic, name, part)
) STRICT, WITHOUT ROWID;
";

const OFFSET_BITS: u32 = 40;
const PARTITION_BITS: u32 = 16;
/// Offsets of a partition: 10^12, a thousand records a second for 34 years.
pub const MOST_OFFSETS: u64 = 1 << OFFSET_BITS;
/// Topics of a log: what is left of 63 bits.
pub const MOST_TOPICS: i64 = 1 << (63 - OFFSET_BITS - PARTITION_BITS);

/// The row of a record: topic, partition and offset in 7, 16 and 40 bits.
pub fn row_id(topic: i64, Position { partition, offset }: Position) -> i64 {
    let offset = offset.min(MOST_OFFSETS - 1);
    (topic << (OFFSET_BITS + PARTITION_BITS)) | (i64::from(partition) << OFFSET_BITS) | offset.cast_signed()
}

pub fn position_of(row: i64) -> Position {
    let row = row.cast_unsigned();
    let partition = (row >> OFFSET_BITS) & u64::from(u16::MAX);
    Position { partition: u16::try_from(partition).expect("masked to 16 bits"), offset: row & (MOST_OFFSETS - 1) }
}

/// The headers as they are stored.
pub fn headers_text(headers: &[(String, String)]) -> String {
    serde_json::to_string(headers).expect("pairs of strings are JSON")
}

/// A checksum over a record and its place: one that moved to another row is damaged too.
pub fn checksum(row: i64, record: &Record, headers: &str) -> u32 {
    let mut hash = crc32fast::Hasher::new();
    for part in [&record.key[..], headers.as_bytes(), &record.payload[..]] {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.update(&row.to_le_bytes());
    hash.update(&record.time.to_le_bytes());
    hash.finalize()
}
