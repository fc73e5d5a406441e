//! Schedules and their runs.

use crate::time::SECOND;
use crate::{CollectionId, Timestamp, TweetId};
use serde::{Deserialize, Serialize};

/// A query that is fetched again and again into a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    pub id: i64,
    pub collection: CollectionId,
    pub name: String,
    /// In X's query language.
    pub query: String,
    pub interval_seconds: u32,
    pub enabled: bool,
    /// All tweets below it were read, or missed and named.
    pub since_id: Option<TweetId>,
    /// All below it is not read again: X finds some tweets only after minutes.
    pub settled_id: Option<TweetId>,
    /// When the first of what lies between was read.
    pub unsettled_since: Option<Timestamp>,
    pub last_run_at: Option<Timestamp>,
}

impl Schedule {
    /// When its next run is due, if it is enabled.
    pub fn due_at(&self) -> Timestamp {
        let after = |last: Timestamp| Timestamp(last.0 + i64::from(self.interval_seconds) * SECOND);
        self.last_run_at.map_or(Timestamp(i64::MIN), after)
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
    pub counts: crate::import::Counts,
    /// What it waits for, while it does.
    pub wait: Option<Wait>,
    /// In plain words, when it failed.
    pub reason: Option<String>,
}

/// Why nothing is fetched now, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    pub until: Timestamp,
    /// In plain words.
    pub reason: String,
}
