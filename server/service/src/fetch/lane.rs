//! What one credential asks of one endpoint: its schedules there share a bucket, so they are planned together.

use super::kind::Way;
use super::limits;
use crate::Service;
use model::Timestamp;
use planner::{Budget, Planner, Request, Turn};
use store::StoreError;

/// Requests that are on their way at once.
const IN_FLIGHT: usize = 4;

pub(super) struct Lane {
    way: &'static Way,
    pub planner: Planner,
    pub in_flight: usize,
    /// Why the bucket is closed, in X's words.
    pub closed_for: Option<String>,
    /// When more may be sent, if nothing happens before.
    pub again: Option<Timestamp>,
}

impl Lane {
    pub async fn open(service: &Service, credential: i64, way: &'static Way) -> Result<Self, StoreError> {
        let allowance = limits::allowance(service, credential, way.endpoint.path).await?;
        let planner = Planner::new(allowance, Budget::default());
        Ok(Self { way, planner, in_flight: 0, closed_for: None, again: None })
    }

    /// The credential has another secret, which has limits of its own.
    pub async fn forget(&mut self, service: &Service, credential: i64) -> Result<(), StoreError> {
        self.planner.allowance = limits::allowance(service, credential, self.way.endpoint.path).await?;
        Ok(())
    }

    /// What the access tier allows may be another by now.
    pub async fn renew(&mut self, service: &Service, credential: i64) -> Result<(), StoreError> {
        limits::renew(&mut self.planner.allowance, service, credential, self.way.endpoint.path).await
    }

    /// What may be sent now.
    pub fn next(&mut self, now: Timestamp) -> Option<Request> {
        self.again = None;
        if self.in_flight >= IN_FLIGHT {
            return None;
        }
        match self.planner.next(now) {
            Turn::Ask(request) => return Some(request),
            Turn::Wait(until) => self.again = Some(until),
            Turn::Busy | Turn::Idle => {}
        }
        None
    }

    /// Why nothing is sent, if that is for the bucket as a whole.
    pub fn closed_for(&mut self, now: Timestamp) -> Option<&str> {
        if self.planner.allowance.opens_at(now) <= now {
            self.closed_for = None;
        }
        self.closed_for.as_deref()
    }
}
