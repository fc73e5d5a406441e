//! How posts are spread over time, as X counts them: with it, windows are cut so that pages are full.

use super::kind::of_x;
use super::{kept, limits};
use crate::Service;
use model::schedule::Reads;
use model::time::{DAY, HOUR, SECOND};
use planner::{Allowance, Bucket, Density, Limits, Span};
use source::counts::{self, Counts, Granularity};
use source::endpoint::{COUNTS_ALL, COUNTS_RECENT};
use source::{Answer, Request, SourceError, XClient};
use std::sync::Arc;
use std::time::Duration;
use store::leases::Lease;
use tokio::sync::Mutex;

/// A stretch of time that is worth a request for counts: what is shorter is read in a few pages anyway.
const WORTH_COUNTING: i64 = 2 * HOUR;
/// Counts of more than this are asked for by the hour, else by the minute.
const FINE: i64 = DAY;
/// Counts of more than this are asked for by the day: a page of them has 31.
const LONG: i64 = 31 * DAY;
/// For so long it is waited for a request's turn. Windows go by what comes where it takes longer.
const PATIENCE: i64 = 2 * SECOND;

/// Asks X for counts, one request at a time, within what it allows. Clones share that.
#[derive(Clone)]
pub(super) struct Counting {
    service: Service,
    client: Arc<XClient>,
    credential: i64,
    lease: Lease,
    recent: Arc<Mutex<Allowance>>,
    archive: Arc<Mutex<Allowance>>,
}

impl Counting {
    pub async fn open(
        service: &Service,
        client: Arc<XClient>,
        credential: i64,
        lease: &Lease,
    ) -> Result<Self, store::StoreError> {
        let allowance = async |path: &str| {
            let allowance = limits::allowance(service, credential, path).await?;
            Ok::<_, store::StoreError>(Arc::new(Mutex::new(allowance)))
        };
        Ok(Self {
            recent: allowance(COUNTS_RECENT.path).await?,
            archive: allowance(COUNTS_ALL.path).await?,
            service: service.clone(),
            client,
            credential,
            lease: lease.clone(),
        })
    }

    /// How posts are spread over a span, and requests that were sent for it. None where X does not say, or where it is not
    /// worth asking.
    pub async fn density(&self, reads: &Reads, span: Span) -> (Option<Density>, u32) {
        let Some(query) = reads.query().filter(|_| span.length() >= WORTH_COUNTING) else { return (None, 0) };
        let granularity = match span.length() {
            length if length <= FINE => Granularity::Minute,
            length if length <= LONG => Granularity::Hour,
            _ => Granularity::Day,
        };
        let (mut requests, mut buckets) = (0, Vec::new());
        let mut next_token: Option<String> = None;
        loop {
            let (token, span) = (next_token.as_deref(), of_x(span));
            let request = match reads {
                Reads::Archive { .. } => counts::all(query, span, granularity, token),
                _ => counts::recent(query, span, granularity),
            };
            let counted = match self.send(&request).await {
                Some(counted) => counted,
                None => return (None, requests),
            };
            requests += 1;
            match counted {
                Ok(counts) => {
                    buckets.extend(counts.buckets.into_iter().map(bucket));
                    next_token = counts.next_token.filter(|_| matches!(reads, Reads::Archive { .. }));
                }
                Err(error) => {
                    tracing::info!(error = %error, "X counts nothing here; windows go by what comes");
                    return (None, requests);
                }
            }
            if next_token.is_none() {
                return (Some(Density::counted(buckets)), requests);
            }
        }
    }

    /// None where X takes no request now.
    async fn send(&self, request: &Request) -> Option<Result<Counts, SourceError>> {
        let path = request.endpoint().path;
        let mut allowance = if path == COUNTS_ALL.path { self.archive.lock().await } else { self.recent.lock().await };
        if let Err(error) = limits::renew(&mut allowance, &self.service, self.credential, path).await {
            tracing::warn!(error = %error, "what an access tier allows could not be looked at");
        }
        let wait = allowance.opens_at(self.service.now()) - self.service.now();
        if (1..=PATIENCE).contains(&wait) {
            tokio::time::sleep(Duration::from_micros(wait.unsigned_abs())).await;
        }
        if allowance.opens_at(self.service.now()) > self.service.now() {
            return None;
        }
        allowance.spend(self.service.now());
        let answer = self.client.send(request).await;
        let now = self.service.now();
        let said = answer.as_ref().ok().map(|Answer { limits, .. }| limits);
        let window = said.and_then(|limits| limits.window);
        let told = window.and_then(|window| {
            Some(Limits { limit: window.limit?, remaining: window.remaining, reset: window.reset? })
        });
        allowance.answered(told, now);
        if let Some(until) = said.and_then(|limits| limits.closed_until(now)) {
            allowance.close(until, now);
        }
        let (of, bucket) = ((self.credential, path), kept::bucket(&allowance));
        if let Err(error) = store::buckets::note(&self.service.store, &self.lease, of, bucket).await {
            tracing::warn!(error = %error, "what X allows for counts could not be noted");
        }
        Some(answer.and_then(|answer| answer.body).and_then(|body| Counts::read(&body)))
    }
}

fn bucket(counts::Bucket { start, end, posts }: counts::Bucket) -> Bucket {
    Bucket { start, end, count: posts }
}
