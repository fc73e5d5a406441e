//! `GET /2/tweets/search/stream`: posts as they are written, each with the rules that it matches.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use serde_json::{Value, json};
use tweetgen::time::{MINUTE, SECOND};

use super::Simulator;
use super::answer::{Answer, Asked};
use super::connections::{Connections, Open};
use super::faults::{gone, half};
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
    let lines = futures::stream::unfold(feed, async |mut feed: Feed| feed.line().await.map(|line| (line, feed)));
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
    lines: VecDeque<Line>,
    is_over: bool,
}

enum Line {
    Beat,
    Post(Value),
    /// The connection is gone.
    Break,
}

impl Feed {
    /// The next line; none when the stream has ended.
    async fn line(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            match self.lines.pop_front() {
                Some(Line::Beat) => return Some(Ok(BEAT)),
                Some(Line::Post(post)) => return Some(Ok(self.sent(&post))),
                Some(Line::Break) => return Some(Err(gone().await)),
                None if self.is_over => return None,
                None => {}
            }
            if !self.open.is_open() {
                return Some(Ok(self.cut(disconnected())));
            }
            if !self.look().await {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// The line of a post, or what faults make of it.
    fn sent(&mut self, post: &Value) -> Bytes {
        let line = Bytes::from(format!("{post}\r\n"));
        let faults = self.simulator.faults.strike(PATH, Kind::is_of_lines);
        let fault = faults.first().map(|fault| fault.kind);
        if fault == Some(Kind::Disconnect) {
            return self.cut(disconnected());
        }
        self.simulator.ledger.deliver(self.simulator.now(), post);
        match fault {
            Some(Kind::Duplicate) => Bytes::from([line.clone(), line].concat()),
            Some(kind) => {
                let last = self.cut(half(&line));
                self.lines.extend((kind == Kind::Break).then_some(Line::Break));
                last
            }
            None => line,
        }
    }

    /// Ends the stream with `last`. Who reads that may connect again at once.
    fn cut(&mut self, last: Bytes) -> Bytes {
        self.lines.clear();
        self.is_over = true;
        self.open.close("operational_disconnect");
        last
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
        for (written, post) in found.await.unwrap_or_default() {
            self.beat(written);
            self.lines.push_back(Line::Post(post));
        }
        true
    }

    /// Signs of life that are due at `until`.
    fn beat(&mut self, until: i64) {
        while self.beats_at <= until {
            self.lines.push_back(Line::Beat);
            self.beats_at += HEARTBEAT;
        }
    }
}

/// Those of the tweets that match a rule, and when each was written.
fn matching(simulator: &Simulator, view: &View, ordinals: Range<i64>, now: i64) -> Vec<(i64, Value)> {
    let rules = simulator.rules.all();
    let mut found = Vec::new();
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
        found.push((simulator.corpus.micros_of(ordinal), view.named(Value::Object(body))));
    }
    found
}

/// The tag of a rule that has none is empty here, though it is missing where rules are listed.
fn named(rule: &super::rules::Rule) -> Value {
    json!({ "id": rule.id.to_string(), "tag": rule.tag.as_deref().unwrap_or_default() })
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
