//! From changes to files. A file is never changed: one that holds a tweet that changes is written anew (copy on write),
//! so whoever reads sees each tweet once.

use crate::columns;
use crate::delta::{DataFile, Edit, State, Table};
use crate::error::Result;
use crate::pending::{Pending, Place};
use crate::read::{self, Rows};
use crate::record::Record;
use crate::write::{Output, in_memory, merge};
use model::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes after which the next file of a day begins.
pub const FILE_BYTES: u64 = 128 << 20;

/// The change of the table that makes what is pending part of it. Its files are in their places then.
pub async fn edit<R: Record>(table: &Table, state: &State, mut pending: Pending<R>, now: Timestamp) -> Result<Edit> {
    let ids = pending.ids();
    let mut edit = Edit { operation: "WRITE", data_change: true, ..Edit::default() };
    for file in state.files.values() {
        let replaced = replaced(table, file, &ids, &mut pending).await?;
        if !replaced.is_empty() {
            edit.add.extend(rewrite(table, state, file, replaced, &mut pending, now).await?);
            edit.remove.push(file.path.clone());
        }
    }
    let mut days: BTreeMap<i64, Vec<Place>> = BTreeMap::new();
    for id in ids {
        if let Some(row) = pending.get(id).and_then(|tweet| tweet.row) {
            days.entry(row.day).or_default().push(row);
        }
    }
    for (day, rows) in days {
        edit.add.extend(write::<R>(table, state, day, vec![new_rows(state, &pending, &rows)?], now).await?);
    }
    Ok(edit)
}

/// The ids of the tweets, in their order, that leave the file. A change that is older than what the file holds is
/// forgotten.
async fn replaced<R: Record>(
    table: &Table,
    file: &DataFile,
    ids: &[i64],
    pending: &mut Pending<R>,
) -> Result<Vec<i64>> {
    if !read::any_within(ids, file.min_id, file.max_id) {
        return Ok(Vec::new());
    }
    let mut replaced = Vec::new();
    for (id, version) in read::versions(&table.files, file, ids).await? {
        match pending.get(id) {
            Some(tweet) if tweet.replaces(version) => replaced.push(id),
            _ => pending.forget(id),
        }
    }
    Ok(replaced)
}

/// Writes the file without those tweets, and with what takes their place on the same day.
async fn rewrite<R: Record>(
    table: &Table,
    state: &State,
    file: &Arc<DataFile>,
    replaced: Vec<i64>,
    pending: &mut Pending<R>,
    now: Timestamp,
) -> Result<Vec<DataFile>> {
    let take = |id: &i64| pending.get(*id)?.row.take_if(|row| row.day == file.day);
    let rows: Vec<Place> = replaced.iter().filter_map(take).collect();
    let mut sources = vec![read::rows(&table.files, file, state.file_schema.clone(), replaced).await?];
    if !rows.is_empty() {
        sources.push(new_rows(state, pending, &rows)?);
    }
    write::<R>(table, state, file.day, sources, now).await
}

async fn write<R: Record>(
    table: &Table,
    state: &State,
    day: i64,
    sources: Vec<Rows>,
    now: Timestamp,
) -> Result<Vec<DataFile>> {
    let mut output = Output::new::<R>(table, state.file_schema.clone(), day, FILE_BYTES, now)?;
    merge(sources, &mut output).await?;
    output.finish().await
}

/// Rows that wait, which stand in the order of their ids.
fn new_rows<R: Record>(state: &State, pending: &Pending<R>, rows: &[Place]) -> Result<Rows> {
    Ok(in_memory(columns::align(&pending.rows(rows)?, &state.file_schema)?))
}
