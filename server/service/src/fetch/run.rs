//! A run of a schedule in this process: what it reads, and how it ends.

use super::kept;
use crate::Service;
use model::Timestamp;
use model::schedule::Wait;
use model::time::HOUR;
use planner::overlap::{Marks, Start};
use planner::{Bucket, Density, Size, Span, Track, endpoint};
use source::XClient;
use source::counts::{self, Counts, Granularity};
use store::runs::Outcome;
use store::schedules::Due;
use store::windows;

/// Windows of so many full pages: what is read again at most where a page token is lost.
const SIZE: Size = Size { pages: 5, page: endpoint::RECENT.largest_page };
/// A stretch of time that is worth a request for counts: what is shorter is read in a few pages anyway.
const WORTH_COUNTING: i64 = 2 * HOUR;
/// Counts of more than this are asked for by the hour, else by the minute.
const FINE: i64 = 24 * HOUR;

/// A run that this process drives.
pub(super) struct Active {
    pub id: i64,
    pub due: Due,
    marks: Marks,
    start: Start,
    began: Timestamp,
    /// Requests in a row that brought no page, for which the run itself is to blame.
    pub failures: u32,
    /// What the last of these was.
    pub trouble: Option<String>,
    /// What was noted last of what it waits for.
    pub wait: Option<Wait>,
}

impl Active {
    /// Takes up a run where it is: with the windows that are kept, and where it has just begun with what came since.
    pub async fn take_up(
        service: &Service,
        client: &XClient,
        due: Due,
        id: i64,
    ) -> Result<(Self, Track), store::StoreError> {
        let now = service.now();
        let recent = endpoint::RECENT;
        let marks = kept::marks(&due.schedule, now);
        let windows = windows::of_schedule(&service.store, due.schedule.id).await?;
        let (start, track) = match windows.first() {
            Some(first) => {
                let start = Start { from: first.from, is_overlap: first.from < marks.read };
                let newest = windows.last().map_or(first.to, |last| last.to);
                let windows = windows.into_iter().map(kept::from_kept).collect();
                let mut track = Track::restore(recent, SIZE, None, windows);
                if due.running.is_none() {
                    let more = Span { from: newest, to: recent.highest(now).max(newest) };
                    let density = density(service, client, &due.schedule.query, more).await;
                    track.extend(more.to, density);
                }
                (start, track)
            }
            None => {
                let start = marks.start(now);
                // What has become too old is in it, and ends as a gap.
                let span = Span { from: start.from, to: recent.highest(now).max(start.from) };
                let density = density(service, client, &due.schedule.query, span).await;
                (start, Track::plan(recent, SIZE, span, density))
            }
        };
        Ok((Self { id, due, marks, start, began: now, failures: 0, trouble: None, wait: None }, track))
    }

    /// How it ends once all is read.
    pub fn done(&self, track: &Track, now: Timestamp) -> Outcome {
        let Marks { read, settled, since } =
            self.marks.after(self.start, track.mark().max(self.marks.read), self.began);
        Outcome::Done { missed: kept::gaps(track, now), marks: windows::Marks { read, settled, since } }
    }
}

/// How X says that posts are spread over a span; none where it does not say, or where it is not worth asking.
async fn density(service: &Service, client: &XClient, query: &str, span: Span) -> Option<Density> {
    let now = service.now();
    let span = Span { from: span.from.max(endpoint::RECENT.lowest(now)), ..span };
    if span.length() < WORTH_COUNTING {
        return None;
    }
    let granularity = if span.length() > FINE { Granularity::Hour } else { Granularity::Minute };
    let ids = source::Span::Ids { since: planner::span::since_id(span.from), until: Some(span.to) };
    let counted = match client.send(&counts::recent(query, ids, granularity)).await.and_then(|answer| answer.body) {
        Ok(body) => Counts::read(&body),
        Err(error) => Err(error),
    };
    match counted {
        Ok(counts) => Some(Density::counted(counts.buckets.into_iter().map(bucket).collect())),
        Err(error) => {
            tracing::info!(error = %error, "X counts nothing here; windows go by what comes");
            None
        }
    }
}

fn bucket(counts::Bucket { start, end, posts }: counts::Bucket) -> Bucket {
    Bucket { start, end, count: posts }
}
