//! What keeps the lake small and quick to read, and lets what was removed leave the disk.

use crate::commit::FILE_BYTES;
use crate::delta::{DataFile, Edit, State, Table};
use crate::error::Result;
use crate::read;
use crate::record::Record;
use crate::write::{Output, merge};
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Files of this size are left as they are.
const LARGE: u64 = FILE_BYTES / 2;
/// Files that are merged at a time: a piece of each is in memory.
const MOST: usize = 32;

/// The files of a day that are to become one.
pub type Group = Vec<Arc<DataFile>>;

/// The small files of each day before `end` (number of the day since 1970), in groups that are worth a merge.
pub fn groups(state: &State, end: i64) -> Vec<Group> {
    let mut days: BTreeMap<i64, Group> = BTreeMap::new();
    for file in state.files.values().filter(|file| file.day < end && file.bytes < LARGE) {
        days.entry(file.day).or_default().push(file.clone());
    }
    days.into_values().flat_map(split).filter(|group| group.len() > 1).collect()
}

fn split(mut files: Group) -> Vec<Group> {
    files.sort_by_key(|file| file.min_id);
    let (mut groups, mut bytes) = (vec![Group::new()], 0);
    for file in files {
        if let Some(group) = groups.last_mut()
            && group.len() < MOST
            && bytes + file.bytes <= FILE_BYTES
        {
            bytes += file.bytes;
            group.push(file);
        } else {
            bytes = file.bytes;
            groups.push(vec![file]);
        }
    }
    groups
}

/// Merges the files of a group. The rows are the same before and after.
pub async fn merged<R: Record>(table: &Table, state: &State, group: Group, now: Timestamp) -> Result<Edit> {
    let Some(first) = group.first() else { return Ok(Edit::default()) };
    let mut output = Output::new::<R>(table, state.file_schema.clone(), first.day, FILE_BYTES, now)?;
    let mut sources = Vec::with_capacity(group.len());
    for file in &group {
        sources.push(read::rows(&table.files, file, state.file_schema.clone(), Vec::new()).await?);
    }
    merge(sources, &mut output).await?;
    let remove = group.iter().map(|file| file.path.clone()).collect();
    Ok(Edit { operation: "OPTIMIZE", remove, add: output.finish().await?, ..Edit::default() })
}

/// Removes files that are not part of the table and were removed, or written and never made part of it, before that
/// time. Returns how many.
pub async fn vacuum(table: &Table, state: &State, before: Timestamp) -> Result<u64> {
    let before = before.0 / 1000;
    let young = |at: Option<i64>| at.is_some_and(|at| at >= before);
    let kept: BTreeSet<&str> = state
        .removed
        .values()
        .filter(|removed| young(removed.deletion_timestamp))
        .map(|removed| removed.path.as_str())
        .collect();
    let mut count = 0;
    for file in table.files.list(None, None).await? {
        let path = file.location.as_ref();
        let is_data = path.starts_with("day=") && path.ends_with(".parquet");
        let counts = state.files.contains_key(path) || kept.contains(path);
        // A file that nobody has removed may be about to become part of the table.
        let is_new = !state.removed.contains_key(path) && file.last_modified.timestamp_millis() >= before;
        if is_data && !counts && !is_new {
            table.files.delete(&file.location).await?;
            count += 1;
        }
    }
    Ok(count)
}
