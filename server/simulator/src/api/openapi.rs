//! `GET /2/openapi.json`: the official description of the API, where a file with it was given.

use std::sync::Arc;

use super::Simulator;
use super::answer::{Answer, Asked};
use super::problem::Problem;

/// Read anew each time, so the file may change while the simulator runs.
pub fn document(simulator: &Arc<Simulator>, _asked: &Asked) -> Result<Answer, Problem> {
    let path = simulator.config.openapi.as_ref().ok_or_else(Problem::nothing_there)?;
    let text = std::fs::read(path).map_err(|_| Problem::nothing_there())?;
    serde_json::from_slice(&text).map(Answer::json).map_err(|_| Problem::internal())
}
