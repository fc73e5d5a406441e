//! Schedules and their runs.

use crate::{CollectionId, Timestamp, TweetId, UserId};
use serde::{Deserialize, Serialize};

/// What is fetched again and again into a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    pub id: i64,
    pub collection: CollectionId,
    pub name: String,
    pub reads: Reads,
    pub expansions: Expansions,
    /// When it runs: `every 15 minutes`, `at 09:00 on weekdays, Europe/Vienna`. A stream runs all the time.
    pub cadence: String,
    pub enabled: bool,
    /// All tweets below it were read, or missed and named.
    pub since_id: Option<TweetId>,
    /// All below it is not read again: X finds some tweets only after minutes.
    pub settled_id: Option<TweetId>,
    /// When the first of what lies between was read.
    pub unsettled_since: Option<Timestamp>,
    pub last_run_at: Option<Timestamp>,
    /// The moment of its cadence that was begun last.
    pub last_tick: Option<Timestamp>,
}

impl Schedule {
    /// Whether there is nothing left to read for ever.
    pub fn is_complete(&self) -> bool {
        let Reads::Archive { to, .. } = self.reads else { return false };
        self.since_id.is_some_and(|read| read >= TweetId::first_at(to))
    }
}

/// What a schedule reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reads {
    /// What matches a query in X's language: of the last seven days, and from then on.
    Recent { query: String },
    /// What matched a query from a time to before another, however long ago, once.
    Archive { query: String, from: Timestamp, to: Timestamp },
    /// What an account posts.
    Timeline { user: UserId },
    /// What names an account.
    Mentions { user: UserId },
    /// What is stored in the collection already, of the last days: its counters, edits and removals.
    Stored { days: u16 },
    /// What matches a query, as it is posted.
    Stream { query: String },
}

impl Reads {
    pub fn recent(query: impl Into<String>) -> Self {
        Self::Recent { query: query.into() }
    }

    /// How its kind is called.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Recent { .. } => "recent",
            Self::Archive { .. } => "archive",
            Self::Timeline { .. } => "timeline",
            Self::Mentions { .. } => "mentions",
            Self::Stored { .. } => "stored",
            Self::Stream { .. } => "stream",
        }
    }

    /// Whether it is read as it is posted, and not from time to time.
    pub fn is_stream(&self) -> bool {
        matches!(self, Self::Stream { .. })
    }

    /// Its query, where it has one.
    pub fn query(&self) -> Option<&str> {
        match self {
            Self::Recent { query } | Self::Archive { query, .. } | Self::Stream { query } => Some(query),
            Self::Timeline { .. } | Self::Mentions { .. } | Self::Stored { .. } => None,
        }
    }
}

/// What comes along with tweets. X may bill each object that it includes, so a schedule says which it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expansions {
    /// Authors, and whom tweets reply to. In the current vocabulary an author's id is to be had in no other way.
    pub users: bool,
    /// Tweets that others quote, repost or reply to, and earlier versions. Without them the texts of reposts are cut.
    pub tweets: bool,
    /// Media, polls and places, which have no price.
    pub attachments: bool,
}

impl Expansions {
    pub const ALL: Self = Self { users: true, tweets: true, attachments: true };
    pub const NONE: Self = Self { users: false, tweets: false, attachments: false };
}

impl Default for Expansions {
    fn default() -> Self {
        Self::ALL
    }
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Running,
    Done,
    Failed,
    /// Somebody asked it to end.
    Cancelled,
}

impl RunStatus {
    const ALL: [Self; 4] = [Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    pub fn name(self) -> &'static str {
        match self {
            RunStatus::Running => "running",
            RunStatus::Done => "done",
            RunStatus::Failed => "failed",
            RunStatus::Cancelled => "cancelled",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// One execution of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub id: i64,
    pub schedule: i64,
    pub status: RunStatus,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Requests that were sent for it.
    pub requests: u32,
    pub pages: u32,
    /// Tweets that were looked up and are gone.
    pub removed: u32,
    pub counts: crate::import::Counts,
    /// What it waits for, while it does.
    pub wait: Option<Wait>,
    /// In plain words: why it failed, which other credential took over and why, and what could not be understood.
    pub reason: Option<String>,
}

/// Why nothing is fetched now, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    pub until: Timestamp,
    /// In plain words.
    pub reason: String,
}
