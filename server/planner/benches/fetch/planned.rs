//! The planner as a way to fetch.

use crate::policies::{Policy, Step};
use model::time::MINUTE;
use model::{Timestamp, TweetId};
use planner::endpoint::RECENT;
use planner::{
    Allowance, Answered, Bucket, Budget, Cost, Density, Failure, Job, Limits, Page, Planner, Question, Request,
    ScheduleId, Size, Track, Turn, Work,
};

/// Pages in a window.
const PAGES: u32 = 10;
/// Of a post, in millionths of a dollar.
pub const PRICE: u64 = 5_000;

/// The planner, with X's counts or without.
pub struct Planned {
    pub planner: Planner,
    asked: Option<Request>,
}

impl Planned {
    pub fn new(counts: Vec<Option<Vec<Bucket>>>, limit: u32, now: Timestamp) -> Self {
        let mut planner = Planner::new(Allowance::new(limit, 0), Budget::default());
        for (query, counts) in counts.into_iter().enumerate() {
            let span = RECENT.reachable(TweetId(0), now);
            let density = counts.map(Density::counted);
            let track = Track::plan(RECENT, Size { pages: PAGES, page: RECENT.largest_page }, span, density);
            let job = Job { work: Work::Posts(track), budget: Budget::default(), price: PRICE };
            planner.put(ScheduleId(query as i64), 1, job);
        }
        planner.ration(now);
        Self { planner, asked: None }
    }
}

impl Policy for Planned {
    fn next(&mut self, now: Timestamp) -> Step {
        let request = match self.planner.next(now) {
            Turn::Ask(request) => request,
            Turn::Wait(until) => return Step::Wait(until),
            Turn::Busy | Turn::Idle => return Step::Done,
        };
        let Question::Page { ask, .. } = &request.question else { return Step::Done };
        let step = Step::Ask { query: request.schedule.0 as usize, ask: ask.clone() };
        self.asked = Some(request);
        step
    }

    fn took(&mut self, page: &Page, limits: Option<Limits>, now: Timestamp) {
        if let Some(request) = self.asked.take() {
            let cost = Cost::of_page(page.posts, PRICE);
            self.planner.taken(&request, page, &Answered { at: now, limits, cost });
        }
    }

    fn refused(&mut self, limits: Option<Limits>, now: Timestamp) {
        if let Some(request) = self.asked.take() {
            let until = limits.map_or(Timestamp(now.0 + 15 * MINUTE), |limits| limits.reset);
            self.planner.failed(
                &request,
                Failure::Closed { until },
                &Answered { at: now, limits, cost: Cost::default() },
            );
        }
    }
}
