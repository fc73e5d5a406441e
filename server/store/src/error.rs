use sea_orm::DbErr;

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
    #[error("cannot use the data folder {path}: {reason}")]
    Folder { path: String, reason: String },
}

pub type Result<T> = std::result::Result<T, StoreError>;
