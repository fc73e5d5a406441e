//! Credentials for the X API, as far as they may be seen: their secrets never are.

use crate::Timestamp;
use crate::limit::Caller;
use serde::{Deserialize, Serialize};

/// How somebody asks X.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An app, by its bearer token.
    Bearer,
    /// A person who allowed an app to ask (OAuth 2.0), by tokens that are refreshed.
    Oauth2,
    /// A person, by signatures with the keys of an app and their own (OAuth 1.0a).
    Oauth1,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Bearer, Self::Oauth2, Self::Oauth1];

    pub fn name(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Oauth2 => "oauth2",
            Self::Oauth1 => "oauth1",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whose requests X counts them as.
    pub fn caller(self) -> Caller {
        match self {
            Self::Bearer => Caller::App,
            Self::Oauth2 | Self::Oauth1 => Caller::Person,
        }
    }
}

/// All of a credential but its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    pub id: i64,
    pub name: String,
    /// Where the API is: `https://api.x.com`, or a simulator.
    pub base_url: String,
    pub kind: Kind,
    /// The access tier that was bought for it: one of those that have [limits](crate::limit::Limit).
    pub tier: String,
    /// Of the app that a person allowed to ask (OAuth 2.0).
    pub client_id: Option<String>,
    /// When the access token of OAuth 2.0 ends that it has now; it is refreshed before.
    pub expires_at: Option<Timestamp>,
    /// When the secret was entered.
    pub saved_at: Timestamp,
    /// When its tokens were refreshed last.
    pub refreshed_at: Option<Timestamp>,
}
