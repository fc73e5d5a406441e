//! A request of the planner on its way: it is sent, and the page that comes is made durable.

use crate::pipeline::{self, Page};
use crate::{Error, Service};
use model::Timestamp;
use model::schedule::Schedule;
use planner::{Ask, Question, Request};
use source::search::{self, SearchRequest};
use source::{Expansions, Limits, RefusalKind, SourceError, Span, XClient};

/// What came of a request.
pub(super) struct Answer {
    pub request: Request,
    pub run: i64,
    pub at: Timestamp,
    /// None where X could not be reached.
    pub limits: Option<Limits>,
    pub came: Result<planner::Page, Trouble>,
}

/// Why no page came.
pub(super) enum Trouble {
    X(SourceError),
    /// The page could not be understood, or not be kept.
    Unreadable(String),
    Here(Error),
}

/// Sends a request. A page that comes is in the log when this returns.
pub(super) async fn ask(service: Service, client: &XClient, schedule: &Schedule, run: i64, request: Request) -> Answer {
    let asked = match &request.question {
        Question::Page { ask, .. } => search_of(schedule, ask),
        Question::Ids(ids) => source::lookup::posts(ids, Expansions::ALL),
    };
    let sent = match pipeline::wait_for_room(&service).await {
        Ok(()) => client.send(&asked).await,
        Err(error) => return Answer { request, run, at: service.now(), limits: None, came: Err(Trouble::Here(error)) },
    };
    let (limits, body) = match sent {
        Ok(source::Answer { limits, body }) => (Some(limits), body),
        Err(error) => (None, Err(error)),
    };
    let came = match body {
        Ok(body) => keep(&service, schedule, run, body).await,
        Err(error) => Err(Trouble::X(error)),
    };
    Answer { request, run, at: service.now(), limits, came }
}

fn search_of(schedule: &Schedule, ask: &Ask) -> source::Request {
    search::recent(&SearchRequest {
        query: &schedule.query,
        span: Span::Ids { since: ask.since_id, until: Some(ask.until_id) },
        expansions: Expansions::ALL,
        next_token: ask.next_token.as_deref(),
        max_results: Some(ask.max_results),
    })
}

/// Puts a page into the log, from which it is stored.
async fn keep(service: &Service, schedule: &Schedule, run: i64, body: Vec<u8>) -> Result<planner::Page, Trouble> {
    let meta = process::page_meta(&body)
        .map_err(|error| Trouble::Unreadable(format!("X's answer cannot be understood: {error}")))?;
    let page = Page { collection: schedule.collection, schedule: schedule.id, run, observed_at: service.now(), body };
    pipeline::append(service, page).await.map_err(Trouble::Here)?;
    Ok(planner::Page {
        posts: meta.result_count.map_or(0, |posts| u32::try_from(posts).unwrap_or(u32::MAX)),
        oldest: meta.oldest_id,
        newest: meta.newest_id,
        next_token: meta.next_token,
    })
}

impl Answer {
    /// What X says of its window of 15 minutes.
    pub fn window(&self) -> Option<planner::Limits> {
        let window = self.limits?.window?;
        Some(planner::Limits { limit: window.limit?, remaining: window.remaining, reset: window.reset? })
    }

    /// Until when X takes nothing more here: the window or the day is used up.
    pub fn closed_until(&self) -> Option<Timestamp> {
        self.limits?.closed_until(self.at)
    }
}

impl Trouble {
    /// Whether others with this credential would be refused as well, until time has passed.
    pub fn is_of_the_bucket(&self) -> bool {
        matches!(
            self.kind(),
            Some(
                RefusalKind::WindowUsedUp { .. }
                    | RefusalKind::TooFast
                    | RefusalKind::UsageCap(_)
                    | RefusalKind::CreditsDepleted
                    | RefusalKind::PaymentRequired
            )
        )
    }

    /// Whether X no longer knows where the page goes on.
    pub fn is_of_the_token(&self) -> bool {
        let Self::X(error) = self else { return false };
        error.refusal().is_some_and(|refusal| {
            let names = ["next_token", "pagination_token"];
            refusal.kind == RefusalKind::Invalid && refusal.parameters.iter().any(|name| names.contains(&name.as_str()))
        })
    }

    /// When it is worth asking again after the `attempt`th failure in a row; never where it would fail again.
    pub fn again(&self, attempt: u32, now: Timestamp, draw: f64) -> Option<Timestamp> {
        match self {
            Self::X(error) => source::backoff::again(error, attempt, now, draw),
            Self::Unreadable(_) | Self::Here(_) => source::backoff::again(&SourceError::Timeout, attempt, now, draw),
        }
    }

    fn kind(&self) -> Option<RefusalKind> {
        let Self::X(error) = self else { return None };
        Some(error.refusal()?.kind)
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::X(error) => error.fmt(f),
            Self::Unreadable(reason) => f.write_str(reason),
            Self::Here(error) => error.fmt(f),
        }
    }
}
