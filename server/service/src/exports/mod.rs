//! Results as a file: exactly the rows of a filter in their order, all of one state of the index.
//!
//! A small export is sent while it is made; a large one becomes a job, and its file waits for its owner.

mod about;
mod csv;
mod direct;
mod files;
mod ids;
mod jobs;
pub mod jsonl;
mod look;
mod offer;
mod parquet;
mod writer;
mod xlsx;

pub use about::{About, Totals};
pub use csv::is_formula;
pub use direct::Export;
pub use jobs::{clean_up, follow, make_all};
pub use offer::{Estimate, Offer, offer};

use crate::access::Hidden;
use crate::collections::Opened;
use crate::{Error, Service, collections, explore};
use direct::Step;
use files::Places;
use ids::Wanted;
use model::account::CurrentUser;
use model::collection::Collection;
use model::columns;
use model::export::{ExportFormat, ExportQuery, ExportRecord, ExportState};
use model::filter::{Predicate, Scalar, Test};
use model::texts::refusals as say;
use model::{Filter, TweetId};
use ring::rand::{SecureRandom, SystemRandom};
use std::path::PathBuf;
use store::exports::{Begun, MOST_UNFINISHED, NewExport, Request};
use tokio::sync::{Notify, RwLock};
use writer::Writer;

/// Rows that are read and written at a time.
const BLOCK: usize = 1000;
/// Exports of a person that are listed.
const MOST_LISTED: u64 = 100;
/// Tweets that can be chosen by hand.
pub const MOST_CHOSEN: usize = 1000;

/// How exports are made, and what may be exported.
pub(crate) struct Rules {
    /// Tweets that a person may export with their content in a day (UTC).
    pub per_day: u64,
    /// An export of more rows is made in the background.
    pub job_rows: u64,
    /// How long the file of such an export is kept, in microseconds.
    pub keep: i64,
    /// Where the files are.
    pub folder: PathBuf,
    /// Wakes up whoever makes them.
    pub recorded: Notify,
    /// Held while there are files that no record knows of yet.
    pub preparing: RwLock<()>,
}

impl Rules {
    pub fn new(settings: &crate::Settings) -> Self {
        Self {
            per_day: settings.exports_per_day,
            job_rows: settings.export_job_rows,
            keep: i64::from(settings.export_days) * model::time::DAY,
            folder: settings.store.data.join("exports"),
            recorded: Notify::new(),
            preparing: RwLock::new(()),
        }
    }
}

/// An export that was recorded.
pub enum Started {
    /// It is sent while it is made.
    Direct(Box<Export>),
    /// It is made in the background, under this number.
    Job(i64),
}

/// How many tweets the user may still export with their content today (UTC).
pub async fn left_today(service: &Service, user: &CurrentUser) -> Result<u64, Error> {
    let used = store::exports::used(&service.store, user.id, service.now()).await?;
    Ok(service.exports.per_day.saturating_sub(used))
}

/// Counts what is to be exported, checks the day's limit and records the export.
///
/// # Errors
/// `Invalid` where the filter is none, the limit would be exceeded, or the format cannot hold so many rows.
pub async fn begin(service: &Service, user: &CurrentUser, query: ExportQuery) -> Result<Started, Error> {
    let asked = Asked::new(service, user, &query).await?;
    let matching = asked.wanted.count().await?;
    let rows = matching.min(query.first.unwrap_or(u64::MAX));
    check_room(query.format, rows)?;
    look::Look::of(&query)?;
    files::make_folder(&service.exports.folder).map_err(failed)?;
    let request = Request { query, collection: asked.collection.title.clone(), by: user.name.clone() };
    let new = NewExport { user: user.id, collection: asked.collection.id, request, tweets: rows, matching, file: None };
    if rows > service.exports.job_rows {
        return record_job(service, new, asked.wanted).await.map(Started::Job);
    }
    let ids = asked.wanted.collect().await?;
    let id = record(service, new.clone()).await?;
    let about = about_new(&new, service.now());
    let writer = Writer::new(&about, &service.exports.folder, false)?;
    Ok(Started::Direct(Box::new(Export {
        service: service.clone(),
        id,
        user: user.id,
        file_name: file_name(&asked.collection.slug, about.query.format, about.at),
        about,
        ids: ids.into_iter(),
        hidden: asked.hidden,
        rows,
        totals: Totals::default(),
        bytes: 0,
        step: Step::Rows(writer),
    })))
}

