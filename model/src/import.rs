//! What became of the tweets that were read.

use serde::{Deserialize, Serialize};

/// Every tweet that is read ends in exactly one of `new`, `updated`, `duplicate` or `rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub read: u64,
    /// Not in the collection before.
    pub new: u64,
    /// In the collection before; this was a later observation with other content.
    pub updated: u64,
    /// In the collection before, and this observation tells nothing newer.
    pub duplicate: u64,
    /// Could not be understood; kept in the rejects file.
    pub rejected: u64,
}

impl Counts {
    pub fn add(&mut self, other: Counts) {
        self.read += other.read;
        self.new += other.new;
        self.updated += other.updated;
        self.duplicate += other.duplicate;
        self.rejected += other.rejected;
    }

    /// Whether every tweet read is accounted for.
    pub fn balanced(&self) -> bool {
        self.read == self.new + self.updated + self.duplicate + self.rejected
    }
}
