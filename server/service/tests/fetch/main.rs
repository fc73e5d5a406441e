//! Schedules against the simulated X API, over HTTP: what is fetched, what is not fetched twice, what goes wrong.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod kinds;
mod plan;
mod recent;
mod story;
