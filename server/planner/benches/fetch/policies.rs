//! Ways to fetch the last seven days of some queries: windows of a fixed length, and twarc2's. They know nothing of who
//! answers, so the same ones run against the model of X here and against a server.

use model::time::{DAY, HOUR, MINUTE, SECOND};
use model::{Timestamp, TweetId};
use planner::endpoint::RECENT;
use planner::span::since_id;
use planner::{Ask, Limits, Page, Span};
use std::collections::VecDeque;

/// Lengths of fixed windows that are tried.
pub const LENGTHS: [(&str, i64); 6] = [
    ("fixed windows, 15 minutes", 15 * MINUTE),
    ("fixed windows, 1 hour", HOUR),
    ("fixed windows, 3 hours", 3 * HOUR),
    ("fixed windows, 6 hours", 6 * HOUR),
    ("fixed windows, 12 hours", 12 * HOUR),
    ("fixed windows, 1 day", DAY),
];

/// What a policy does now.
pub enum Step {
    Ask { query: usize, ask: Ask },
    Wait(Timestamp),
    Done,
}

/// A way to fetch.
pub trait Policy {
    fn next(&mut self, now: Timestamp) -> Step;
    /// The page that was asked for last.
    fn took(&mut self, page: &Page, limits: Option<Limits>, now: Timestamp);
    /// X refused it: the window is used up.
    fn refused(&mut self, limits: Option<Limits>, now: Timestamp);
}

/// Searches that are paged to their end one after the other, newest first within each.
pub struct Paged {
    searches: VecDeque<(usize, Span)>,
    token: Option<String>,
    wait: Option<Timestamp>,
    /// Whether it goes by the headers, or asks until it is refused.
    heeds_headers: bool,
}

impl Paged {
    /// Windows of one length over seven days, from the oldest on, query by query.
    pub fn fixed(queries: usize, length: i64, now: Timestamp) -> Self {
        let end = Timestamp(now.0 - 30 * SECOND);
        let windows = (7 * DAY + length - 1) / length;
        let start = |window: i64| Timestamp(end.0 - window * length);
        let window = move |number: i64| Span::between(start(number + 1), start(number));
        let searches = (0..queries).flat_map(|query| (0..windows).rev().map(move |number| (query, window(number))));
        Self { searches: searches.collect(), token: None, wait: None, heeds_headers: true }
    }

    /// As twarc2 does: each query from now back to where X ends; after a refusal it sleeps until the window is over,
    /// and ten seconds more.
    pub fn twarc2(queries: usize, now: Timestamp) -> Self {
        let all = Span { from: TweetId(0), to: TweetId::first_at(Timestamp(now.0 - 30 * SECOND)) };
        let searches = (0..queries).map(|query| (query, all)).collect();
        Self { searches, token: None, wait: None, heeds_headers: false }
    }
}

impl Policy for Paged {
    fn next(&mut self, now: Timestamp) -> Step {
        if let Some(until) = self.wait.filter(|until| *until > now) {
            return Step::Wait(until);
        }
        let lowest = RECENT.lowest(now);
        while self.token.is_none() && self.searches.front().is_some_and(|(_, span)| span.to <= lowest) {
            self.searches.pop_front();
        }
        let Some((query, span)) = self.searches.front().copied() else { return Step::Done };
        let since = if span.from == TweetId(0) { None } else { since_id(span.from.max(lowest)) };
        let ask = Ask {
            since_id: since,
            until_id: span.to,
            next_token: self.token.clone(),
            max_results: RECENT.largest_page,
        };
        Step::Ask { query, ask }
    }

    fn took(&mut self, page: &Page, limits: Option<Limits>, _: Timestamp) {
        self.token = page.next_token.clone();
        if self.token.is_none() {
            self.searches.pop_front();
        }
        let is_used_up = limits.filter(|limits| limits.remaining == 0 && self.heeds_headers);
        self.wait = is_used_up.map(|limits| limits.reset);
    }

    fn refused(&mut self, limits: Option<Limits>, now: Timestamp) {
        let reset = limits.map_or(Timestamp(now.0 + 15 * MINUTE), |limits| limits.reset);
        self.wait = Some(Timestamp(reset.0 + 10 * SECOND));
    }
}
