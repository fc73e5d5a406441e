//! Lines between who reads them and who writes them down. Who reads never waits: if there is no room, lines are dropped,
//! and what that leaves out is searched for later.

use super::cover::Sign;
use super::line::Line;
use model::Timestamp;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Bytes of lines that may wait: at the most that X sends (250 posts a second), those of half a minute.
pub(super) const MOST: usize = 32 << 20;
/// Bytes that are written down at once, if so many have come.
const BATCH: usize = 4 << 20;
/// How long after the first line of a batch it is waited for more.
const LINGER: Duration = Duration::from_millis(500);
/// What an entry takes beside its bytes, about.
const OVERHEAD: usize = 128;

/// What waits to be written down.
#[derive(Debug)]
pub(super) enum Entry {
    Line(Line),
    Sign(Sign),
}

pub(super) struct Spool {
    state: Mutex<State>,
    came: Notify,
    most: usize,
}

#[derive(Default)]
struct State {
    entries: VecDeque<Entry>,
    bytes: usize,
    /// The latest time of what was dropped since something was kept.
    dropped: Option<Timestamp>,
    is_closed: bool,
}

impl Spool {
    pub fn new(most: usize) -> Self {
        Self { state: Mutex::default(), came: Notify::new(), most }
    }

    /// Keeps a line, or drops it. Returns whether this is the first that is dropped.
    pub fn line(&self, line: Line) -> bool {
        let mut state = self.state();
        let latest = line.id.map_or(line.at, |id| line.at.max(id.time()));
        if !state.has_room(line.json.len() + OVERHEAD, self.most) {
            let is_first = state.dropped.is_none();
            state.dropped = state.dropped.max(Some(latest));
            return is_first;
        }
        state.go_on(line.at);
        state.bytes += line.json.len() + OVERHEAD;
        state.entries.push_back(Entry::Line(line));
        self.came.notify_one();
        false
    }

    /// A sign of life came.
    pub fn alive(&self, at: Timestamp) {
        let mut state = self.state();
        if !state.has_room(OVERHEAD, self.most) {
            return;
        }
        state.go_on(at);
        state.sign(Sign::Alive(at));
        self.came.notify_one();
    }

    /// Lines begin: of a new connection.
    pub fn begins(&self, at: Timestamp) {
        let mut state = self.state();
        let at = state.dropped.take().map_or(at, |dropped| dropped.max(at));
        state.sign(Sign::Begins(at));
        self.came.notify_one();
    }

    /// Nothing more comes: batches are no longer waited for.
    pub fn close(&self) {
        self.state().is_closed = true;
        self.came.notify_one();
    }

    /// What has come, once enough has, or some for a while. Nothing only if it is closed. It can be cancelled.
    pub async fn batch(&self) -> Vec<Entry> {
        let mut since: Option<Instant> = None;
        loop {
            let news = self.came.notified();
            {
                let mut state = self.state();
                if !state.entries.is_empty() {
                    since = since.or_else(|| Some(Instant::now()));
                }
                let is_due = since.is_some_and(|since| since.elapsed() >= LINGER);
                if is_due || state.bytes >= BATCH || state.is_closed {
                    return state.take();
                }
            }
            match since {
                None => news.await,
                Some(since) => _ = tokio::time::timeout_at(since + LINGER, news).await,
            }
        }
    }

    #[cfg(test)]
    fn bytes(&self) -> usize {
        self.state().bytes
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Where something was dropped, half of it has to be empty before anything is kept: there are fewer holes then.
    fn has_room(&self, bytes: usize, most: usize) -> bool {
        self.bytes + bytes <= if self.dropped.is_some() { most / 2 } else { most }
    }

    /// Something is kept: after what was dropped, if anything was, lines begin anew.
    fn go_on(&mut self, at: Timestamp) {
        if let Some(dropped) = self.dropped.take() {
            self.sign(Sign::Begins(dropped.max(at)));
        }
    }

    /// Of two signs of a kind without a line between them the later one tells all.
    fn sign(&mut self, sign: Sign) {
        match (self.entries.back_mut(), sign) {
            (Some(Entry::Sign(last @ Sign::Begins(_))), Sign::Begins(_)) => *last = sign,
            (Some(Entry::Sign(last @ Sign::Alive(_))), Sign::Alive(_)) => *last = sign,
            _ => {
                self.bytes += OVERHEAD;
                self.entries.push_back(Entry::Sign(sign));
            }
        }
    }

    fn take(&mut self) -> Vec<Entry> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while bytes < BATCH
            && let Some(entry) = self.entries.pop_front()
        {
            bytes += OVERHEAD
                + match &entry {
                    Entry::Line(line) => line.json.len(),
                    Entry::Sign(_) => 0,
                };
            batch.push(entry);
        }
        self.bytes = self.bytes.saturating_sub(bytes);
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::TweetId;
    use std::sync::Arc;

    fn line(second: i64) -> Line {
        let at = Timestamp::from_seconds(1_790_000_000 + second);
        Line { id: Some(TweetId::first_at(at)), at, routes: Arc::from([]), json: vec![b' '; 1_000 - OVERHEAD] }
    }

    #[tokio::test]
    async fn what_finds_no_room_is_a_hole_that_begins_and_ends_where_it_does() {
        let spool = Spool::new(10_000);
        spool.begins(line(0).at);
        let dropped: Vec<i64> = (1..=20).filter(|second| spool.line(line(*second))).collect();
        assert_eq!(dropped, [10], "it is said once");
        assert!(spool.bytes() <= 10_000);
        spool.alive(line(21).at);
        let kept = spool.batch().await;
        assert_eq!(kept.len(), 10, "the beginning and nine lines; no sign of life after what was dropped");
        spool.alive(line(22).at);
        spool.line(line(23));
        let rest = spool.batch().await.into_iter().map(|entry| match entry {
            Entry::Sign(sign) => sign,
            Entry::Line(line) => Sign::Post { id: line.id.unwrap_or(TweetId(0)), at: line.at },
        });
        let (at, post) = (line(22).at, line(23));
        let post = Sign::Post { id: TweetId::first_at(post.at), at: post.at };
        assert_eq!(rest.collect::<Vec<_>>(), [Sign::Begins(at), Sign::Alive(at), post]);
    }

    #[tokio::test]
    async fn signs_without_lines_take_no_more_room_however_many_they_are() {
        let spool = Spool::new(1_000);
        for second in 0..10_000 {
            spool.begins(line(second).at);
        }
        for second in 0..10_000 {
            spool.alive(line(second).at);
        }
        assert_eq!(spool.bytes(), 2 * OVERHEAD);
        spool.close();
        assert_eq!(spool.batch().await.len(), 2);
        assert!(spool.batch().await.is_empty(), "it is closed");
    }
}
