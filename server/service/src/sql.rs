//! Questions in SQL over the lake, for analysts: how much of it each may see, what a question may take, and what is
//! recorded of it.

mod file;

pub use file::File;

use crate::access::Hidden;
use crate::{Error, Service};
use model::Timestamp;
use model::account::{CurrentUser, Role};
use model::export::{ExportFormat, ExportQuery};
use model::sql::{Answer, SqlError};
use model::texts::refusals as say;
use serde_json::json;
use std::time::{Duration, Instant};
use store::audit::NewEntry;
use store::exports::{Begun, NewExport, Progress, Request};

/// Rows that are shown.
pub const SHOWN: usize = 1_000;
/// Rows that a file may have, and up to which they are counted.
pub const MOST_ROWS: u64 = 50_000;
/// What a question may take: it shares the machine with whoever explores, and the server answers nobody after 30 s.
pub const SECONDS: u64 = 20;
pub const MEGABYTES: usize = 128;
/// The formats of files.
pub const FORMATS: [ExportFormat; 3] = [ExportFormat::Csv, ExportFormat::CsvExact, ExportFormat::Jsonl];

/// How far the lake is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is to be none.
    Off,
    /// Nothing is in it yet.
    Empty,
    /// When it was written last, and how many changes of tweets are not in it yet.
    Written { at: Timestamp, behind: u64 },
}

/// What became of a question.
#[derive(Clone, Debug)]
pub struct Asked {
    pub answer: Result<Answer, SqlError>,
    pub took: Duration,
}

/// Whether that person may ask.
pub fn may_ask(user: &CurrentUser) -> bool {
    user.role >= Role::Analyst
}

/// How far the lake is.
#[cfg(feature = "lake")]
pub async fn standing(service: &Service) -> Result<Standing, Error> {
    crate::lake::standing(service).await
}

/// How far the lake is.
#[cfg(not(feature = "lake"))]
pub async fn standing(_: &Service) -> Result<Standing, Error> {
    Ok(Standing::Off)
}

/// Asks the lake as it was at its last commit, without what is hidden from that person. It is audited before it is asked.
///
/// # Errors
/// `NotFound` if they may not ask.
pub async fn ask(service: &Service, user: &CurrentUser, question: &str) -> Result<Asked, Error> {
    asked(service, user, question, SHOWN, None).await
}

/// The answer as a file. It counts as an export of as many tweets as it has rows.
///
/// # Errors
/// `NotFound` if they may not ask, `Invalid` if there are more rows than a file or the day's limit lets through.
pub async fn export(
    service: &Service,
    user: &CurrentUser,
    question: &str,
    format: ExportFormat,
) -> Result<Result<File, SqlError>, Error> {
    let answer = match asked(service, user, question, MOST_ROWS as usize, Some(format)).await?.answer {
        Ok(answer) => answer,
        Err(error) => return Ok(Err(error)),
    };
    if answer.more {
        return Err(Error::Invalid(say::sql_rows(&MOST_ROWS.to_string())));
    }
    let query = ExportQuery { filter: question.to_owned(), format, ..ExportQuery::default() };
    let request = Request { query, collection: "SQL".to_owned(), by: user.name.clone() };
    // It is of no one collection.
    let collection = model::CollectionId(0);
    let rows = answer.total;
    let new = NewExport { user: user.id, collection, request, tweets: rows, matching: rows, file: None };
    let (limit, now) = (service.exports.per_day, service.now());
    let Begun::Recorded(id) = store::exports::begin(&service.store, new, limit, now).await? else {
        let left = crate::exports::left_today(service, user).await?;
        return Err(Error::Invalid(say::sql_limit(&rows.to_string(), &left.to_string())));
    };
    let file = crate::error::blocking(move || File::new(&answer, format, now)).await??;
    let progress = Progress { written: rows, removed: 0, bytes: file.bytes.len() as u64 };
    store::exports::sent(&service.store, id, user.id, progress, service.now()).await?;
    Ok(Ok(file))
}

async fn asked(
    service: &Service,
    user: &CurrentUser,
    question: &str,
    rows: usize,
    format: Option<ExportFormat>,
) -> Result<Asked, Error> {
    if !may_ask(user) {
        return Err(Error::NotFound(say::only_analysts().to_owned()));
    }
    let hidden = Hidden::from(service, user).await?;
    let entry = NewEntry {
        user: Some(user.id),
        action: "sql.asked",
        subject: "lake".to_owned(),
        details: json!({ "by": user.name, "question": question, "file": format.map(ExportFormat::name) }),
    };
    store::audit::record(&service.store, entry, service.now()).await?;
    let began = Instant::now();
    let answer = answer(service, hidden, question, rows).await?;
    Ok(Asked { answer, took: began.elapsed() })
}

#[cfg(feature = "lake")]
async fn answer(
    service: &Service,
    hidden: Hidden,
    question: &str,
    rows: usize,
) -> Result<Result<Answer, SqlError>, Error> {
    let Hidden(store::access::Hidden { closed, .. }) = hidden;
    let hidden = lake::Hidden { collections: closed.collections, queries: closed.schedules };
    let limits = lake::Limits { rows, counted: MOST_ROWS, seconds: SECONDS, memory: MEGABYTES << 20 };
    crate::lake::ask(service, &hidden, question, limits).await
}

#[cfg(not(feature = "lake"))]
async fn answer(_: &Service, _: Hidden, _: &str, _: usize) -> Result<Result<Answer, SqlError>, Error> {
    Ok(Err(SqlError::NoLake))
}
