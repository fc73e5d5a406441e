//! Looks at everything that an operator would look at, and changes nothing.
//!
//! What it finds is in English, for the command line.

mod database;
mod derived;
mod folder;
#[cfg(feature = "lake")]
mod lake;
mod work;

use crate::{Clock, Settings, disk};
use serde::Serialize;
use std::path::Path;
use std::time::Duration;
use store::inspect::Inspection;

/// So long after the first look it looks again, to tell what is behind from what is catching up.
const BETWEEN_LOOKS: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Ok,
    /// It works, but not for ever or not for everybody.
    Warning,
    Failed,
}

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// A noun: `key`, `index` …
    pub name: &'static str,
    pub status: Status,
    pub what: String,
    /// What it leads to, if it is not as it should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What to do about it.
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Check {
    pub fn ok(name: &'static str, what: impl Into<String>) -> Self {
        Self { name, status: Status::Ok, what: what.into(), why: None, remedy: None }
    }

    pub fn warning(name: &'static str, what: impl Into<String>, why: &str, remedy: &str) -> Self {
        let (why, remedy) = (Some(why.to_owned()), Some(remedy.to_owned()));
        Self { name, status: Status::Warning, what: what.into(), why, remedy }
    }

    pub fn failed(name: &'static str, what: impl Into<String>, why: &str, remedy: &str) -> Self {
        Self { status: Status::Failed, ..Self::warning(name, what, why, remedy) }
    }
}

/// Bytes on the disk, by what they are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DiskUse {
    /// Of SQLite, with its write-ahead log. PostgreSQL has its own disk.
    pub database: u64,
    pub index: u64,
    pub log: u64,
    pub lake: u64,
    pub exports: u64,
    pub rejects: u64,
}

impl DiskUse {
    fn of(data: &Path) -> Self {
        let with_its_journal = |name: &str| -> u64 {
            ["", "-wal", "-shm"].iter().map(|suffix| disk::taken(&data.join(format!("{name}{suffix}")))).sum()
        };
        Self {
            database: with_its_journal("roost.db"),
            index: disk::taken(&data.join("index")),
            log: with_its_journal("log.db"),
            lake: disk::taken(&data.join("lake")),
            exports: disk::taken(&data.join("exports")),
            rejects: disk::taken(&data.join("rejects")),
        }
    }

    fn total(self) -> u64 {
        self.database + self.index + self.log + self.lake + self.exports + self.rejects
    }

    /// The parts with their names.
    pub fn parts(self) -> [(&'static str, u64); 6] {
        [
            ("database", self.database),
            ("index", self.index),
            ("log", self.log),
            ("lake", self.lake),
            ("exports", self.exports),
            ("rejects", self.rejects),
        ]
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    pub checks: Vec<Check>,
    pub disk: DiskUse,
}

impl Report {
    /// Whether nothing has failed; there may be warnings.
    pub fn is_healthy(&self) -> bool {
        self.checks.iter().all(|check| check.status != Status::Failed)
    }
}

/// Looks at the data of these settings. It reads the database and the index from end to end, while others work on them.
pub async fn examine(settings: &Settings, clock: &dyn Clock) -> Report {
    let data = &settings.store.data;
    let mut report = Report { checks: vec![folder::rights(data)], disk: DiskUse::of(data) };
    if !data.is_dir() {
        return report;
    }
    let checks = &mut report.checks;
    checks.push(folder::room(data, report.disk.total()));
    checks.extend(crate::alerts::Outlets::new(&settings.outlets, settings.simulators).err().map(|error| {
        Check::failed(
            "outlets",
            error.to_string(),
            "Roost does not start so",
            "correct the settings of mails and webhooks",
        )
    }));
    let database = Inspection::open(&settings.store).await;
    let store = match &database {
        Ok(database) => database::examine(database, data, checks).await,
        Err(error) => {
            checks.push(database::unopened(&settings.store, error));
            None
        }
    };
    derived::examine(settings, store.as_ref(), checks).await;
    #[cfg(feature = "lake")]
    lake::examine(settings, store.as_ref(), clock.now(), checks).await;
    match &store {
        Some(store) => work::examine(store, clock.now(), checks).await,
        None => checks.push(Check::warning(
            "schedules",
            "not looked at",
            "database, schema or key are not as they must be for that",
            "do what is said of those, and look again",
        )),
    }
    report
}
