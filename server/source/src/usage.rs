//! `GET /2/usage/tweets` and `/2/usage/credits`: what was read, and what is left to pay with.
//! <https://docs.x.com/x-api/usage/introduction>

use crate::endpoint::{CREDITS, USAGE};
use crate::error::SourceError;
use crate::read::{Data, number, object, time};
use crate::request::Request;
use model::Timestamp;
use serde::Deserialize;

/// Posts that a project has read. X leaves out what it does not know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Usage {
    /// The day of the month on which the cap begins anew.
    #[serde(default, deserialize_with = "number")]
    pub cap_reset_day: Option<u64>,
    /// Posts that may be read in a month.
    #[serde(default, deserialize_with = "number")]
    pub project_cap: Option<u64>,
    /// Posts that were read in this month.
    #[serde(default, deserialize_with = "number")]
    pub project_usage: Option<u64>,
    #[serde(default, deserialize_with = "days", rename = "daily_project_usage")]
    pub days: Vec<Day>,
}

/// Posts that were read on a day (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub start: Timestamp,
    pub posts: u64,
}

/// What is left of what was paid, in dollars.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Credits {
    #[serde(rename = "total_balance")]
    pub total: f64,
    /// It may be less than nothing.
    #[serde(rename = "prepaid_balance")]
    pub prepaid: f64,
}

/// What was read in the last days, 1 to 90.
pub fn posts(days: u8) -> Request {
    let request = Request::new(&USAGE).with("days", days);
    request.with("usage.fields", "cap_reset_day,daily_project_usage,project_cap,project_usage")
}

pub fn credits() -> Request {
    Request::new(&CREDITS)
}

impl Usage {
    /// Reads an answer, with numbers as numbers or as texts: X turned them from the one into the other in 2026.
    ///
    /// # Errors
    /// When it tells of no usage.
    pub fn read(json: &[u8]) -> Result<Self, SourceError> {
        object::<Data<Self>>(json).map(|answer| answer.data)
    }
}

impl Credits {
    /// Reads an answer.
    ///
    /// # Errors
    /// When it tells of no credits.
    pub fn read(json: &[u8]) -> Result<Self, SourceError> {
        object::<Data<Self>>(json).map(|answer| answer.data)
    }
}

fn days<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Day>, D::Error> {
    #[derive(Deserialize)]
    struct Daily {
        usage: Option<Vec<Row>>,
    }
    #[derive(Deserialize)]
    struct Row {
        date: String,
        #[serde(default, deserialize_with = "number")]
        usage: Option<u64>,
    }
    let rows = Option::<Daily>::deserialize(deserializer)?.and_then(|daily| daily.usage).unwrap_or_default();
    let day = |row: Row| Some(Day { start: time(&row.date)?, posts: row.usage.unwrap_or(0) });
    Ok(rows.into_iter().filter_map(day).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_texts() {
        let read = |cap: &str, day: &str| {
            let days = format!(r#"{{"project_id":"1","usage":[{{"date":"2026-11-23T00:00:00.000Z","usage":{day}}}]}}"#);
            let json = format!(r#"{{"data":{{"cap_reset_day":7,"project_cap":{cap},"daily_project_usage":{days}}}}}"#);
            Usage::read(json.as_bytes()).unwrap()
        };
        let usage = read("3000000", "12");
        assert_eq!((usage.project_cap, usage.days[0].posts, usage.project_usage), (Some(3_000_000), 12, None));
        assert_eq!(read("\"3000000\"", "\"12\""), usage);
        assert_eq!(read("null", "null").days[0].posts, 0);
    }
}
