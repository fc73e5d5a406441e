//! The server functions: everything that the browser may ask for. Each first checks the right, then makes one call.
//!
//! They only read: sign-in, sign-out and setup are plain forms that the server handles itself.

mod answer;
pub mod explore;
pub mod tweets;

pub use answer::{Answer, Json, Shared, ask};

#[cfg(feature = "ssr")]
pub(crate) mod ssr {
    use crate::error::AppError;
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use model::account::CurrentUser;

    /// The signed-in person; nobody else gets an answer.
    pub fn current_user() -> Result<CurrentUser, AppError> {
        use_context::<Option<CurrentUser>>().flatten().ok_or(AppError::SignedOut).map_err(refused)
    }

    /// The service layer.
    pub fn service() -> Result<service::Service, AppError> {
        use_context::<service::Service>().ok_or(AppError::Unavailable).map_err(refused)
    }

    /// Notes the status that goes with the error in the response.
    pub fn refused(error: impl Into<AppError>) -> AppError {
        let error = error.into();
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(error.status());
        }
        error
    }
}
