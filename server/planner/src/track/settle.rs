//! How windows end: read, read in part, or missed. After each of it they cover the span as before.

use super::Track;
use crate::density::Density;
use crate::gap::Cause;
use crate::span::Span;
use crate::window::{Ask, Page, State, Window, WindowId};
use model::TweetId;

/// An account's timeline that gives so much of what it can give at most has more that it does not give.
const NEARLY_ALL: f64 = 0.95;

impl Track {
    /// A window is read to its end, and what its last page has of the windows below is read too. Returns where it is now.
    pub(super) fn close_at(&mut self, mut at: usize) -> usize {
        let reached = self.windows[at].progress.reached.unwrap_or(self.windows[at].span.from);
        while self.untouched_below(at).next().is_some_and(|below| below.span.from >= reached) {
            at = self.join_below(at);
        }
        let below = self.untouched_below(at).next().filter(|below| below.span.to > reached);
        if let Some(Window { id, span, expected, .. }) = below.cloned() {
            let rest = Span { to: reached, ..span };
            let share = rest.length() as f64 / span.length().max(1) as f64;
            let even = expected.map(|posts| posts * share);
            let left = self.density.as_ref().map(|density| density.expected(rest)).or(even);
            let joined = expected.zip(left).map(|(all, left)| (all - left).max(0.0));
            self.changed.insert(id);
            (self.windows[at - 1].span, self.windows[at - 1].expected) = (rest, left);
            let own = &mut self.windows[at];
            own.expected = own.expected.zip(joined).map(|(posts, joined)| posts + joined);
            own.span.from = reached;
        }
        self.windows[at].state = State::Done;
        at
    }

    /// A window takes in the one below it, which nobody has begun.
    fn join_below(&mut self, at: usize) -> usize {
        let below = self.windows.remove(at - 1);
        self.changed.insert(below.id);
        let own = &mut self.windows[at - 1];
        own.span.from = below.span.from;
        own.expected = own.expected.zip(below.expected).map(|(posts, joined)| posts + joined);
        at - 1
    }

    /// X has no more down to where it was asked.
    pub(super) fn exhaust(&mut self, at: usize, ask: &Ask, last: &Page) {
        let posts: u64 = self.windows.iter().map(|window| window.progress.posts).sum();
        if self.endpoint.deepest.is_some_and(|deepest| posts as f64 >= NEARLY_ALL * f64::from(deepest)) {
            return self.miss_open(at, Cause::TooDeep);
        }
        let mut at = self.close_at(at);
        let asked_from = ask.since_id.map_or(TweetId(0), |since| TweetId(since.0 + 1));
        let covered = self.untouched_below(at).take_while(|window| window.span.from >= asked_from);
        let promised: Vec<f64> = covered.map(|window| window.expected.unwrap_or(f64::INFINITY)).collect();
        // Where X ends, but more was counted, the windows below are asked for themselves: where it gives nothing at all,
        // for a single post.
        let negligible = if last.posts == 0 { 0.5 } else { f64::from(self.size.page) };
        if promised.iter().sum::<f64>() <= negligible {
            promised.iter().for_each(|_| at = self.join_below(at));
        }
    }

    /// More came than was expected: what is read is done, and the rest is planned anew, by the counts as far as they held
    /// or else by the density that was seen.
    pub(super) fn split(&mut self, at: usize) {
        let window = &mut self.windows[at];
        let rest = window.rest();
        window.span.from = rest.to;
        window.expected = Some(window.progress.posts as f64);
        window.state = State::Done;
        window.drop_token();
        let (posts, span) = (window.progress.posts, window.span);
        let counted = self.density.as_ref().map(|density| (density, density.expected(span)));
        let seen = match counted.filter(|(_, expected)| *expected >= 1.0) {
            Some((density, expected)) => density.clone().scaled(posts as f64 / expected),
            None => Density::observed(posts, span.length()),
        };
        self.insert(at, rest, Some(&seen));
    }

    /// What a window has below an id is missed. What is above it stays as it is, or is done if all of it is read.
    pub(super) fn miss_below(&mut self, at: usize, below: TweetId, cause: Cause) {
        let window = &mut self.windows[at];
        window.drop_token();
        self.changed.insert(window.id);
        let rest = window.rest();
        let below = below.clamp(rest.from, rest.to);
        let posts_left = window.expected.map(|posts| (posts - window.progress.posts as f64).max(0.0));
        if below == window.span.to {
            window.state = State::Missed(cause);
            return;
        }
        let missed_span = Span { to: below, ..rest };
        let share = missed_span.length() as f64 / rest.length().max(1) as f64;
        let missed = match &self.density {
            Some(density) if !window.is_begun() => Some(density.expected(missed_span)),
            _ => posts_left.map(|posts| posts * share),
        };
        window.expected = window.expected.zip(missed).map(|(all, missed)| (all - missed).max(0.0));
        window.span.from = below;
        if window.rest().is_empty() {
            window.state = State::Done;
            window.page_limit = None;
        }
        if missed_span.is_empty() {
            return;
        }
        self.add_missed(at, missed_span, missed, cause);
    }

    /// Notes what is missed right below a window; with what is missed there already for the same cause.
    fn add_missed(&mut self, at: usize, span: Span, posts: Option<f64>, cause: Cause) {
        if let Some(before) = at.checked_sub(1).map(|below| &mut self.windows[below])
            && before.state == State::Missed(cause)
        {
            before.span.to = span.to;
            before.expected = before.expected.zip(posts).map(|(before, more)| before + more);
            self.changed.insert(before.id);
            return;
        }
        let id = self.new_id();
        self.windows.insert(at, Window { state: State::Missed(cause), ..Window::new(id, span, posts) });
    }

    /// All that is still open is missed.
    pub(crate) fn give_up(&mut self, cause: Cause) {
        if let Some(newest) = self.windows.len().checked_sub(1) {
            self.miss_open(newest, cause);
        }
    }

    /// All that is still open up to a window is missed.
    fn miss_open(&mut self, newest: usize, cause: Cause) {
        let open: Vec<WindowId> =
            self.windows[..=newest].iter().filter(|window| window.is_open()).map(|window| window.id).collect();
        for id in open {
            if let Some(at) = self.position(id) {
                let below = self.windows[at].rest().to;
                self.miss_below(at, below, cause);
            }
        }
    }
}
