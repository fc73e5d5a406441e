//! The lake of Roost: all tweets as Parquet files in a table of Delta's format, for whatever reads such tables, and for
//! SQL.
//!
//! It is derived from the store: [`Lake::position`] tells up to which change, and it can be thrown away. Only this crate
//! names arrow, datafusion and object_store. All about columns follows from [`model::columns::COLUMNS`].

mod columns;
mod commit;
mod deadline;
mod delta;
mod error;
mod lake;
mod pending;
mod provider;
mod read;
mod sql;
mod storage;
mod tidy;
mod write;

pub use error::{LakeError, Result};
pub use lake::{Lake, Waiting};
pub use sql::{Answer, AnswerColumn, Cell, Limits};
pub use storage::Location;
