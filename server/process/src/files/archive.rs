//! Zip archives: every file in them that looks like data is read as if it lay in a folder.

use super::{
    ReadError,
    arguments::{looks_like_data, sibling_name},
    emit::Emitter,
    read_any, read_includes,
};
use std::{
    io::{self, BufRead, BufReader, Read, Seek},
    path::Path,
};
use zip::ZipArchive;

/// Files of tweets in one archive; those that are left out do not count.
const MAX_ENTRIES: usize = 1000;

pub fn is_zip(reader: &mut impl BufRead) -> io::Result<bool> {
    Ok(matches!(reader.fill_buf()?, [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..]))
}

pub fn read(reader: impl Read + Seek, file: &str, emitter: &mut Emitter<'_, '_>) -> Result<(), ReadError> {
    let refuse =
        |what: String, advice: &str| ReadError::NotReadable { file: file.to_owned(), what, advice: advice.to_owned() };
    let mut archive = ZipArchive::new(reader)
        .map_err(|error| refuse(format!("a damaged zip archive ({error})"), "Pack or download it again"))?;
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    if names.iter().any(|name| name == "xl/workbook.xml") {
        return Err(refuse("an Excel workbook".into(), "Save its table as CSV (UTF-8), with the id column as text"));
    }
    let files = names.into_iter().filter(|name| !name.ends_with('/') && !is_hidden(name));
    let (mut names, others): (Vec<_>, Vec<_>) = files.partition(|name| looks_like_data(Path::new(name)));
    others.iter().for_each(|name| emitter.leave_out(&format!("{file}/{name}")));
    if names.len() > MAX_ENTRIES {
        let what = format!("a zip archive of {} files of tweets; at most {MAX_ENTRIES} are read", names.len());
        return Err(refuse(what, "Unpack it and import the folder"));
    }
    names.sort();
    for name in &names {
        if renamed(name, "users_", "data_").is_some_and(|data| names.contains(&data)) {
            continue;
        }
        let users = renamed(name, "data_", "users_").filter(|users| names.contains(users));
        read_entry(&mut archive, file, name, users.as_deref(), emitter)?;
    }
    Ok(())
}

/// Reads one file of an archive. What is wrong with it does not spoil the others.
fn read_entry<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    file: &str,
    name: &str,
    users: Option<&str>,
    emitter: &mut Emitter<'_, '_>,
) -> Result<(), ReadError> {
    let inner = format!("{file}/{name}");
    let includes = match users {
        Some(users) => {
            let entry = archive.by_name(users).map_err(io::Error::from);
            read_includes(entry, &format!("{file}/{users}"), emitter)?
        }
        None => None,
    };
    let reason = match archive.by_name(name) {
        Ok(entry) => match read_any(BufReader::new(entry), &inner, includes.as_deref(), emitter) {
            Err(error @ ReadError::Sink(_)) => return Err(error),
            Err(error) => error.to_string(),
            Ok(()) => return Ok(()),
        },
        Err(error) => format!("it cannot be unpacked: {error}"),
    };
    emitter.reject(&inner, 1, reason, Vec::new())
}

fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX")
}

fn renamed(name: &str, prefix: &str, other: &str) -> Option<String> {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let renamed = sibling_name(file, prefix, other)?;
    Some(if folder.is_empty() { renamed } else { format!("{folder}/{renamed}") })
}
