//! Zip archives: every file in them that looks like data is read as if it lay in a folder.

use super::{
    MAX_RECORD_BYTES, ReadError,
    arguments::{looks_like_data, sibling_name},
    emit::Emitter,
    read_any,
};
use std::{
    io::{self, BufRead, BufReader, Read, Seek},
    path::Path,
};
use zip::ZipArchive;

const MAX_ENTRIES: usize = 1000;

pub fn is_zip(reader: &mut impl BufRead) -> io::Result<bool> {
    Ok(matches!(reader.fill_buf()?, [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..]))
}

pub fn read(reader: impl Read + Seek, file: &str, emitter: &mut Emitter<'_, '_>) -> Result<(), ReadError> {
    let refuse =
        |what: String, advice: &str| ReadError::NotReadable { file: file.to_owned(), what, advice: advice.to_owned() };
    let mut archive = ZipArchive::new(reader)
        .map_err(|error| refuse(format!("a damaged zip archive ({error})"), "Pack or download it again"))?;
    if archive.len() > MAX_ENTRIES {
        let what = format!("a zip archive of {} files; at most {MAX_ENTRIES} are read", archive.len());
        return Err(refuse(what, "Unpack it and import the folder"));
    }
    let mut names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    names.sort();
    if names.iter().any(|name| name == "xl/workbook.xml") {
        return Err(refuse("an Excel workbook".into(), "Save its table as CSV (UTF-8), with the id column as text"));
    }
    for name in names.iter().filter(|name| is_data(name)) {
        if renamed(name, "users_", "data_").is_some_and(|data| names.contains(&data)) {
            continue;
        }
        let inner = format!("{file}/{name}");
        let includes = match renamed(name, "data_", "users_").filter(|users| names.contains(users)) {
            Some(users) => read_text(&mut archive, &users),
            None => None,
        };
        match archive.by_name(name) {
            Ok(entry) => match read_any(BufReader::new(entry), &inner, includes.as_deref(), emitter) {
                // One foreign file does not spoil the archive.
                Err(error @ (ReadError::NotReadable { .. } | ReadError::Columns { .. })) => {
                    emitter.reject(&inner, 1, error.to_string(), Vec::new())?;
                }
                done => done?,
            },
            Err(error) => emitter.reject(&inner, 1, format!("it cannot be unpacked: {error}"), Vec::new())?,
        }
    }
    Ok(())
}

fn is_data(name: &str) -> bool {
    let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
    !hidden && !name.ends_with('/') && looks_like_data(Path::new(name))
}

fn renamed(name: &str, prefix: &str, other: &str) -> Option<String> {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let renamed = sibling_name(file, prefix, other)?;
    Some(if folder.is_empty() { renamed } else { format!("{folder}/{renamed}") })
}

fn read_text<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &str) -> Option<String> {
    let mut text = String::new();
    let entry = archive.by_name(name).ok()?;
    entry.take(MAX_RECORD_BYTES as u64).read_to_string(&mut text).ok()?;
    Some(text)
}
