//! Who is connected to a stream: `/2/connections`. An app whose connection was not closed on the way here gets rid of it
//! by these.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::{Value, json};
use tweetgen::time::timestamp;
use tweetgen::token;

use super::Simulator;
use super::answer::{Answer, Asked};
use super::problem::Problem;
use super::span::bad_token;

/// Streams that an app may have open at once.
const MOST: usize = 1;
/// The only stream there is, as it is named here.
const FILTERED: &str = "filtered_stream";
/// What page tokens are made for.
const BOUND: &str = "/2/connections";

#[derive(Default)]
pub struct Connections(Mutex<Vec<Connection>>);

/// Its number is its place.
struct Connection {
    connected_at: i64,
    /// When and why.
    ended: Option<(i64, &'static str)>,
}

/// A connection as its stream has it: it ends with this, if it is not left open.
pub struct Open {
    simulator: Arc<Simulator>,
    number: usize,
    is_left: bool,
}

impl Connections {
    /// One that `is_left` stays open until somebody ends it.
    ///
    /// # Errors
    /// 429 where there are as many as may be.
    pub fn open(simulator: &Arc<Simulator>, now: i64, is_left: bool) -> Result<Open, Problem> {
        let mut all = simulator.connections.all();
        if all.iter().filter(|connection| connection.ended.is_none()).count() >= MOST {
            return Err(Problem::too_many_connections());
        }
        all.push(Connection { connected_at: now, ended: None });
        Ok(Open { simulator: Arc::clone(simulator), number: all.len() - 1, is_left })
    }

    /// Ends those that are open and wanted, and tells their numbers.
    pub fn end(&self, now: i64, reason: &'static str, is_wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut all = self.all();
        let open = all.iter_mut().enumerate();
        let wanted = open.filter(|(number, connection)| connection.ended.is_none() && is_wanted(*number));
        wanted
            .map(|(number, connection)| {
                connection.ended = Some((now, reason));
                number
            })
            .collect()
    }

    fn all(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    pub fn is_open(&self) -> bool {
        self.simulator.connections.all()[self.number].ended.is_none()
    }

    /// Ends it, if it is not left open.
    pub fn close(&self, reason: &'static str) {
        if !self.is_left {
            let now = self.simulator.now();
            self.simulator.connections.end(now, reason, |number| number == self.number);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.close("client_disconnect");
    }
}

pub fn list(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let status = asked.params.word("status", &["active", "inactive", "all"])?.unwrap_or("active");
    let most = asked.params.number("max_results", 1, 100)?.unwrap_or(10);
    let before = match asked.params.page() {
        Some((name, token)) => token::decode(token, BOUND).ok_or_else(|| bad_token(name, token))? as usize,
        None => usize::MAX,
    };
    let is_of_here = asked.params.get("endpoints").is_none_or(|names| names.split(',').any(|name| name == FILTERED));
    let all = simulator.connections.all();
    let newest_first = all.iter().enumerate().rev().filter(|(number, _)| *number < before && is_of_here);
    let mut page: Vec<(usize, &Connection)> = newest_first
        .filter(|(_, connection)| status == "all" || (status == "active") == connection.ended.is_none())
        .take(most + 1)
        .collect();
    let has_more = page.len() > most;
    page.truncate(most);
    let mut meta = json!({ "result_count": page.len() });
    if let Some((last, _)) = page.last().filter(|_| has_more) {
        meta["next_token"] = json!(token::encode(*last as u64, BOUND));
    }
    let data: Vec<Value> = page.iter().map(|(number, connection)| body(*number, connection)).collect();
    Ok(Answer::json(if data.is_empty() { json!({ "meta": meta }) } else { json!({ "data": data, "meta": meta }) }))
}

fn body(number: usize, connection: &Connection) -> Value {
    let mut body = json!({
        "id": uuid(number),
        "endpoint_name": FILTERED,
        "connected_at": timestamp(connection.connected_at),
    });
    if let Some((at, reason)) = connection.ended {
        body["disconnected_at"] = json!(timestamp(at));
        body["disconnect_reason"] = json!(reason);
    }
    body
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unwanted {
    uuids: Vec<String>,
}

pub fn delete(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let unwanted: Unwanted = match serde_json::from_slice(&asked.body) {
        Ok(Unwanted { uuids }) if (1..=100).contains(&uuids.len()) => Unwanted { uuids },
        _ => return Err(Problem::invalid_body(&json!({}), "JSON doesn't match expected schema")),
    };
    let ended = end(simulator, asked, |number| unwanted.uuids.contains(&uuid(number)));
    let missing = unwanted.uuids.into_iter().filter(|wanted| !ended.contains(wanted)).collect();
    Ok(killed(ended, missing))
}

pub fn delete_all(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    Ok(killed(end(simulator, asked, |_| true), Vec::new()))
}

pub fn delete_of(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let is_here = asked.path.get("endpoint_id") == Some(FILTERED);
    Ok(killed(end(simulator, asked, |_| is_here), Vec::new()))
}

fn end(simulator: &Simulator, asked: &Asked, is_wanted: impl Fn(usize) -> bool) -> Vec<String> {
    let ended = simulator.connections.end(asked.now, "api_disconnect", is_wanted);
    ended.into_iter().map(uuid).collect()
}

fn killed(ended: Vec<String>, missing: Vec<String>) -> Answer {
    let done = ended.iter().map(|uuid| json!({ "uuid": uuid, "success": true }));
    let failed = missing
        .iter()
        .map(|uuid| json!({ "uuid": uuid, "success": false, "error_message": "There is no such open connection" }));
    let results: Vec<Value> = done.chain(failed).collect();
    Answer::json(json!({ "data": {
        "successful_kills": ended.len(),
        "failed_kills": missing.len(),
        "results": results,
    } }))
}

fn uuid(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}
