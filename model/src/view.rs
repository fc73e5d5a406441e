//! Saved views: a filter, an order and columns under a name.

use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const MAX_NAME: usize = 80;

/// A view, as the signed-in person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub id: i64,
    pub name: String,
    /// The query string of the explore page that it stands for.
    pub query: String,
    /// For everyone who may open the collection, or for its owner alone.
    pub is_shared: bool,
    /// Whether the signed-in person owns it.
    pub is_mine: bool,
    /// The name of its owner.
    pub owner: String,
}
