//! What a schedule has to do: read a span of time, or look ids up.

use crate::endpoint::LOOKUP;
use crate::gap::Cause;
use crate::lookup::Lookup;
use crate::track::Track;
use crate::window::{Ask, WindowId};
use model::{Timestamp, TweetId};

#[derive(Clone, Debug)]
pub enum Work {
    Posts(Track),
    Ids(Lookup),
}

/// What to ask X.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// A page of a window.
    Page { window: WindowId, ask: Ask },
    /// Posts by their ids.
    Ids(Vec<TweetId>),
}

impl Work {
    pub fn track(&self) -> Option<&Track> {
        match self {
            Work::Posts(track) => Some(track),
            Work::Ids(_) => None,
        }
    }

    pub fn track_mut(&mut self) -> Option<&mut Track> {
        match self {
            Work::Posts(track) => Some(track),
            Work::Ids(_) => None,
        }
    }

    pub fn lookup(&self) -> Option<&Lookup> {
        match self {
            Work::Posts(_) => None,
            Work::Ids(lookup) => Some(lookup),
        }
    }

    pub fn is_done(&self) -> bool {
        match self {
            Work::Posts(track) => track.is_done(),
            Work::Ids(lookup) => lookup.posts() == 0 && !lookup.is_in_flight(),
        }
    }

    /// Requests that it still needs, as far as is known.
    pub fn pages_left(&self) -> u64 {
        match self {
            Work::Posts(track) => track.pages_left(),
            Work::Ids(lookup) => lookup.posts().div_ceil(LOOKUP.largest_page as usize) as u64,
        }
    }

    /// Posts on its smallest and on its largest page.
    pub(crate) fn page_sizes(&self) -> (u32, u32) {
        match self {
            Work::Posts(track) => (track.endpoint.smallest_page.min(track.size.page), track.size.page),
            Work::Ids(lookup) => (1, LOOKUP.largest_page.min(lookup.posts() as u32)),
        }
    }

    pub(crate) fn has_free(&self, now: Timestamp) -> bool {
        match self {
            Work::Posts(track) => track.has_free(now),
            Work::Ids(lookup) => lookup.has_free(now),
        }
    }

    pub(crate) fn waits_until(&self) -> Option<Timestamp> {
        match self {
            Work::Posts(track) => track.waits_until(),
            Work::Ids(lookup) => lookup.waits_until(),
        }
    }

    pub(crate) fn is_in_flight(&self) -> bool {
        match self {
            Work::Posts(track) => track.is_in_flight(),
            Work::Ids(lookup) => lookup.is_in_flight(),
        }
    }

    pub(crate) fn next(&mut self, finish_by: Timestamp, posts: u32, now: Timestamp) -> Option<Question> {
        match self {
            Work::Posts(track) => track.next(finish_by, posts, now).map(|(window, ask)| Question::Page { window, ask }),
            Work::Ids(lookup) => Some(Question::Ids(lookup.next(posts))),
        }
    }

    pub(crate) fn answered(&mut self, question: &Question) {
        match (self, question) {
            (Work::Posts(track), Question::Page { window, .. }) => track.answered(*window),
            (Work::Ids(lookup), Question::Ids(_)) => lookup.answered(),
            _ => {}
        }
    }

    pub(crate) fn give_up(&mut self, cause: Cause) {
        match self {
            Work::Posts(track) => track.give_up(cause),
            Work::Ids(lookup) => lookup.give_up(cause),
        }
    }

    pub(crate) fn needed_rate(&self, now: Timestamp) -> f64 {
        self.track().map_or(0.0, |track| track.needed_rate(now))
    }

    pub(crate) fn posts_wanted(&self) -> f64 {
        match self {
            Work::Posts(track) => track.posts_wanted(),
            Work::Ids(lookup) => lookup.posts() as f64,
        }
    }
}
