//! `GET /2/tweets/search/recent`, the last seven days, and `…/all`, everything; both newest first.
//! <https://docs.x.com/x-api/posts/search-recent-posts>

use crate::endpoint::{SEARCH_ALL, SEARCH_RECENT};
use crate::fields::{Expansions, Fields};
use crate::request::{Request, Span};
use model::time::{DAY, MINUTE};
use model::{Timestamp, TweetId};

/// How far back recent search goes, less a margin for the time that a request takes and for clocks that differ.
const REACH: i64 = 7 * DAY - MINUTE;

/// Milliseconds of X's epoch, from which the times in ids count.
const EPOCH_MS: i64 = 1_288_834_974_657;

/// The most that X gives in one page of recent search, and of the archive if one asks what posts are about.
const PAGE: u16 = 100;
/// The most in one page of the archive.
const LARGE_PAGE: u16 = 500;

/// Which page of which search.
#[derive(Clone, Debug, Default)]
pub struct SearchRequest<'a> {
    /// In X's query language.
    pub query: &'a str,
    pub span: Span,
    pub expansions: Expansions,
    /// The page to go on with, from the answer before.
    pub next_token: Option<&'a str>,
}

/// The oldest `since_id` that X takes now: it refuses older ones, though they would only mean "all there is".
pub fn oldest_since_id(now: Timestamp) -> TweetId {
    let ms = (now.0 - REACH) / 1000 - EPOCH_MS;
    TweetId(ms.max(0).unsigned_abs() << 22)
}

/// One page of recent posts.
pub fn recent(search: &SearchRequest<'_>) -> Request {
    let fields = Fields::posts(search.expansions);
    page(Request::new(&SEARCH_RECENT), search, PAGE).asking(fields)
}

/// One page of the archive: of 500 posts, without what X thinks that they are about, or of 100 with it.
pub fn all(search: &SearchRequest<'_>, annotations: bool) -> Request {
    let fields = Fields::Posts { expansions: search.expansions, annotations };
    page(Request::new(&SEARCH_ALL), search, if annotations { PAGE } else { LARGE_PAGE }).asking(fields)
}

fn page(request: Request, search: &SearchRequest<'_>, size: u16) -> Request {
    let request = request.with("query", search.query).with("max_results", size).within(search.span);
    request.with_some("next_token", search.next_token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_id_is_almost_seven_days_old() {
        let now = Timestamp::from_seconds(1_790_000_000);
        let age = now.0 / 1000 - oldest_since_id(now).snowflake_ms().unwrap();
        assert_eq!(age, (7 * DAY - MINUTE) / 1000);
    }
}
