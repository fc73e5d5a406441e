//! What could not be fetched, and why.

use crate::span::Span;

/// Posts that are missing in what was stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    pub span: Span,
    /// Estimated number of posts; none where nothing tells it.
    pub missed: Option<u64>,
    pub cause: Cause,
}

/// Why posts were not fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// X gives no more requests before they are too old for it.
    Requests,
    /// The budget does not pay for them.
    Money,
    /// The posts of this month are used up.
    MonthlyCap,
    /// They had become too old for X's search before they were asked for.
    Horizon,
    /// X gives only so many of the newest posts of an account.
    TooDeep,
    /// X went on giving pages that brought nothing new.
    Stuck,
    /// X counted clearly more than it gave; where its pages ended early, it was asked again.
    FewerThanCounted,
}

impl Cause {
    /// Whether they may still be fetched, if there are more requests or more money.
    pub fn is_shortage(self) -> bool {
        matches!(self, Cause::Requests | Cause::Money | Cause::MonthlyCap)
    }
}
