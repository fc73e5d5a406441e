//! What the crate does, told by files: real ones, made ones, broken ones.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
mod generated;
mod names;
mod properties;
mod real_data;
mod shapes;
mod speed;
mod tables;
mod tweets;
