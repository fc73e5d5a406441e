//! Puts a backup back.

use super::manifest::{KEY, Manifest};
use super::set::{Part, Set};
use super::{Meter, Step, Tell, files};
use crate::error::blocking;
use crate::index::{self, Verdict};
use crate::{Clock, Error, Service, Settings, disk};
use model::Timestamp;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Store;

/// What is to be restored, and where to.
pub struct Restore<'a> {
    pub set: &'a Path,
    /// The key, if it is not in the set, or if another is to be used.
    pub key: Option<&'a Path>,
    /// The data folder in it must be missing or empty.
    pub settings: &'a Settings,
}

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    pub manifest: Manifest,
    /// Tweets in the index that was made.
    pub indexed: u64,
    pub verdict: Verdict,
}

/// Checks a set from end to end, puts it where no data are yet, and makes the index.
///
/// Until all files are in place there is no data folder, or it is empty; after that it is whole, and a server can go on
/// from it even if what follows is cut short.
///
/// # Errors
/// `Invalid` with what to do.
pub async fn restore(ask: Restore<'_>, clock: Arc<dyn Clock>, tell: &Tell) -> Result<Restored, Error> {
    let data = &ask.settings.store.data;
    is_free(data)?;
    let set = Set::open(ask.set, tell).await?;
    let key = match ask.key {
        Some(key) => key.to_owned(),
        None if set.manifest.has(KEY) => set.file(KEY),
        None => {
            return Err(Error::Invalid(
                "the key is not in this backup, and without it nothing that is sealed can be opened: name its file with --key FILE"
                    .into(),
            ));
        }
    };
    set.look_into(&ask.settings.store, &key, tell).await?;
    let staging = copy(&set, &key, data, tell).await?;
    staging.settle(&ask.settings.store, set.manifest.created(), clock.now()).await?;
    staging.put_in_place()?;
    let service = Service::open(ask.settings, clock).await?;
    let indexed = make_index(&service, tell).await?;
    let verdict = index::verify(&service).await?;
    service.close().await?;
    Ok(Restored { manifest: set.manifest, indexed, verdict })
}

/// Whether the data folder can be put there.
fn is_free(data: &Path) -> Result<(), Error> {
    match std::fs::read_dir(data).map(|mut entries| entries.next().is_none()) {
        Ok(false) => Err(Error::Invalid(format!(
            "{} is not empty, and nothing is overwritten: name another folder with --data, or move this one away",
            data.display()
        ))),
        Ok(true) if is_mounted(data) => Err(Error::Invalid(format!(
            "{} is the top of a disk of its own, and cannot be put in place as a whole: name a folder in it with --data",
            data.display()
        ))),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(unwritable(data, &error)),
        _ => Ok(()),
    }
}

/// Whether a folder is on another disk than the one above it.
#[cfg(unix)]
fn is_mounted(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let disk = |path: &Path| std::fs::metadata(path).map(|metadata| metadata.dev()).ok();
    disk(folder) != disk(&folder.join(".."))
}

#[cfg(not(unix))]
fn is_mounted(_: &Path) -> bool {
    false
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::Invalid(format!("{} cannot be written: {error}. Is there room, and may you write there?", path.display()))
}

/// Copies the files to a folder beside the data folder.
async fn copy(set: &Set, key: &Path, data: &Path, tell: &Tell) -> Result<Staging, Error> {
    let staging = Staging::make(data)?;
    let needed = set.manifest.bytes();
    let free = disk::free(&staging.folder).map_err(|error| unwritable(&staging.folder, &error))?;
    if free <= needed {
        return Err(Error::Invalid(format!(
            "the disk of {} has room for {} MB, and the data take {}: make room, or name another folder with --data",
            data.display(),
            free / 1_000_000,
            needed.div_ceil(1_000_000)
        )));
    }
    let meter = Meter::new(tell, Step::Copy, needed);
    let parts = set.parts(key);
    blocking(move || {
        for Part { name, from, mode, sha256 } in parts {
            let to = staging.folder.join(name);
            let copied = files::copy(&from, &to, mode, &meter).map_err(|error| unwritable(&to, &error))?;
            if sha256.is_some_and(|sha256| sha256 != copied.sha256) {
                return Err(Error::Invalid(format!(
                    "{} changed while it was copied: is its disk sound?",
                    from.display()
                )));
            }
        }
        Ok(staging)
    })
    .await?
}

/// The folder beside the data folder in which data are made. It goes when it is not put in place; what a killed process
/// left of it is overwritten by the next.
struct Staging {
    folder: PathBuf,
    data: PathBuf,
    is_placed: bool,
    /// Nobody else makes the same at the same time.
    _lock: File,
}

impl Staging {
    fn make(data: &Path) -> Result<Self, Error> {
        let data = std::fs::canonicalize(data).or_else(|_| std::path::absolute(data));
        let data = data.map_err(|error| Error::Invalid(format!("the data folder has no such name: {error}")))?;
        let mut name = data.file_name().unwrap_or_default().to_owned();
        name.push(".restoring");
        let folder = data.with_file_name(name);
        let failed = |error: &std::io::Error| unwritable(&folder, error);
        match files::make_folder(&folder) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed(&error)),
            _ => {}
        }
        let lock = File::open(&folder).map_err(|error| failed(&error))?;
        lock.try_lock().map_err(|_| {
            Error::Invalid(format!("{} is being filled by another restore: wait for it", folder.display()))
        })?;
        for left in std::fs::read_dir(&folder).map_err(|error| failed(&error))?.flatten() {
            std::fs::remove_file(left.path()).map_err(|error| failed(&error))?;
        }
        Ok(Self { folder, data, is_placed: false, _lock: lock })
    }

    /// Brings the database to this version, and ends what it must not carry on, before anybody can use it.
    async fn settle(&self, settings: &store::Settings, created: Timestamp, now: Timestamp) -> Result<(), Error> {
        let settings = store::Settings { data: self.folder.clone(), database_url: settings.database_url.clone() };
        let store = Store::open(&settings).await?;
        let settled = store::backup::settle(&store, created, now).await;
        store.close().await?;
        Ok(settled?)
    }

    fn put_in_place(mut self) -> Result<(), Error> {
        let above = self.data.parent().unwrap_or(Path::new("/"));
        let placed = files::sync(&self.folder).and_then(|()| std::fs::rename(&self.folder, &self.data));
        placed.map_err(|error| unwritable(&self.data, &error))?;
        self.is_placed = true;
        files::sync(above).map_err(|error| unwritable(above, &error))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.is_placed {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// Makes the index, and tells how far it is.
async fn make_index(service: &Service, tell: &Tell) -> Result<u64, Error> {
    let meter = Meter::new(tell, Step::Index, store::tweets::last_change(&service.store).await?);
    index::rebuild(service, |tweets| meter.set(tweets)).await
}
