//! The loss of a machine's power, at any moment and as often as one likes, of one run of a program.
//!
//! A tracer ([`Journal::record`]) notes in their order all changes that the program makes below a folder, and all that it
//! syncs. From these notes a [`Disk`] knows at each moment what is durable: what was synced, and nothing else. Of the rest
//! a disk may show any part after it has lost its power: a write wholly, not at all or in some of its sectors; a name that
//! was made, changed or removed in a folder that was not synced since, or not.

mod disk;
mod journal;

pub use disk::{Chance, Disk};
pub use journal::{Change, Journal};