/// What is asked for, understood.
pub(crate) struct Asked {
    pub collection: Collection,
    pub hidden: Hidden,
    pub wanted: Wanted,
}

impl Asked {
    pub async fn new(service: &Service, user: &CurrentUser, query: &ExportQuery) -> Result<Self, Error> {
        let opened = collections::open(service, user, &query.collection).await?;
        let filter = explore::resolved(service, &query.filter).await?.filter;
        let filter = opened.members_matching(Filter::and([filter, among(&query.ids)?]));
        let (snapshot, now) = (service.index.snapshot(), service.now());
        let limit = query.first.unwrap_or(u64::MAX);
        let Opened { collection, hidden } = opened;
        Ok(Self { collection, hidden, wanted: Wanted { snapshot, filter, sort: query.sort.clone(), now, limit } })
    }
}

/// The condition that a tweet is one of those that were chosen.
fn among(ids: &[TweetId]) -> Result<Filter, Error> {
    if ids.is_empty() {
        return Ok(Filter::All);
    }
    if ids.len() > MOST_CHOSEN {
        return Err(Error::Invalid(say::too_many_chosen(&ids.len().to_string(), &MOST_CHOSEN.to_string())));
    }
    let column = columns::find("id").ok_or(Error::Internal)?;
    let is = |id: &TweetId| Filter::Test(Test { column, predicate: Predicate::Equals(Scalar::Id(id.0)) });
    Ok(Filter::or(ids.iter().map(is)))
}

fn check_room(format: ExportFormat, rows: u64) -> Result<(), Error> {
    if format != ExportFormat::Xlsx || rows <= xlsx::MAX_ROWS {
        return Ok(());
    }
    let limit = xlsx::MAX_ROWS;
    Err(Error::Invalid(say::sheet_full(&limit.to_string(), &rows.to_string())))
}

/// Fixes which tweets it is about, and records it.
async fn record_job(service: &Service, new: NewExport, wanted: Wanted) -> Result<i64, Error> {
    check_limit(service, &new).await?;
    let name = random_name()?;
    let places = Places::of(service, &name, new.request.query.format);
    let _guard = service.exports.preparing.read().await;
    wanted.save(places.ids.clone()).await?;
    files::sync_folder(&places.ids).map_err(failed)?;
    let recorded = record(service, NewExport { file: Some(name), ..new }).await;
    match &recorded {
        Ok(_) => service.exports.recorded.notify_one(),
        Err(_) => places.delete(),
    }
    recorded
}

/// Before any work: it is checked again when it is recorded.
async fn check_limit(service: &Service, new: &NewExport) -> Result<(), Error> {
    let used = store::exports::used(&service.store, new.user, service.now()).await?;
    let left = service.exports.per_day.saturating_sub(used);
    if new.request.query.format.has_content() && new.tweets > left {
        return Err(Error::Invalid(over_the_limit(new.tweets, left)));
    }
    Ok(())
}

async fn record(service: &Service, new: NewExport) -> Result<i64, Error> {
    let (user, tweets) = (new.user, new.tweets);
    match store::exports::begin(&service.store, new, service.exports.per_day, service.now()).await? {
        Begun::Recorded(id) => Ok(id),
        Begun::OverLimit => {
            let used = store::exports::used(&service.store, user, service.now()).await?;
            Err(Error::Invalid(over_the_limit(tweets, service.exports.per_day.saturating_sub(used))))
        }
        Begun::TooMany => Err(Error::Invalid(say::unfinished(&MOST_UNFINISHED.to_string()))),
    }
}

fn about_new(new: &NewExport, now: model::Timestamp) -> About {
    let query = new.request.query.clone();
    let zone = look::Look::of(&query).map_or_else(|_| look::UTC.to_owned(), |look| look.zone_name().to_owned());
    About {
        collection: new.request.collection.clone(),
        columns: about::shown(&query.columns),
        query,
        zone,
        by: new.request.by.clone(),
        at: now,
        matching: Some(new.matching),
    }
}

fn over_the_limit(rows: u64, left: u64) -> String {
    format!(
        "These are {rows} tweets, and you may export {left} more today (UTC). Narrow the filter, take only the first \
         {left}, or export the ids only: these are not limited."
    )
}

