//! Saved views: a filter, an order and columns under a name.

use crate::Timestamp;
use crate::account::Role;
use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const MAX_NAME: usize = 80;

/// What the explore page knows of a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewName {
    pub id: i64,
    pub name: String,
    /// The query string of the explore page that it stands for.
    pub query: String,
}

/// A view, as the signed-in person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub id: i64,
    pub name: String,
    /// The query string of the explore page that it stands for.
    pub query: String,
    /// For everyone who may open the collection, or for its owner alone.
    pub is_shared: bool,
    /// Whether only its owner and admins may save over it, where it is shared.
    pub is_locked: bool,
    /// Whether the signed-in person owns it.
    pub is_mine: bool,
    /// The name of its owner.
    pub owner: String,
    pub changed_at: Timestamp,
    /// Counts its changes: who saves over it says which they have seen.
    pub version: i64,
    /// Names of the alerts that watch it.
    pub alerts: Vec<String>,
}

impl SavedView {
    /// Whether somebody in that role may save over it.
    pub fn may_save(&self, role: Role) -> bool {
        self.may_manage(role) || (self.is_shared && !self.is_locked)
    }

    /// Whether somebody in that role may rename, share, lock and delete it.
    pub fn may_manage(&self, role: Role) -> bool {
        self.is_mine || (self.is_shared && role == Role::Admin)
    }
}
