use super::sheet;
use crate::error::AppError;
use crate::markup::{Element, el};

/// What went wrong and what to do, in the place of a sheet.
pub fn problem(error: &AppError) -> Element {
    let (title, advice) = match error {
        AppError::SignedOut => ("You are signed out", "Sign in to go on.".to_owned()),
        AppError::Forbidden => ("Not allowed", "Your role does not allow this. An admin can change it.".to_owned()),
        AppError::NotFound(text) => ("Not found", text.clone()),
        AppError::Filter(error) => ("The filter cannot be read", error.message.clone()),
        AppError::Invalid(text) => ("That did not work", text.clone()),
        AppError::Unavailable => {
            ("The server cannot answer at the moment", "Nothing is lost: try again in a moment.".to_owned())
        }
    };
    sheet("problem", title, el("p").attr("role", "alert").add(advice))
}
