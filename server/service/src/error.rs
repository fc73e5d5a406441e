use model::filter::FilterError;

/// Why a use case failed. The words of every variant may be shown to the user; what went wrong inside is
/// logged where it happened and not told.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    NotFound(String),
    #[error("{0}")]
    Invalid(String),
    #[error("{0}")]
    Filter(#[from] FilterError),
    #[error("{}", model::texts::refusals::internal())]
    Internal,
}

const NO_ROOM: &str =
    "there is no room on the disk: free some, and Roost goes on by itself. Nothing that it has taken is lost.";

impl From<store::StoreError> for Error {
    fn from(error: store::StoreError) -> Self {
        tracing::error!(error = %error, "the store failed");
        match error {
            store::StoreError::Taken(name) => Error::Invalid(model::texts::refusals::name_taken(&name)),
            error if error.is_full() => Error::Invalid(NO_ROOM.to_owned()),
            error @ (store::StoreError::KeyFile { .. } | store::StoreError::Folder { .. }) => {
                Error::Invalid(error.to_string())
            }
            _ => Error::Internal,
        }
    }
}

impl From<eventlog::Error> for Error {
    fn from(error: eventlog::Error) -> Self {
        tracing::error!(error = %error, "the log failed");
        match error {
            eventlog::Error::NoSpace => Error::Invalid(NO_ROOM.to_owned()),
            _ => Error::Internal,
        }
    }
}

/// Runs what would keep other tasks waiting on a thread of its own.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(error = %error, "a task panicked");
        Error::Internal
    })
}
