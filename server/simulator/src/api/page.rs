//! Pages of tweets: looking for them, and putting them into an answer.

use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Simulator;
use super::fields::View;
use super::partial;
use tweetgen::wire::{Includes, Meta};
use tweetgen::{Record, token};

/// Tweets, newest first, and where those that follow begin.
pub struct Page {
    pub records: Vec<Arc<Record>>,
    /// The id below which there may be more.
    pub next: Option<u64>,
}

impl Page {
    /// The newest `wanted` tweets of `ordinals` for which `is_match` holds. After `patience` tweets that were looked at
    /// the page ends, full or not, as X does where a search takes too long.
    /// `may_match` says it cheaply of most that do not.
    pub fn find(
        simulator: &Simulator,
        ordinals: Range<i64>,
        wanted: usize,
        patience: usize,
        may_match: impl Fn(i64) -> bool,
        is_match: impl Fn(&Record) -> bool,
    ) -> Self {
        let mut records: Vec<Arc<Record>> = Vec::new();
        if wanted == 0 {
            return Self { records, next: None };
        }
        for (looked, ordinal) in ordinals.rev().enumerate() {
            if looked == patience {
                let next = simulator.corpus.record(ordinal).tweet.id.0 + 1;
                return Self { records, next: Some(next) };
            }
            if !may_match(ordinal) {
                continue;
            }
            let record = simulator.corpus.record(ordinal);
            if !is_match(&record) {
                continue;
            }
            if records.len() == wanted {
                let next = records.last().map(|record| record.tweet.id.0);
                return Self { records, next };
            }
            records.push(Arc::new(record));
        }
        Self { records, next: None }
    }

    /// The whole answer; page tokens are made for `bound`.
    pub fn body(&self, simulator: &Simulator, view: &View, now: i64, bound: &str) -> Value {
        let mut body = posts(simulator, &self.records, view, now);
        let meta = Meta {
            newest_id: self.records.iter().map(|record| record.tweet.id).max_by_key(|id| id.0),
            oldest_id: self.records.iter().map(|record| record.tweet.id).min_by_key(|id| id.0),
            result_count: self.records.len(),
            next_token: self.next.map(|id| token::encode(id, bound)),
        };
        body.insert("meta".to_owned(), json!(meta));
        view.named(Value::Object(body))
    }
}

/// `data`, `includes`, and `errors` about tweets that are referred to and lost. Names are in the older form.
pub fn posts(simulator: &Simulator, records: &[Arc<Record>], view: &View, now: i64) -> Map<String, Value> {
    let mut body = Map::new();
    if records.is_empty() {
        return body;
    }
    let selection = &view.selection;
    let data = records.iter().map(|record| selection.tweet(json!(record.tweet)));
    body.insert("data".to_owned(), data.collect());
    let is_there = |record: &Record| simulator.is_there(record, now);
    let (includes, lost) = Includes::of(records, &simulator.corpus, selection.expansions, is_there);
    if !includes.is_empty() {
        body.insert("includes".to_owned(), selection.includes(json!(includes)));
    }
    if !lost.is_empty() {
        let errors = lost.iter().map(|record| {
            let reason = simulator.fate(record.ordinal, now);
            partial::lost_tweet("referenced_tweets.id", record.tweet.id.0, reason)
        });
        body.insert("errors".to_owned(), errors.collect());
    }
    body
}
