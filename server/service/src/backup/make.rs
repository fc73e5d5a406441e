//! Makes a backup.

use super::files::{self, Content};
use super::manifest::{self, AUDIT_HEAD, DATABASE, Database, Entry, FORMAT, KEY, LOG, Manifest};
use super::{Meter, Step, Tell, damage, log_file, told};
use crate::error::blocking;
use crate::{Error, disk};
use eventlog::Marks;
use model::Timestamp;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::inspect::{self, Inspection};

/// How often it begins again because the log was trimmed meanwhile.
const TRIES: u32 = 3;
/// How often the growth of a copy is looked at.
const GLANCE: Duration = Duration::from_millis(100);

/// What is to be backed up, and where to.
pub struct Ask<'a> {
    pub settings: &'a store::Settings,
    /// A folder that is not there yet, or empty.
    pub folder: &'a Path,
    /// Whether the key goes with it. Then whoever has the set can open all that is sealed in it.
    pub with_key: bool,
}

/// Copies the data as they are now. Others go on writing; nothing of the data is changed, not even an older schema.
///
/// # Errors
/// `Invalid` with what to do, and the folder is as it was before.
pub async fn make(ask: Ask<'_>, now: Timestamp, tell: &Tell) -> Result<Manifest, Error> {
    let data = &ask.settings.data;
    let source = Inspection::open(ask.settings).await.map_err(|error| {
        Error::Invalid(format!(
            "the database of {} cannot be opened: {error}. `roost doctor` tells more",
            data.display()
        ))
    })?;
    let target = Target::make(ask.folder, data)?;
    has_room(&source, &target.folder, data).await?;
    let database = copy_all(&source, &target, &ask, tell).await?;
    source.close().await.map_err(told)?;
    let files = entries(&target.folder, tell).await?;
    if files.is_empty() {
        return Err(Error::Invalid(
            "beside the database in PostgreSQL there is nothing to back up but the key: ask for it with --with-key"
                .into(),
        ));
    }
    let manifest = Manifest {
        format: FORMAT,
        roost: env!("CARGO_PKG_VERSION").to_owned(),
        created: now.to_rfc3339(),
        database,
        files,
    };
    let written = manifest.write(&target.folder).and_then(|()| files::sync(parent(&target.folder)));
    written.map_err(|error| unwritable(&target.folder, &error))?;
    target.keep();
    Ok(manifest)
}

/// The folder of a set that is being made. What is in it goes with it, unless it is kept.
struct Target {
    folder: PathBuf,
    is_kept: bool,
    was_there: bool,
}

impl Target {
    fn make(folder: &Path, data: &Path) -> Result<Self, Error> {
        let was_there = match std::fs::read_dir(folder) {
            Ok(mut entries) => match entries.next() {
                Some(_) if folder.join(manifest::NAME).exists() => {
                    return Err(Error::Invalid(format!("{} holds a backup: name a new folder", folder.display())));
                }
                Some(_) => {
                    return Err(Error::Invalid(format!(
                        "{} is not empty (a backup that was cut short?): name a new folder, or delete what is in it",
                        folder.display()
                    )));
                }
                None => true,
            },
            Err(error) if error.kind() == ErrorKind::NotFound => {
                files::make_folder(folder).map_err(|error| unwritable(folder, &error))?;
                false
            }
            Err(error) => return Err(unwritable(folder, &error)),
        };
        let target = Self { folder: folder.to_owned(), is_kept: false, was_there };
        let whole = |path: &Path| std::fs::canonicalize(path).map_err(|error| unwritable(path, &error));
        if whole(folder)?.starts_with(whole(data)?) {
            return Err(Error::Invalid(format!(
                "{} is in the data folder, and would be lost with it: name a folder elsewhere, best on another disk",
                folder.display()
            )));
        }
        Ok(target)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Makes an empty file, for its owner only, that SQLite then fills.
    fn empty(&self, name: &str) -> Result<PathBuf, Error> {
        let file = self.file(name);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(unwritable(&file, &error)),
            _ => {}
        }
        files::create(&file, 0o600).map_err(|error| unwritable(&file, &error))?;
        Ok(file)
    }

    fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        let names = [DATABASE, "roost.db-journal", LOG, "log.db-journal", AUDIT_HEAD, KEY, "manifest.new"];
        names.iter().for_each(|name| drop(std::fs::remove_file(self.file(name))));
        if !self.was_there {
            let _ = std::fs::remove_dir(&self.folder);
        }
    }
}

fn parent(folder: &Path) -> &Path {
    folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::Invalid(format!("{} cannot be written: {error}. Is there room, and may you write there?", path.display()))
}

async fn has_room(source: &Inspection, folder: &Path, data: &Path) -> Result<(), Error> {
    let database = if source.is_sqlite() { source.bytes().await.map_err(told)? } else { 0 };
    let needed = database + disk::taken(&log_file(data));
    let free = disk::free(folder).map_err(|error| unwritable(folder, &error))?;
    if free > needed {
        return Ok(());
    }
    let mb = |bytes: u64| bytes.div_ceil(1_000_000);
    Err(Error::Invalid(format!(
        "{} has room for {} MB, and the backup takes some {}: name a folder on another disk",
        folder.display(),
        mb(free),
        mb(needed)
    )))
}

