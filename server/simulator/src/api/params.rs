//! The parameters of a search, checked in X's order with X's messages.

use std::ops::Range;

use chrono::DateTime;

use super::Simulator;
use super::fields::Selection;
use super::problem::Problem;
use crate::Vocabulary;
use crate::query::Query;
use tweetgen::time::{SECOND, WEEK, timestamp};
use tweetgen::{snowflake, token};

const KNOWN: &[&str] = &[
    "query",
    "start_time",
    "end_time",
    "since_id",
    "until_id",
    "max_results",
    "next_token",
    "pagination_token",
    "sort_order",
    "expansions",
    "tweet.fields",
    "post.fields",
    "media.fields",
    "poll.fields",
    "place.fields",
    "user.fields",
];
const NEWEST_AGE: i64 = 10 * SECOND;
const DEFAULT_AGE: i64 = 30 * SECOND;

/// A request's parameters as they came.
pub struct Params(pub Vec<(String, String)>);

/// A checked search.
pub struct Search {
    pub text: String,
    pub query: Query,
    pub max_results: usize,
    /// Ordinals to look at.
    pub range: Range<i64>,
    pub selection: Selection,
    pub vocabulary: Vocabulary,
}

impl Params {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn search(&self, simulator: &Simulator, now: i64) -> Result<Search, Problem> {
        if let Some((name, value)) = self.0.iter().find(|(name, _)| !KNOWN.contains(&name.as_str())) {
            let message = format!("The query parameter [{name}] is not one of [{}]", KNOWN.join(","));
            return Err(Problem::invalid(&[(name, value)], message));
        }
        let text = self.get("query").unwrap_or_default().to_owned();
        let query = parse_query(&text, simulator.config.query_length)?;
        let max_results = self.max_results()?;
        let mut selection = Selection::new();
        for (name, value) in &self.0 {
            if name == "expansions" || (name.ends_with(".fields") && name != "poll.fields") {
                selection.read(name, value)?;
            }
        }
        self.check_sort_order()?;
        let range = self.range(simulator, now, &text)?;
        let vocabulary = simulator.config.vocabulary.unwrap_or(match self.get("tweet.fields") {
            Some(_) if self.get("post.fields").is_none() => Vocabulary::Tweet,
            _ => Vocabulary::Post,
        });
        Ok(Search { text, query, max_results, range, selection, vocabulary })
    }

    fn max_results(&self) -> Result<usize, Problem> {
        let Some(value) = self.get("max_results") else { return Ok(10) };
        match value.parse() {
            Ok(number @ 10..=100) => Ok(number),
            _ => {
                let message = format!("The `max_results` query parameter value [{value}] is not between 10 and 100");
                Err(Problem::invalid(&[("max_results", value)], message))
            }
        }
    }

    fn check_sort_order(&self) -> Result<(), Problem> {
        match self.get("sort_order") {
            None | Some("recency" | "relevancy") => Ok(()),
            Some(value) => {
                let message =
                    format!("The `sort_order` query parameter value [{value}] is not one of [recency,relevancy]");
                Err(Problem::invalid(&[("sort_order", value)], message))
            }
        }
    }

    fn range(&self, simulator: &Simulator, now: i64, text: &str) -> Result<Range<i64>, Problem> {
        let times = [self.get("start_time"), self.get("end_time")];
        let ids = [self.get("since_id"), self.get("until_id")];
        if times.iter().any(Option::is_some) && ids.iter().any(Option::is_some) {
            let message = "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'.";
            return Err(Problem::invalid(&[], message));
        }
        let last_id = self.last_id(text)?;
        let horizon = now - WEEK;
        let corpus = &simulator.corpus;
        let start = self.time("start_time")?.unwrap_or(horizon);
        let end = self.time("end_time")?.unwrap_or(now - DEFAULT_AGE);
        // pages that follow may reach past a horizon that has moved on
        if last_id.is_none() {
            self.check_times(start, end, now)?;
        }
        let mut range = corpus.ordinals(start.max(horizon), end);
        let bound = |id: u64| corpus.ordinal_of_id(id.min(snowflake::first_id_at(now)));
        if let Some(id) = self.id("since_id")? {
            if last_id.is_none() && snowflake::micros_of(id) < horizon {
                return Err(stale(id, horizon));
            }
            range.start = range.start.max(bound(id.saturating_add(1)));
        }
        for id in [self.id("until_id")?, last_id].into_iter().flatten() {
            range.end = range.end.min(bound(id));
        }
        Ok(range)
    }

