//! The database: SQLite on one machine, PostgreSQL beyond it. It is the truth; all else is derived from it.
//!
//! Functions are grouped by noun, take the [`Store`] first and the time as an argument, and return model types:
//! sea-orm's never leave this crate. What names a person goes through the [`vault`] before it is written.

pub mod collections;
pub mod credentials;
mod database;
mod entity;
mod error;
pub mod exports;
pub mod schedules;
pub mod sessions;
pub mod tweets;
pub mod users;
pub mod vault;
pub mod views;

pub use database::{Settings, Store};
pub use error::StoreError;
