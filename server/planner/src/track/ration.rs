//! What a schedule needs, and what it reads if it does not get that.

use super::Track;
use crate::gap::Cause;
use crate::shortage::{Demand, sample};
use crate::window::{State, Window, WindowId};
use model::Timestamp;

impl Track {
    /// What has become too old for X is missed.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        let lowest = self.endpoint.lowest(now);
        let is_old =
            |window: &&Window| window.is_open() && window.span.from < lowest && !self.in_flight.contains(&window.id);
        let old: Vec<WindowId> = self.windows.iter().filter(is_old).map(|window| window.id).collect();
        for id in old {
            if let Some(at) = self.position(id) {
                self.miss_below(at, lowest, Cause::Horizon);
            }
        }
    }

    /// Requests in a microsecond that it needs to read all before X has none of it any more.
    pub(crate) fn needed_rate(&self, now: Timestamp) -> f64 {
        let mut pages = 0.0;
        let rates = self.wanted().filter_map(|window| {
            pages += f64::from(self.pages_of(window));
            let left = self.endpoint.deadline(window.span.to)? - now;
            Some(pages / left.max(1) as f64)
        });
        rates.fold(0.0, f64::max)
    }

    /// Windows that are to be read, or would be if there were enough requests and money.
    fn wanted(&self) -> impl Iterator<Item = &Window> {
        self.windows.iter().filter(|window| match window.state {
            State::Open => true,
            State::Missed(cause) => cause.is_shortage(),
            State::Done => false,
        })
    }

    fn pages_of(&self, window: &Window) -> u32 {
        let left = (window.expected.unwrap_or_default() - window.progress.posts as f64).max(0.0);
        self.size.requests(left)
    }

    /// Posts that are to be read, or would be.
    pub(crate) fn posts_wanted(&self) -> f64 {
        self.wanted().map(|window| window.expected.unwrap_or_default()).sum()
    }

    /// Limits windows to what there is: requests at `rate`, if not all can be read in time, until they are too old, and
    /// `most` pages in all, whose end has the cause `end`. What was missed for a shortage before is planned again.
    pub(crate) fn ration(&mut self, rate: Option<f64>, most: f64, end: Cause, now: Timestamp) {
        let until = |window: &Window| {
            let (rate, deadline) = rate.zip(self.endpoint.deadline(window.span.to))?;
            Some(rate * (deadline - now).max(0) as f64)
        };
        let demand = |window: &Window| Demand {
            pages: self.pages_of(window),
            capacity: until(window).map_or(most, |pages| pages.min(most)),
        };
        let wanted: Vec<(WindowId, Demand)> = self.wanted().map(|window| (window.id, demand(window))).collect();
        let demands: Vec<Demand> = wanted.iter().map(|(_, demand)| *demand).collect();
        let whole: f64 = demands.iter().map(|demand| f64::from(demand.pages)).sum();
        let cause = if most < whole { end } else { Cause::Requests };
        for ((id, demand), limit) in wanted.into_iter().zip(sample(&demands)) {
            let state = if limit == 0 { State::Missed(cause) } else { State::Open };
            let page_limit = (limit < demand.pages).then_some((limit, cause));
            let is_on_its_way = self.in_flight.contains(&id);
            // What is begun is read to its end.
            let is_new = |window: &&mut Window| !window.is_begun() && !is_on_its_way;
            let Some(window) = self.windows.iter_mut().find(|window| window.id == id).filter(is_new) else { continue };
            if (window.state, window.page_limit) != (state, page_limit) {
                (window.state, window.page_limit) = (state, page_limit);
                self.changed.insert(id);
            }
        }
    }
}
