//! Tweets that were not fetched, and why.

use crate::{Timestamp, TweetId};
use serde::{Deserialize, Serialize};

/// Tweets of a schedule that are missing in what was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The ids from here on,
    pub from: TweetId,
    /// to before here.
    pub to: TweetId,
    /// Estimated number of tweets; none where nothing tells it.
    pub missed: Option<u64>,
    pub cause: Cause,
    pub noted_at: Timestamp,
}

/// Why tweets were not fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    pub const ALL: [Self; 7] = [
        Self::Requests,
        Self::Money,
        Self::MonthlyCap,
        Self::Horizon,
        Self::TooDeep,
        Self::Stuck,
        Self::FewerThanCounted,
    ];

    /// Whether they may still be fetched, if there are more requests or more money.
    pub fn is_shortage(self) -> bool {
        matches!(self, Self::Requests | Self::Money | Self::MonthlyCap)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Money => "money",
            Self::MonthlyCap => "monthly_cap",
            Self::Horizon => "horizon",
            Self::TooDeep => "too_deep",
            Self::Stuck => "stuck",
            Self::FewerThanCounted => "fewer_than_counted",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.name() == name)
    }
}
