//! What could not be fetched, and why.

use crate::span::Span;
pub use model::gap::Cause;

/// Posts that are missing in what was stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    pub span: Span,
    /// Estimated number of posts; none where nothing tells it.
    pub missed: Option<u64>,
    pub cause: Cause,
}
