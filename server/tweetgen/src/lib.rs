//! Made-up tweets, the same for the same seed on every machine: what the simulator serves, what
//! benchmarks read and what tests compare with.

mod corpus;
mod includes;
mod pages;
pub mod snowflake;
pub mod time;
pub mod token;
pub mod wire;

pub use corpus::{Account, Corpus, Kind, Record};
pub use includes::Expansions;
pub use pages::write_pages;
