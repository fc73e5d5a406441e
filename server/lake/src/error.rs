use crate::delta::Version;

/// Why the lake cannot do what was asked, and what helps.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    #[error(
        "the files of the lake cannot be read or written: {0}. Check the disk or the bucket, and the settings [lake]"
    )]
    Files(#[from] object_store::Error),
    #[error("the files of the lake cannot be read or written: {0}. Check the disk")]
    Disk(#[from] std::io::Error),
    #[error(
        "a file of the lake cannot be read or written: {0}. If it fails again, rebuild the lake with `roost relake`"
    )]
    Parquet(#[from] parquet::errors::ParquetError),
    #[error("the lake failed: {0}. If it fails again, rebuild it with `roost relake`")]
    Arrow(#[from] arrow::error::ArrowError),
    #[error("the lake is damaged: {0}. Rebuild it with `roost relake`")]
    Damaged(String),
    #[error("another process of Roost writes to the lake. Stop that process, or let it do this")]
    Locked,
    #[error("something else has written version {0} of the lake. Only one installation of Roost may write to a lake")]
    Conflict(Version),
    /// Why a question has no answer, in a line.
    #[error("{0}")]
    Sql(#[from] model::sql::SqlError),
}

pub type Result<T, E = LakeError> = std::result::Result<T, E>;

impl LakeError {
    /// Whether what is there is not as it was written, so that it does not help to try again.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::Parquet(_) | Self::Arrow(_))
    }

    /// What is wrong, without what helps.
    pub fn cause(&self) -> String {
        match (self, std::error::Error::source(self)) {
            (Self::Damaged(what), _) => what.clone(),
            (_, Some(source)) => source.to_string(),
            (other, None) => other.to_string(),
        }
    }

    pub(crate) fn damaged(what: impl std::fmt::Display) -> Self {
        Self::Damaged(what.to_string())
    }
}
