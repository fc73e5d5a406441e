//! Tweets: written in batches, read by id, followed by change number.

mod annotations;
mod authors;
mod bulk;
mod check;
mod delivery;
mod follow;
mod history;
mod merge;
mod plan;
mod raw;
mod read;
mod record;
mod remove;
mod sealed;
mod write;

pub use annotations::annotations;
pub use check::damaged;
pub use delivery::{Delivery, Origin, Ready, Sealer};
pub use follow::{Changes, changes_after, day_digests, first_seen_after, last_change};
pub use history::history;
pub use read::{by_ids, count_of, ids_between, pid_of_handle, raw};
pub use sealed::{RawOpener, SealedRaw, sealed};
pub use write::{Handover, Written, write};
