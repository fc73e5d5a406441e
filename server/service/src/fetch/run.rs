//! A run of a schedule in this process: what it reads, and how it ends.

use super::counting::Counting;
use super::kept;
use super::kind::{self, Way};
use super::lookups::Lookups;
use crate::Service;
use model::gap::Cause;
use model::schedule::{Reads, Wait};
use model::{Timestamp, TweetId};
use planner::overlap::{Marks, Start};
use planner::{Question, Span, Track, Work};
use store::StoreError;
use store::runs::Outcome;
use store::schedules::Due;
use store::streams::Missed;
use store::windows::{self, State, Window};

/// A run that this process drives.
pub(super) struct Active {
    pub id: i64,
    pub due: Due,
    progress: Progress,
    /// Requests in a row that brought no page, for which the run itself is to blame.
    pub failures: u32,
    /// What the last of these was.
    pub trouble: Option<String>,
    /// What was noted last of what it waits for.
    pub wait: Option<Wait>,
    /// What happened and is not noted yet, in plain words.
    log: Vec<(Timestamp, String)>,
}

/// What has to be known beside the planner's work.
enum Progress {
    Posts {
        marks: Marks,
        start: Start,
        began: Timestamp,
    },
    Ids(Lookups),
    /// What a stream has missed: ids that lie next to each other.
    Stretch {
        from: TweetId,
        to: TweetId,
    },
}

/// A run that can begin, or go on.
pub(super) struct Planned {
    pub active: Active,
    pub work: Work,
    /// Requests that were sent to plan it.
    pub requests: u32,
}

/// Plans a run: with the windows that are kept, and where it has just begun with what came since.
pub(super) async fn plan(
    service: &Service,
    counting: &Counting,
    due: Due,
    id: i64,
    is_new: bool,
) -> Result<Planned, StoreError> {
    let now = service.now();
    let kept = windows::of_schedule(&service.store, due.schedule.id).await?;
    let (progress, work, requests) = match due.schedule.reads {
        Reads::Stored { days } => {
            let left = kept.first();
            let (lookups, lookup) = Lookups::plan(service, due.schedule.collection, days, left, now).await?;
            (Progress::Ids(lookups), Work::Ids(lookup), 0)
        }
        Reads::Stream { .. } => {
            let (stretch, track) = stretch(kept, now);
            (stretch, Work::Posts(track), 0)
        }
        _ => {
            let marks = kept::marks(&due.schedule, now);
            let (start, track, requests) = track(counting, &due, kept, marks, is_new, now).await;
            (Progress::Posts { marks, start, began: now }, Work::Posts(track), requests)
        }
    };
    let log = vec![(now, planned_words(&work))];
    let active = Active { id, due, progress, failures: 0, trouble: None, wait: None, log };
    Ok(Planned { active, work, requests })
}

fn planned_words(work: &Work) -> String {
    match work {
        Work::Posts(track) => {
            let open: Vec<_> = track.windows().iter().filter(|window| window.is_open()).collect();
            let expected: Option<f64> = open.iter().map(|window| window.expected).sum();
            let tweets = expected.map(|tweets| format!("; tweets that are expected: {tweets:.0}"));
            format!("planned: windows to read: {}{}", open.len(), tweets.unwrap_or_default())
        }
        Work::Ids(lookup) => format!("planned: {} tweets and more to look up", lookup.waiting().count()),
    }
}

/// The oldest stretch of what a stream has missed, as far as X's search can be asked for it.
fn stretch(kept: Vec<Window>, now: Timestamp) -> (Progress, Track) {
    let way = Way::of(&Reads::recent(""));
    let (lowest, highest) = (way.endpoint.lowest(now), way.endpoint.highest(now));
    let mut next = kept.first().map_or(TweetId(0), |first| first.from);
    let from = next;
    let mut windows = Vec::new();
    for mut window in kept {
        if window.from != next || window.to > highest {
            break;
        }
        next = window.to;
        if window.to <= lowest && window.state == State::Open {
            window.state = State::Missed(Cause::Horizon);
        }
        windows.push(kept::from_kept(window));
    }
    let track = Track::restore(way.endpoint, way.size(), None, windows);
    (Progress::Stretch { from, to: next }, track)
}

