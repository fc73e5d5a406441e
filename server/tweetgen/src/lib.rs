//! Made-up tweets, the same for the same seed on every machine: what the simulator serves, what
//! benchmarks read and what tests compare with.

mod check;
mod corpus;
mod deliveries;
mod faults;
mod includes;
mod pages;
mod profile;
pub mod snowflake;
pub mod time;
pub mod token;
pub mod wire;
mod written;

pub use check::{Row, check};
pub use corpus::{Account, Canary, Corpus, Event, Final, Kind, Planted, Reason, Record};
pub use deliveries::{Delivery, Transport, as_they_arrive, comes_twice, in_order};
pub use includes::Expansions;
pub use pages::{each_page, write_lines, write_pages};
pub use profile::{Profile, World};