/// The user's latest exports of collections that they may open, newest first.
pub async fn list(service: &Service, user: &CurrentUser) -> Result<Vec<ExportRecord>, Error> {
    let hidden = Hidden::from(service, user).await?;
    let mut records = store::exports::list(&service.store, user.id, MOST_LISTED).await?;
    records.retain(|record| !hidden.has(&record.query.collection));
    Ok(records)
}

/// Those of the user that were made in the background and have ended without their having been told.
pub async fn news(service: &Service, user: &CurrentUser) -> Result<Vec<ExportRecord>, Error> {
    let mut records = store::exports::news(&service.store, user.id).await?;
    if !records.is_empty() {
        let hidden = Hidden::from(service, user).await?;
        records.retain(|record| !hidden.has(&record.query.collection));
    }
    Ok(records)
}

/// Notes that the user was told of one of their exports, or of all.
pub async fn see(service: &Service, user: &CurrentUser, export: Option<i64>) -> Result<(), Error> {
    Ok(store::exports::see(&service.store, user.id, export, service.now()).await?)
}

/// One of the user's own, of a collection that they may open.
pub async fn find(service: &Service, user: &CurrentUser, id: i64) -> Result<ExportRecord, Error> {
    Ok(kept(service, user, id).await?.record)
}

async fn kept(service: &Service, user: &CurrentUser, id: i64) -> Result<store::exports::Kept, Error> {
    let hidden = Hidden::from(service, user).await?;
    let kept = store::exports::find(&service.store, id, user.id).await?;
    let kept = kept.filter(|kept| !hidden.has(&kept.record.query.collection));
    kept.ok_or_else(|| Error::NotFound(say::no_export().into()))
}

/// Stops an export of the user's, or deletes its file.
pub async fn cancel(service: &Service, user: &CurrentUser, id: i64) -> Result<(), Error> {
    let kept = kept(service, user, id).await?;
    if store::exports::cancel(&service.store, id, user.id, service.now()).await?
        && let Some(name) = &kept.file
    {
        Places::of(service, name, kept.record.format).delete();
    }
    Ok(())
}

/// What somebody gets who wants the file of an export.
pub enum Download {
    File {
        path: PathBuf,
        name: String,
        media_type: &'static str,
    },
    /// So many of its tweets were removed since: the file is made anew without them.
    Again(u64),
}

/// The file of an export of the user's. Whether its tweets are still there is looked at now.
///
/// # Errors
/// `NotFound` if there is none, not yet or not any more.
pub async fn download(service: &Service, user: &CurrentUser, id: i64) -> Result<Download, Error> {
    let kept = kept(service, user, id).await?;
    let record = kept.record;
    let is_over = record.expires_at.is_some_and(|at| at <= service.now());
    let Some(name) = kept.file.filter(|_| record.state == ExportState::Ready && !is_over) else {
        return Err(Error::NotFound(say::no_file().into()));
    };
    let places = Places::of(service, &name, record.format);
    let there = still_there(service, &places, record.tweets).await?;
    let gone = record.written.saturating_sub(there);
    if gone > 0 {
        store::exports::again(&service.store, id, gone, service.now()).await?;
        service.exports.recorded.notify_one();
        return Ok(Download::Again(gone));
    }
    store::exports::downloaded(&service.store, id, user.id, service.now()).await?;
    see(service, user, Some(id)).await?;
    let name = file_name(&record.query.collection, record.format, record.at);
    Ok(Download::File { path: places.whole, name, media_type: record.format.media_type() })
}

/// How many of the tweets of an export are still in the store.
async fn still_there(service: &Service, places: &Places, tweets: u64) -> Result<u64, Error> {
    let mut there = 0;
    for from in (0..tweets).step_by(BLOCK) {
        let ids = ids::read(&places.ids, from, BLOCK as u64).map_err(failed)?;
        there += store::tweets::count_of(&service.store, &ids).await?;
    }
    Ok(there)
}

fn file_name(slug: &str, format: ExportFormat, at: model::Timestamp) -> String {
    // A slug may have letters that a header cannot carry.
    let slug: String = slug.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    format!("roost-{slug}-{}.{}", at.format("%Y-%m-%d"), format.extension())
}

/// A name that nobody can guess.
fn random_name() -> Result<String, Error> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| {
        tracing::error!("the system has no random numbers");
        Error::Internal
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writing to memory or to the disk fails only for reasons that are ours.
fn failed(error: impl std::error::Error) -> Error {
    tracing::error!(error = %error, "an export could not be written");
    Error::Internal
}
