//! A table in Delta's format: data files, and a log of numbered commits that says which of them count.
//!
//! Only what the lake needs of the protocol (reader version 1, writer version 2): files are added and removed, an
//! application's progress is noted in the same commit, a checkpoint sums commits up. Whatever reads Delta tables can
//! read it. Why it is written here: docs/decisions/008-delta.md.

mod action;
mod checkpoint;
mod log;
mod schema;
mod state;

pub use log::Table;
pub use state::{DataFile, Edit, State, day_name};

/// The number of a commit.
pub type Version = u64;
