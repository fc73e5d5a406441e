//! The note beside the database of how far the audit has come.

use super::chain::Hash;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The file `audit.head`: a number and a hash in hexadecimal digits.
pub struct HeadFile {
    path: PathBuf,
    /// The last number that this process has noted.
    noted: Mutex<u64>,
}

impl HeadFile {
    pub fn in_folder(data: &Path) -> Self {
        Self { path: crate::inspect::audit_head_file(data), noted: Mutex::default() }
    }

    /// Notes an entry that is on the disk. Where that fails the audit is as good, but its newest entries could be cut
    /// off unnoticed: it is logged.
    pub fn note(&self, number: u64, hash: Hash) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if number <= *noted {
            return;
        }
        match self.write(&format!("{number} {}\n", to_hex(&hash))) {
            Ok(()) => *noted = number,
            Err(error) => tracing::error!(error = %error, "the head of the audit could not be noted"),
        }
    }

    /// Beside its place and then renamed: a crash, or the loss of power, leaves the note before or this one. Which of
    /// them makes no difference, so the folder is not synced.
    fn write(&self, text: &str) -> std::io::Result<()> {
        let unfinished = self.path.with_extension(format!("new-{}", std::process::id()));
        let mut file = std::fs::File::create(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&unfinished, &self.path)
    }

    /// The last note; none where there is no file.
    pub fn read(&self) -> std::io::Result<Option<(u64, Hash)>> {
        match std::fs::read_to_string(&self.path) {
            Ok(text) => {
                let damaged = || std::io::Error::other("it does not hold a number and a hash");
                let (number, hash) = text.trim().split_once(' ').ok_or_else(damaged)?;
                let number = number.parse().map_err(|_| damaged())?;
                Ok(Some((number, from_hex(hash).ok_or_else(damaged)?)))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn to_hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Hash> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut hash = [0; 32];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(hash)
}
