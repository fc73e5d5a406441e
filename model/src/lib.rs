//! The nouns of Roost and the filter language, shared by the server and the browser.
//!
//! This crate knows no database, no network and no clock: time comes in as a [`Timestamp`].
//!
//! Start with [`tweet::Tweet`] (what is kept), [`columns::COLUMNS`] (what users see of it) and
//! [`filter`] (how they ask for it).

pub mod account;
pub mod collection;
pub mod columns;
pub mod decimal;
pub mod digest;
pub mod explain;
pub mod explore;
pub mod filter;
pub mod id;
pub mod import;
pub mod number;
pub mod observed;
pub mod schedule;
pub mod stats;
pub mod symbol;
pub mod texts;
pub mod time;
pub mod tweet;
pub mod view;
pub mod zone;

// What only the server and its sheets are about: the browser has neither them nor their texts.
#[cfg(not(target_arch = "wasm32"))]
pub mod alert;
#[cfg(not(target_arch = "wasm32"))]
pub mod annotation;
#[cfg(not(target_arch = "wasm32"))]
pub mod board;
#[cfg(not(target_arch = "wasm32"))]
pub mod change;
#[cfg(not(target_arch = "wasm32"))]
pub mod credential;
#[cfg(not(target_arch = "wasm32"))]
pub mod export;
#[cfg(not(target_arch = "wasm32"))]
pub mod gap;
#[cfg(not(target_arch = "wasm32"))]
pub mod growth;
#[cfg(not(target_arch = "wasm32"))]
pub mod limit;
#[cfg(not(target_arch = "wasm32"))]
pub mod plot;
#[cfg(not(target_arch = "wasm32"))]
pub mod sql;

pub use columns::{Column, Row, Value};
pub use filter::Filter;
pub use id::{CollectionId, Pid, TweetId, UserId};
pub use time::Timestamp;
pub use tweet::Tweet;
