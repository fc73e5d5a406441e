//! An export that is sent while it is made.

use super::about::{About, Totals};
use super::writer::{End, Writer};
use super::{BLOCK, failed};
use crate::access::Hidden;
use crate::error::blocking;
use crate::{Error, Service};
use model::TweetId;
use std::io::Read;
use store::exports::Progress;

/// Bytes of a finished file that are sent at a time.
const PIECE: u64 = 64 * 1024;

/// An export that has begun. It was recorded, and its number of rows will not change any more.
pub struct Export {
    pub(super) service: Service,
    pub(super) id: i64,
    pub(super) user: i64,
    pub(super) about: About,
    pub(super) file_name: String,
    pub(super) ids: std::vec::IntoIter<TweetId>,
    pub(super) hidden: Hidden,
    pub(super) rows: u64,
    pub(super) totals: Totals,
    pub(super) bytes: u64,
    pub(super) step: Step,
}

/// What comes next.
pub(super) enum Step {
    Rows(Writer),
    /// The rest of a file that is whole.
    Rest(std::fs::File),
    /// The record that it was sent.
    Record,
    Done,
}

impl Export {
    /// For the download: `roost-moon-2026-11-23.csv`.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    pub fn media_type(&self) -> &'static str {
        self.about.query.format.media_type()
    }

    /// How many tweets it holds.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The next piece of the file; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let piece = match std::mem::replace(&mut self.step, Step::Done) {
            Step::Rows(writer) => self.block(writer).await?,
            Step::Rest(file) => self.rest(file).await?,
            Step::Record => {
                let Totals { written, removed } = self.totals;
                let progress = Progress { written, removed, bytes: self.bytes };
                store::exports::sent(&self.service.store, self.id, self.user, progress, self.service.now()).await?;
                return Ok(None);
            }
            Step::Done => return Ok(None),
        };
        self.bytes += piece.len() as u64;
        Ok(Some(piece))
    }

    async fn block(&mut self, mut writer: Writer) -> Result<Vec<u8>, Error> {
        let ids: Vec<TweetId> = self.ids.by_ref().take(BLOCK).collect();
        if ids.is_empty() {
            let totals = self.totals;
            return match blocking(move || writer.finish(totals)).await?? {
                End::Bytes(bytes) => {
                    self.step = Step::Record;
                    Ok(bytes)
                }
                End::File(file) => {
                    self.step = Step::Rest(file);
                    Ok(Vec::new())
                }
            };
        }
        // A tweet that was removed since is left out: it must not be passed on.
        let rows = self.hidden.rows(store::tweets::by_ids(&self.service.store, &ids).await?);
        self.totals.written += rows.len() as u64;
        self.totals.removed += (ids.len() - rows.len()) as u64;
        let (writer, written) = blocking(move || {
            let written = writer.write(&rows);
            (writer, written)
        })
        .await?;
        self.step = Step::Rows(writer);
        written
    }

    async fn rest(&mut self, file: std::fs::File) -> Result<Vec<u8>, Error> {
        let (file, piece) = blocking(move || {
            let mut piece = Vec::new();
            (&file).take(PIECE).read_to_end(&mut piece).map(|_| (file, piece))
        })
        .await?
        .map_err(failed)?;
        self.step = if piece.is_empty() { Step::Record } else { Step::Rest(file) };
        Ok(piece)
    }
}
