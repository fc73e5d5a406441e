//! The folder of the index: its version, and the lock of the one process that changes it.

use crate::directory::DurableDirectory;
use crate::error::{Result, SearchError};
use crate::schema::{self, Layout};
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
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
pub(crate) struct Lock(File);

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

    /// Whether it still is the lock of that folder. It is not where somebody has deleted the folder.
    pub fn is_of(&self, dir: &Path) -> bool {
        let id = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
        let ids = self.0.metadata().map(id).ok().zip(fs::metadata(dir.join(LOCK_FILE)).map(id).ok());
        ids.is_some_and(|(own, there)| own == there)
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
    let lock = Lock::take(dir)?.ok_or(SearchError::Locked)?;
    prepare_held(dir, layout, &lock)
}

/// As [`prepare`], by who holds the lock.
pub(crate) fn prepare_held(dir: &Path, layout: &Layout, _lock: &Lock) -> Result<()> {
    // Another process may have made it before this one had the lock.
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
    let directory = DurableDirectory::open(&folder)?;
    tantivy::Index::create(directory, layout.schema.clone(), Default::default())?;
    let mut version = File::create(dir.join(VERSION_FILE))?;
    version.write_all(schema::version_tag()?.as_bytes())?;
    version.sync_all()?;
    File::open(dir)?.sync_all()?;
    Ok(())
}