async fn track(
    counting: &Counting,
    due: &Due,
    kept: Vec<Window>,
    marks: Marks,
    is_new: bool,
    now: Timestamp,
) -> (Start, Track, u32) {
    let reads = &due.schedule.reads;
    let (way, highest) = (Way::of(reads), kind::highest(reads, now));
    let countable = |span: Span| Span { from: span.from.max(way.endpoint.lowest(now)), ..span };
    let Some((first, last)) = kept.first().zip(kept.last()) else {
        let start = marks.start(now);
        // What has become too old is in it, and ends as a gap.
        let span = Span { from: start.from, to: highest.max(start.from) };
        let (density, requests) = counting.density(reads, countable(span)).await;
        return (start, Track::plan(way.endpoint, way.size(), span, density), requests);
    };
    let start = Start { from: first.from, is_overlap: first.from < marks.read };
    let more = Span { from: last.to, to: highest.max(last.to) };
    let mut track = Track::restore(way.endpoint, way.size(), None, kept.into_iter().map(kept::from_kept).collect());
    let mut requests = 0;
    if is_new {
        let density;
        (density, requests) = counting.density(reads, countable(more)).await;
        track.extend(more.to, density);
    }
    (start, track, requests)
}

impl Active {
    pub fn schedule(&self) -> i64 {
        self.due.schedule.id
    }

    pub fn way(&self) -> &'static Way {
        Way::of(&self.due.schedule.reads)
    }

    /// Has it noted with the next checkpoint that something happened.
    pub fn tell(&mut self, at: Timestamp, what: String) {
        self.log.push((at, what));
    }

    /// What happened and was not noted yet.
    pub fn told(&mut self) -> Vec<(Timestamp, String)> {
        std::mem::take(&mut self.log)
    }

    /// A question is on its way.
    pub fn sent(&mut self, question: &Question) {
        if let (Progress::Ids(lookups), Question::Ids(ids)) = (&mut self.progress, question) {
            lookups.sent(ids);
        }
    }

    /// An answer came, or will not come.
    pub async fn answered(
        &mut self,
        service: &Service,
        question: &Question,
        work: Option<&mut Work>,
    ) -> Result<(), StoreError> {
        match (&mut self.progress, question, work) {
            (Progress::Ids(lookups), Question::Ids(ids), Some(Work::Ids(lookup))) => {
                lookups.answered(ids);
                lookups.refill(service, lookup).await
            }
            _ => Ok(()),
        }
    }

    /// Windows that were made or changed since this was last asked, and the numbers of those that are no more.
    pub fn changes(&self, work: &mut Work) -> (Vec<Window>, Vec<u64>) {
        let (mut changed, mut gone) = (Vec::new(), Vec::new());
        match (&self.progress, work) {
            (Progress::Posts { .. } | Progress::Stretch { .. }, Work::Posts(track)) => {
                for id in track.changes() {
                    match track.window(id) {
                        Some(window) => changed.push(kept::to_kept(window)),
                        None => gone.push(id.0),
                    }
                }
            }
            (Progress::Ids(lookups), Work::Ids(lookup)) => changed.push(lookups.left(lookup)),
            _ => {}
        }
        (changed, gone)
    }

    /// What of a stream it reads.
    pub fn stretch(&self) -> Option<Missed> {
        let Progress::Stretch { from, to } = self.progress else { return None };
        Some(Missed { schedule: self.schedule(), from, to })
    }

    /// How it ends once all is read.
    pub fn done(&self, work: &Work, now: Timestamp) -> Outcome {
        let (after, missed) = match (&self.progress, work) {
            (Progress::Posts { marks, start, began }, Work::Posts(track)) => {
                (marks.after(*start, track.mark().max(marks.read), *began), kept::gaps(track, now))
            }
            (Progress::Stretch { .. }, Work::Posts(track)) => {
                (kept::marks(&self.due.schedule, now), kept::gaps(track, now))
            }
            _ => (kept::marks(&self.due.schedule, now), Vec::new()),
        };
        let Marks { read, settled, since } = after;
        Outcome::Done { missed, marks: windows::Marks { read, settled, since } }
    }
}
