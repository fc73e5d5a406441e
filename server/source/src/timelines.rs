//! `GET /2/users/{id}/tweets` and `…/mentions`: the newest 3,200 posts of an account, and the newest 800 that name it.
//! <https://docs.x.com/x-api/posts/timelines/introduction>

use crate::endpoint::{USER_MENTIONS, USER_POSTS};
use crate::fields::{Expansions, Fields};
use crate::request::{Request, Span};
use model::UserId;

/// The most that X gives in one page.
const PAGE: u32 = 100;

/// Which page of which timeline.
#[derive(Clone, Debug)]
pub struct Timeline<'a> {
    pub user: UserId,
    pub span: Span,
    pub expansions: Expansions,
    /// The page to go on with, from the answer before.
    pub next_token: Option<&'a str>,
    /// Posts on a page, if not as many as X gives.
    pub max_results: Option<u32>,
}

/// Kinds of posts that are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Excluded {
    /// Then X goes back 800 posts only.
    pub replies: bool,
    pub reposts: bool,
}

/// What an account has posted, the newest first.
pub fn posts(timeline: &Timeline<'_>, excluded: Excluded) -> Request {
    let excluded = match (excluded.replies, excluded.reposts) {
        (false, false) => None,
        (true, false) => Some("replies"),
        (false, true) => Some("retweets"),
        (true, true) => Some("replies,retweets"),
    };
    page(Request::new(&USER_POSTS), timeline).with_some("exclude", excluded)
}

/// What others have posted that names the account, the newest first.
pub fn mentions(timeline: &Timeline<'_>) -> Request {
    page(Request::new(&USER_MENTIONS), timeline)
}

fn page(request: Request, timeline: &Timeline<'_>) -> Request {
    let request =
        request.at(timeline.user.0).with("max_results", timeline.max_results.unwrap_or(PAGE)).within(timeline.span);
    let request = request.with_some("pagination_token", timeline.next_token);
    request.asking(Fields::posts(timeline.expansions))
}
