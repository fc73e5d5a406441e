//! `GET /2/tweets/counts/recent` and `/2/tweets/counts/all`. Counted are all tweets that were written: unlike a search
//! they still have those that are gone.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Simulator;
use super::answer::{Answer, Asked};
use super::fields::View;
use super::problem::Problem;
use super::span::{Reach, Span, page};
use crate::tier::RECENT;
use tweetgen::time::{DAY, MINUTE, SECOND, timestamp};
use tweetgen::{snowflake, token};

/// Where no end is given, the count ends so long ago.
const YOUNGEST: i64 = 10 * SECOND;
/// Seven days before that end are recent.
const REACH: i64 = RECENT + YOUNGEST;
/// Time on a page of the archive's counts.
const PAGE: i64 = 31 * DAY;

pub fn recent(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let rights = simulator.config.tier.rights();
    count(simulator, asked, rights.recent_query, Reach::Past(REACH))
}

pub fn all(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let rights = simulator.config.tier.rights();
    if !rights.has_archive {
        return Err(Problem::not_enrolled());
    }
    count(simulator, asked, rights.archive_query, Reach::Archive)
}

fn count(simulator: &Simulator, asked: &Asked, longest: usize, reach: Reach) -> Result<Answer, Problem> {
    let Asked { params, now, .. } = asked;
    let (text, query) = params.query(longest)?;
    let width = match params.word("granularity", &["minute", "hour", "day"])? {
        Some("minute") => MINUTE,
        Some("day") => DAY,
        _ => 60 * MINUTE,
    };
    let view = View::of_posts(params, simulator.vocabulary())?;
    let page = page(params, text)?;
    let span = Span::read(params, simulator, *now, reach, YOUNGEST, page)?;
    let corpus = &simulator.corpus;
    let (first, mut end) = span.times;
    if let Some(id) = page {
        end = end.min(snowflake::micros_of(id));
    }
    let start = match reach {
        Reach::Archive => first.max((end - PAGE).div_euclid(width) * width),
        Reach::Past(_) | Reach::Timeline => first,
    };
    let mut counts = vec![0_u64; (end.div_euclid(width) - start.div_euclid(width) + 1).max(0) as usize];
    let ordinals = corpus.ordinals(start, end);
    for ordinal in ordinals.start.max(span.ordinals.start)..ordinals.end.min(span.ordinals.end) {
        let bucket = corpus.micros_of(ordinal).div_euclid(width) - start.div_euclid(width);
        let is_match = query.may_match(ordinal, corpus) && query.matches(&corpus.record(ordinal), corpus);
        if let Some(count) = usize::try_from(bucket).ok().and_then(|bucket| counts.get_mut(bucket)) {
            *count += u64::from(is_match);
        }
    }
    let next = (start > first).then(|| token::encode(snowflake::first_id_at(start), text));
    Ok(Answer::json(view.named(body(&counts, (start, end), width, next))))
}

/// The first and the last interval are cut where the count begins and ends.
fn body(counts: &[u64], (start, end): (i64, i64), width: i64, next: Option<String>) -> Value {
    let edges = |number: usize| (start.div_euclid(width) + number as i64) * width;
    let intervals = counts.iter().enumerate().map(|(number, count)| {
        let (from, to) = (edges(number).max(start), (edges(number) + width).min(end));
        (from, to, *count)
    });
    let data: Vec<Value> = intervals
        .filter(|(from, to, _)| from < to)
        .map(|(from, to, count)| json!({ "start": timestamp(from), "end": timestamp(to), "tweet_count": count }))
        .collect();
    let mut meta = Map::from_iter([("total_tweet_count".to_owned(), json!(counts.iter().sum::<u64>()))]);
    if let Some(token) = next {
        meta.insert("next_token".to_owned(), json!(token));
    }
    json!({ "data": data, "meta": meta })
}
