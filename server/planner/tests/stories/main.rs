//! The planner against a model of X, and against an X that does as it likes.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

#[path = "../../benches/fetch/planned.rs"]
mod planned;
#[path = "../../benches/fetch/policies.rs"]
mod policies;
#[path = "../../benches/fetch/race.rs"]
mod race;
#[path = "../../benches/fetch/x.rs"]
mod x;

mod crash;
mod drive;
mod efficiency;
mod looking;
mod money;
mod order;
mod pages;
mod properties;
