//! `GET /2/tweets/search/stream`: posts as they are written, each with the rules that it matches.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use serde_json::{Value, json};
use tweetgen::time::{MINUTE, SECOND};

use super::Simulator;
use super::answer::{Answer, Asked};
use super::connections::{Connections, Open};
use super::faults::half;
use super::fields::View;
use super::page::posts;
use super::problem::Problem;
use crate::Kind;

pub const PATH: &str = "/2/tweets/search/stream";
/// A sign of life, at least so often.
const HEARTBEAT: i64 = 20 * SECOND;
const BEAT: Bytes = Bytes::from_static(b"\r\n");
/// How long nothing is looked for where nothing was.
const PAUSE: Duration = Duration::from_millis(20);
/// Tweets that are looked at in one go.
const STRIDE: i64 = 500;

pub fn connect(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let view = View::of_posts(&asked.params, simulator.vocabulary())?;
    let minutes = asked.params.number("backfill_minutes", 0, 5)?;
    if minutes.is_some() && !simulator.config.tier.rights().has_backfill {
        let value = asked.params.get("backfill_minutes").unwrap_or_default();
        let message = "The `backfill_minutes` query parameter is not available to your product.";
        return Err(Problem::invalid(&[("backfill_minutes", value)], message));
    }
    if simulator.rules.all().is_empty() {
        return Err(Problem::no_rules());
    }
    let is_left = !simulator.faults.strike(PATH, |kind| kind == Kind::LeftOpen).is_empty();
    let open = Connections::open(simulator, asked.now, is_left)?;
    let from = asked.now - minutes.unwrap_or(0) as i64 * MINUTE;
    let feed = Feed {
        simulator: Arc::clone(simulator),
        view: Arc::new(view),
        open,
        next: simulator.corpus.ordinals(from, from).start,
        beats_at: asked.now + HEARTBEAT,
        lines: VecDeque::new(),
        is_over: false,
    };
    let lines = futures::stream::unfold(feed, async |mut feed: Feed| {
        feed.line().await.map(|line| (Ok::<_, Infallible>(line), feed))
    });
    Ok(Answer::raw(Body::from_stream(lines), "application/json; charset=utf-8"))
}

/// What one connection gets.
struct Feed {
    simulator: Arc<Simulator>,
    view: Arc<View>,
    open: Open,
    /// The number of the first tweet that was not looked at.
    next: i64,
    beats_at: i64,
    /// What is still to be sent.
    lines: VecDeque<Bytes>,
    is_over: bool,
}

impl Feed {
    /// The next line; none when the stream has ended.
    async fn line(&mut self) -> Option<Bytes> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Some(self.spoilt(line));
            }
            if self.is_over {
                return None;
            }
            if !self.open.is_open() {
                self.is_over = true;
                return Some(disconnected());
            }
            if !self.look().await {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// The line, or what faults make of it.
    fn spoilt(&mut self, line: Bytes) -> Bytes {
        if line == BEAT {
            return line;
        }
        let faults = self.simulator.faults.strike(PATH, Kind::is_of_lines);
        match faults.first().map(|fault| fault.kind) {
            Some(Kind::Duplicate) => Bytes::from([line.clone(), line].concat()),
            Some(kind) => {
                self.lines.clear();
                self.is_over = true;
                if kind == Kind::HalfLine { half(&line) } else { disconnected() }
            }
            None => line,
        }
    }

    /// Looks at what was written since; false if there was nothing to look at.
    async fn look(&mut self) -> bool {
        let now = self.simulator.now();
        let end = self.simulator.corpus.ordinals(now, now).start.max(self.next);
        if end == self.next {
            self.beat(now);
            return false;
        }
        let ordinals = self.next..end.min(self.next + STRIDE);
        self.next = ordinals.end;
        let (simulator, view) = (Arc::clone(&self.simulator), Arc::clone(&self.view));
        let found = tokio::task::spawn_blocking(move || matching(&simulator, &view, ordinals, now));
        for (written, line) in found.await.unwrap_or_default() {
            self.beat(written);
            self.lines.push_back(line);
        }
        true
    }

    /// Signs of life that are due at `until`.
    fn beat(&mut self, until: i64) {
        while self.beats_at <= until {
            self.lines.push_back(BEAT);
            self.beats_at += HEARTBEAT;
        }
    }
}

/// The lines of those of the tweets that match a rule, and when each was written.
fn matching(simulator: &Simulator, view: &View, ordinals: Range<i64>, now: i64) -> Vec<(i64, Bytes)> {
    let rules = simulator.rules.all();
    let mut lines = Vec::new();
    for ordinal in ordinals {
        let record = simulator.corpus.record(ordinal);
        let is_match = |query: &crate::query::Query| query.matches(&record, &simulator.corpus);
        let matched: Vec<Value> = rules.iter().filter(|rule| is_match(&rule.query)).map(|rule| named(rule)).collect();
        if matched.is_empty() || !simulator.is_there(&record, now) {
            continue;
        }
        let mut body = posts(simulator, &[Arc::new(record)], view, now);
        if let Some(Value::Array(data)) = body.get_mut("data")
            && let Some(post) = data.pop()
        {
            body.insert("data".to_owned(), post);
        }
        body.insert("matching_rules".to_owned(), Value::Array(matched));
        let body = view.named(Value::Object(body));
        simulator.ledger.deliver(now, &body);
        lines.push((simulator.corpus.micros_of(ordinal), Bytes::from(format!("{body}\r\n"))));
    }
    lines
}

fn named(rule: &super::rules::Rule) -> Value {
    match &rule.tag {
        Some(tag) => json!({ "id": rule.id.to_string(), "tag": tag }),
        None => json!({ "id": rule.id.to_string() }),
    }
}

/// The last line of a stream that the other side ends.
fn disconnected() -> Bytes {
    let body = json!({ "errors": [{
        "title": "operational-disconnect",
        "disconnect_type": "OperationalDisconnect",
        "detail": "This stream has been disconnected for operational reasons.",
        "type": "https://api.twitter.com/2/problems/operational-disconnect",
    }] });
    Bytes::from(format!("{body}\r\n"))
}
