//! Schedules and their runs.

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
    /// Newest tweet that was seen: the next run asks for what is newer.
    pub since_id: Option<TweetId>,
    /// Where a run that did not end left off.
    pub resume: Option<Resume>,
    pub last_run_at: Option<Timestamp>,
}

/// X gives the newest first: a run that stops half-way has stored all from `newest` down to `below`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    /// Go on with tweets older than this one.
    pub below: TweetId,
    /// The newest tweet of the run's first page: the mark once all older ones are stored.
    pub newest: TweetId,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Running,
    Done,
    Failed,
}

impl RunStatus {
    pub fn name(self) -> &'static str {
        match self {
            RunStatus::Running => "running",
            RunStatus::Done => "done",
            RunStatus::Failed => "failed",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [RunStatus::Running, RunStatus::Done, RunStatus::Failed].into_iter().find(|status| status.name() == name)
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
    pub pages: u32,
    pub counts: crate::import::Counts,
    /// In plain words, when it failed.
    pub reason: Option<String>,
}
