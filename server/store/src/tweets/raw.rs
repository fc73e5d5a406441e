//! Tweets as they came: compressed one by one, so that each can be read and removed alone.
//!
//! Tweets are short and alike: a dictionary of what most of them have (names of fields, beginnings of links) makes them
//! a third as large, five times as fast as without. It was trained on made-up tweets (`examples/train_dictionary.rs`);
//! its number stands in every frame, so a later one can take its place.

use crate::error::{Result, StoreError};
use std::sync::LazyLock;
use zstd::bulk::{Compressor as Zstd, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::get_dict_id_from_frame;

const LEVEL: i32 = 1;
/// The longest text that is read back, in bytes: what an import takes as one record.
const MOST_BYTES: usize = 64 << 20;

static DICTIONARY: &[u8] = include_bytes!("raw.dict");
static TO_COMPRESS: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static TO_DECOMPRESS: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

/// Compresses one text after the other.
pub(super) struct Compressor(Zstd<'static>);

impl Compressor {
    pub fn new() -> Result<Self> {
        Zstd::with_prepared_dictionary(&TO_COMPRESS).map(Self).map_err(damaged)
    }

    pub fn compress(&mut self, text: &str) -> Result<Vec<u8>> {
        self.0.compress(text.as_bytes()).map_err(damaged)
    }
}

/// What was compressed, also by earlier versions, which had no dictionary.
pub(super) fn decompress(compressed: &[u8]) -> Result<String> {
    let mut zstd = match get_dict_id_from_frame(compressed) {
        None => Decompressor::new(),
        Some(_) => Decompressor::with_prepared_dictionary(&TO_DECOMPRESS),
    }
    .map_err(damaged)?;
    let size = Decompressor::upper_bound(compressed).unwrap_or(MOST_BYTES).min(MOST_BYTES);
    let bytes = zstd.decompress(compressed, size).map_err(damaged)?;
    String::from_utf8(bytes).map_err(|error| StoreError::Damaged(error.to_string()))
}

fn damaged(error: std::io::Error) -> StoreError {
    StoreError::Damaged(format!("a tweet as it came: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_whole_also_those_of_earlier_versions() {
        let mut compressor = Compressor::new().unwrap();
        let long = "long ".repeat(100_000);
        for text in ["", "{}", r#"{"id":"1","text":"one"}"#, long.as_str()] {
            assert_eq!(decompress(&compressor.compress(text).unwrap()).unwrap(), text);
            let without = zstd::bulk::compress(text.as_bytes(), 1).unwrap();
            assert_eq!(decompress(&without).unwrap(), text);
        }
    }

    #[test]
    fn what_another_dictionary_made_is_refused() {
        let other = zstd::dict::from_samples(&(0..5000).map(|n| format!("sample {n} {n}")).collect::<Vec<_>>(), 2048);
        let frame = Zstd::with_dictionary(1, &other.unwrap()).unwrap().compress(b"sample 7 7").unwrap();
        assert!(decompress(&frame).is_err());
    }
}
