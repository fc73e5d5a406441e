//! `GET /2/tweets/search/recent`, the last seven days, and `…/all`, everything; both newest first.
//! <https://docs.x.com/x-api/posts/search-recent-posts>

use crate::endpoint::{SEARCH_ALL, SEARCH_RECENT};
use crate::fields::{Expansions, Fields};
use crate::request::{Request, Span};

/// The most that X gives in one page of recent search, and of the archive if one asks what posts are about.
const PAGE: u32 = 100;
/// The most in one page of the archive.
const LARGE_PAGE: u32 = 500;

/// Which page of which search.
#[derive(Clone, Debug, Default)]
pub struct SearchRequest<'a> {
    /// In X's query language.
    pub query: &'a str,
    pub span: Span,
    pub expansions: Expansions,
    /// The page to go on with, from the answer before.
    pub next_token: Option<&'a str>,
    /// Posts on a page, if not as many as X gives.
    pub max_results: Option<u32>,
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

fn page(request: Request, search: &SearchRequest<'_>, size: u32) -> Request {
    let size = search.max_results.map_or(size, |most| most.min(size));
    let request = request.with("query", search.query).with("max_results", size).within(search.span);
    request.with_some("next_token", search.next_token)
}
