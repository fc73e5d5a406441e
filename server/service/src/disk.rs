//! Room on disks.

use std::path::Path;

/// With less room than this SQLite and the index cannot be relied on to write.
pub const LEAST_ROOM: u64 = 256 << 20;

/// Bytes that are free for this process on the disk of a folder.
pub fn free(folder: &Path) -> std::io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Bytes of a file, or of all files in a folder; 0 where there is none.
pub fn taken(path: &Path) -> u64 {
    let Ok(metadata) = std::fs::symlink_metadata(path) else { return 0 };
    if !metadata.is_dir() {
        return metadata.len();
    }
    // What goes away while it is counted is not counted.
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| taken(&entry.path())).sum()
}
