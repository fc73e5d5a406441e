//! A set as it lies there, and whether it can be relied on.

use super::manifest::{self, AUDIT_HEAD, DATABASE, Entry, KEY, LOG, Manifest};
use super::{Meter, Step, Tell, damage, files, told};
use crate::Error;
use crate::error::blocking;
use std::path::{Path, PathBuf};
use store::StoreError;
use store::inspect::Inspection;

/// A set whose files are those of its manifest, bit for bit.
pub struct Set {
    pub folder: PathBuf,
    pub manifest: Manifest,
}

impl Set {
    /// Reads every file of a set, and compares it with the manifest.
    ///
    /// # Errors
    /// `Invalid` if anything is missing, more, or not as it was written.
    pub async fn open(folder: &Path, tell: &Tell) -> Result<Self, Error> {
        let manifest = Manifest::read(folder)?;
        let set = Self { folder: folder.to_owned(), manifest };
        set.has_no_others()?;
        let meter = Meter::new(tell, Step::Hash, set.manifest.bytes());
        let set = blocking(move || set.compare(&meter).map(|()| set)).await??;
        Ok(set)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn damaged(&self, what: impl std::fmt::Display) -> Error {
        Error::Invalid(format!("the backup in {} is damaged: {what}. Choose another set", self.folder.display()))
    }

    fn has_no_others(&self) -> Result<(), Error> {
        for entry in std::fs::read_dir(&self.folder).map_err(|error| self.damaged(error))? {
            let name = entry.map_err(|error| self.damaged(error))?.file_name();
            let name = name.to_string_lossy();
            if name != manifest::NAME && !self.manifest.has(&name) {
                return Err(self.damaged(format!("{name} does not belong to it")));
            }
        }
        Ok(())
    }

    fn compare(&self, meter: &Meter) -> Result<(), Error> {
        for (name, entry) in &self.manifest.files {
            let file = self.file(name);
            let there = std::fs::symlink_metadata(&file);
            if !there.as_ref().is_ok_and(|there| there.is_file()) {
                return Err(self.damaged(format!("{name} is missing")));
            }
            if there.is_ok_and(|there| there.len() != entry.bytes) {
                return Err(self.damaged(format!("{name} has another size than it was written with")));
            }
            let content = files::content(&file, meter).map_err(|error| self.damaged(format!("{name}: {error}")))?;
            if content.sha256 != entry.sha256 {
                return Err(self.damaged(format!("{name} is not as it was written")));
            }
        }
        Ok(())
    }

    /// Looks into the database: whether it is whole, known to this version, and opened by the key. In PostgreSQL it is the
    /// one of `settings`, which must have been put back before.
    pub async fn look_into(&self, settings: &store::Settings, key: &Path, tell: &Tell) -> Result<(), Error> {
        let database = match (&settings.database_url, self.manifest.has(DATABASE)) {
            (None, true) => Inspection::open_copy(&self.file(DATABASE)).await.map_err(|error| self.damaged(error))?,
            (Some(_), false) => Inspection::open(settings).await.map_err(told)?,
            (None, false) => {
                return Err(Error::Invalid(
                    "this backup is of an installation on PostgreSQL: put its database back with pg_restore, and name it in ROOST_DATABASE_URL"
                        .into(),
                ));
            }
            (Some(_), true) => {
                return Err(Error::Invalid(
                    "this backup holds an SQLite database, and ROOST_DATABASE_URL names one in PostgreSQL: unset it"
                        .into(),
                ));
            }
        };
        let looked = self.look_at(&database, key, tell).await;
        database.close().await.map_err(told)?;
        looked?;
        self.look_at_log().await
    }

    async fn look_at(&self, database: &Inspection, key: &Path, tell: &Tell) -> Result<(), Error> {
        if let Some(problem) = damage(database, tell).await {
            return Err(self.damaged(format!("its database was so when it was copied ({problem})")));
        }
        let schema = database.schema().await.map_err(|error| {
            let hint = "In PostgreSQL, put it back with pg_restore first";
            Error::Invalid(format!("the database is not one of Roost: {error}. {hint}"))
        })?;
        if let Some(step) = schema.unknown().first() {
            return Err(Error::Invalid(format!(
                "the database is one of Roost {}, newer than this {} (it has {step}): restore it with that version",
                self.manifest.roost,
                env!("CARGO_PKG_VERSION")
            )));
        }
        match database.check_key(key).await {
            Ok(_) => Ok(()),
            Err(StoreError::Sealed(_)) => Err(Error::Invalid(format!(
                "the key in {} is not the one of this backup: what is sealed in it stays closed. Give the key that was in force when it was made: --key FILE",
                key.display()
            ))),
            Err(error) => Err(told(error)),
        }
    }

    async fn look_at_log(&self) -> Result<(), Error> {
        if !self.manifest.has(LOG) {
            return Ok(());
        }
        let mut log = eventlog::Inspection::open_copy(&self.file(LOG)).await.map_err(|error| self.damaged(error))?;
        let problem = log.damage().await.into_iter().next();
        log.close().await.map_err(told)?;
        problem.map_or(Ok(()), |problem| Err(self.damaged(format!("its log was so when it was copied ({problem})"))))
    }

    /// The files that go into the data folder. The key may be another file than the set's.
    pub fn parts(&self, key: &Path) -> Vec<Part> {
        let kept =
            [DATABASE, LOG, AUDIT_HEAD].into_iter().filter_map(|name| Some((name, self.manifest.files.get(name)?)));
        let part = |(name, entry): (_, &Entry)| Part {
            name,
            from: self.file(name),
            mode: 0o600,
            sha256: Some(entry.sha256.clone()),
        };
        let key = Part { name: KEY, from: key.to_owned(), mode: 0o400, sha256: None };
        kept.map(part).chain([key]).collect()
    }
}

/// A file that goes into the data folder.
pub struct Part {
    pub name: &'static str,
    pub from: PathBuf,
    /// Its rights there.
    pub mode: u32,
    /// What is expected of it; the key has been tried instead.
    pub sha256: Option<String>,
}
