//! From changes to files. A file is never changed: one that holds a tweet that changes is written anew (copy on write),
//! so whoever reads sees each tweet once.

use crate::columns;
use crate::delta::{DataFile, Edit, State, Table};
use crate::error::Result;
use crate::pending::Tweet;
use crate::read::{self, Rows};
use crate::record::Record;
use crate::write::{Output, in_memory, merge};
use model::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Bytes after which the next file of a day begins.
pub const FILE_BYTES: u64 = 128 << 20;

/// The change of the table that makes those tweets (in the order of their ids) part of it. Its files are in their
/// places then.
pub async fn edit<R: Record>(
    table: &Table,
    state: &State,
    tweets: Vec<(i64, Tweet<R>)>,
    now: Timestamp,
) -> Result<Edit> {
    let ids: Vec<i64> = tweets.iter().map(|(id, _)| *id).collect();
    let mut tweets: HashMap<i64, Tweet<R>> = tweets.into_iter().collect();
    let mut edit = Edit { operation: "WRITE", data_change: true, ..Edit::default() };
    for file in state.files.values() {
        let replaced = replaced(table, file, &ids, &mut tweets).await?;
        if !replaced.is_empty() {
            edit.add.extend(rewrite(table, state, file, replaced, &mut tweets, now).await?);
            edit.remove.push(file.path.clone());
        }
    }
    let mut days: BTreeMap<i64, Vec<R>> = BTreeMap::new();
    for row in tweets.into_values().filter_map(|tweet| tweet.row) {
        days.entry(row.created().day_number()).or_default().push(row);
    }
    for (day, rows) in days {
        edit.add.extend(write::<R>(table, state, day, vec![new_rows(state, rows)?], now).await?);
    }
    Ok(edit)
}

/// The ids of the tweets, in their order, that leave the file. A change that is older than what the file holds is
/// forgotten.
async fn replaced<R: Record>(
    table: &Table,
    file: &DataFile,
    ids: &[i64],
    tweets: &mut HashMap<i64, Tweet<R>>,
) -> Result<Vec<i64>> {
    if !read::any_within(ids, file.min_id, file.max_id) {
        return Ok(Vec::new());
    }
    let mut replaced = Vec::new();
    for (id, version) in read::versions(&table.files, file, ids).await? {
        match tweets.get(&id) {
            Some(tweet) if tweet.replaces(version) => replaced.push(id),
            _ => drop(tweets.remove(&id)),
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
    tweets: &mut HashMap<i64, Tweet<R>>,
    now: Timestamp,
) -> Result<Vec<DataFile>> {
    let stays = |row: &R| row.created().day_number() == file.day;
    let mut rows = Vec::new();
    for id in &replaced {
        if let Some(tweet) = tweets.get_mut(id)
            && let Some(row) = tweet.row.take_if(|row| stays(row))
        {
            rows.push(row);
        }
    }
    let mut sources = vec![read::rows(&table.files, file, state.file_schema.clone(), replaced).await?];
    if !rows.is_empty() {
        sources.push(new_rows(state, rows)?);
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

fn new_rows<R: Record>(state: &State, mut rows: Vec<R>) -> Result<Rows> {
    rows.sort_unstable_by_key(Record::id);
    Ok(in_memory(columns::align(&R::batch(&rows)?, &state.file_schema)?))
}
