//! The X API: one guarded way out and the endpoints that Roost calls.
//!
//! A module for each resource makes [`Request`]s and reads what is not tweets; [`XClient`] sends them as somebody, and
//! gives back the bytes of an answer with its limits. `process` makes tweets of them. It decides nothing about when to
//! ask: [`backoff`] and [`Reconnect`] only say what is worth trying again.
//!
//! Start with [`endpoint::ENDPOINTS`].

pub mod auth;
pub mod backoff;
mod body;
mod client;
pub mod compliance;
pub mod connections;
pub mod counts;
pub mod description;
mod egress;
pub mod endpoint;
mod error;
mod fields;
mod limits;
pub mod lookup;
mod read;
mod refusal;
mod request;
pub mod rules;
pub mod search;
mod stream;
pub mod timelines;
pub mod usage;

pub use auth::Auth;
pub use client::{Answer, XClient};
pub use egress::{Clock, Egress, Reach};
pub use error::SourceError;
pub use fields::{Expansions, Vocabulary};
pub use limits::{Limits, RateLimits};
pub use refusal::{Period, Refusal, RefusalKind};
pub use request::{Request, Span};
pub use stream::{Event, Lines, PATIENCE, Reconnect, Stream, StreamEnd, connect};
