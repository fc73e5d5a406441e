//! The windows of one schedule: they cover its span without a hole, and each is open, done, or missed for a named cause.

use crate::density::Density;
use crate::endpoint::Endpoint;
use crate::gap::{Cause, Gap};
use crate::overlap::SETTLE;
use crate::pack::{Size, pack};
use crate::span::{Span, since_id};
use crate::window::{Ask, Next, Page, State, Window, WindowId};
use model::{Timestamp, TweetId};
use std::collections::BTreeSet;

mod ration;
mod settle;

/// What a schedule reads: one span, in windows.
#[derive(Clone, Debug)]
pub struct Track {
    pub endpoint: Endpoint,
    pub size: Size,
    density: Option<Density>,
    /// From the oldest on; each ends where the next begins.
    windows: Vec<Window>,
    next_id: u64,
    changed: BTreeSet<WindowId>,
    /// Windows whose request is on its way.
    in_flight: BTreeSet<WindowId>,
}

impl Track {
    /// Plans a span: windows of `size` by what is expected, or one window that is split as it is read.
    pub fn plan(endpoint: Endpoint, size: Size, span: Span, density: Option<Density>) -> Self {
        let mut track = Self::restore(endpoint, size, density, Vec::new());
        track.append(span);
        track
    }

    /// Goes on with windows that were kept, after a restart. They come from the oldest on, without a hole.
    pub fn restore(endpoint: Endpoint, size: Size, density: Option<Density>, windows: Vec<Window>) -> Self {
        let next_id = windows.iter().map(|window| window.id.0 + 1).max().unwrap_or_default();
        Self { endpoint, size, density, windows, next_id, changed: BTreeSet::new(), in_flight: BTreeSet::new() }
    }

    /// Adds what came since: the track then reaches up to `to`. With new counts, or with those it has.
    pub fn extend(&mut self, to: TweetId, density: Option<Density>) {
        self.density = density.or(self.density.take());
        if let Some(last) = self.windows.last() {
            self.append(Span { from: last.span.to, to });
        }
    }

    fn append(&mut self, span: Span) {
        let at = self.windows.len();
        self.insert(at, span, self.density.clone().as_ref());
    }

    /// Cuts a span into windows, which come before the window `at`.
    fn insert(&mut self, at: usize, span: Span, density: Option<&Density>) {
        let parts = match density {
            Some(density) => {
                let parts = pack(span, density, self.size);
                parts.into_iter().map(|(part, posts)| (part, Some(posts))).collect()
            }
            None if span.is_empty() => Vec::new(),
            None => vec![(span, None)],
        };
        for (number, (part, expected)) in parts.into_iter().enumerate() {
            let is_counted = density.is_some_and(Density::is_counted);
            let window = Window { is_counted, ..Window::new(self.new_id(), part, expected) };
            self.windows.insert(at + number, window);
        }
    }

    fn new_id(&mut self) -> WindowId {
        let id = WindowId(self.next_id);
        self.next_id += 1;
        self.changed.insert(id);
        id
    }

    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// Ids of windows that were made, changed or taken away since this was last asked: what the store has to note.
    pub fn changes(&mut self) -> BTreeSet<WindowId> {
        std::mem::take(&mut self.changed)
    }

    pub fn window(&self, id: WindowId) -> Option<&Window> {
        self.windows.iter().find(|window| window.id == id)
    }

    /// The high-water mark: all below it is read, or missed and named.
    pub fn mark(&self) -> TweetId {
        let open = self.windows.iter().find(|window| window.is_open());
        open.map(|window| window.span.from).or(self.windows.last().map(|last| last.span.to)).unwrap_or(TweetId(0))
    }

    pub fn is_done(&self) -> bool {
        self.windows.iter().all(|window| !window.is_open())
    }

    /// Requests that it still needs, as far as is known.
    pub fn pages_left(&self) -> u64 {
        self.windows.iter().map(|window| u64::from(window.pages_left(self.size))).sum()
    }

