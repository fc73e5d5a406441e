//! What the planner has to know of the endpoints that bring posts. How many requests X takes, and how fast, is none of it:
//! that is data of the access tier, and X tells it ([`crate::Allowance`]).

use crate::span::Span;
use model::time::{DAY, MINUTE, SECOND};
use model::{Timestamp, TweetId};

/// X lets posts of the last seconds be missing in what it finds; so long ago a search ends.
/// <https://docs.x.com/x-api/posts/search/integrate/paginate>
const YOUNGEST: i64 = 30 * SECOND;
/// Kept from the horizon, for the time that a request takes and for clocks that differ.
const MARGIN: i64 = MINUTE;

/// An endpoint that gives posts newest first, page by page, between two ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub path: &'static str,
    /// Posts on a page: the least and the most that may be asked for.
    pub smallest_page: u32,
    pub largest_page: u32,
    /// Microseconds that it looks back: it refuses a `since_id` from before.
    pub horizon: Option<i64>,
    /// How many of the newest posts it gives at all.
    pub deepest: Option<u32>,
}

/// The last seven days.
pub const RECENT: Endpoint = Endpoint {
    path: "/2/tweets/search/recent",
    smallest_page: 10,
    largest_page: 100,
    horizon: Some(7 * DAY),
    deepest: None,
};
/// All there is. With context annotations its largest page is 100.
pub const ALL: Endpoint =
    Endpoint { path: "/2/tweets/search/all", smallest_page: 10, largest_page: 500, horizon: None, deepest: None };
/// Posts of an account. Without replies its newest 800.
pub const TIMELINE: Endpoint =
    Endpoint { path: "/2/users/{id}/tweets", smallest_page: 5, largest_page: 100, horizon: None, deepest: Some(3_200) };
/// Posts that name an account.
pub const MENTIONS: Endpoint = Endpoint { path: "/2/users/{id}/mentions", deepest: Some(800), ..TIMELINE };
/// Posts by their ids, 100 in a request.
pub const LOOKUP: Endpoint =
    Endpoint { path: "/2/tweets", smallest_page: 1, largest_page: 100, horizon: None, deepest: None };

impl Endpoint {
    /// The lowest id that may be asked for now. X compares the time of `since_id`, which lies a millisecond before it.
    pub fn lowest(&self, now: Timestamp) -> TweetId {
        self.horizon.map_or(TweetId(0), |horizon| TweetId::first_at(Timestamp(now.0 - horizon + MARGIN + 1_999)))
    }

    /// Where a search ends now: before it, X's index can be relied upon.
    pub fn highest(&self, now: Timestamp) -> TweetId {
        TweetId::first_at(Timestamp(now.0 - YOUNGEST))
    }

    /// What can be asked for now of what came after `mark`.
    pub fn reachable(&self, mark: TweetId, now: Timestamp) -> Span {
        Span { from: mark.max(self.lowest(now)), to: self.highest(now) }
    }

    /// Until when posts from `id` on can be asked for, if not for ever.
    pub fn deadline(&self, id: TweetId) -> Option<Timestamp> {
        self.horizon.map(|horizon| Timestamp(id.time().0 + horizon - MARGIN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::since_id;

    #[test]
    fn x_takes_the_since_id_of_the_lowest_id_for_a_minute() {
        for micros in [0, 1, 500, 999] {
            let now = Timestamp(1_795_435_200 * SECOND + micros);
            let asked = since_id(RECENT.lowest(now)).unwrap().snowflake_ms().unwrap() * 1000;
            let when_it_arrives = now.0 + MINUTE;
            assert!(asked >= when_it_arrives - 7 * DAY, "{micros}: {asked}");
            assert!(asked - (when_it_arrives - 7 * DAY) < 2_000, "no more is given away");
        }
    }

    #[test]
    fn a_search_ends_half_a_minute_ago() {
        let now = Timestamp(1_795_435_200 * SECOND);
        let span = RECENT.reachable(TweetId(0), now);
        assert_eq!(span.ends_at(), Timestamp(now.0 - 30 * SECOND));
        assert_eq!(ALL.reachable(TweetId(77), now).from, TweetId(77), "the archive has no horizon");
        assert_eq!(ALL.deadline(span.from), None);
        assert!(RECENT.deadline(span.from).unwrap() >= now);
    }
}
