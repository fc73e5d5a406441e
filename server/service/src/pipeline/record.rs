//! What a record of the log holds: a page of X as it came, tweets that must go, or what people put on tweets. It is
//! compressed and sealed, for pages and notes name people.

use super::header;
use crate::error::blocking;
use crate::{Error, Service};
use eventlog::Record;
use model::annotation::Annotation;
use model::observed::Removal;
use model::{CollectionId, Timestamp};
use serde::Serialize;
use store::vault::{Place, Purpose};

/// zstd's fastest level that has one: pages are repetitive, and shrink to a sixth.
const LEVEL: i32 = 1;
/// The longest page, in bytes.
const MOST_BYTES: usize = 64 << 20;

/// What a record asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Page(Page),
    Remove(Vec<Removal>),
    Annotate(Vec<Annotation>),
}

/// A page of X.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub collection: CollectionId,
    pub schedule: i64,
    pub run: i64,
    pub observed_at: Timestamp,
    /// The body of X's answer.
    pub body: Vec<u8>,
}

/// Why a record cannot be read. It holds nothing of the content.
pub(super) type Unreadable = String;

const PAGE: &str = "page";
const REMOVAL: &str = "removal";
const ANNOTATION: &str = "annotation";

pub(super) async fn seal_page(service: &Service, page: Page) -> Result<Record, Error> {
    let Page { collection, schedule, run, observed_at, body } = page;
    let headers = vec![
        ("kind", PAGE.to_owned()),
        ("collection", collection.0.to_string()),
        ("schedule", schedule.to_string()),
        ("run", run.to_string()),
        ("observed", observed_at.0.to_string()),
    ];
    seal(service, format!("schedule:{schedule}"), headers, body).await
}

pub(super) async fn seal_removals(service: &Service, removals: &[Removal]) -> Result<Record, Error> {
    seal_json(service, REMOVAL, removals).await
}

pub(super) async fn seal_annotations(service: &Service, annotations: &[Annotation]) -> Result<Record, Error> {
    seal_json(service, ANNOTATION, annotations).await
}

async fn seal_json(service: &Service, kind: &'static str, content: &[impl Serialize]) -> Result<Record, Error> {
    let body = serde_json::to_vec(content).map_err(|error| {
        tracing::error!(kind, error = %error, "a record could not be written down");
        Error::Internal
    })?;
    seal(service, kind.to_owned(), vec![("kind", kind.to_owned())], body).await
}

async fn seal(service: &Service, key: String, headers: Vec<(&str, String)>, body: Vec<u8>) -> Result<Record, Error> {
    let bytes = ("bytes", body.len().to_string());
    let headers = headers.into_iter().chain([bytes]);
    let headers: Vec<(String, String)> = headers.map(|(name, value)| (name.to_owned(), value)).collect();
    let sealing = service.store.vault().sealing_key(Purpose::Log, service.now()).await?;
    let store = service.store.clone();
    let row = bound(&headers);
    let payload = blocking(move || {
        let compressed = zstd::bulk::compress(&body, LEVEL).map_err(|error| {
            tracing::error!(error = %error, "a record could not be compressed");
            Error::Internal
        })?;
        Ok::<_, Error>(store.vault().seal(&sealing, place(&row), &compressed)?)
    })
    .await??;
    Ok(Record { key: key.into_bytes(), time: service.now().0, headers, payload })
}

/// Bytes of a record's body when it is open.
pub(super) fn size(record: &Record) -> usize {
    header(record, "bytes").and_then(|bytes| bytes.parse().ok()).unwrap_or(record.payload.len())
}

/// What a record asks for, or why it can never be read, with what its headers say of it.
///
/// # Errors
/// Trouble of the machine, which passes.
pub(super) async fn open(service: &Service, record: &Record) -> Result<Result<Work, (Page, Unreadable)>, Error> {
    let opened = service.store.vault().unseal(place(&bound(&record.headers)), &record.payload).await;
    let body = match opened {
        Err(error) if error.is_passing() => return Err(error.into()),
        Err(error) => Err(format!("a record of the log cannot be opened: {error}")),
        Ok(compressed) => zstd::bulk::decompress(&compressed, size(record).min(MOST_BYTES))
            .map_err(|error| format!("a record of the log cannot be decompressed: {error}")),
    };
    let work = body.and_then(|body| match header(record, "kind") {
        Some(PAGE) => Ok(Work::Page(Page { body, ..about(record) })),
        Some(REMOVAL) => serde_json::from_slice(&body).map(Work::Remove).map_err(|error| error.to_string()),
        Some(ANNOTATION) => serde_json::from_slice(&body).map(Work::Annotate).map_err(|error| error.to_string()),
        _ => Err("the log has a record of a kind that this version of Roost does not know".to_owned()),
    });
    Ok(work.map_err(|reason| (about(record), reason)))
}

/// What the headers say of a page, but for its body.
fn about(record: &Record) -> Page {
    let number = |name: &str| header(record, name).and_then(|value| value.parse().ok()).unwrap_or(0);
    Page {
        collection: CollectionId(number("collection")),
        schedule: number("schedule"),
        run: number("run"),
        observed_at: Timestamp(number("observed")),
        body: Vec::new(),
    }
}

/// The headers, to which the seal binds the body: so no page can be passed for that of another schedule.
fn bound(headers: &[(String, String)]) -> Vec<u8> {
    headers.iter().map(|(name, value)| format!("{name}={value}\n")).collect::<String>().into_bytes()
}

fn place(row: &[u8]) -> Place<'_> {
    Place { table: "log", row, column: "payload" }
}
