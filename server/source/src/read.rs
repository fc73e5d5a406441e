//! What the readers of answers share: X changes the forms of numbers and times.

use crate::error::SourceError;
use model::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// Reads JSON.
pub(crate) fn object<T: DeserializeOwned>(json: &[u8]) -> Result<T, SourceError> {
    serde_json::from_slice(json).map_err(|error| SourceError::Garbled(error.to_string()))
}

/// An answer whose object is in `data`.
#[derive(Deserialize)]
pub(crate) struct Data<T> {
    pub data: T,
}

/// One whose objects are in `data`, which is left out where there are none.
#[derive(Deserialize)]
pub(crate) struct Listed<T> {
    #[serde(default = "Vec::new")]
    pub data: Vec<T>,
    #[serde(default)]
    pub meta: Meta,
}

#[derive(Default, Deserialize)]
pub(crate) struct Meta {
    pub next_token: Option<String>,
}

pub(crate) fn time(text: &str) -> Option<Timestamp> {
    Timestamp::parse_rfc3339(text)
}

/// A number that is one, or a text: X turned one into the other in place. None where it is neither.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Text(String),
        Neither(serde::de::IgnoredAny),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Number(number) => Some(number),
        Either::Text(text) => text.parse().ok(),
        Either::Neither(_) => None,
    })
}
