//! The folder of the index: its version, and the lock of the one process that changes it.

use crate::error::Result;
use crate::error::SearchError;
use crate::schema::{self, Layout};
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Tells which version of Roost made the index.
const VERSION_FILE: &str = "VERSION";
const LOCK_FILE: &str = "LOCK";

/// The folder of tantivy's own files.
pub(crate) fn tantivy_in(dir: &Path) -> PathBuf {
    dir.join("tantivy")
}

/// The right to change the index, until it is dropped or the process ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// `None` if another process has it.
    pub fn take(dir: &Path) -> Result<Option<Self>> {
        fs::create_dir_all(dir)?;
        let file = File::options().create(true).truncate(false).write(true).open(dir.join(LOCK_FILE))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// Makes an empty index unless there is one of this version.
///
/// # Errors
/// `Locked` if another process changes one of another version.
pub(crate) fn prepare(dir: &Path, layout: &Layout) -> Result<()> {
    if is_current(dir)? {
        return Ok(());
    }
    let _lock = Lock::take(dir)?.ok_or(SearchError::Locked)?;
    // Another process may have made it while this one waited for nothing.
    if is_current(dir)? { Ok(()) } else { replace(dir, layout) }
}

/// Whether the index there is one of this version.
pub(crate) fn is_current(dir: &Path) -> Result<bool> {
    match fs::read_to_string(dir.join(VERSION_FILE)) {
        Ok(version) => Ok(version.trim() == schema::version_tag()?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Makes what is there one of no version, which the next start replaces.
pub(crate) fn discard(dir: &Path) -> Result<()> {
    fs::remove_file(dir.join(VERSION_FILE))?;
    Ok(File::open(dir)?.sync_all()?)
}

/// The version is written last: until then the next start begins anew.
fn replace(dir: &Path, layout: &Layout) -> Result<()> {
    let folder = tantivy_in(dir);
    for removed in [fs::remove_file(dir.join(VERSION_FILE)), fs::remove_dir_all(&folder)] {
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    fs::create_dir_all(&folder)?;
    tantivy::Index::create_in_dir(folder, layout.schema.clone())?;
    let mut version = File::create(dir.join(VERSION_FILE))?;
    version.write_all(schema::version_tag()?.as_bytes())?;
    version.sync_all()?;
    File::open(dir)?.sync_all()?;
    Ok(())
}
