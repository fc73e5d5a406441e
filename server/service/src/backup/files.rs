//! Files of a backup: copied and hashed as a stream, on the disk for sure before anyone relies on them.

use super::Meter;
use ring::digest::{Context, SHA256};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

/// Bytes that are read at a time.
const PIECE: usize = 1 << 20;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub bytes: u64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// Makes a folder for its owner only. Those above it are made as they usually are.
pub fn make_folder(folder: &Path) -> std::io::Result<()> {
    if let Some(above) = folder.parent() {
        std::fs::create_dir_all(above)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes a file that is not there yet, with these rights.
pub fn create(file: &Path, mode: u32) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    options.open(file)
}

/// Makes sure that what is in a file, or which files are in a folder, is so after a crash, too.
pub fn sync(path: &Path) -> std::io::Result<()> {
    File::open(path)?.sync_all()
}

pub fn sha256(bytes: &[u8]) -> String {
    hex(ring::digest::digest(&SHA256, bytes).as_ref())
}

/// Reads a file from end to end.
pub fn content(file: &Path, meter: &Meter) -> std::io::Result<Content> {
    stream(File::open(file)?, std::io::sink(), meter)
}

/// Copies a file to one that is not there yet, and tells what was copied.
pub fn copy(from: &Path, to: &Path, mode: u32, meter: &Meter) -> std::io::Result<Content> {
    let mut target = create(to, mode)?;
    let content = stream(File::open(from)?, &mut target, meter)?;
    target.sync_all()?;
    Ok(content)
}

fn stream(mut from: File, mut to: impl Write, meter: &Meter) -> std::io::Result<Content> {
    let mut hash = Context::new(&SHA256);
    let mut piece = vec![0; PIECE];
    let mut bytes = 0;
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            return Ok(Content { bytes, sha256: hex(hash.finish().as_ref()) });
        }
        hash.update(&piece[..read]);
        to.write_all(&piece[..read])?;
        bytes += read as u64;
        meter.add(read as u64);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
