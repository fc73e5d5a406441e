use super::sheet;
use crate::error::AppError;
use crate::markup::{Element, el};
use model::texts::{errors, problems as say};

/// What went wrong and what to do, in the place of a sheet.
pub fn problem(error: &AppError) -> Element {
    let (title, advice) = match error {
        AppError::SignedOut => (errors::signed_out(), say::sign_in().to_owned()),
        AppError::Forbidden => (errors::forbidden(), errors::forbidden_advice().to_owned()),
        AppError::NotFound(text) => (errors::not_found(), text.clone()),
        AppError::Filter(error, _) => (say::filter(), error.message.clone()),
        AppError::Invalid(text) => (say::failed(), text.clone()),
        AppError::Unavailable => (say::unavailable(), say::unavailable_advice().to_owned()),
    };
    sheet("problem", title, el("p").attr("role", "alert").add(advice))
}
