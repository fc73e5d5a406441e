//! Which tweets an export holds, in what order: fixed when it begins, all of one state of the index.

use crate::Error;
use crate::error::blocking;
use model::explore::Sort;
use model::{Filter, Timestamp, TweetId};
use search::{At, Snapshot};
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Ids that are looked up in the index at a time: each look goes through all that match.
const PAGE: u64 = 200_000;
/// Bytes of an id in a file.
const WIDTH: u64 = 8;

/// What the index is asked.
#[derive(Clone)]
pub struct Wanted {
    pub snapshot: Snapshot,
    pub filter: Filter,
    pub sort: Vec<Sort>,
    pub now: Timestamp,
    /// At most so many, from the top.
    pub limit: u64,
}

impl Wanted {
    /// How many tweets match.
    pub async fn count(&self) -> Result<u64, Error> {
        let (snapshot, filter, now) = (self.snapshot.clone(), self.filter.clone(), self.now);
        Ok(blocking(move || snapshot.count(&filter, now)).await??)
    }

    /// The ids in memory.
    pub async fn collect(self) -> Result<Vec<TweetId>, Error> {
        blocking(move || {
            let mut ids = Vec::new();
            self.pages(|page| {
                ids.extend_from_slice(page);
                Ok(())
            })?;
            Ok(ids)
        })
        .await?
    }

    /// The ids in a file, which is on the disk when this returns.
    pub async fn save(self, path: std::path::PathBuf) -> Result<(), Error> {
        blocking(move || {
            let mut file = BufWriter::new(super::files::create(&path).map_err(super::failed)?);
            self.pages(|page| {
                page.iter().try_for_each(|id| file.write_all(&id.0.to_le_bytes())).map_err(super::failed)
            })?;
            let file = file.into_inner().map_err(|error| super::failed(error.into_error()))?;
            file.sync_all().map_err(super::failed)
        })
        .await?
    }

    fn pages(&self, mut take: impl FnMut(&[TweetId]) -> Result<(), Error>) -> Result<(), Error> {
        let (mut at, mut left) = (At::First, self.limit);
        while left > 0 {
            let limit = left.min(PAGE) as usize;
            let page = self.snapshot.ids(&self.filter, &self.sort, &at, limit, self.now)?;
            take(&page.ids)?;
            left -= page.ids.len() as u64;
            match page.next {
                Some(next) => at = At::After(next),
                None => break,
            }
        }
        Ok(())
    }
}

/// How many ids the file holds.
pub fn count(path: &Path) -> std::io::Result<u64> {
    Ok(std::fs::metadata(path)?.len() / WIDTH)
}

/// At most `limit` ids of the file, from number `from` on (from 0).
pub fn read(path: &Path, from: u64, limit: u64) -> std::io::Result<Vec<TweetId>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from * WIDTH))?;
    let mut bytes = Vec::new();
    file.take(limit * WIDTH).read_to_end(&mut bytes)?;
    let ids = bytes.chunks_exact(WIDTH as usize).filter_map(|id| id.try_into().ok());
    Ok(ids.map(|id| TweetId(u64::from_le_bytes(id))).collect())
}
