use std::path::PathBuf;

/// Why the index cannot do what was asked, and what helps.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the search index in {dir} cannot be opened: {why}. Rebuild it with `roost reindex`")]
    Open { dir: PathBuf, why: String },
    #[error("another process of Roost writes to the search index. Stop that process, or let it do this")]
    Locked,
    #[error(
        "the page mark \"{0}\" is not one of this table's: it is cut short or belongs to another order. Start at the first page"
    )]
    BadCursor(String),
    #[error("\"{0}\" has nothing to search for: no letters, digits or emoji. Search for a word")]
    NothingToSearch(String),
    #[error(
        "too many words begin with the last one of \"{0}\" to look for them all in this phrase. Write more letters before the *"
    )]
    TooManyWords(String),
    #[error("column {column} cannot be {what}. Choose another column")]
    WrongColumn { column: String, what: &'static str },
    #[error("the search index failed: {0}. If it fails again, rebuild it with `roost reindex`")]
    Engine(#[from] tantivy::TantivyError),
    #[error(
        "the files of the search index cannot be read or written: {0}. Check the disk, then rebuild it with `roost reindex`"
    )]
    Files(#[from] std::io::Error),
}

pub type Result<T> = std::result::Result<T, SearchError>;
