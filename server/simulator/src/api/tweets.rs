//! `GET /2/tweets` and `/2/tweets/{id}`.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Simulator;
use super::answer::{Answer, Asked};
use super::fields::View;
use super::page::posts;
use super::params::id;
use super::partial;
use super::problem::Problem;
use tweetgen::time::MINUTE;
use tweetgen::wire::Id;
use tweetgen::{Record, snowflake};

/// How long a tweet can be edited (µs).
const EDITABLE: i64 = 30 * MINUTE;

pub fn many(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let ids = asked.params.list("ids", 100, id)?;
    let view = View::of_posts(&asked.params, simulator.vocabulary())?;
    Ok(Answer::json(view.named(Value::Object(look_up(simulator, asked, &view, "ids", &ids)))))
}

pub fn one(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let id = id("id", asked.path.get("id").unwrap_or_default())?;
    let view = View::of_posts(&asked.params, simulator.vocabulary())?;
    let mut body = look_up(simulator, asked, &view, "id", &[id]);
    if let Some(Value::Array(posts)) = body.get_mut("data")
        && let Some(post) = posts.pop()
    {
        body.insert("data".to_owned(), post);
    }
    Ok(Answer::json(view.named(Value::Object(body))))
}

/// The posts that there are, and an error for each other id.
fn look_up(simulator: &Simulator, asked: &Asked, view: &View, parameter: &str, ids: &[u64]) -> Map<String, Value> {
    let mut records = Vec::new();
    let mut errors = Vec::new();
    for &id in ids {
        let record = simulator.tweet(id, asked.now);
        let fate = record.as_ref().and_then(|record| simulator.fate(record.ordinal, asked.now));
        match record {
            Some(record) if fate.is_none() => records.push(Arc::new(record)),
            _ => errors.push(partial::lost_tweet(parameter, id, fate)),
        }
    }
    let mut body = posts(simulator, &records, view, asked.now);
    if let Some(Value::Array(others)) = body.remove("errors") {
        errors.extend(others);
    }
    if !errors.is_empty() {
        body.insert("errors".to_owned(), Value::Array(errors));
    }
    body
}

impl Simulator {
    /// The tweet with this id, if it was written before now; each version of an edited one has its own.
    pub fn tweet(&self, id: u64, now: i64) -> Option<Record> {
        let written = snowflake::micros_of(id);
        if written > now || written < super::span::FIRST_SNOWFLAKE {
            return None;
        }
        if snowflake::is_spare(id) {
            return self.version(id, now);
        }
        // where nothing more is written the corpus ends before its times do
        let ordinal = self.corpus.ordinal_of_id(id);
        let is_within = self.corpus.ordinals(written, written + 1_000).contains(&ordinal);
        let record = is_within.then(|| self.corpus.record(ordinal))?;
        (record.tweet.id.0 == id && self.corpus.micros_of(ordinal) <= now).then_some(record)
    }

    /// An earlier version of an edited tweet, which knows of those that were written by now.
    fn version(&self, id: u64, now: i64) -> Option<Record> {
        let written = snowflake::micros_of(id);
        // its id ends as the number of its tweet does
        let alike = |ordinal: &i64| *ordinal as u64 & 0xfff == id & 0xfff;
        let ordinals = self.corpus.ordinals(written, written + EDITABLE + MINUTE).filter(alike);
        let mut records = ordinals.map(|ordinal| self.corpus.record(ordinal));
        let record = records.find(|record| record.tweet.edit_history_tweet_ids.contains(&Id(id)))?;
        let mut version = record.earlier_versions().into_iter().find(|version| version.id.0 == id)?;
        version.edit_history_tweet_ids.clone_from(&record.tweet.edit_history_tweet_ids);
        version.edit_history_tweet_ids.retain(|id| snowflake::micros_of(id.0) <= now);
        Some(Record { tweet: version, ..record })
    }
}
