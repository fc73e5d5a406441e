//! The folder of exports that are made in the background: for each the ids of its tweets, and its file.

use crate::{Error, Service};
use model::export::ExportFormat;
use std::collections::HashSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::path::{Path, PathBuf};

/// Where an export keeps what it has.
pub struct Places {
    /// The ids of its tweets.
    pub ids: PathBuf,
    /// Its file while it is made.
    pub part: PathBuf,
    /// Its file.
    pub whole: PathBuf,
}

impl Places {
    pub fn of(service: &Service, name: &str, format: ExportFormat) -> Self {
        let place = |extension: &str| service.exports.folder.join(format!("{name}.{extension}"));
        Self { ids: place("ids"), part: place("part"), whole: place(&format!("out.{}", format.extension())) }
    }

    /// Deletes all of it.
    pub fn delete(&self) {
        for path in [&self.whole, &self.part, &self.ids] {
            delete(path);
        }
    }
}

/// Makes the folder, for its owner only.
pub fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes a file for its owner only, or opens the one that is there.
pub fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes sure that what was made, renamed or deleted in the folder of a file is so after a crash, too.
pub fn sync_folder(path: &Path) -> std::io::Result<()> {
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

/// Deletes files that no export needs: what a crash left, and what has expired.
pub async fn tidy(service: &Service) -> Result<(), Error> {
    let needed: HashSet<String> = store::exports::files(&service.store).await?.into_iter().collect();
    let Ok(entries) = std::fs::read_dir(&service.exports.folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let stem = name.to_str().and_then(|name| name.split('.').next());
        if stem.is_some_and(|stem| !needed.contains(stem)) {
            delete(&entry.path());
        }
    }
    Ok(())
}

fn delete(path: &Path) {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::error!(error = %error, "a file of an export could not be deleted");
        }
        _ => {}
    }
}
