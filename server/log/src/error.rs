use crate::Position;

/// Why the log could not do what was asked. After each of these it is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no topic {0:?} in the log")]
    NoTopic(String),
    #[error("the topic {name:?} has {has} partitions, and that cannot become {asked}")]
    Partitions { name: String, has: u16, asked: u16 },
    #[error("record {} of partition {} is damaged: {reason}", position.offset, position.partition)]
    Damaged { position: Position, reason: &'static str },
    #[error("record {} of partition {partition} is no longer kept: the first that is there is {first}", asked)]
    Trimmed { partition: u16, asked: u64, first: u64 },
    #[error("the log of partition {partition} ends at {end}, before {asked}: its newest records were lost")]
    PastEnd { partition: u16, asked: u64, end: u64 },
    #[error("partition {0} belongs to another member of the group now")]
    NotMine(u16),
    #[error("there is no room on the disk for the log: free some, and it goes on")]
    NoSpace,
    #[error("a record of {bytes} bytes is more than the {most} that the log takes")]
    TooLarge { bytes: usize, most: usize },
    #[error("the log file is damaged: {0}")]
    File(String),
    #[error("the log does not answer as it should: {0}")]
    Engine(#[source] sqlx::Error),
    #[error("the log is closed")]
    Closed,
}

/// SQLite's codes: `SQLITE_FULL`, `SQLITE_CORRUPT` and `SQLITE_NOTADB`. Extended codes have theirs in the low byte.
const FULL: i32 = 13;
const CORRUPT: [i32; 2] = [11, 26];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let code =
            error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok()).map(|code| code & 0xff);
        match code {
            Some(FULL) => Self::NoSpace,
            Some(code) if CORRUPT.contains(&code) => Self::File(error.to_string()),
            _ => Self::Engine(error),
        }
    }
}
