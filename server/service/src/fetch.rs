//! Schedules at work: each due one pages through what is new and stores it.

use crate::{Error, Service};
use model::import::Counts;
use model::schedule::Resume;
use source::search::{SearchRequest, recent};
use source::{SourceError, XClient};
use std::time::Duration;
use store::schedules::{Due, Outcome};
use store::tweets::Origin;
use tokio_util::sync::CancellationToken;

/// How often it is looked for due schedules.
const TICK: Duration = Duration::from_millis(500);

/// Runs schedules when they are due, until it is told to stop.
pub async fn follow_schedules(service: Service, stop: CancellationToken) {
    if let Err(error) = store::schedules::fail_interrupted_runs(&service.store, service.now()).await {
        tracing::error!(error = %error, "interrupted runs could not be closed");
    }
    while !stop.is_cancelled() {
        if let Err(error) = run_due(&service, &stop).await {
            tracing::error!(error = %error, "schedules could not be run; trying again");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Runs every schedule that is due now, one after the other.
pub async fn run_due(service: &Service, stop: &CancellationToken) -> Result<(), Error> {
    for due in store::schedules::due(&service.store, service.now()).await? {
        if stop.is_cancelled() {
            break;
        }
        let name = due.schedule.name.clone();
        let outcome = run(service, &due, stop).await?;
        match &outcome.failure {
            Some(reason) => tracing::warn!(schedule.name = name, reason, "a run failed"),
            None => {
                tracing::info!(schedule.name = name, pages = outcome.pages, new = outcome.counts.new, "a run ended")
            }
        }
    }
    Ok(())
}

/// One run: what it fetches is stored page by page, and the mark moves only when all of it is.
///
/// X gives the newest first. A run that ends half-way leaves a note how far down it came; the next run goes on
/// below it, and only then turns to what is newer.
pub async fn run(service: &Service, due: &Due, stop: &CancellationToken) -> Result<Outcome, Error> {
    let run = store::schedules::begin_run(&service.store, due.schedule.id, service.now()).await?;
    let mut progress = Fetched::default();
    let failure = match fetch_pages(service, due, stop, &mut progress).await {
        Ok(()) => {
            if let Some(resume) = progress.reached {
                store::schedules::advance(&service.store, due.schedule.id, resume.newest).await?;
            }
            None
        }
        Err(Stop::Failed(reason)) => Some(reason),
        Err(Stop::Broken(error)) => Some(error.to_string()),
    };
    let ended = || Outcome { pages: progress.pages, counts: progress.counts, failure: failure.clone() };
    store::schedules::end_run(&service.store, run, ended(), service.now()).await?;
    Ok(ended())
}

#[derive(Default)]
struct Fetched {
    pages: u32,
    counts: Counts,
    reached: Option<Resume>,
}

/// Why a run ended early.
enum Stop {
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

async fn fetch_pages(
    service: &Service,
    due: &Due,
    stop: &CancellationToken,
    progress: &mut Fetched,
) -> Result<(), Stop> {
    let credential = store::credentials::open(&service.store, due.credential).await?;
    let credential = credential.ok_or_else(|| Stop::Failed("its credential is gone: choose another".to_owned()))?;
    let client = XClient::new(&credential.base_url, &credential.bearer_token)?;
    let origin = Origin { collection: due.schedule.collection, schedule: Some(due.schedule.id) };
    let mut next_token: Option<String> = None;
    progress.reached = due.schedule.resume;
    loop {
        if stop.is_cancelled() {
            return Err(Stop::Failed("Roost was stopped; the next run goes on".to_owned()));
        }
        let request = SearchRequest {
            query: &due.schedule.query,
            since_id: due.schedule.since_id,
            until_id: due.schedule.resume.map(|resume| resume.below),
            next_token: next_token.as_deref(),
        };
        let answer = recent(&client, &request).await?;
        let page = process::decode_page(&answer.body, service.now())
            .map_err(|error| Stop::Failed(format!("X's answer cannot be understood: {error}")))?;
        progress.pages += 1;
        progress.counts.read += page.rejected.len() as u64;
        progress.counts.rejected += page.rejected.len() as u64;
        let counts = store::tweets::write(&service.store, origin, page.batch, service.now()).await?;
        progress.counts.add(counts);
        service.written.notify_one();
        if let Some((newest, oldest)) = page.meta.newest_id.zip(page.meta.oldest_id) {
            let newest = progress.reached.map_or(newest, |reached| reached.newest);
            let reached = Resume { below: oldest, newest };
            store::schedules::save_resume(&service.store, due.schedule.id, reached).await?;
            progress.reached = Some(reached);
        }
        match page.meta.next_token {
            // X must not send a run in circles.
            Some(token) if next_token.as_ref() != Some(&token) => next_token = Some(token),
            _ => return Ok(()),
        }
    }
}
