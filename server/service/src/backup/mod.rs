//! Backups: a consistent copy of what cannot be made anew, taken while everything runs, and the way back from it.
//!
//! A set is a folder with copies of the database, the log, the head of the audit and (if asked for) the key, and a
//! manifest with the size and the hash of each. Index, lake, exports and rejected lines are left out: the first two are
//! derived from the database, the others are copies in the clear that live for days.
//!
//! **Order.** The head of the audit, then the database, then the log; each is a copy of one moment.
//!
//! - The head comes before the database: the entry that it names is then in the copy. The other way round it could name
//!   one that is not, and the audit would look cut off.
//! - The log comes after the database. A window's checkpoint is in the database as soon as its page is in the log; with
//!   an older log, that page would be in neither copy, and would never be fetched again. A newer log only holds more:
//!   what the copy of the database lacks is read from it after the restore, and what it has already does no harm.
//! - But between the two the log may be trimmed of what has been stored since. So it is asked before what not everybody
//!   had done yet; where the later copy lacks some of that, both are copied again.

mod files;
mod make;
mod manifest;
mod restore;
mod set;

pub use make::{Ask, make};
pub use manifest::{Entry, Manifest};
pub use restore::{Restore, Restored, restore};

use crate::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::inspect::Inspection;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Copy,
    /// Hashes are made or compared, in bytes.
    Hash,
    /// The database is read from end to end. How far is not known.
    Check,
    /// The index is made anew, in changes.
    Index,
}

/// How far a step is: `done` of `total`, which is 0 where it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub step: Step,
    pub done: u64,
    pub total: u64,
}

/// Is told how far the work is, from any thread.
pub type Tell = Arc<dyn Fn(Progress) + Send + Sync>;

/// Counts one step. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Meter {
    tell: Tell,
    step: Step,
    total: u64,
    done: Arc<AtomicU64>,
}

impl Meter {
    fn new(tell: &Tell, step: Step, total: u64) -> Self {
        tell(Progress { step, done: 0, total });
        Self { tell: tell.clone(), step, total, done: Arc::default() }
    }

    fn add(&self, more: u64) {
        let done = self.done.fetch_add(more, Ordering::Relaxed) + more;
        (self.tell)(Progress { step: self.step, done, total: self.total });
    }

    fn set(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
        (self.tell)(Progress { step: self.step, done: done.min(self.total), total: self.total });
    }
}

/// Where the log is, if there is one.
pub(crate) fn log_file(data: &Path) -> PathBuf {
    data.join(manifest::LOG)
}

/// What the person who asked may know, in words.
pub(crate) fn told(error: impl std::fmt::Display) -> Error {
    Error::Invalid(error.to_string())
}

/// What is wrong with a database, first of all whether it can be read at all.
async fn damage(database: &Inspection, tell: &Tell) -> Option<String> {
    Meter::new(tell, Step::Check, 0);
    database.damage().await.into_iter().next()
}
