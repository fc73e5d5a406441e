//! What those that follow the store are told.

use crate::{Row, TweetId};

/// A change of a tweet, of which who follows keeps an `R`.
#[derive(Clone, Debug)]
pub enum Change<R = Row> {
    /// Adds it, in place of an older one with the same id.
    Put(R),
    Remove(TweetId),
}
