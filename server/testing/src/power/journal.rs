use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The tracer: see `power/recorder.c`.
const RECORDER: &str = env!("ROOST_RECORDER");

/// What the program did. Paths are relative to the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Create(PathBuf),
    MakeFolder(PathBuf),
    Write {
        path: PathBuf,
        offset: usize,
        bytes: Vec<u8>,
    },
    SetLength {
        path: PathBuf,
        length: usize,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Link {
        from: PathBuf,
        to: PathBuf,
    },
    Remove(PathBuf),
    /// Of a file or a folder.
    Sync(PathBuf),
}

/// All that a run of a program did in a folder, in its order.
pub struct Journal {
    pub changes: Vec<Change>,
}

impl Journal {
    /// Runs the program until it ends, and notes what it does below the folder. `None` where programs may not be traced:
    /// that is said.
    ///
    /// # Panics
    /// Where the program fails, or does something that is not understood here.
    pub fn record(program: &Path, arguments: &[&str], variables: &[(&str, &Path)], folder: &Path) -> Option<Self> {
        let notes = tempfile::NamedTempFile::new().expect("a temporary file");
        let mut command = Command::new(RECORDER);
        command.arg(notes.path()).arg(folder).arg(program).args(arguments).envs(variables.iter().copied());
        let ran = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("the recorder is there");
        let told = String::from_utf8_lossy(&ran.stderr);
        if told.contains("recorder: it cannot be traced") || told.contains("recorder: it may not be traced") {
            eprintln!("SKIPPED: programs may not be traced here: {told}");
            return None;
        }
        assert!(ran.status.success(), "{}: {}{told}", ran.status, String::from_utf8_lossy(&ran.stdout));
        Some(Self { changes: read(&std::fs::read(notes.path()).expect("the notes"), folder) })
    }
}

fn read(mut notes: &[u8], folder: &Path) -> Vec<Change> {
    let mut changes = Vec::new();
    while !notes.is_empty() {
        let kind = take(&mut notes, 1)[0];
        let number = usize::try_from(number(&mut notes, 8)).expect("an offset");
        let lengths = [0; 3].map(|_| usize::try_from(self::number(&mut notes, 4)).expect("a length"));
        let [path, other] = [lengths[0], lengths[1]].map(|length| relative(take(&mut notes, length), folder));
        let bytes = take(&mut notes, lengths[2]).to_vec();
        // What SQLite maps into memory is of no use to who comes later, and made anew.
        if is_index_of_wal(&path) {
            continue;
        }
        changes.push(match kind {
            b'C' => Change::Create(path),
            b'D' => Change::MakeFolder(path),
            b'W' => Change::Write { path, offset: number, bytes },
            b'T' => Change::SetLength { path, length: number },
            b'R' => Change::Rename { from: path, to: other },
            b'L' => Change::Link { from: path, to: other },
            b'U' => Change::Remove(path),
            b'S' => Change::Sync(path),
            kind => panic!("a change of kind {} ({number}) of {} is not understood", char::from(kind), path.display()),
        });
    }
    changes
}

fn is_index_of_wal(path: &Path) -> bool {
    path.to_string_lossy().ends_with("-shm")
}

fn take<'n>(notes: &mut &'n [u8], length: usize) -> &'n [u8] {
    let (taken, left) = notes.split_at_checked(length).expect("a note is whole");
    *notes = left;
    taken
}

/// A number in the machine's order of bytes, which is the recorder's.
fn number(notes: &mut &[u8], length: usize) -> u64 {
    let mut bytes = [0; 8];
    let taken = take(notes, length);
    if cfg!(target_endian = "little") {
        bytes[..length].copy_from_slice(taken);
    } else {
        bytes[8 - length..].copy_from_slice(taken);
    }
    u64::from_ne_bytes(bytes)
}

fn relative(path: &[u8], folder: &Path) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    let path = Path::new(std::ffi::OsStr::from_bytes(path));
    path.strip_prefix(folder).unwrap_or(path).to_owned()
}

/// The files below a folder with what is in them, and its folders; without what [`read`] leaves out.
///
/// # Errors
/// What the file system says.
pub(super) fn contents(folder: &Path) -> std::io::Result<Vec<(PathBuf, Option<Vec<u8>>)>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next)? {
            let path = entry?.path();
            let content = match std::fs::read(&path) {
                Err(error) if error.kind() == ErrorKind::IsADirectory => None,
                content => Some(content?),
            };
            if content.is_none() {
                folders.push(path.clone());
            }
            if !is_index_of_wal(&path) {
                found.push((path.strip_prefix(folder).unwrap_or(&path).to_owned(), content));
            }
        }
    }
    found.sort();
    Ok(found)
}
