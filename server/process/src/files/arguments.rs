//! From the arguments of a command to the files that are read.

use super::{Note, ReadError, Source};
use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

/// Endings of the files that are taken from a folder. A file named by itself may be called anything.
const ENDINGS: [&str; 9] = ["json", "jsonl", "ndjson", "csv", "tsv", "gz", "zst", "zip", "js"];
const MAX_DEPTH: usize = 16;

/// Endings of files that may well hold tweets but are not read, and what to do.
const FOREIGN: [(&str, &str); 9] = [
    ("bz2", UNPACK),
    ("xz", UNPACK),
    ("7z", UNPACK),
    ("tar", UNPACK),
    ("tgz", UNPACK),
    ("parquet", "convert to JSON lines or CSV"),
    ("xlsx", AS_CSV),
    ("xls", AS_CSV),
    ("txt", "name the files themselves if they hold tweets"),
];
const UNPACK: &str = "unpack and import what is inside";
const AS_CSV: &str = "save the table as CSV (UTF-8), with the id column as text";

/// What the arguments of a command stand for.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    pub sources: Vec<Source>,
    /// Files in folders that were left out, a note for each kind.
    pub left_out: Vec<Note>,
}

impl Source {
    /// A file, or standard input for `-`.
    pub fn from_path(path: &Path) -> Self {
        if path.as_os_str() == "-" {
            return Self { name: "-".to_owned(), path: None, bytes: None, includes: None };
        }
        Self {
            name: path.display().to_string(),
            path: Some(path.to_owned()),
            bytes: fs::metadata(path).ok().map(|metadata| metadata.len()),
            includes: sibling(path, "data_", "users_"),
        }
    }
}

/// The files behind the arguments, in their order; folders are walked, by name.
///
/// In the split form of academictwitteR (`data_1.json` beside `users_1.json`) the `users_` file is read with
/// its `data_` file and not by itself. A `users_` file whose `data_` file is not among the arguments is
/// read alone: it gives authors and context, but no rows.
pub fn expand_arguments(arguments: &[PathBuf]) -> Result<Arguments, ReadError> {
    let (mut paths, mut others) = (Vec::new(), Vec::new());
    for argument in arguments {
        let io = |error| ReadError::Io { file: argument.display().to_string(), error };
        if argument.as_os_str() == "-" {
            paths.push(argument.clone());
        } else if fs::metadata(argument).map_err(io)?.is_dir() {
            walk(argument, 0, &mut paths, &mut others)?;
        } else {
            paths.push(argument.clone());
        }
    }
    let sources = paths.iter().map(|path| Source::from_path(path));
    let read_with_its_data = |source: &Source| {
        let data = source.path.as_deref().and_then(|path| sibling(path, "users_", "data_"));
        data.is_some_and(|data| paths.contains(&data))
    };
    let sources = sources.filter(|source| !read_with_its_data(source)).collect();
    Ok(Arguments { sources, left_out: left_out(&others) })
}

/// One note for each kind of files that are not read.
fn left_out(others: &[PathBuf]) -> Vec<Note> {
    let mut notes: Vec<(Option<&str>, &Path, usize)> = Vec::new();
    for path in others {
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        let advice =
            FOREIGN.iter().find(|(foreign, _)| ending.eq_ignore_ascii_case(foreign)).map(|(_, advice)| *advice);
        match notes.iter_mut().find(|(known, ..)| *known == advice) {
            Some((.., count)) => *count += 1,
            None => notes.push((advice, path, 1)),
        }
    }
    let note = |(advice, path, count): (Option<&str>, &Path, usize)| {
        let what = match count {
            1 => "left out".to_owned(),
            count => format!("this file and {} more were left out", count - 1),
        };
        let why = advice.map_or_else(|| "not called like data".to_owned(), |advice| format!("not read; {advice}"));
        Note { file: path.display().to_string(), text: format!("{what}: {why}") }
    };
    notes.into_iter().map(note).collect()
}

fn walk(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>, others: &mut Vec<PathBuf>) -> Result<(), ReadError> {
    let io = |error| ReadError::Io { file: folder.display().to_string(), error };
    let entries = fs::read_dir(folder).map_err(io)?.collect::<Result<Vec<_>, _>>().map_err(io)?;
    let mut entries: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries.into_iter().filter(|path| !is_hidden(path)) {
        // A link to a folder is not followed: it may lead round in a circle.
        if path.is_dir() {
            if depth < MAX_DEPTH && !path.is_symlink() {
                walk(&path, depth + 1, paths, others)?;
            }
        } else if looks_like_data(&path) {
            paths.push(path);
        } else {
            others.push(path);
        }
    }
    Ok(())
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

pub(super) fn looks_like_data(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// `users_1.json` beside `data_1.json` or the other way round, if there is one.
fn sibling(path: &Path, prefix: &str, other: &str) -> Option<PathBuf> {
    let sibling = path.with_file_name(sibling_name(path.file_name()?.to_str()?, prefix, other)?);
    sibling.is_file().then_some(sibling)
}

/// The name that the sibling would have.
pub(super) fn sibling_name(name: &str, prefix: &str, other: &str) -> Option<String> {
    let rest = name.strip_prefix(prefix)?;
    rest.ends_with(".json").then(|| format!("{other}{rest}"))
}
