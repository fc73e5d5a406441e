//! X's filtered stream as a kind of schedule, against the simulated X over HTTP.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod breaks;
mod crash;
mod rules;
mod states;
mod world;
