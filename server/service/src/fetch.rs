//! Schedules at work: each due one pages through what is new and stores it.

use crate::pipeline::{self, Page};
use crate::{Error, Service, window};
use model::schedule::{Resume, Schedule};
use model::{Timestamp, TweetId};
use source::search::{self, SearchRequest};
use source::{Auth, Egress, Expansions, SourceError, Span, XClient};
use std::sync::Arc;
use std::time::Duration;
use store::schedules::{Due, Outcome};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How often it is looked for due schedules.
const TICK: Duration = Duration::from_millis(500);
/// Schedules that run at once.
const AT_ONCE: usize = 4;
/// How often a run says that it is alive: several times in a lease.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Runs schedules when they are due, until it is told to stop.
pub async fn follow_schedules(service: Service, stop: CancellationToken) {
    if let Err(error) = store::schedules::fail_interrupted_runs(&service.store, service.now()).await {
        tracing::error!(error = %error, "interrupted runs could not be closed");
    }
    let mut runs = JoinSet::new();
    while !stop.is_cancelled() {
        if let Err(error) = start_due(&service, &stop, &mut runs).await {
            tracing::error!(error = %error, "schedules could not be run; trying again");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(TICK) => {}
        }
        while runs.try_join_next().is_some() {}
    }
    while runs.join_next().await.is_some() {}
}

/// Runs every schedule that is due now, to its end.
pub async fn run_due(service: &Service, stop: &CancellationToken) -> Result<(), Error> {
    let mut runs = JoinSet::new();
    start_due(service, stop, &mut runs).await?;
    while runs.join_next().await.is_some() {}
    Ok(())
}

/// Starts what is due, as far as there is room. A schedule whose requests are used up waits for its next window.
async fn start_due(service: &Service, stop: &CancellationToken, runs: &mut JoinSet<()>) -> Result<(), Error> {
    for due in store::schedules::due(&service.store, service.now()).await? {
        while runs.len() >= AT_ONCE {
            runs.join_next().await;
        }
        if stop.is_cancelled() {
            break;
        }
        if window::closed_until(service, due.credential).await?.is_some() {
            continue;
        }
        let now = service.now();
        let Some(run) = store::schedules::begin_run(&service.store, &due, now).await? else { continue };
        runs.spawn(run_to_its_end(service.clone(), due, run, stop.clone()));
    }
    Ok(())
}

/// What goes wrong in one run is told, and is no matter of the others.
async fn run_to_its_end(service: Service, due: Due, run: i64, stop: CancellationToken) {
    let name = &due.schedule.name;
    match run_alone(&service, &due, run, &stop).await {
        Ok(Outcome { failure: Some(reason), .. }) => tracing::warn!(schedule.name = name, reason, "a run failed"),
        Ok(Outcome { pages, .. }) => tracing::info!(schedule.name = name, pages, "a run ended"),
        Err(error) => tracing::error!(schedule.name = name, error = %error, "a run could not be ended"),
    }
}

/// One run: what it fetches goes into the log page by page, and the mark moves only when all of it is there.
///
/// X gives the newest first. A run that ends half-way leaves a note how far down it came; the next run goes on
/// below it, and only then turns to what is newer.
async fn run_alone(service: &Service, due: &Due, run: i64, stop: &CancellationToken) -> Result<Outcome, Error> {
    let mut progress = Fetched::default();
    let fetched = tokio::select! {
        fetched = fetch_pages(service, due, run, stop, &mut progress) => fetched,
        lost = lose_claim(service, run) => Err(lost),
    };
    let failure = match fetched {
        Ok(()) => {
            if let Some(resume) = progress.reached {
                store::schedules::advance(&service.store, due.schedule.id, resume.newest).await?;
            }
            None
        }
        Err(Stop::Failed(reason)) => Some(reason),
        Err(Stop::Broken(error)) => Some(error.to_string()),
    };
    let ended = Outcome { pages: progress.pages, failure };
    store::schedules::end_run(&service.store, run, &ended, service.now()).await?;
    Ok(ended)
}

