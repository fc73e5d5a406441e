//! What is in the corpus, told without the simulator.

use std::collections::HashMap;
use std::hash::Hash;

use simulator::Config;
use tweetgen::{Account, Corpus, Kind, Record, World};

use crate::common::{HOUR, time};

pub const DAY: i64 = 24 * HOUR;
pub const QUERY: &str = "min_likes:0 lang:en -is:retweet";

pub struct Truth {
    pub corpus: Corpus,
}

/// What [`QUERY`] finds.
pub fn is_found(record: &Record) -> bool {
    record.tweet.lang == "en" && record.kind != Kind::Retweet
}

impl Truth {
    /// Of a simulator that knows when its history ends.
    pub fn of(config: &Config) -> Self {
        Self {
            corpus: Corpus::new(World {
                profile: config.profile,
                seed: config.seed,
                tweets: config.tweets,
                origin_micros: config.origin.expect("an origin"),
                rate_per_second: config.rate_per_second,
            }),
        }
    }

    /// Those written in `[from, to)` (µs UTC), newest first.
    pub fn records(&self, (from, to): (i64, i64)) -> impl Iterator<Item = Record> {
        self.corpus.ordinals(from, to).rev().map(|ordinal| self.corpus.record(ordinal))
    }

    /// The ids of those for which `is_one` holds.
    pub fn posts(&self, span: (i64, i64), is_one: impl Fn(&Record) -> bool) -> Vec<String> {
        let records = self.records(span).filter(|record| is_one(record));
        records.map(|record| record.tweet.id.0.to_string()).collect()
    }

    /// How many [`QUERY`] finds on each day (UTC) of `span`: when it begins there, and the number.
    pub fn days(&self, (from, to): (i64, i64)) -> Vec<String> {
        let midnights = (from.div_euclid(DAY)..=to.div_euclid(DAY)).map(|day| day * DAY);
        let spans = midnights.map(|midnight| (midnight.max(from), (midnight + DAY).min(to))).filter(|(a, b)| a < b);
        spans.map(|(a, b)| format!("{} {}", time(a), self.posts((a, b), is_found).len())).collect()
    }

    /// Who writes most, and who is mentioned most.
    pub fn busiest(&self, span: (i64, i64)) -> (Account, Account) {
        let records: Vec<Record> = self.records(span).collect();
        let mentions = records.iter().flat_map(|record| &record.tweet.entities.mentions);
        (most(records.iter().map(|record| record.author)), most(mentions.map(|mention| mention.account)))
    }

    pub fn id(&self, account: Account) -> String {
        self.corpus.user_id(account).0.to_string()
    }
}

fn most<T: Copy + Eq + Hash>(items: impl Iterator<Item = T>) -> T {
    let counts = items.fold(HashMap::new(), |mut counts: HashMap<T, u32>, item| {
        *counts.entry(item).or_default() += 1;
        counts
    });
    counts.into_iter().max_by_key(|&(_, count)| count).expect("something").0
}
