//! Trains `src/tweets/raw.dict` on made-up tweets: `cargo run --release -p store --example train_dictionary`.

use serde_json::value::RawValue;
use std::path::Path;
use tweetgen::{Corpus, Profile, Transport, World, each_page};

/// Bytes of the dictionary: twice as many would make tweets smaller by a percent.
const SIZE: usize = 112_640;
const TWEETS: u64 = 20_000;
const END_MICROS: i64 = 1_790_000_000_000_000;

#[derive(serde::Deserialize)]
struct Page<'p> {
    #[serde(borrow)]
    data: Vec<&'p RawValue>,
}

fn main() -> anyhow::Result<()> {
    let corpus = Corpus::new(World::week(Profile::Full, 1, TWEETS, END_MICROS));
    let mut samples: Vec<String> = Vec::new();
    each_page(&corpus, Transport::Clean, |page| {
        let page: Page<'_> = serde_json::from_slice(page)?;
        samples.extend(page.data.into_iter().map(|tweet| tweet.get().to_owned()));
        Ok(())
    })?;
    let dictionary = zstd::dict::from_samples(&samples, SIZE)?;
    Ok(std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tweets/raw.dict"), dictionary)?)
}