/// Renews the claim on the schedule; returns when another process has taken it.
async fn lose_claim(service: &Service, run: i64) -> Stop {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        match store::schedules::renew(&service.store, run, service.now()).await {
            Ok(true) => {}
            Ok(false) => return Stop::Failed("Another process took the schedule over.".to_owned()),
            Err(error) => tracing::warn!(error = %error, "a run could not say that it is alive"),
        }
    }
}

#[derive(Default)]
struct Fetched {
    pages: u32,
    reached: Option<Resume>,
}

/// Why a run ended early.
pub(crate) enum Stop {
    Failed(String),
    Broken(Error),
}

impl From<store::StoreError> for Stop {
    fn from(error: store::StoreError) -> Self {
        Stop::Broken(error.into())
    }
}

impl From<SourceError> for Stop {
    fn from(error: SourceError) -> Self {
        Stop::Failed(error.to_string())
    }
}

/// Between which ids a run looks.
struct Range {
    since: Option<TweetId>,
    resume: Option<Resume>,
}

impl Range {
    /// X takes no `since_id` from before the days that it searches. What an interrupted run left below them is gone,
    /// so that run is complete.
    fn of(due: &Due, now: Timestamp) -> Self {
        let oldest = search::oldest_since_id(now);
        let resume = due.schedule.resume.filter(|resume| resume.below > oldest);
        let done = if resume.is_none() { due.schedule.resume.map(|resume| resume.newest) } else { None };
        let since = due.schedule.since_id.max(done);
        Self { since: since.map(|since| since.max(oldest)), resume }
    }
}

async fn fetch_pages(
    service: &Service,
    due: &Due,
    run: i64,
    stop: &CancellationToken,
    progress: &mut Fetched,
) -> Result<(), Stop> {
    let credential = store::credentials::open(&service.store, due.credential).await?;
    let credential = credential.ok_or_else(|| Stop::Failed("its credential is gone: choose another".to_owned()))?;
    let clock = Arc::clone(&service.clock);
    let egress = Egress::new(&credential.base_url, service.reach, None, Arc::new(move || clock.now()))?;
    let client = XClient::new(egress, Auth::app(&credential.bearer_token));
    let range = Range::of(due, service.now());
    let mut next_token: Option<String> = None;
    progress.reached = range.resume;
    loop {
        if stop.is_cancelled() {
            return Err(Stop::Failed("Roost was stopped; the next run goes on".to_owned()));
        }
        let request = search::recent(&SearchRequest {
            query: &due.schedule.query,
            span: Span::Ids { since: range.since, until: range.resume.map(|resume| resume.below) },
            expansions: Expansions::ALL,
            next_token: next_token.as_deref(),
        });
        pipeline::wait_for_room(service).await.map_err(Stop::Broken)?;
        let body = window::ask(service, due.credential, &client, &request).await?;
        let meta = keep_page(service, due, run, body).await?;
        progress.pages += 1;
        if let Some((newest, oldest)) = meta.newest_id.zip(meta.oldest_id) {
            let newest = progress.reached.map_or(newest, |reached| reached.newest);
            let reached = Resume { below: oldest, newest };
            store::schedules::save_resume(&service.store, due.schedule.id, reached).await?;
            progress.reached = Some(reached);
        }
        match meta.next_token {
            // X must not send a run in circles.
            Some(token) if next_token.as_ref() != Some(&token) => next_token = Some(token),
            _ => return Ok(()),
        }
    }
}

/// Puts a page into the log, from which it is stored.
async fn keep_page(service: &Service, due: &Due, run: i64, body: Vec<u8>) -> Result<process::Meta, Stop> {
    let meta =
        process::page_meta(&body).map_err(|error| Stop::Failed(format!("X's answer cannot be understood: {error}")))?;
    let Schedule { id: schedule, collection, .. } = due.schedule;
    let page = Page { collection, schedule, run, observed_at: service.now(), body };
    pipeline::append(service, page).await.map_err(Stop::Broken)?;
    Ok(meta)
}