    /// What is missed, from the oldest on.
    pub fn gaps(&self) -> Vec<Gap> {
        let gap = |window: &Window| match window.state {
            State::Missed(cause) => Some((cause, window.expected)),
            State::Done if window.is_short(self.size) => {
                Some((Cause::FewerThanCounted, window.expected.map(|expected| expected - window.progress.posts as f64)))
            }
            _ => None,
        };
        let named =
            self.windows.iter().filter_map(|window| gap(window).map(|(cause, posts)| (window.span, cause, posts)));
        named.map(|(span, cause, posts)| Gap { span, cause, missed: posts.map(|posts| posts.round() as u64) }).collect()
    }

    /// Expected posts in a span: by the counts, or as far as windows tell.
    pub fn expected(&self, span: Span) -> f64 {
        if let Some(density) = &self.density {
            return density.expected(span);
        }
        let within = |window: &Window| {
            let part = Span { from: span.from.max(window.span.from), to: span.to.min(window.span.to) };
            let share = part.length().max(0) as f64 / window.span.length().max(1) as f64;
            window.expected.unwrap_or_default() * share
        };
        self.windows.iter().map(within).sum()
    }

    /// The id above which a span has so many posts, by what is expected.
    pub(crate) fn lowest_of(&self, span: Span, posts: f64) -> TweetId {
        let (mut low, mut high) = (span.from.0, span.to.0);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.expected(Span { from: TweetId(middle), ..span }) >= posts { low = middle } else { high = middle }
        }
        TweetId(low)
    }

    /// Posts that came for each that was expected, in the windows that are done: the next plan's factor.
    pub fn observed_factor(&self) -> Option<f64> {
        let done = self.windows.iter().filter(|window| window.state == State::Done && window.page_limit.is_none());
        let known = done.filter_map(|window| Some((window.expected?, window.progress.posts as f64)));
        let (expected, came) = known.fold((0.0, 0.0), |sum, each| (sum.0 + each.0, sum.1 + each.1));
        (expected > 0.0).then(|| came / expected)
    }

    /// Windows that can be asked for now.
    fn free(&self, now: Timestamp) -> impl Iterator<Item = &Window> {
        let is_free = move |window: &&Window| {
            let waits = window.progress.not_before.is_some_and(|at| at > now);
            window.is_open() && !waits && !self.in_flight.contains(&window.id)
        };
        self.windows.iter().filter(is_free)
    }

    pub(crate) fn has_free(&self, now: Timestamp) -> bool {
        self.free(now).next().is_some()
    }

    /// When the first of the windows that wait for that can be asked again.
    pub(crate) fn waits_until(&self) -> Option<Timestamp> {
        let waiting = self.windows.iter().filter(|window| window.is_open() && !self.in_flight.contains(&window.id));
        waiting.filter_map(|window| window.progress.not_before).min()
    }

    pub(crate) fn is_in_flight(&self) -> bool {
        !self.in_flight.is_empty()
    }

    /// The window to ask next and what to ask for, a page of so many posts. None if no window is free, or if the one
    /// whose turn it is has become too old.
    pub(crate) fn next(&mut self, finish_by: Timestamp, max_results: u32, now: Timestamp) -> Option<(WindowId, Ask)> {
        let id = self.next_window(finish_by, now)?;
        let ask = self.ask(id, max_results, now)?;
        self.in_flight.insert(id);
        Some((id, ask))
    }

    /// The answer to a window's request came, or will not come.
    pub(crate) fn answered(&mut self, id: WindowId) {
        self.in_flight.remove(&id);
    }

    /// All windows go on by ids: another credential's tokens may be of no use.
    pub fn forget_tokens(&mut self) {
        let with_token = self.windows.iter_mut().filter(|window| window.progress.cursor.is_some());
        self.changed.extend(with_token.map(|window| {
            window.drop_token();
            window.id
        }));
    }

    /// One that is begun, then what would be too old by `finish_by`, the oldest first, then the newest.
    fn next_window(&self, finish_by: Timestamp, now: Timestamp) -> Option<WindowId> {
        let order = |window: &Window| {
            let deadline = self.endpoint.deadline(window.span.from).filter(|deadline| *deadline < finish_by);
            match (window.is_begun(), deadline) {
                (true, _) => (0, window.span.from.0),
                (false, Some(_)) => (1, window.span.from.0),
                (false, None) => (2, u64::MAX - window.span.from.0),
            }
        };
        self.free(now).min_by_key(|window| order(window)).map(|window| window.id)
    }

    /// What to ask for a window now; none if it has become too old for X meanwhile.
    fn ask(&mut self, id: WindowId, max_results: u32, now: Timestamp) -> Option<Ask> {
        let lowest = self.endpoint.lowest(now);
        let at = self.position(id)?;
        let window = &mut self.windows[at];
        // Below its horizon X gives nothing, and does not say so: the rest of a search is then asked for anew.
        if window.progress.cursor.as_ref().is_some_and(|cursor| cursor.since_id < since_id(lowest)) {
            window.drop_token();
        }
        if window.span.from < lowest {
            self.miss_below(at, lowest, Cause::Horizon);
        }
        let at = self.position(id).filter(|at| self.windows[*at].is_open())?;
        Some(self.windows[at].ask(self.floor(at).max(lowest), max_results))
    }

    /// How far down a search for a window may look: through the windows below it that nobody has begun.
    fn floor(&self, at: usize) -> TweetId {
        let own = self.windows[at].span.from;
        if self.windows[at].page_limit.is_some() {
            return own;
        }
        self.untouched_below(at).last().map_or(own, |window| window.span.from)
    }

    fn untouched_below(&self, at: usize) -> impl Iterator<Item = &Window> {
        let is_untouched = |window: &&Window| {
            let is_whole = window.is_open() && !window.is_begun() && window.page_limit.is_none();
            is_whole && !self.in_flight.contains(&window.id)
        };
        self.windows[..at].iter().rev().take_while(is_untouched)
    }

    /// Takes a page that is durable.
    pub(crate) fn take(&mut self, id: WindowId, ask: &Ask, page: &Page) {
        let Some(at) = self.position(id) else { return };
        if !self.windows[at].is_open() {
            return;
        }
        self.changed.insert(id);
        let size = self.size;
        match self.windows[at].take(ask, page, size) {
            // The newest posts of an account are read one after the other: there is nothing to put in order.
            Next::Split if self.endpoint.deepest.is_none() => self.split(at),
            Next::Ask | Next::Split => {}
            Next::Done => {
                self.close_at(at);
            }
            Next::Exhausted if page.posts == 0 && self.is_uncounted(at) && self.windows[at].once_more() => {}
            Next::Exhausted => self.exhaust(at, ask, page),
            Next::Stop(cause) => {
                let below = self.windows[at].rest().to;
                self.miss_below(at, below, cause);
            }
        }
    }

    /// Whether nothing tells how much a search will find, and it is not read again soon: that X gives nothing may then be
    /// a mistake of its index.
    fn is_uncounted(&self, at: usize) -> bool {
        let Window { span, expected, .. } = &self.windows[at];
        self.endpoint.deepest.is_none() && expected.is_none() && span.length() > SETTLE
    }

    /// A window's request failed.
    pub(crate) fn again(&mut self, id: WindowId, drops_token: bool, not_before: Option<Timestamp>) {
        let Some(window) = self.window_mut(id) else { return };
        window.progress.not_before = not_before;
        if drops_token {
            window.drop_token();
        }
    }

    fn window_mut(&mut self, id: WindowId) -> Option<&mut Window> {
        self.changed.insert(id);
        self.windows.iter_mut().find(|window| window.id == id)
    }

    fn position(&self, id: WindowId) -> Option<usize> {
        self.windows.iter().position(|window| window.id == id)
    }
}
