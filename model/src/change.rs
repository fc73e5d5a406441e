//! What those that follow the store are told.

use crate::{Row, TweetId};

/// A change of a tweet, of which who follows keeps an `R`.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every change is a Put; a box would cost an allocation per tweet")]
pub enum Change<R = Row> {
    /// Adds it, in place of an older one with the same id.
    Put(R),
    Remove(TweetId),
}
