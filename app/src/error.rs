//! What can go wrong between the browser and the server, in words that may be shown.

use model::filter::FilterError;
use serde::{Deserialize, Serialize};
use server_fn::{codec::JsonEncoding, error::FromServerFnError, error::ServerFnErrorErr};

/// An error of a server function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    #[error("You are signed out.")]
    SignedOut,
    #[error("Your role does not allow this.")]
    Forbidden,
    #[error("{0}")]
    NotFound(String),
    /// With the title of the collection, where it is known: the page still says what it is of.
    #[error("{0}")]
    Filter(FilterError, Option<String>),
    #[error("{0}")]
    Invalid(String),
    #[error("The server cannot answer at the moment.")]
    Unavailable,
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                AppError::Invalid(model::texts::errors::bad_request().to_owned())
            }
            _ => AppError::Unavailable,
        }
    }
}

#[cfg(feature = "ssr")]
impl AppError {
    /// The HTTP status that goes with it.
    pub fn status(&self) -> http::StatusCode {
        match self {
            AppError::SignedOut => http::StatusCode::UNAUTHORIZED,
            AppError::Forbidden => http::StatusCode::FORBIDDEN,
            AppError::NotFound(_) => http::StatusCode::NOT_FOUND,
            AppError::Filter(..) | AppError::Invalid(_) => http::StatusCode::BAD_REQUEST,
            AppError::Unavailable => http::StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

#[cfg(feature = "ssr")]
impl From<service::Error> for AppError {
    fn from(error: service::Error) -> Self {
        match error {
            service::Error::NotFound(text) => AppError::NotFound(text),
            service::Error::Invalid(text) => AppError::Invalid(text),
            service::Error::Filter(error) => AppError::Filter(error, None),
            service::Error::Internal => AppError::Unavailable,
        }
    }
}
