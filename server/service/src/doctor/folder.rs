//! The data folder: whether Roost can use it, and only Roost.

use super::Check;
use crate::disk::{self, LEAST_ROOM};
use std::path::Path;

pub fn rights(data: &Path) -> Check {
    const NAME: &str = "data folder";
    let place = data.display();
    if !data.is_dir() {
        let what = format!("{place} is not there");
        return Check::failed(NAME, what, "there are no data to look at", "name their folder with --data");
    }
    let needed = rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
    if rustix::fs::access(data, needed).is_err() {
        let what = format!("you may not read and write {place}");
        return Check::failed(
            NAME,
            what,
            "either Roost may not, too, or you are not the user that it runs as",
            "run this as that user; if you do, give the folder to it with chown",
        );
    }
    match mode(data) {
        mode if mode & 0o077 != 0 => Check::warning(
            NAME,
            format!("others may look into {place} (mode {mode:03o})"),
            "they see which files there are, and read those of the index and of exports",
            &format!("chmod 700 {place}"),
        ),
        _ => Check::ok(NAME, format!("{place}, for its owner only")),
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode(_: &Path) -> u32 {
    0
}

pub fn room(data: &Path, taken: u64) -> Check {
    match disk::free(data) {
        Ok(free) => judge_room(free, taken),
        Err(error) => Check::failed(
            "room",
            format!("how much room there is cannot be told: {error}"),
            "Roost may be short of it",
            "look with df",
        ),
    }
}

/// Whether so much room is enough beside data that take so much.
fn judge_room(free: u64, taken: u64) -> Check {
    let mb = |bytes: u64| bytes / 1_000_000;
    let what = format!("{} MB free, {} MB taken", mb(free), mb(taken));
    const REMEDY: &str = "free some, or move the data to a larger disk while Roost is stopped";
    if free < LEAST_ROOM {
        Check::failed("room", what, "soon nothing can be written; what is stored stays safe", REMEDY)
    } else if free < taken {
        Check::warning(
            "room",
            what,
            "there is not room for all of it twice, as to make the index anew may need",
            REMEDY,
        )
    } else {
        Check::ok("room", what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Status;

    #[test]
    fn a_full_disk_fails_and_one_without_room_for_a_second_copy_is_warned_of() {
        let status = |free, taken| judge_room(free, taken).status;
        assert_eq!(status(0, 0), Status::Failed);
        assert_eq!(status(LEAST_ROOM - 1, 10), Status::Failed);
        assert_eq!(status(LEAST_ROOM, LEAST_ROOM + 1), Status::Warning);
        assert_eq!(status(LEAST_ROOM, LEAST_ROOM), Status::Ok);
    }
}
