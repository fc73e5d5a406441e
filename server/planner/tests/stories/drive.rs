//! An executor in a few lines, and what its tests have in common.

use crate::x::{Refusal, X};
use model::time::{HOUR, SECOND};
use model::{Timestamp, TweetId};
use planner::{
    Allowance, Answered, Ask, Bucket, Budget, Cost, Density, Endpoint, Failure, Job, Page, Planner, Question, Request,
    ScheduleId, Size, Span, Track, Turn, Work,
};

pub const PRICE: u64 = 5_000;

/// Posts of a query spread evenly over a span.
pub fn even(span: Span, posts: u64) -> Vec<TweetId> {
    let step = (span.length() / posts.max(1) as i64).max(1_000);
    let at = |number: u64| Timestamp(span.starts_at().0 + number as i64 * step);
    (0..posts).map(|number| TweetId(TweetId::first_at(at(number)).0 + number % 4_096)).collect()
}

/// Counts by the hour.
pub fn hours(start: Timestamp, counts: &[u64]) -> Density {
    let at = |hour: usize| Timestamp(start.0 + hour as i64 * HOUR);
    let bucket = |(hour, count): (usize, &u64)| Bucket { start: at(hour), end: at(hour + 1), count: *count };
    Density::counted(counts.iter().enumerate().map(bucket).collect())
}

pub fn job(track: Track) -> Job {
    Job { work: Work::Posts(track), budget: Budget::default(), price: PRICE }
}

pub fn track_of(planner: &Planner, schedule: i64) -> &Track {
    planner.job(ScheduleId(schedule)).unwrap().work.track().unwrap()
}

/// One schedule, 1, that has all requests to itself.
pub fn alone(track: Track) -> Planner {
    let mut planner = Planner::new(Allowance::new(10_000, 0), Budget::default());
    planner.put(ScheduleId(1), 1, job(track));
    planner
}

pub fn plan(endpoint: Endpoint, pages: u32, span: Span, density: Option<Density>) -> Track {
    Track::plan(endpoint, Size { pages, page: endpoint.largest_page }, span, density)
}

pub fn asked(planner: &mut Planner, now: Timestamp) -> Request {
    match planner.next(now) {
        Turn::Ask(request) => request,
        other => panic!("{other:?}"),
    }
}

pub fn ask_of(request: &Request) -> &Ask {
    match &request.question {
        Question::Page { ask, .. } => ask,
        Question::Ids(ids) => panic!("ids {ids:?}"),
    }
}

/// Sends what the planner says to X until nothing is left, or until `until`. Each request takes a second. Schedules are
/// queries by their number. `watch` sees each request and the planner after its answer.
pub fn fetch(
    planner: &mut Planner,
    x: &mut X,
    mut now: Timestamp,
    until: Timestamp,
    mut watch: impl FnMut(&Request, &Planner),
) -> Timestamp {
    while now < until {
        let request = match planner.next(now) {
            Turn::Ask(request) => request,
            Turn::Wait(time) => {
                assert!(time > now, "it waits for what is over");
                now = time;
                continue;
            }
            Turn::Busy | Turn::Idle => break,
        };
        let (answer, limits) = x.search(request.schedule.0 as usize, ask_of(&request), now);
        now = Timestamp(now.0 + SECOND);
        let said = |cost| Answered { at: now, limits: Some(limits), cost };
        match answer {
            Ok(page) => planner.taken(&request, &page, &said(Cost::of_page(page.posts, PRICE))),
            Err(Refusal::TooMany(limits)) => {
                planner.failed(&request, Failure::Closed { until: limits.reset }, &said(Cost::default()));
            }
            Err(Refusal::Invalid(why)) => panic!("X refuses {request:?}: {why}"),
        }
        watch(&request, planner);
    }
    now
}

/// A page from these ids, which are in order.
pub fn page_of(ids: &[TweetId], next_token: Option<&str>) -> Page {
    Page {
        posts: ids.len() as u32,
        oldest: ids.first().copied(),
        newest: ids.last().copied(),
        next_token: next_token.map(str::to_owned),
    }
}

/// Windows cover the span of the track: each ends where the next begins.
pub fn assert_whole(track: &Track, span: Span) {
    let windows = track.windows();
    assert_eq!(windows.first().map(|window| window.span.from), Some(span.from));
    assert_eq!(windows.last().map(|window| window.span.to), Some(span.to));
    for pair in windows.windows(2) {
        assert_eq!(pair[0].span.to, pair[1].span.from, "a hole or an overlap between {:?}", (&pair[0], &pair[1]));
    }
    let empty = windows.iter().find(|window| window.span.is_empty());
    assert!(empty.is_none(), "{empty:?}");
}
