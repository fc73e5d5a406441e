//! Finds what is wrong with an index, and asks the process that changes it to make some days anew.

use crate::error::{Result, SearchError};
use crate::index::Index;
use crate::{Settings, folder, schema};
use model::{Timestamp, TweetId};
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tantivy::u64_to_i64;

/// The file, beside the lock, in which days wait to be made anew: their numbers, one a line.
const REQUEST_FILE: &str = "REPAIR";

impl Index {
    /// The tweets of a day (number of the UTC day of `created`). One that is there twice is told twice.
    pub fn ids_of_day(&self, day: i64) -> Result<Vec<TweetId>> {
        let view = self.view();
        let mut found = Vec::new();
        for (number, reader) in view.segments().iter().enumerate() {
            let values = |name| view.cells(number, schema::column(name)).map(|cells| &cells.values);
            let (ids, created) = (values("id")?, values("created")?);
            let of_day = reader
                .doc_ids_alive()
                .filter(|doc| Timestamp(created.first(*doc).map_or(0, u64_to_i64)).day_number() == day);
            found.extend(of_day.map(|doc| TweetId(ids.first(doc).unwrap_or(0))));
        }
        Ok(found)
    }

    /// Files whose checksum is not the one that they were written with. It reads the whole index.
    pub fn damaged_files(&self) -> Result<Vec<PathBuf>> {
        let mut damaged: Vec<PathBuf> = self.disk().index.validate_checksum()?.into_iter().collect();
        damaged.sort();
        Ok(damaged)
    }

    /// Asks whoever changes the index to make these days anew. False if others have asked and are not yet served.
    pub fn ask_for(&self, days: &BTreeSet<i64>) -> Result<bool> {
        let unfinished = self.dir().join(format!("{REQUEST_FILE}.new-{}", std::process::id()));
        fs::write(&unfinished, text(days))?;
        let asked = fs::hard_link(&unfinished, request(self.dir()));
        fs::remove_file(&unfinished)?;
        match asked {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            asked => Ok(asked.map(|()| true)?),
        }
    }

    /// The days that somebody has asked for and that are not yet done.
    ///
    /// # Errors
    /// `Files` if the request cannot be read, or is none.
    pub fn asked_for(&self) -> Result<BTreeSet<i64>> {
        let text = match fs::read_to_string(request(self.dir())) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(error) => return Err(error.into()),
        };
        let days = text.lines().map(|line| line.parse().map_err(|_| std::io::Error::other("REPAIR holds no days")));
        Ok(days.collect::<std::io::Result<_>>()?)
    }

    /// Notes which days are still to be done.
    pub fn still_asked_for(&self, days: &BTreeSet<i64>) -> Result<()> {
        if days.is_empty() {
            return Ok(fs::remove_file(request(self.dir()))?);
        }
        let unfinished = self.dir().join(format!("{REQUEST_FILE}.left"));
        fs::write(&unfinished, text(days))?;
        Ok(fs::rename(unfinished, request(self.dir()))?)
    }
}

fn request(dir: &Path) -> PathBuf {
    dir.join(REQUEST_FILE)
}

fn text(days: &BTreeSet<i64>) -> String {
    days.iter().map(|day| format!("{day}\n")).collect()
}

/// Gives up an index whose files do not open or are damaged: the next [`Index::open`] makes an empty one. Returns whether it
/// was so. It reads the whole index.
///
/// # Errors
/// `Locked` if another process changes it.
pub fn discard_if_damaged(dir: &Path) -> Result<bool> {
    if !folder::is_current(dir)? {
        return Ok(false);
    }
    let damaged = Index::look(dir, Settings::default()).and_then(|index| index.damaged_files());
    if damaged.is_ok_and(|damaged| damaged.is_empty()) {
        return Ok(false);
    }
    let _lock = folder::Lock::take(dir)?.ok_or(SearchError::Locked)?;
    folder::discard(dir)?;
    Ok(true)
}

/// Whether the index in that folder is one of this version: nothing is made there, and nothing opened.
///
/// # Errors
/// `Files` if the folder cannot be read.
pub fn is_current(dir: &Path) -> Result<bool> {
    folder::is_current(dir)
}
