//! A look at a log file that changes nothing in it, for backups and for whoever asks what is wrong.

use super::whole;
use crate::Result;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Problems of a damaged file that are told.
const MOST_PROBLEMS: u32 = 10;
/// How long it waits for who opens or closes the file just now.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection to a log file that can only read. While it is open, others append as usual.
pub struct Inspection {
    connection: SqliteConnection,
}

/// How far a group has come in a topic, all partitions together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub topic: String,
    pub group: String,
    /// The offsets that it does next, added up: the number grows as it works.
    pub next: u64,
    /// Records that it has yet to do.
    pub waiting: u64,
}

/// Which records a log kept at a moment, and which of them every group had done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(BTreeMap<(String, u16), Mark>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    first: u64,
    done: u64,
}

impl Marks {
    /// Whether a later state of the log has all that not every group had done then.
    pub fn are_kept_in(&self, later: &Marks) -> bool {
        self.0.iter().all(|(part, mark)| later.0.get(part).is_some_and(|later| later.first <= mark.done))
    }
}

impl Inspection {
    /// Of a log that others may have open.
    ///
    /// # Errors
    /// Where it is not there or cannot be opened.
    pub async fn open(file: &Path) -> Result<Self> {
        Self::connect(file, false).await
    }

    /// Of a file that nobody changes, such as that of a backup; it may stand on a medium that cannot be written.
    ///
    /// # Errors
    /// Where it is not there or cannot be opened.
    pub async fn open_copy(file: &Path) -> Result<Self> {
        Self::connect(file, true).await
    }

    async fn connect(file: &Path, is_copy: bool) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(is_copy);
        let connection = options.busy_timeout(PATIENCE).disable_statement_logging().connect().await?;
        Ok(Self { connection })
    }

    /// What is wrong with the file, read from end to end; nothing if it is whole.
    pub async fn damage(&mut self) -> Vec<String> {
        let check = format!("PRAGMA integrity_check({MOST_PROBLEMS})");
        let answer = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(check)).fetch_all(&mut self.connection).await;
        match answer {
            Ok(answer) => answer.into_iter().filter(|line| line != "ok").collect(),
            Err(error) => vec![error.to_string()],
        }
    }

    /// How far every group has come that has committed.
    pub async fn progress(&mut self) -> Result<Vec<Progress>> {
        let select = "SELECT t.name, c.name, sum(c.next), sum(p.next - max(c.next, p.first)) FROM committed c
            JOIN topics t ON t.topic = c.topic JOIN partitions p ON p.topic = c.topic AND p.part = c.part
            GROUP BY t.name, c.name ORDER BY t.name, c.name";
        let rows: Vec<(String, String, i64, i64)> = sqlx::query_as(select).fetch_all(&mut self.connection).await?;
        let progress = |(topic, group, next, waiting): (_, _, i64, i64)| {
            Ok(Progress { topic, group, next: whole(next)?, waiting: whole(waiting.max(0))? })
        };
        rows.into_iter().map(progress).collect()
    }

    pub async fn marks(&mut self) -> Result<Marks> {
        let select = "SELECT t.name, p.part, p.first, coalesce(min(c.next), p.first) FROM partitions p
            JOIN topics t ON t.topic = p.topic LEFT JOIN committed c ON c.topic = p.topic AND c.part = p.part
            GROUP BY t.name, p.part, p.first";
        let rows: Vec<(String, u16, i64, i64)> = sqlx::query_as(select).fetch_all(&mut self.connection).await?;
        let marks = rows.into_iter().map(|(topic, partition, first, done)| {
            Ok(((topic, partition), Mark { first: whole(first)?, done: whole(done)? }))
        });
        Ok(Marks(marks.collect::<Result<_>>()?))
    }

    /// Bytes of its tables, without what is free in the file.
    pub async fn bytes(&mut self) -> Result<u64> {
        let select = "SELECT (page_count - freelist_count) * page_size
            FROM pragma_page_count, pragma_freelist_count, pragma_page_size";
        whole(sqlx::query_scalar(select).fetch_one(&mut self.connection).await?)
    }

    /// Copies the log, as it is at one moment, to a file that is not there yet or is empty.
    pub async fn copy_to(&mut self, file: &Path) -> Result<()> {
        let copy = sqlx::query("VACUUM INTO ?").bind(file.display().to_string());
        copy.execute(&mut self.connection).await?;
        Ok(())
    }

    pub async fn close(self) -> Result<()> {
        Ok(self.connection.close().await?)
    }
}
