//! A request of the planner on its way: it is sent, and the page that comes is made durable.

use super::kind;
use crate::pipeline::{self, Page};
use crate::{Error, Service};
use model::Timestamp;
use model::observed::Removal;
use model::schedule::Schedule;
use planner::{Question, Request};
use process::Gone;
use source::{Limits, RefusalKind, SourceError, XClient};

/// What came of a request.
pub(super) struct Answer {
    /// Of the endpoint that was asked.
    pub path: &'static str,
    pub request: Request,
    pub run: i64,
    pub at: Timestamp,
    /// None where X could not be reached.
    pub limits: Option<Limits>,
    pub came: Result<Kept, Trouble>,
}

/// A page that is durable.
pub(super) struct Kept {
    pub page: planner::Page,
    /// Tweets that were looked up and are gone.
    pub removed: u32,
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
    let asked = kind::request(schedule, &request.question);
    let path = asked.endpoint().path;
    let sent = match pipeline::wait_for_room(&service).await {
        Ok(()) => client.send(&asked).await,
        Err(error) => {
            let at = service.now();
            return Answer { path, request, run, at, limits: None, came: Err(Trouble::Here(error)) };
        }
    };
    let (limits, body) = match sent {
        Ok(source::Answer { limits, body }) => (Some(limits), body),
        Err(error) => (None, Err(error)),
    };
    let came = match body {
        Ok(body) => keep(&service, schedule, run, &request.question, body).await,
        Err(error) => Err(Trouble::X(error)),
    };
    Answer { path, request, run, at: service.now(), limits, came }
}

/// Puts a page into the log, from which it is stored; what was looked up and is gone is taken out there, too.
async fn keep(
    service: &Service,
    schedule: &Schedule,
    run: i64,
    question: &Question,
    body: Vec<u8>,
) -> Result<Kept, Trouble> {
    let unreadable = |error| Trouble::Unreadable(format!("X's answer cannot be understood: {error}"));
    let meta = process::page_meta(&body).map_err(unreadable)?;
    // An empty page says so. Something else in JSON must not be taken for the end of what there is.
    if matches!(question, Question::Page { .. }) && meta.result_count.is_none() {
        return Err(Trouble::Unreadable("X's answer is no page: it does not say how many posts it has".to_owned()));
    }
    let gone = match question {
        Question::Ids(_) => process::gone(&body).map_err(unreadable)?.ok_or_else(|| {
            Trouble::Unreadable(
                "X's answer has neither the posts that were asked for nor what became of them".to_owned(),
            )
        })?,
        Question::Page { .. } => Vec::new(),
    };
    let page = Page { collection: schedule.collection, schedule: schedule.id, run, observed_at: service.now(), body };
    let version = page.observed_at;
    pipeline::append(service, page).await.map_err(Trouble::Here)?;
    if !gone.is_empty() {
        let removals: Vec<Removal> = gone.iter().map(|gone| removal(*gone, version)).collect();
        pipeline::remove(service, &removals).await.map_err(Trouble::Here)?;
    }
    let page = planner::Page {
        posts: meta.result_count.map_or(0, |posts| u32::try_from(posts).unwrap_or(u32::MAX)),
        oldest: meta.oldest_id,
        newest: meta.newest_id,
        next_token: meta.next_token,
    };
    Ok(Kept { page, removed: u32::try_from(gone.len()).unwrap_or(u32::MAX) })
}

fn removal(Gone { id, is_protected }: Gone, version: Timestamp) -> Removal {
    let reason = if is_protected { "X shows it to its author's followers only" } else { "X has it no more" };
    Removal { id, version, reason: reason.to_owned() }
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

    /// Whether X refuses the credential, whatever is asked with it.
    pub fn is_of_the_credential(&self) -> bool {
        match (self, self.kind()) {
            (_, Some(kind)) => matches!(
                kind,
                RefusalKind::Unauthorized
                    | RefusalKind::NotEnrolled
                    | RefusalKind::AccessLevel
                    | RefusalKind::WrongAuthentication
                    | RefusalKind::OfficialAppsOnly
                    | RefusalKind::Forbidden
            ),
            (Self::X(error), None) => {
                matches!(error, SourceError::ConsentLost | SourceError::Token | SourceError::WrongCredential { .. })
            }
            _ => false,
        }
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
