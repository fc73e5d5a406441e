//! What each kind of schedule asks of X.

use model::schedule::{Reads, Schedule};
use model::{Timestamp, TweetId};
use planner::{Ask, Endpoint, Question, Size, Span, endpoint};
use source::search::{self, SearchRequest};
use source::timelines::{self, Excluded, Timeline};
use source::{Request, lookup};

/// Windows of so many full pages. While several are read at once, each may end with a page that is not full: the larger
/// they are, the less that matters.
const PAGES: u32 = 10;

/// How a kind of schedule is read.
#[derive(Debug)]
pub(super) struct Way {
    pub endpoint: Endpoint,
}

static RECENT: Way = Way { endpoint: endpoint::RECENT };
static ARCHIVE: Way = Way { endpoint: endpoint::ALL };
static TIMELINE: Way = Way { endpoint: endpoint::TIMELINE };
static MENTIONS: Way = Way { endpoint: endpoint::MENTIONS };
static STORED: Way = Way { endpoint: endpoint::LOOKUP };

impl Way {
    pub fn of(reads: &Reads) -> &'static Self {
        match reads {
            // What a stream missed is searched for.
            Reads::Recent { .. } | Reads::Stream { .. } => &RECENT,
            Reads::Archive { .. } => &ARCHIVE,
            Reads::Timeline { .. } => &TIMELINE,
            Reads::Mentions { .. } => &MENTIONS,
            Reads::Stored { .. } => &STORED,
        }
    }

    pub fn size(&self) -> Size {
        Size { pages: PAGES, page: self.endpoint.largest_page }
    }
}

/// Where a schedule begins that has read nothing before.
pub(super) fn first_id(reads: &Reads, now: Timestamp) -> TweetId {
    match reads {
        Reads::Archive { from, .. } => TweetId::first_at(*from),
        Reads::Stream { .. } => TweetId::first_at(now),
        _ => Way::of(reads).endpoint.lowest(now),
    }
}

/// Where what it reads ends now.
pub(super) fn highest(reads: &Reads, now: Timestamp) -> TweetId {
    let highest = Way::of(reads).endpoint.highest(now);
    match reads {
        Reads::Archive { to, .. } => highest.min(TweetId::first_at(*to)),
        _ => highest,
    }
}

/// The planner's question as X understands it.
pub(super) fn request(schedule: &Schedule, question: &Question) -> Request {
    match question {
        Question::Ids(ids) => lookup::posts(ids, schedule.expansions),
        Question::Page { ask, .. } => page(schedule, ask),
    }
}

fn page(schedule: &Schedule, ask: &Ask) -> Request {
    let Schedule { reads, expansions, .. } = schedule;
    let Ask { since_id, until_id, max_results, .. } = *ask;
    let (span, expansions, next_token) = (within(since_id, until_id), *expansions, ask.next_token.as_deref());
    let of_query = |query| SearchRequest { query, span, expansions, next_token, max_results: Some(max_results) };
    let of_user = |user| Timeline { user, span, expansions, next_token, max_results: Some(max_results) };
    match reads {
        // Five times as many on a page are worth more than what X thinks that they are about.
        Reads::Archive { query, .. } => search::all(&of_query(query), false),
        Reads::Timeline { user } => timelines::posts(&of_user(*user), Excluded::default()),
        Reads::Mentions { user } => timelines::mentions(&of_user(*user)),
        _ => search::recent(&of_query(reads.query().unwrap_or_default())),
    }
}

/// A span of ids as X takes it.
pub(super) fn of_x(span: Span) -> source::Span {
    within(planner::span::since_id(span.from), span.to)
}

fn within(since: Option<TweetId>, until: TweetId) -> source::Span {
    source::Span::Ids { since, until: Some(until) }
}
