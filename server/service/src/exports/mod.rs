//! Results as a file: exactly the rows of a filter in their order, all of one state of the index.

mod about;
mod cells;
mod csv;
pub mod jsonl;
mod parquet;
mod xlsx;

use crate::error::blocking;
use crate::{Error, Service, collections, explore};
use about::About;
use model::account::CurrentUser;
use model::columns::{self, Column, DEFAULT_COLUMNS};
use model::explore::Sort;
use model::export::{ExportFormat, ExportQuery};
use model::{Filter, Row, Timestamp};
use search::{At, Snapshot};
use store::exports::NewExport;

/// Rows that are read and written at a time.
const BLOCK: usize = 1000;

/// How many tweets the user may still export with their content today (UTC).
pub async fn left_today(service: &Service, user: &CurrentUser) -> Result<u64, Error> {
    let used = store::exports::used(&service.store, user.id, service.now()).await?;
    Ok(service.exports_per_day.saturating_sub(used))
}

/// An export that has begun. It was recorded, and its number of rows will not change any more.
pub struct Export {
    service: Service,
    snapshot: Snapshot,
    filter: Filter,
    sort: Vec<Sort>,
    now: Timestamp,
    about: About,
    /// Where the rows go on, and how many are still to come.
    at: At,
    left: u64,
    writer: Option<Writer>,
}

enum Writer {
    Csv(csv::Writer),
    Xlsx(Box<xlsx::Writer>),
    Jsonl(jsonl::Writer),
    Parquet(Box<parquet::Writer>),
    Ids,
}

/// Counts what is to be exported, checks the day's limit and records the export.
///
/// # Errors
/// `Invalid` where the filter is none, the limit would be exceeded, or the format cannot hold so many rows.
pub async fn begin(service: &Service, user: &CurrentUser, query: ExportQuery) -> Result<Export, Error> {
    let collection = collections::find(service, &query.collection).await?;
    let filter = explore::resolved(service, &query.filter).await?.filter;
    let filter = Filter::and([collections::members(&collection), filter]);
    let (snapshot, now) = (service.index.snapshot(), service.now());
    let (counting, counted) = (snapshot.clone(), filter.clone());
    let matching = blocking(move || counting.count(&counted, now)).await??;
    let rows = matching.min(query.first.unwrap_or(u64::MAX));
    if query.format == ExportFormat::Xlsx && rows > xlsx::MAX_ROWS {
        let limit = xlsx::MAX_ROWS;
        return Err(Error::Invalid(format!("A sheet holds {limit} rows and these are {rows}. Choose CSV instead.")));
    }
    let about = About {
        collection: collection.title.clone(),
        slug: collection.slug.clone(),
        filter: query.filter.clone(),
        sort: query.sort.clone(),
        columns: shown(&query.columns),
        by: user.name.clone(),
        at: now,
        rows,
        matching,
        format: query.format,
    };
    let writer = Writer::new(&about)?;
    let new = NewExport {
        user: user.id,
        collection: collection.id,
        filter: query.filter,
        format: query.format,
        tweets: rows,
    };
    if !store::exports::begin(&service.store, new, service.exports_per_day, now).await? {
        return Err(Error::Invalid(over_the_limit(rows, left_today(service, user).await?)));
    }
    let service = service.clone();
    Ok(Export {
        service,
        snapshot,
        filter,
        sort: query.sort,
        now,
        about,
        at: At::First,
        left: rows,
        writer: Some(writer),
    })
}

fn shown(names: &[&'static str]) -> Vec<&'static Column> {
    let names = if names.is_empty() { &DEFAULT_COLUMNS } else { names };
    names.iter().filter_map(|name| columns::find(name)).collect()
}

fn over_the_limit(rows: u64, left: u64) -> String {
    format!(
        "These are {rows} tweets, and you may export {left} more today (UTC). Narrow the filter, take only the first \
         {left}, or export the ids only: these are not limited."
    )
}

impl Export {
    /// For the download: `roost-moon-2026-11-23.csv`.
    pub fn file_name(&self) -> String {
        let About { slug, at, format, .. } = &self.about;
        // A slug may have letters that a header cannot carry.
        let slug: String = slug.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        format!("roost-{slug}-{}.{}", at.format("%Y-%m-%d"), format.extension())
    }

    pub fn media_type(&self) -> &'static str {
        self.about.format.media_type()
    }

    /// How many tweets it holds.
    pub fn rows(&self) -> u64 {
        self.about.rows
    }

    /// The next piece of the file; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let Some(mut writer) = self.writer.take() else { return Ok(None) };
        let limit = self.left.min(BLOCK as u64) as usize;
        if limit == 0 {
            return blocking(move || writer.finish()).await?.map(Some);
        }
        let (snapshot, filter, sort) = (self.snapshot.clone(), self.filter.clone(), self.sort.clone());
        let (at, now) = (std::mem::take(&mut self.at), self.now);
        let page = blocking(move || snapshot.ids(&filter, &sort, &at, limit, now)).await??;
        self.left = if page.next.is_some() { self.left - page.ids.len() as u64 } else { 0 };
        self.at = page.next.map_or(At::First, At::After);
        // A tweet that was removed since is left out: it must not be passed on.
        let rows = store::tweets::by_ids(&self.service.store, &page.ids).await?;
        let (writer, written) = blocking(move || {
            let written = writer.write(&rows);
            (writer, written)
        })
        .await?;
        self.writer = Some(writer);
        written.map(Some)
    }
}

impl Writer {
    fn new(about: &About) -> Result<Self, Error> {
        let columns = about.columns.clone();
        Ok(match about.format {
            ExportFormat::Csv => Writer::Csv(csv::Writer::new(columns, true)),
            ExportFormat::CsvExact => Writer::Csv(csv::Writer::new(columns, false)),
            ExportFormat::Xlsx => Writer::Xlsx(Box::new(xlsx::Writer::new(about)?)),
            ExportFormat::Jsonl => Writer::Jsonl(jsonl::Writer::new(columns)),
            ExportFormat::Parquet => Writer::Parquet(Box::new(parquet::Writer::new(about)?)),
            ExportFormat::Ids => Writer::Ids,
        })
    }

    fn write(&mut self, rows: &[Row]) -> Result<Vec<u8>, Error> {
        match self {
            Writer::Csv(writer) => writer.write(rows),
            Writer::Xlsx(writer) => writer.write(rows).map(|()| Vec::new()),
            Writer::Jsonl(writer) => writer.write(rows),
            Writer::Parquet(writer) => writer.write(rows),
            Writer::Ids => Ok(rows.iter().flat_map(|row| format!("{}\n", row.tweet.id.0).into_bytes()).collect()),
        }
    }

    /// What comes after the last row.
    fn finish(self) -> Result<Vec<u8>, Error> {
        match self {
            Writer::Csv(mut writer) => writer.write(&[]),
            Writer::Xlsx(writer) => writer.finish(),
            Writer::Parquet(writer) => writer.finish(),
            Writer::Jsonl(_) | Writer::Ids => Ok(Vec::new()),
        }
    }
}

/// Writing to memory fails only for reasons that are ours.
fn failed(error: impl std::error::Error) -> Error {
    tracing::error!(error = %error, "an export could not be written");
    Error::Internal
}