    fn check_times(&self, start: i64, end: i64, now: i64) -> Result<(), Problem> {
        if let Some(value) = self.get("end_time")
            && end > now - NEWEST_AGE
        {
            let message = format!(
                "Invalid 'end_time':'{value}'. 'end_time' must be a minimum of 10 seconds prior to the request time."
            );
            return Err(Problem::invalid(&[("end_time", value)], message));
        }
        let Some(value) = self.get("start_time") else { return Ok(()) };
        let message = if start < now - WEEK {
            let earliest = minute(now - WEEK);
            format!("Invalid 'start_time':'{value}'. 'start_time' must be on or after {earliest}")
        } else if start > now - NEWEST_AGE {
            format!(
                "Invalid 'start_time':'{value}'. 'start_time' must be a minimum of 10 seconds prior to the request time."
            )
        } else if start >= end {
            format!("Invalid 'start_time':'{value}'. 'start_time' must be before 'end_time'.")
        } else {
            return Ok(());
        };
        Err(Problem::invalid(&[("start_time", value)], message))
    }

    /// A time parameter in µs, cut to the second as X does.
    pub fn time(&self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match DateTime::parse_from_rfc3339(value) {
            Ok(time) => Ok(Some(time.timestamp() * SECOND)),
            Err(_) => {
                let message = format!("The `{name}` query parameter value [{value}] is not a valid RFC3339 timestamp");
                Err(Problem::invalid(&[(name, value)], message))
            }
        }
    }

    fn id(&self, name: &str) -> Result<Option<u64>, Problem> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let digits = (1..=19).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
        match value.parse() {
            Ok(id) if digits => Ok(Some(id)),
            _ => {
                let message = format!("The `{name}` query parameter value [{value}] does not match ^[0-9]{{1,19}}$");
                Err(Problem::invalid(&[(name, value)], message))
            }
        }
    }

    /// The id a page token continues from.
    fn last_id(&self, query: &str) -> Result<Option<u64>, Problem> {
        let tokens = ["next_token", "pagination_token"].map(|name| self.get(name).map(|value| (name, value)));
        let Some((name, value)) = tokens.into_iter().flatten().next() else { return Ok(None) };
        match token::decode(value, query) {
            Some(id) => Ok(Some(id)),
            None => {
                let message = format!("The `{name}` query parameter value [{value}] is not valid");
                Err(Problem::invalid(&[(name, value)], message))
            }
        }
    }
}

/// Parses a query no longer than `longest` characters.
pub fn parse_query(text: &str, longest: usize) -> Result<Query, Problem> {
    let length = text.chars().count();
    let message = if text.trim().is_empty() {
        "The `query` query parameter can not be empty".to_owned()
    } else if length > longest {
        format!("The `query` query parameter value is {length} characters long; the maximum is {longest}")
    } else {
        match Query::parse(text) {
            Ok(query) => return Ok(query),
            Err(message) => message,
        }
    };
    Err(Problem::invalid(&[("query", text)], message))
}

fn stale(id: u64, horizon: i64) -> Problem {
    let message = format!(
        "'since_id' must be a tweet id created after {}. Please use a 'since_id' that is larger than {}",
        minute(horizon),
        snowflake::first_id_at(horizon),
    );
    Problem::invalid(&[("since_id", &id.to_string())], message)
}

/// `2026-11-16T18:25Z`
fn minute(micros: i64) -> String {
    format!("{}Z", &timestamp(micros)[..16])
}
