//! The database: SQLite on one machine, PostgreSQL beyond it. It is the truth; all else is derived from it.
//!
//! Functions are grouped by noun, take the [`Store`] first and the time as an argument, and return model types:
//! sea-orm's never leave this crate. What names a person goes through the [`vault`] before it is written.

pub mod access;
pub mod alerts;
pub mod assignments;
pub mod audit;
pub mod backup;
pub mod boards;
pub mod buckets;
pub mod collections;
pub mod credentials;
mod database;
mod entity;
mod error;
pub mod exports;
pub mod inspect;
pub mod leases;
pub mod limits;
pub mod links;
pub mod positions;
pub mod refusals;
pub mod rejects;
pub mod repair;
pub mod runs;
pub mod schedules;
pub mod sessions;
pub mod streams;
pub mod tweets;
pub mod users;
pub mod vault;
pub mod views;
pub mod windows;

pub use database::{Settings, Store};
pub use error::StoreError;

/// X's ids and counts fit the 63 bits of a database column; anything larger is capped rather than wrapped.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
