//! The life of a window: what to ask next, and when it is done.
//!
//! X gives a window's posts newest first. What is below [`Progress::reached`] is still to be read, whatever happens:
//! a page token is only the cheaper way to go on there, so a window survives the loss of its token, of its process
//! and of X's patience.

use crate::gap::Cause;
use crate::pack::Size;
use crate::span::{Span, since_id};
use model::{Timestamp, TweetId};

/// Requests in a row that bring nothing new, after which a window gives its token up; after twice as many it ends.
const MOST_EMPTY: u32 = 5;
/// Pages in a row that are less than half full, after which the window goes on by `until_id`: deep in its pages X may
/// give one post each (twarc issue 529).
const MOST_SMALL: u32 = 3;
/// X counts more than it gives. It is asked again where this share and a page are missing.
const CLEARLY_LESS: f64 = 0.2;

/// A stretch of a schedule's time that is read, tried again and noted as done for itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    pub id: WindowId,
    pub span: Span,
    /// Posts that are expected in it, if anything tells.
    pub expected: Option<f64>,
    /// Whether X counted them; else it is only the density that was seen elsewhere.
    pub is_counted: bool,
    /// No more pages than this are read, from the newest on: its part of a shortage.
    pub page_limit: Option<(u32, Cause)>,
    pub state: State,
    pub progress: Progress,
}

/// Number of a window within its schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowId(pub u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// To be read, or being read.
    Open,
    /// All that X gave is read.
    Done,
    /// Not read, and that is named.
    Missed(Cause),
}

/// How far a window is read: what its checkpoint has to hold.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Progress {
    pub pages: u32,
    pub posts: u64,
    /// The newest post of all pages.
    pub newest: Option<TweetId>,
    /// The oldest one: what is below is still to be read. None before the first post.
    pub reached: Option<TweetId>,
    pub cursor: Option<Cursor>,
    /// Nobody asks before then: a request failed.
    pub not_before: Option<Timestamp>,
    /// Need not be kept over a restart: they begin anew, and end again.
    pub guards: Guards,
}

/// What keeps a window from being read in circles.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Guards {
    /// Hashes of the page tokens since the window was last asked by ids.
    seen: Vec<u64>,
    /// Requests in a row that brought no older post.
    stalls: u32,
    /// Pages in a row that are less than half full.
    small: u32,
    /// Asked again below the last post: there may be more.
    is_recheck: bool,
}

/// Where X goes on, for the same ids as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub token: String,
    pub since_id: Option<TweetId>,
    pub until_id: TweetId,
}

/// A page to ask X for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Only posts after it.
    pub since_id: Option<TweetId>,
    /// Only posts before it.
    pub until_id: TweetId,
    pub next_token: Option<String>,
    pub max_results: u32,
}

/// What X gave.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Page {
    pub posts: u32,
    /// Smallest and largest id on it.
    pub oldest: Option<TweetId>,
    pub newest: Option<TweetId>,
    pub next_token: Option<String>,
}

/// What becomes of a window after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask for more.
    Ask,
    /// All that there is down to the id that was asked for is read.
    Exhausted,
    /// All of its span is read; X has more below it.
    Done,
    /// Read from [`Progress::reached`] up; what is below is more than was expected, and is to be planned anew.
    Split,
    /// Read from [`Progress::reached`] up; what is below is missed.
    Stop(Cause),
}

