//! What a backup says of itself. It is written last: a set without it is unfinished.

use super::files::{self, Content};
use crate::Error;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use store::inspect::Counts;

/// The file's name in the set.
pub const NAME: &str = "manifest.json";
/// How sets are laid out. A set with a higher number is one of a newer Roost.
pub const FORMAT: u64 = 1;

pub const DATABASE: &str = "roost.db";
pub const LOG: &str = "log.db";
pub const KEY: &str = "key";
pub const AUDIT_HEAD: &str = "audit.head";
/// No set has other files than these.
const KNOWN: [&str; 4] = [DATABASE, LOG, KEY, AUDIT_HEAD];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u64,
    /// The version of Roost that made it.
    pub roost: String,
    /// When the copy began, as RFC 3339.
    pub created: String,
    /// The database, if it is in the set; that of PostgreSQL is not.
    pub database: Option<Database>,
    pub files: BTreeMap<String, Entry>,
}

/// What the copy of the database holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// The last step that its schema has taken.
    pub schema: String,
    pub counts: Counts,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub bytes: u64,
    /// In hexadecimal digits.
    pub sha256: String,
}

/// The file: the manifest, and a hash of it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    manifest: Manifest,
    sha256: String,
}

impl Manifest {
    pub fn created(&self) -> Timestamp {
        Timestamp::parse_rfc3339(&self.created).unwrap_or(Timestamp(0))
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|entry| entry.bytes).sum()
    }

    pub fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// Writes it beside its place and renames it there when it is on the disk: it is there as a whole or not at all.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        use std::io::Write;
        let unfinished = folder.join("manifest.new");
        let mut file = files::create(&unfinished, 0o600)?;
        file.write_all(self.to_text().map_err(std::io::Error::other)?.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&unfinished, folder.join(NAME))?;
        files::sync(folder)
    }

    fn to_text(&self) -> serde_json::Result<String> {
        let sha256 = files::sha256(&serde_json::to_vec(self)?);
        Ok(serde_json::to_string_pretty(&Document { manifest: self.clone(), sha256 })? + "\n")
    }

    /// Reads the manifest of a set.
    ///
    /// # Errors
    /// `Invalid` if there is none, it is not as it was written, or it is of a newer Roost.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let place = folder.display();
        let text = match std::fs::read_to_string(folder.join(NAME)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::Invalid(format!(
                    "{place} is no backup, or one that was not finished: it has no {NAME}. Choose another set"
                )));
            }
            Err(error) => {
                return Err(Error::Invalid(format!("{NAME} in {place} cannot be read: {error}. Choose another set")));
            }
        };
        let document: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let format = document["manifest"]["format"].as_u64().unwrap_or(FORMAT);
        if format > FORMAT {
            let by = document["manifest"]["roost"].as_str().unwrap_or("a newer version");
            return Err(Error::Invalid(format!(
                "{place} was made by Roost {by} in format {format}, and this one reads up to {FORMAT}: restore it with that version"
            )));
        }
        let manifest = serde_json::from_value(document).map(|document: Document| document.manifest).ok();
        // Any byte that differs from what would be written now was changed since.
        let unchanged = manifest.filter(|manifest: &Manifest| manifest.to_text().is_ok_and(|again| again == text));
        let known = unchanged.filter(|manifest| manifest.files.keys().all(|name| KNOWN.contains(&name.as_str())));
        known.ok_or_else(|| {
            Error::Invalid(format!("{NAME} in {place} is damaged: nothing can be said of this set. Choose another"))
        })
    }
}

impl From<Content> for Entry {
    fn from(Content { bytes, sha256 }: Content) -> Self {
        Self { bytes, sha256 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let entry = Entry { bytes: 42, sha256: files::sha256(b"x") };
        let counts = Counts { last_change: 9, tweets: 8, ..Default::default() };
        Manifest {
            format: FORMAT,
            roost: "0.1.0".to_owned(),
            created: "2026-11-01T00:00:00.000Z".to_owned(),
            database: Some(Database { schema: "m1".to_owned(), counts }),
            files: [(DATABASE.to_owned(), entry.clone()), (KEY.to_owned(), entry)].into(),
        }
    }

    #[test]
    fn a_manifest_with_any_byte_changed_or_cut_off_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        manifest().write(folder.path()).unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), manifest());
        let file = folder.path().join(NAME);
        let whole = std::fs::read(&file).unwrap();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1 << (at % 8);
            std::fs::write(&file, changed).unwrap();
            assert!(Manifest::read(folder.path()).is_err(), "byte {at}, bit {}", at % 8);
            std::fs::write(&file, &whole[..at]).unwrap();
            assert!(Manifest::read(folder.path()).is_err(), "cut to {at} bytes");
        }
    }

    #[test]
    fn a_set_of_a_newer_roost_is_told_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let newer = r#"{"manifest": {"format": 2, "roost": "7.0.0", "shards": []}, "sha256": "0"}"#;
        std::fs::write(folder.path().join(NAME), newer).unwrap();
        let told = Manifest::read(folder.path()).unwrap_err().to_string();
        assert!(told.contains("made by Roost 7.0.0 in format 2"), "{told}");
    }

    #[test]
    fn a_manifest_cannot_name_a_file_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let mut stray = manifest();
        stray.files.insert("../key".to_owned(), Entry { bytes: 1, sha256: String::new() });
        stray.write(folder.path()).unwrap();
        assert!(Manifest::read(folder.path()).is_err());
    }
}
