//! Takes the measure of pages.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::seen::{Named, Tweet, each_tweet};
use crate::corpus::is_hostile_text;
use crate::snowflake;
use crate::time::{MINUTE, WEEK};

/// Of so many pages one is compressed.
const COMPRESSED: usize = 10;
/// Numbers of words after which different ones are counted.
pub const HEAPS: [usize; 5] = [1_000, 10_000, 100_000, 300_000, 1_000_000];

/// What was written in a minute: how much, and how many of each kind and language.
#[derive(Default)]
struct Minute {
    tweets: u32,
    properties: HashMap<String, u32>,
}

#[derive(Default)]
pub struct Measure {
    pub tweets: usize,
    /// Of each tweet in bytes.
    pub sizes: Vec<u32>,
    pub authors: HashMap<u64, u32>,
    pub tags: HashMap<String, u32>,
    /// Of English texts that are no retweets.
    pub words: HashMap<String, u32>,
    pub tokens: usize,
    /// Different words at the points of [`HEAPS`] that were reached.
    pub heaps: Vec<usize>,
    minutes: HashMap<i64, Minute>,
    pub hostile: usize,
    pub misplaced: usize,
    pub pages: usize,
    plain: u64,
    compressed: u64,
}

impl Measure {
    pub fn page(&mut self, page: &[u8]) -> anyhow::Result<()> {
        if self.pages.is_multiple_of(COMPRESSED) {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(page)?;
            self.plain += page.len() as u64;
            self.compressed += encoder.finish()?.len() as u64;
        }
        self.pages += 1;
        each_tweet(page, |tweet: &Tweet<'_>, size| self.tweet(tweet, size))
    }

    /// The busiest minute, by the mean of a week's minutes.
    pub fn peak(&self) -> f64 {
        let peak = self.minutes.values().map(|minute| minute.tweets).max();
        f64::from(peak.unwrap_or_default()) / self.per_minute()
    }

    fn per_minute(&self) -> f64 {
        self.tweets.max(1) as f64 / (WEEK / MINUTE) as f64
    }

    /// Kinds and languages in percent of what is written when nothing special happens: an event has one language.
    pub fn usual_shares(&self) -> HashMap<&str, f64> {
        // of few tweets a minute has more than its share by chance
        let most = 4.0 * self.per_minute() + 8.0;
        let usual = self.minutes.values().filter(|minute| f64::from(minute.tweets) <= most);
        let mut shares = HashMap::new();
        let mut all = 0;
        for minute in usual {
            all += minute.tweets;
            for (property, count) in &minute.properties {
                *shares.entry(property.as_str()).or_default() += f64::from(*count);
            }
        }
        shares.values_mut().for_each(|share| *share *= 100.0 / f64::from(all));
        shares
    }

    /// How many times smaller pages become.
    pub fn gzip_ratio(&self) -> f64 {
        self.plain as f64 / self.compressed.max(1) as f64
    }

    fn tweet(&mut self, tweet: &Tweet<'_>, size: usize) {
        let id = tweet.number();
        self.tweets += 1;
        self.sizes.push(size as u32);
        self.misplaced += tweet.misplaced();
        *self.authors.entry(tweet.author_id.parse().unwrap_or_default()).or_default() += 1;
        let minute = self.minutes.entry(snowflake::micros_of(id) / MINUTE).or_default();
        minute.tweets += 1;
        count(&mut minute.properties, tweet.kind());
        count(&mut minute.properties, &tweet.lang);
        for tag in &tweet.entities.hashtags {
            count(&mut self.tags, &tag.tag);
        }
        if tweet.kind() != "retweeted" {
            self.hostile += usize::from(is_hostile_text(&tweet.text));
            if tweet.lang == "en" {
                self.read(&tweet.text);
            }
        }
    }

    fn read(&mut self, text: &str) {
        let is_word = |token: &&str| !token.starts_with(['#', '@', '$']) && !token.starts_with("http");
        for token in text.split_whitespace().filter(is_word) {
            let word = token.trim_matches(|c: char| !c.is_alphabetic());
            if word.is_empty() {
                continue;
            }
            count(&mut self.words, word);
            self.tokens += 1;
            if HEAPS.get(self.heaps.len()) == Some(&self.tokens) {
                self.heaps.push(self.words.len());
            }
        }
    }
}

/// How many tweets there are, and how many came again.
#[derive(Default)]
pub struct Repeats {
    ids: HashSet<u64>,
    pub again: usize,
}

impl Repeats {
    pub fn page(&mut self, page: &[u8]) -> anyhow::Result<()> {
        each_tweet(page, |tweet: &Named<'_>, _| {
            self.again += usize::from(!self.ids.insert(tweet.id.parse().unwrap_or_default()));
        })
    }

    /// Of a hundred tweets, in full hundreds.
    pub fn percent(&self) -> f64 {
        self.again as f64 / (self.ids.len() / 100).max(1) as f64
    }
}

fn count(counts: &mut HashMap<String, u32>, key: &str) {
    match counts.get_mut(key) {
        Some(count) => *count += 1,
        None => {
            counts.insert(key.to_owned(), 1);
        }
    }
}
