//! What a record of the log holds: a page of X as it came, compressed and sealed, for it names people.

use super::header;
use crate::error::blocking;
use crate::{Error, Service};
use eventlog::Record;
use model::{CollectionId, Timestamp};
use store::vault::{Place, Purpose};

/// zstd's fastest level that has one: pages are repetitive, and shrink to a sixth.
const LEVEL: i32 = 1;
/// The longest page, in bytes.
const MOST_BYTES: usize = 64 << 20;

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

pub(super) async fn seal(service: &Service, page: Page) -> Result<Record, Error> {
    let Page { collection, schedule, run, observed_at, body } = page;
    let headers = [
        ("kind", "page".to_owned()),
        ("collection", collection.0.to_string()),
        ("schedule", schedule.to_string()),
        ("run", run.to_string()),
        ("observed", observed_at.0.to_string()),
        ("bytes", body.len().to_string()),
    ];
    let headers: Vec<(String, String)> = headers.map(|(name, value)| (name.to_owned(), value)).into();
    let key = service.store.vault().sealing_key(Purpose::Log, service.now()).await?;
    let store = service.store.clone();
    let row = bound(&headers);
    let payload = blocking(move || {
        let compressed = zstd::bulk::compress(&body, LEVEL).map_err(|error| {
            tracing::error!(error = %error, "a page could not be compressed");
            Error::Internal
        })?;
        Ok::<_, Error>(store.vault().seal(&key, place(&row), &compressed)?)
    })
    .await??;
    let key = format!("schedule:{schedule}").into_bytes();
    Ok(Record { key, time: service.now().0, headers, payload })
}

/// Bytes that a record's page has when it is open.
pub(super) fn size(record: &Record) -> usize {
    header(record, "bytes").and_then(|bytes| bytes.parse().ok()).unwrap_or(record.payload.len())
}

/// The page of a record, or why the record can never be read.
///
/// # Errors
/// Trouble of the machine, which passes.
pub(super) async fn open(service: &Service, record: &Record) -> Result<(Page, Option<Unreadable>), Error> {
    let mut page = about(record);
    if header(record, "kind") != Some("page") {
        return Ok((page, Some("the log has a record of a kind that this version of Roost does not know".to_owned())));
    }
    let opened = service.store.vault().unseal(place(&bound(&record.headers)), &record.payload).await;
    let compressed = match opened {
        Ok(compressed) => compressed,
        Err(error) if error.is_passing() => return Err(error.into()),
        Err(error) => return Ok((page, Some(format!("a record of the log cannot be opened: {error}")))),
    };
    match zstd::bulk::decompress(&compressed, size(record).min(MOST_BYTES)) {
        Ok(body) => page.body = body,
        Err(error) => return Ok((page, Some(format!("a record of the log cannot be decompressed: {error}")))),
    }
    Ok((page, None))
}

/// What the headers say.
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

/// The headers that the seal binds the page to: so no page can be passed for that of another schedule. What is added
/// to a dead letter is not among them.
fn bound(headers: &[(String, String)]) -> Vec<u8> {
    const NAMES: [&str; 6] = ["kind", "collection", "schedule", "run", "observed", "bytes"];
    let bound = headers.iter().filter(|(name, _)| NAMES.contains(&name.as_str()));
    bound.map(|(name, value)| format!("{name}={value}\n")).collect::<String>().into_bytes()
}

fn place(row: &[u8]) -> Place<'_> {
    Place { table: "log", row, column: "payload" }
}
