//! The index and the log: whether they can be read, and whether they keep up.

use super::{BETWEEN_LOOKS, Check};
use crate::error::blocking;
use crate::{Settings, backup};
use eventlog::Inspection;
use search::Index;
use std::path::Path;
use store::Store;

const ANEW: &str = "stop Roost and run `roost reindex`: it makes the index anew from the database";

pub async fn examine(settings: &Settings, store: Option<&Store>, checks: &mut Vec<Check>) {
    let file = backup::log_file(&settings.store.data);
    let index = open_index(&settings.index_folder(), checks).await;
    let has_log = file.exists() && log_opens(&file, checks).await;
    let look = async || Look {
        index: match (&index, store) {
            (Some(index), Some(store)) => index_at(index, store).await,
            _ => None,
        },
        log: if has_log { log_at(&file).await } else { None },
    };
    let first = look().await;
    let second = if first.is_behind() {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        look().await
    } else {
        first
    };
    if let Some(index) = index {
        let what = format!("{} tweets, whole, up to change {}", index.len(), index.position());
        checks.push(keeping_up("index", what, "changes", first.index.zip(second.index)));
    }
    if has_log {
        checks.push(keeping_up("log", "whole".to_owned(), "records", first.log.zip(second.log)));
    }
}

/// None where that cannot be told.
#[derive(Clone, Copy)]
struct Look {
    index: Option<At>,
    log: Option<At>,
}

/// How far something has come, and how much there is yet to do.
#[derive(Clone, Copy)]
struct At {
    done: u64,
    behind: u64,
}

impl Look {
    fn is_behind(self) -> bool {
        self.index.into_iter().chain(self.log).any(|at| at.behind > 0)
    }
}

async fn index_at(index: &Index, store: &Store) -> Option<At> {
    let last = store::tweets::last_change(store).await.ok()?;
    let index = index.clone();
    let position = blocking(move || index.refresh().map(|()| index.position())).await.ok()?.ok()?;
    Some(At { done: position, behind: last.abs_diff(position) })
}

/// Of the log's groups, the slowest.
async fn log_at(file: &Path) -> Option<At> {
    let mut log = Inspection::open(file).await.ok()?;
    let progress = log.progress().await;
    log.close().await.ok()?;
    let slowest = progress.ok()?.into_iter().max_by_key(|progress| progress.waiting);
    Some(slowest.map_or(At { done: 0, behind: 0 }, |slowest| At { done: slowest.next, behind: slowest.waiting }))
}

/// `looks` are the first and the second.
fn keeping_up(name: &'static str, what: String, unit: &str, looks: Option<(At, At)>) -> Check {
    match looks {
        None => Check::ok(name, format!("{what}; whether it keeps up cannot be told")),
        Some((_, At { behind: 0, .. })) => Check::ok(name, what),
        Some((first, second)) if second.done != first.done => {
            Check::ok(name, format!("{what}; {} {unit} behind and catching up", second.behind))
        }
        Some((_, second)) => Check::warning(
            name,
            format!("{what}; {} {unit} behind, and nobody catches up", second.behind),
            "what was stored last is not found by anyone",
            "start `roost serve`; if it runs, see its messages",
        ),
    }
}

async fn open_index(folder: &Path, checks: &mut Vec<Check>) -> Option<Index> {
    const NAME: &str = "index";
    let why = "nothing can be searched until it is made anew; no tweet is lost, for it is derived";
    let place = folder.to_owned();
    let is_current = blocking(move || search::is_current(&place)).await.ok()?;
    match is_current {
        Ok(true) => {}
        Ok(false) => {
            let what = format!("{} holds none of this version", folder.display());
            checks.push(Check::warning(NAME, what, why, "start `roost serve`, or run `roost reindex`: both make it"));
            return None;
        }
        Err(error) => {
            checks.push(Check::failed(NAME, format!("{} cannot be read: {error}", folder.display()), why, ANEW));
            return None;
        }
    }
    let place = folder.to_owned();
    let looked = blocking(move || {
        let index = Index::look(&place, search::Settings::default())?;
        // While it is looked at, a merge may take files away: then those that are left are looked at.
        let damaged = index.damaged_files().or_else(|_| index.damaged_files())?;
        Ok::<_, search::SearchError>((index, damaged))
    });
    match looked.await.ok()? {
        Ok((index, damaged)) if damaged.is_empty() => Some(index),
        Ok((_, damaged)) => {
            let what = format!("{} of its files are damaged, {} among them", damaged.len(), damaged[0].display());
            checks.push(Check::failed(NAME, what, "what is found and counted may be wrong", ANEW));
            None
        }
        Err(error) => {
            checks.push(Check::failed(NAME, error.to_string(), why, ANEW));
            None
        }
    }
}

/// Whether the log can be read; if not, that is told.
async fn log_opens(file: &Path, checks: &mut Vec<Check>) -> bool {
    let what = match damage(file).await {
        Ok(None) => return true,
        Ok(Some(problem)) => format!("damaged: {problem}"),
        Err(error) => format!("{} does not open: {error}", file.display()),
    };
    checks.push(Check::failed(
        "log",
        what,
        "pages in it that are not stored yet may be lost, and nothing new is taken",
        "see who may read it; if it is damaged, stop Roost and `roost restore` the latest backup",
    ));
    false
}

/// What is wrong with the file, if anything is.
async fn damage(file: &Path) -> eventlog::Result<Option<String>> {
    let mut log = Inspection::open(file).await?;
    let problem = log.damage().await.into_iter().next();
    // The tables are there, too.
    let tables = log.progress().await;
    log.close().await?;
    tables?;
    Ok(problem)
}
