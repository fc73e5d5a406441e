//! One answer of the X API.

use super::record::{Record, decode_record, read_meta};
use model::{Timestamp, TweetId, observed::Batch};

/// What one answer of the API holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecodedPage {
    /// Rows in the order of `data`, then the context from `includes`.
    pub batch: Batch,
    pub meta: Meta,
    /// Objects that X names as missing in `errors[]`.
    pub partial_errors: u64,
    /// Objects in `data` that are no tweets.
    pub rejected: Vec<Rejected>,
}

/// The `meta` of a page. X leaves out what does not apply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    pub newest_id: Option<TweetId>,
    pub oldest_id: Option<TweetId>,
    pub result_count: Option<u64>,
    pub next_token: Option<String>,
    pub previous_token: Option<String>,
}

/// An object that is not a tweet, or not a whole one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    pub reason: String,
    /// The object as it came.
    pub content: String,
}

/// Why bytes are not JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("the text is not UTF-8 from column {column} on")]
    NotUtf8 { column: usize },
    /// `line` is 1 unless the value spans lines.
    #[error("the line ends in the middle of a JSON value (at {})", place(.line, .column))]
    Truncated { line: usize, column: usize },
    #[error("the line is not JSON: {problem} (at {})", place(.line, .column))]
    NotJson { problem: String, line: usize, column: usize },
}

fn place(line: &usize, column: &usize) -> String {
    if *line > 1 { format!("line {line}, column {column} of it") } else { format!("column {column}") }
}

/// Decodes one answer of the API: a page, a single tweet, or a line of a stream.
///
/// Both vocabularies of X (tweet and post) are read; where both spellings occur the current one wins.
/// `observed_at` becomes the version of its tweets, unless the page tells its own (`__twarc`).
pub fn decode_page(json: &[u8], observed_at: Timestamp) -> Result<DecodedPage, DecodeError> {
    let mut record = Record::default();
    decode_record(json, observed_at, None, &mut record)?;
    let Record { tweets, authors, meta, partial_errors, rejected, .. } = record;
    Ok(DecodedPage { batch: Batch { tweets, authors }, meta, partial_errors, rejected })
}

/// Only the `meta` of an answer: what is needed to ask for the next.
pub fn page_meta(json: &[u8]) -> Result<Meta, DecodeError> {
    #[derive(serde::Deserialize)]
    struct Page<'j> {
        #[serde(borrow)]
        meta: Option<&'j serde_json::value::RawValue>,
    }
    let text = std::str::from_utf8(json).map_err(|error| DecodeError::NotUtf8 { column: error.valid_up_to() + 1 })?;
    let page: Page<'_> = serde_json::from_str(text)?;
    Ok(page.meta.map(|meta| read_meta(meta.get())).unwrap_or_default())
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        if error.is_eof() {
            return Self::Truncated { line, column };
        }
        let words = error.to_string();
        let problem = words.split(" at line ").next().unwrap_or(&words).to_owned();
        Self::NotJson { problem, line, column }
    }
}