/// Copies everything, in the order that this module's head gives reasons for.
async fn copy_all(source: &Inspection, target: &Target, ask: &Ask<'_>, tell: &Tell) -> Result<Option<Database>, Error> {
    let data = &ask.settings.data;
    if ask.with_key {
        copy_small(&inspect::key_file(data), &target.file(KEY), 0o400)?;
    }
    let head = inspect::audit_head_file(data);
    // It is not there where nothing was ever done that is written in the audit.
    if source.is_sqlite() && head.exists() {
        copy_small(&head, &target.file(AUDIT_HEAD), 0o600)?;
    }
    for _ in 0..TRIES {
        let before = log_marks(data).await?;
        let database = if source.is_sqlite() { Some(copy_database(source, target, tell).await?) } else { None };
        let after = copy_log(data, target, tell).await?;
        if before.is_none_or(|before| after.is_some_and(|after| before.are_kept_in(&after))) {
            return Ok(database);
        }
    }
    Err(Error::Invalid(
        "the log was trimmed while it was copied, again and again: try again when less is going on".into(),
    ))
}

fn copy_small(from: &Path, to: &Path, mode: u32) -> Result<Content, Error> {
    let silent: Tell = std::sync::Arc::new(|_| ());
    files::copy(from, to, mode, &Meter::new(&silent, Step::Copy, 0))
        .map_err(|error| Error::Invalid(format!("{} cannot be copied: {error}", from.display())))
}

async fn copy_database(source: &Inspection, target: &Target, tell: &Tell) -> Result<Database, Error> {
    let file = target.empty(DATABASE)?;
    let meter = Meter::new(tell, Step::Copy, source.bytes().await.map_err(told)?);
    watched(source.copy_to(&file), &file, &meter).await.map_err(|error| {
        Error::Invalid(format!("the database cannot be copied: {error}. `roost doctor` tells more"))
    })?;
    let copy = Inspection::open_copy(&file).await.map_err(told)?;
    if let Some(problem) = damage(&copy, tell).await {
        return Err(Error::Invalid(format!(
            "the database is damaged ({problem}), and so would be its backup: keep your earlier ones, and see `roost doctor`"
        )));
    }
    let schema = copy.schema().await.map_err(told)?.steps.pop().unwrap_or_default();
    let counts = copy.counts().await.map_err(told)?;
    copy.close().await.map_err(told)?;
    Ok(Database { schema, counts })
}

async fn log_marks(data: &Path) -> Result<Option<Marks>, Error> {
    let file = log_file(data);
    if !file.exists() {
        return Ok(None);
    }
    let mut log = eventlog::Inspection::open(&file).await.map_err(told)?;
    let marks = log.marks().await.map_err(told)?;
    log.close().await.map_err(told)?;
    Ok(Some(marks))
}

/// Copies the log, if there is one, and tells what the copy has.
async fn copy_log(data: &Path, target: &Target, tell: &Tell) -> Result<Option<Marks>, Error> {
    let source = log_file(data);
    if !source.exists() {
        return Ok(None);
    }
    let file = target.empty(LOG)?;
    let mut log = eventlog::Inspection::open(&source).await.map_err(told)?;
    let meter = Meter::new(tell, Step::Copy, log.bytes().await.map_err(told)?);
    watched(log.copy_to(&file), &file, &meter)
        .await
        .map_err(|error| Error::Invalid(format!("the log cannot be copied: {error}. `roost doctor` tells more")))?;
    log.close().await.map_err(told)?;
    let mut copy = eventlog::Inspection::open_copy(&file).await.map_err(told)?;
    let marks = copy.marks().await.map_err(told)?;
    copy.close().await.map_err(told)?;
    Ok(Some(marks))
}

/// Waits for a copy, and tells how large it is meanwhile.
async fn watched<T>(copying: impl Future<Output = T>, file: &Path, meter: &Meter) -> T {
    tokio::pin!(copying);
    loop {
        tokio::select! {
            done = &mut copying => return done,
            () = tokio::time::sleep(GLANCE) => meter.set(disk::taken(file)),
        }
    }
}

/// Puts every file on the disk for sure, and reads it back from end to end.
async fn entries(folder: &Path, tell: &Tell) -> Result<BTreeMap<String, Entry>, Error> {
    let meter = Meter::new(tell, Step::Hash, disk::taken(folder));
    let folder = folder.to_owned();
    blocking(move || {
        let mut entries = BTreeMap::new();
        for name in [DATABASE, LOG, AUDIT_HEAD, KEY] {
            let file = folder.join(name);
            if !file.exists() {
                continue;
            }
            let content = files::sync(&file).and_then(|()| files::content(&file, &meter));
            let content = content.map_err(|error| unwritable(&file, &error))?;
            entries.insert(name.to_owned(), content.into());
        }
        Ok(entries)
    })
    .await?
}
