//! In which language a request is answered.

use app::settings::LANGUAGE;
use axum::extract::Request;
use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE};
use axum::middleware::Next;
use axum::response::Response;
use model::texts::{Language, within};
use std::future::poll_fn;
use std::pin::pin;

/// Answers in the language of who asks. It is set anew at every step of the answer, for threads go from one answer to
/// another between them.
pub async fn speak(request: Request, next: Next) -> Response {
    let language = wanted(request.headers());
    let mut answer = pin!(next.run(request));
    poll_fn(|context| within(language, || answer.as_mut().poll(context))).await
}

/// What the person has chosen, or else what the browser asks for.
fn wanted(headers: &HeaderMap) -> Language {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok());
    let chosen = Language::named(LANGUAGE.in_cookies(headers));
    chosen.unwrap_or_else(|| Language::accepted(accepted.unwrap_or_default()))
}
