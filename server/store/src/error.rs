use sea_orm::{DbErr, RuntimeErr};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database does not answer as it should: {0}")]
    Database(#[from] DbErr),
    #[error("cannot use the key file {path}: {reason}")]
    KeyFile { path: String, reason: String },
    #[error("a sealed value cannot be opened: {0}. Is the key file the one that belongs to this database?")]
    Sealed(&'static str),
    #[error("a stored value is damaged: {0}")]
    Damaged(String),
    #[error("the name {0:?} is taken")]
    Taken(String),
    #[error(
        "another process has written partition {partition} of the log up to {done}, from {from} on was to be written"
    )]
    Overtaken { partition: u16, from: u64, done: u64 },
    #[error("another process does {0} now")]
    Lost(String),
    #[error("the credential {0} was replaced meanwhile")]
    Replaced(i64),
    #[error("cannot use the data folder {path}: {reason}")]
    Folder { path: String, reason: String },
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// Codes of SQLite that tell of the machine, not of what was written: busy, locked, out of memory, read-only,
/// input/output, full, cannot open.
const SQLITE_PASSING: [i32; 7] = [5, 6, 7, 8, 10, 13, 14];
/// Classes of PostgreSQL's: connection, rolled back, resources, intervention, system.
const POSTGRES_PASSING: [&str; 5] = ["08", "40", "53", "57", "58"];
const SQLITE_FULL: i32 = 13;
const POSTGRES_FULL: &str = "53100";

impl StoreError {
    /// Whether the same may succeed later, when the machine or the database is well again.
    pub fn is_passing(&self) -> bool {
        let Self::Database(error) = self else { return matches!(self, Self::Overtaken { .. } | Self::Lost(_)) };
        match code(error) {
            Some(code) => match code.parse::<i32>() {
                Ok(number) if code.len() < 5 => SQLITE_PASSING.contains(&(number & 0xff)),
                _ => POSTGRES_PASSING.iter().any(|class| code.starts_with(class)),
            },
            None => true,
        }
    }

    /// Whether there is no room on the disk.
    pub fn is_full(&self) -> bool {
        let Self::Database(error) = self else { return false };
        code(error).is_some_and(|code| {
            code == POSTGRES_FULL || code.parse::<i32>().is_ok_and(|code| code & 0xff == SQLITE_FULL)
        })
    }
}

/// The engine's own code of an error.
fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(error) | DbErr::Query(error) | DbErr::Conn(error)) = error else { return None };
    let RuntimeErr::SqlxError(error) = error else { return None };
    Some(error.as_database_error()?.code()?.into_owned())
}
