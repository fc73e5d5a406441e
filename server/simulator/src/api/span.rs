//! Which part of the corpus a request asks for: by times, by ids, by the page it is at.

use std::ops::Range;

use super::Simulator;
use super::params::Params;
use super::problem::Problem;
use tweetgen::time::{DAY, SECOND, timestamp};
use tweetgen::{snowflake, token};

const NEWEST_AGE: i64 = 10 * SECOND;
/// 2006-03-21, the first post.
pub const FIRST_POST: i64 = 1_142_899_200 * SECOND;
/// 2010-11-06, since when ids tell the time. The corpus has nothing older.
pub const FIRST_SNOWFLAKE: i64 = 1_289_001_600 * SECOND;
const MONTH: i64 = 30 * DAY;

/// How far back an endpoint looks.
#[derive(Clone, Copy)]
pub enum Reach {
    /// The days before now, and no further (µs).
    Past(i64),
    /// All there ever was; a month where nothing says from when.
    Archive,
    /// All of an account.
    Timeline,
}

/// What a request asks for.
pub struct Span {
    /// The numbers of the tweets.
    pub ordinals: Range<i64>,
    /// µs UTC; from the first to before the second.
    pub times: (i64, i64),
}

impl Span {
    /// Posts are left out that are younger than `youngest` (µs) where no end is given. A page goes on below the id `page`.
    pub fn read(
        params: &Params,
        simulator: &Simulator,
        now: i64,
        reach: Reach,
        youngest: i64,
        page: Option<u64>,
    ) -> Result<Self, Problem> {
        let given = |name: &&str| params.get(name).is_some();
        if ["start_time", "end_time"].iter().any(given) && ["since_id", "until_id"].iter().any(given) {
            let message = "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'.";
            return Err(Problem::invalid(&[], message));
        }
        let (since, until) = (params.id("since_id")?, params.id("until_id")?);
        let last = params.time("end_time")?.unwrap_or(now - youngest);
        let end = until.map_or(last, |until| last.min(snowflake::micros_of(until)));
        let start = params.time("start_time")?;
        // pages that follow may reach past a horizon that has moved on
        if page.is_none() {
            check_times(params, start, end, now, reach)?;
            check_since(since, now, reach)?;
        }
        let earliest = match reach {
            Reach::Past(age) => now - age,
            Reach::Archive if start.is_none() && since.is_none() => end - MONTH,
            Reach::Archive | Reach::Timeline => FIRST_SNOWFLAKE,
        };
        let start = start.unwrap_or(earliest).max(earliest).max(FIRST_SNOWFLAKE);
        let start = since.map_or(start, |since| start.max(snowflake::micros_of(since).min(now)));
        let corpus = &simulator.corpus;
        // the corpus has no end, and is not asked for its future
        let bound = |id: u64| {
            corpus.ordinal_of_id(id.min(snowflake::first_id_at(now)).max(snowflake::first_id_at(FIRST_SNOWFLAKE)))
        };
        let mut ordinals = corpus.ordinals(start, last.min(now));
        if let Some(id) = since {
            ordinals.start = ordinals.start.max(bound(id.saturating_add(1)));
        }
        for id in [until, page].into_iter().flatten() {
            ordinals.end = ordinals.end.min(bound(id));
        }
        Ok(Self { ordinals, times: (start, end) })
    }
}

fn check_times(params: &Params, start: Option<i64>, end: i64, now: i64, reach: Reach) -> Result<(), Problem> {
    if let Some(value) = params.get("end_time")
        && end > now - NEWEST_AGE
    {
        let message = format!(
            "Invalid 'end_time':'{value}'. 'end_time' must be a minimum of 10 seconds prior to the request time."
        );
        return Err(Problem::invalid(&[("end_time", value)], message));
    }
    let (Some(value), Some(start)) = (params.get("start_time"), start) else { return Ok(()) };
    let earliest = match reach {
        Reach::Past(age) => now - age,
        Reach::Archive => FIRST_POST,
        Reach::Timeline => FIRST_SNOWFLAKE,
    };
    let message = if start < earliest {
        format!("Invalid 'start_time':'{value}'. 'start_time' must be on or after {}", minute(earliest))
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

fn check_since(since: Option<u64>, now: i64, reach: Reach) -> Result<(), Problem> {
    let (Some(id), Reach::Past(age)) = (since, reach) else { return Ok(()) };
    let horizon = now - age;
    if snowflake::micros_of(id) >= horizon {
        return Ok(());
    }
    let message = format!(
        "'since_id' must be a tweet id created after {}. Please use a 'since_id' that is larger than {}",
        minute(horizon),
        snowflake::first_id_at(horizon),
    );
    Err(Problem::invalid(&[("since_id", &id.to_string())], message))
}

/// The id below which a page token goes on; `bound` is what the token was made for.
pub fn page(params: &Params, bound: &str) -> Result<Option<u64>, Problem> {
    let Some((name, value)) = params.page() else { return Ok(None) };
    match token::decode(value, bound) {
        Some(id) => Ok(Some(id)),
        None => Err(bad_token(name, value)),
    }
}

pub fn bad_token(name: &str, value: &str) -> Problem {
    Problem::invalid(&[(name, value)], format!("The `{name}` query parameter value [{value}] is not valid"))
}

/// `2026-11-16T18:25Z`
fn minute(micros: i64) -> String {
    format!("{}Z", &timestamp(micros)[..16])
}
