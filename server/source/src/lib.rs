//! The X API: one guarded client and the endpoints that Roost calls.
//!
//! It speaks HTTP and gives back the bytes of an answer with its rate limits; `process` makes tweets of them.

mod client;
mod error;
mod limits;
pub mod search;

pub use client::{Answer, Reach, XClient};
pub use error::SourceError;
pub use limits::RateLimits;
