//! How much X lets be asked, by what was bought: its access tiers.

use serde::{Deserialize, Serialize};

/// Who asks. X counts their requests apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Caller {
    /// An app, by its bearer token.
    App,
    /// A person who allowed an app to ask.
    Person,
}

impl Caller {
    pub const ALL: [Self; 2] = [Self::App, Self::Person];

    pub fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Person => "person",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|caller| caller.name() == name)
    }
}

/// What a tier allows at an endpoint, as long as X itself says nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// As X calls it: `pay-per-use`.
    pub tier: String,
    /// Its path, with `{id}` where a number stands.
    pub endpoint: String,
    pub caller: Caller,
    /// Requests in 15 minutes.
    pub requests: u32,
    /// Microseconds from a request to the next.
    pub spacing: i64,
}
