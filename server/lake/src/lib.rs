//! The lake of Roost: all tweets as Parquet files in a table of Delta's format, for whatever reads such tables, and for
//! SQL.
//!
//! It is derived from the store: [`Lake::position`] tells up to which change, and it can be thrown away. Only this crate
//! names arrow, datafusion and object_store. All about columns follows from [`model::columns::COLUMNS`].

mod answer;
mod columns;
mod commit;
mod deadline;
mod delta;
mod error;
mod hidden;
mod lake;
mod pending;
mod provider;
mod read;
mod sql;
mod storage;
mod tidy;
mod write;

pub use error::{LakeError, Result};
pub use hidden::Hidden;
pub use lake::{Lake, Waiting};
pub use model::sql::{Answer, AnswerColumn, Cell, CellKind, Place, Read, SqlError};
pub use sql::Limits;
pub use storage::Location;
