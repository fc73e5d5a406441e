//! The lake of Roost: all tweets as Parquet files in tables of Delta's format, for whatever reads such tables. The table
//! `tweets` has them by column, and is there for SQL too; the table `raw` has them as they came, sealed.
//!
//! It is derived from the store: [`Lake::position`] tells up to which change, and it can be thrown away. Only this crate
//! names arrow, datafusion and object_store. All about the columns of `tweets` follows from [`model::columns::COLUMNS`].

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
mod raw;
mod read;
mod record;
mod sql;
mod storage;
mod tidy;
mod write;

pub use error::{LakeError, Result};
pub use hidden::Hidden;
pub use lake::{Lake, Waiting};
pub use model::sql::{Answer, AnswerColumn, Cell, CellKind, Place, Read, SqlError};
pub use raw::{RawTweet, RawTweets};
pub use record::Record;
pub use sql::Limits;
pub use storage::Location;
