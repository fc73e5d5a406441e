//! What an export would be, before it begins: exact numbers, a look at the first rows, and how large and how long.

use super::about::{About, Totals, shown};
use super::look::{Look, UTC};
use super::writer::{End, Writer};
use super::{Asked, left_today};
use crate::error::blocking;
use crate::{Error, Service};
use model::account::CurrentUser;
use model::columns::Column;
use model::export::ExportQuery;
use model::{Row, TweetId};
use search::At;
use std::time::{Duration, Instant};

/// Rows that are shown.
const PREVIEW: usize = 5;
/// Rows from which size and time are measured.
const SAMPLE: u64 = 300;

/// An export that could begin.
pub struct Offer {
    /// Title of the collection.
    pub collection: String,
    /// Tweets that match, and how many of them it would hold.
    pub matching: u64,
    pub rows: u64,
    /// Tweets that the user may still export with their content today (UTC).
    pub left_today: u64,
    /// Whether it would exceed that.
    pub is_over: bool,
    /// Whether it would be made in the background.
    pub in_background: bool,
    pub estimate: Estimate,
    /// The heads, and the first rows as the file would show them.
    pub heads: Vec<String>,
    pub preview: Vec<Vec<String>>,
}

/// Measured at the first rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    pub bytes: u64,
    pub time: Duration,
}

/// What the export would be.
///
/// # Errors
/// As [`super::begin`], but for the limit: the offer tells it.
pub async fn offer(service: &Service, user: &CurrentUser, query: &ExportQuery) -> Result<Offer, Error> {
    let asked = Asked::new(service, user, query).await?;
    let look = Look::of(query)?;
    let matching = asked.wanted.count().await?;
    let rows = matching.min(query.first.unwrap_or(u64::MAX));
    super::check_room(query.format, rows)?;
    let began = Instant::now();
    let sample = sample(service, &asked, rows.min(SAMPLE)).await?;
    let reading = began.elapsed();
    let about = About {
        collection: asked.collection.title.clone(),
        query: query.clone(),
        columns: shown(&query.columns),
        zone: UTC.to_owned(),
        by: user.name.clone(),
        at: service.now(),
        matching: Some(matching),
    };
    super::files::make_folder(&service.exports.folder).map_err(super::failed)?;
    let (folder, measured) = (service.exports.folder.clone(), about.clone());
    let (sample, estimate) = blocking(move || {
        let estimate = measure(&measured, &folder, &sample, rows, reading);
        (sample, estimate)
    })
    .await?;
    let left_today = left_today(service, user).await?;
    Ok(Offer {
        collection: about.collection,
        matching,
        rows,
        left_today,
        is_over: query.format.has_content() && rows > left_today,
        in_background: rows > service.exports.job_rows,
        estimate: estimate?,
        heads: about.columns.iter().map(|column| look.head(column, column.title())).collect(),
        preview: sample.iter().take(PREVIEW).map(|row| cells(row, &about.columns, &look)).collect(),
    })
}

fn cells(row: &Row, columns: &[&'static Column], look: &Look) -> Vec<String> {
    columns.iter().map(|column| look.text(row, column)).collect()
}

async fn sample(service: &Service, asked: &Asked, rows: u64) -> Result<Vec<Row>, Error> {
    let wanted = asked.wanted.clone();
    let ids: Vec<TweetId> = blocking(move || {
        wanted.snapshot.ids(&wanted.filter, &wanted.sort, &At::First, rows as usize, wanted.now).map(|page| page.ids)
    })
    .await??;
    Ok(asked.hidden.rows(store::tweets::by_ids(&service.store, &ids).await?))
}

/// Writes the sample as a file and an empty file beside it: what one row more costs, times the rows.
fn measure(
    about: &About,
    folder: &std::path::Path,
    sample: &[Row],
    rows: u64,
    reading: Duration,
) -> Result<Estimate, Error> {
    let empty = size(about, folder, &[])?;
    let began = Instant::now();
    let size = size(about, folder, sample)?;
    let time = reading + began.elapsed();
    let share = if sample.is_empty() { 0.0 } else { rows as f64 / sample.len() as f64 };
    let bytes = empty + (size.saturating_sub(empty) as f64 * share).round() as u64;
    Ok(Estimate { bytes, time: time.mul_f64(share) })
}

fn size(about: &About, folder: &std::path::Path, rows: &[Row]) -> Result<u64, Error> {
    let mut writer = Writer::new(about, folder, false)?;
    let begun = writer.write(rows)?.len() as u64;
    let end = match writer.finish(Totals { written: rows.len() as u64, removed: 0 })? {
        End::Bytes(bytes) => bytes.len() as u64,
        End::File(file) => file.metadata().map_err(super::failed)?.len(),
    };
    Ok(begun + end)
}