impl Window {
    pub fn new(id: WindowId, span: Span, expected: Option<f64>) -> Self {
        Self {
            id,
            span,
            expected,
            is_counted: true,
            page_limit: None,
            state: State::Open,
            progress: Progress::default(),
        }
    }

    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }

    pub fn is_begun(&self) -> bool {
        self.progress.pages > 0
    }

    /// What of it is still to be read.
    pub fn rest(&self) -> Span {
        Span { to: self.progress.reached.unwrap_or(self.span.to).max(self.span.from), ..self.span }
    }

    /// Pages that are still to be asked for, as far as is known.
    pub fn pages_left(&self, size: Size) -> u32 {
        if !self.is_open() {
            return 0;
        }
        let posts = (self.expected.unwrap_or_default() - self.progress.posts as f64).max(0.0);
        let limit = self.page_limit.map_or(u32::MAX, |(pages, _)| pages.saturating_sub(self.progress.pages));
        size.requests(posts).min(limit)
    }

    /// The next page: by its token, or else below the lowest post. A new search looks down to `lowest`, which may be
    /// below the window where nobody has begun to read what is there: so the last page is a full one too.
    pub fn ask(&self, lowest: TweetId, max_results: u32) -> Ask {
        match &self.progress.cursor {
            Some(Cursor { token, since_id, until_id }) => {
                Ask { since_id: *since_id, until_id: *until_id, next_token: Some(token.clone()), max_results }
            }
            None => Ask { since_id: since_id(lowest), until_id: self.rest().to, next_token: None, max_results },
        }
    }

    /// Goes on below the lowest post, without the token: X refused it, or its pages have become small.
    pub fn drop_token(&mut self) {
        self.progress.cursor = None;
        self.progress.guards.seen.clear();
        self.progress.guards.small = 0;
    }

    /// Takes a page that is durable, and says what is next.
    pub fn take(&mut self, ask: &Ask, page: &Page, size: Size) -> Next {
        let goes_down = page.oldest.is_some_and(|oldest| oldest < self.progress.reached.unwrap_or(self.span.to));
        let progress = &mut self.progress;
        progress.pages += 1;
        progress.not_before = None;
        if goes_down {
            progress.posts += u64::from(page.posts);
            progress.newest = progress.newest.max(page.newest);
            progress.reached = page.oldest;
            progress.guards.stalls = 0;
            progress.guards.is_recheck = false;
        } else {
            progress.guards.stalls += 1;
        }
        let is_small = page.posts > 0 && page.posts * 2 < ask.max_results;
        progress.guards.small = if is_small { progress.guards.small + 1 } else { 0 };
        let next = match &page.next_token {
            None => self.at_the_end(page.posts == 0, size),
            Some(token) => self.keep_token(token, ask, page.posts > 0 && !goes_down),
        };
        if next == Next::Ask { self.within_bounds(page, size) } else { next }
    }

    /// No token: this is the end, unless X counted clearly more, or more at all where it gives nothing now. Then it is
    /// asked once more below the last post.
    fn at_the_end(&mut self, is_empty: bool, size: Size) -> Next {
        let is_doubtful = self.is_short(size) || (is_empty && self.counted_missing().is_some_and(|posts| posts >= 1.0));
        self.drop_token();
        if is_doubtful && self.once_more() { Next::Ask } else { Next::Exhausted }
    }

    /// Has it asked once more below the last post. False if it was, and nothing came.
    pub(crate) fn once_more(&mut self) -> bool {
        !std::mem::replace(&mut self.progress.guards.is_recheck, true)
    }

    /// Whether clearly fewer posts came than were counted.
    pub fn is_short(&self, size: Size) -> bool {
        let clearly_less = (CLEARLY_LESS * self.expected.unwrap_or_default()).max(f64::from(size.page));
        self.counted_missing().is_some_and(|missing| missing > clearly_less)
    }

    /// How many fewer posts came than X counted, if it did and all of them are to be read.
    fn counted_missing(&self) -> Option<f64> {
        let expected = self.expected.filter(|_| self.is_counted && self.page_limit.is_none())?;
        Some(expected - self.progress.posts as f64)
    }

    /// A token leads on, unless it was there before, or its page was, or too many pages are empty or small.
    fn keep_token(&mut self, token: &str, ask: &Ask, is_repeated: bool) -> Next {
        let progress = &mut self.progress;
        if progress.guards.stalls >= 2 * MOST_EMPTY {
            return Next::Stop(Cause::Stuck);
        }
        let hash = fnv(token);
        let leads_on = !is_repeated && !progress.guards.seen.contains(&hash);
        if leads_on && progress.guards.stalls != MOST_EMPTY && progress.guards.small < MOST_SMALL {
            progress.guards.seen.push(hash);
            progress.cursor = Some(Cursor { token: token.to_owned(), since_id: ask.since_id, until_id: ask.until_id });
        } else {
            self.drop_token();
        }
        Next::Ask
    }

    fn within_bounds(&self, page: &Page, size: Size) -> Next {
        let progress = &self.progress;
        let Some(reached) = progress.reached else { return Next::Ask };
        if reached <= self.span.from {
            return Next::Done;
        }
        if let Some((pages, cause)) = self.page_limit {
            return if progress.pages >= pages { Next::Stop(cause) } else { Next::Ask };
        }
        let is_more = match self.expected {
            Some(expected) => progress.posts as f64 > 2.0 * expected || progress.pages > 2 * size.requests(expected),
            None => progress.pages >= size.pages,
        };
        if is_more && page.posts > 0 && page.next_token.is_some() { Next::Split } else { Next::Ask }
    }
}

/// FNV-1a: enough to tell the tokens of one window apart.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
