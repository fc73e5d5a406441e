//! What was asked and what was answered: the judge in tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::Simulator;

#[derive(Default)]
pub struct Ledger(Mutex<Entries>);

/// Counts since the start; requests to `/_sim` are not counted.
#[derive(Clone, Default, Serialize)]
pub struct Entries {
    requests: u64,
    by_status: BTreeMap<u16, u64>,
    tweets_served: u64,
    rate_limited: u64,
}

impl Ledger {
    pub fn record(&self, status: u16, tweets: usize) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.requests += 1;
        *entries.by_status.entry(status).or_default() += 1;
        entries.tweets_served += tweets as u64;
        entries.rate_limited += u64::from(status == 429);
    }
}

pub async fn show(State(simulator): State<Arc<Simulator>>) -> Json<Entries> {
    Json(simulator.ledger.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
}
