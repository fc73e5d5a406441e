//! Tweets: written in batches, read by id, followed by change number.

mod authors;
mod follow;
mod merge;
mod read;
mod record;
mod write;

pub use follow::{Changes, changes_after, day_digests, first_seen_after, last_change};
pub use read::{by_ids, count_of, pid_of_handle, raw};
pub use write::{Fresh, Origin, Written, write};
