//! `/2/connections`: which streams are open. X may count one whose client is long gone, and then takes no other.

use crate::endpoint::{CONNECTIONS, END_CONNECTIONS};
use crate::error::SourceError;
use crate::read::{Listed, object, time};
use crate::request::Request;
use model::Timestamp;
use serde::Deserialize;
use serde_json::json;

/// An open stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    pub id: String,
    /// X's name for the stream, such as `filtered_stream`.
    pub stream: String,
    pub connected_at: Option<Timestamp>,
}

/// The filtered streams that are open.
pub fn open() -> Request {
    let request = Request::new(&CONNECTIONS).with("status", "active").with("endpoints", "filtered_stream");
    request.with("max_results", 100).with("connection.fields", "id,endpoint_name,connected_at")
}

/// Ends connections by their ids, at most 100.
pub fn end(ids: &[String]) -> Request {
    Request::new(&END_CONNECTIONS).sending(json!({ "uuids": ids }))
}

/// Reads an answer to [`open`].
///
/// # Errors
/// When it is none.
pub fn read(json: &[u8]) -> Result<Vec<Connection>, SourceError> {
    let page: Listed<Row> = object(json)?;
    let connection = |row: Row| Connection {
        id: row.id,
        stream: row.endpoint_name.unwrap_or_default(),
        connected_at: row.connected_at.and_then(|at| time(&at)),
    };
    Ok(page.data.into_iter().map(connection).collect())
}

/// Reads an answer to [`end`]: how many were ended.
///
/// # Errors
/// When it is none.
pub fn read_ended(json: &[u8]) -> Result<u64, SourceError> {
    #[derive(Deserialize)]
    struct Ended {
        successful_kills: u64,
    }
    object::<crate::read::Data<Ended>>(json).map(|answer| answer.data.successful_kills)
}

#[derive(Deserialize)]
struct Row {
    id: String,
    endpoint_name: Option<String>,
    connected_at: Option<String>,
}
