//! Compliance jobs: ids go up, and what became of them comes down.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use serde_json::{Map, Value, json};
use tweetgen::snowflake;
use tweetgen::time::{DAY, MINUTE, timestamp};

use super::Simulator;
use super::answer::{Answer, Asked};
use super::params::id;
use super::problem::Problem;

const UPLOAD: i64 = 15 * MINUTE;
const DOWNLOAD: i64 = 7 * DAY;
/// How long X takes for a job once the ids are there.
const WORK: i64 = MINUTE;

#[derive(Default)]
pub struct Jobs(Mutex<BTreeMap<u64, Job>>);

struct Job {
    id: u64,
    of_users: bool,
    name: Option<String>,
    is_resumable: bool,
    created_at: i64,
    /// The result's lines, and when they were begun.
    result: Option<(i64, String)>,
}

impl Job {
    fn kind(&self) -> &'static str {
        if self.of_users { "users" } else { "tweets" }
    }

    fn status(&self, now: i64) -> &'static str {
        match &self.result {
            Some((begun, _)) if now < begun + WORK => "in_progress",
            Some(_) => "complete",
            None if now >= self.created_at + UPLOAD => "expired",
            None => "created",
        }
    }

    fn is_open(&self, now: i64) -> bool {
        matches!(self.status(now), "created" | "in_progress")
    }

    fn body(&self, host: &str, now: i64) -> Value {
        let url = |what: &str| format!("{host}/2/compliance/jobs/{}/{what}?token={}", self.id, self.token(what));
        let mut body = Map::from_iter(
            [
                ("id", json!(self.id.to_string())),
                ("type", json!(self.kind())),
                ("status", json!(self.status(now))),
                ("resumable", json!(self.is_resumable)),
                ("created_at", json!(timestamp(self.created_at))),
                ("upload_url", json!(url("upload"))),
                ("upload_expires_at", json!(timestamp(self.created_at + UPLOAD))),
                ("download_url", json!(url("download"))),
                ("download_expires_at", json!(timestamp(self.created_at + DOWNLOAD))),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        if let Some(name) = &self.name {
            body.insert("name".to_owned(), json!(name));
        }
        Value::Object(body)
    }

    /// What an address carries, so that it needs no other proof.
    fn token(&self, what: &str) -> String {
        tweetgen::token::encode(self.id, what)
    }
}

impl Jobs {
    fn all(&self) -> MutexGuard<'_, BTreeMap<u64, Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub fn create(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let wrong = || Problem::invalid_body(&json!({}), "JSON doesn't match expected schema");
    let body: Value = serde_json::from_slice(&asked.body).map_err(|_| wrong())?;
    let of_users = match body["type"].as_str() {
        Some("users") => true,
        Some("tweets") => false,
        _ => return Err(wrong()),
    };
    let mut jobs = simulator.jobs.all();
    if jobs.values().any(|job| job.of_users == of_users && job.is_open(asked.now)) {
        let detail = "One or more parameters to your request was invalid.";
        let message = "Only one job of a type may be open at a time. Wait for the other to complete, or delete it.";
        let body = json!({
            "errors": [{ "parameters": { "type": [body["type"]] }, "message": message }],
            "title": "Conflict",
            "detail": detail,
            "type": "https://api.twitter.com/2/problems/conflict",
        });
        return Err(Problem::new(axum::http::StatusCode::CONFLICT, body));
    }
    let newest = jobs.keys().next_back().map_or(0, |id| id + 1);
    let job = Job {
        id: snowflake::first_id_at(asked.now).max(newest),
        of_users,
        name: body["name"].as_str().map(str::to_owned),
        is_resumable: body["resumable"].as_bool().unwrap_or(false),
        created_at: asked.now,
        result: None,
    };
    let answer = json!({ "data": job.body(&asked.host, asked.now) });
    jobs.insert(job.id, job);
    Ok(Answer::json(answer))
}

pub fn list(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let Some(kind) = asked.params.word("type", &["tweets", "users"])? else {
        return Err(Problem::invalid(&[], "The `type` query parameter can not be empty"));
    };
    let status = asked.params.word("status", &["created", "in_progress", "failed", "complete"])?;
    let jobs = simulator.jobs.all();
    let wanted =
        jobs.values().filter(|job| job.kind() == kind && status.is_none_or(|status| job.status(asked.now) == status));
    let data: Vec<Value> = wanted.map(|job| job.body(&asked.host, asked.now)).collect();
    let meta = json!({ "result_count": data.len() });
    Ok(Answer::json(if data.is_empty() { json!({ "meta": meta }) } else { json!({ "data": data, "meta": meta }) }))
}

pub fn show(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    with_job(simulator, asked, |job| Ok(Answer::json(json!({ "data": job.body(&asked.host, asked.now) }))))
}

pub fn delete(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let answer = show(simulator, asked)?;
    let id = id("id", asked.path.get("id").unwrap_or_default())?;
    simulator.jobs.all().remove(&id);
    Ok(answer)
}

pub fn upload(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let (kind, is_users) = with_job(simulator, asked, |job| {
        check_token(job, asked, "upload")?;
        Ok((job.status(asked.now), job.of_users))
    })?;
    if kind != "created" {
        return Err(Problem::invalid(&[], "The job does not take ids any more"));
    }
    let text = String::from_utf8_lossy(&asked.body);
    let ids = text.lines().filter_map(|line| line.trim().parse().ok());
    let result = match is_users {
        true => ids.filter_map(|id| simulator.user_line(id, asked.now)).collect(),
        false => ids.filter_map(|id| simulator.tweet_line(id, asked.now)).collect(),
    };
    with_job(simulator, asked, |job| {
        job.result = Some((asked.now, result));
        Ok(Answer::json(json!({ "data": job.body(&asked.host, asked.now) })))
    })
}

pub fn download(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    with_job(simulator, asked, |job| {
        check_token(job, asked, "download")?;
        match &job.result {
            Some((_, lines)) if job.status(asked.now) == "complete" => {
                Ok(Answer::raw(Body::from(lines.clone()), "application/octet-stream"))
            }
            _ => Err(Problem::nothing_there()),
        }
    })
}

fn with_job<T>(
    simulator: &Simulator,
    asked: &Asked,
    act: impl FnOnce(&mut Job) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let id = id("id", asked.path.get("id").unwrap_or_default())?;
    match simulator.jobs.all().get_mut(&id) {
        Some(job) => act(job),
        None => Err(Problem::not_found("id", &id.to_string())),
    }
}

fn check_token(job: &Job, asked: &Asked, what: &str) -> Result<(), Problem> {
    if asked.params.get("token") == Some(&job.token(what)) { Ok(()) } else { Err(Problem::unauthorized()) }
}

impl Simulator {
    /// The line of a result about a tweet, if there is something to tell.
    fn tweet_line(&self, id: u64, now: i64) -> Option<String> {
        let record = self.tweet(id, now)?;
        let event = self.corpus.compliance(record.ordinal..record.ordinal + 1, now).next();
        let event = event.filter(|_| self.config.life)?;
        Some(format!("{}\n", event.line()))
    }

    fn user_line(&self, id: u64, now: i64) -> Option<String> {
        let account = *self.accounts().by_id.get(&id)?;
        let event = self.corpus.account_event(account, now).filter(|_| self.config.life)?;
        Some(format!("{}\n", event.line()))
    }
}
