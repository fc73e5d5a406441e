//! SQL over the lake, for analysts.
//!
//! A question comes by POST alone. It is recorded, so it is no GET; and it may name people, so it stands in no address,
//! which browsers, proxies and those who are sent a link would keep. See docs/decisions/009-sql-page.md.

use super::{Analyst, Asked, own_file};
use crate::http::AppState;
use crate::http::exports::{attachment, status_of};
use app::sheets::sql::{Outcome, Sql, sample, sql as sheet};
use app::url::pairs;
use axum::extract::{RawForm, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use model::export::ExportFormat;
use model::texts::sql as say;
use service::Error;
use service::sql::{self, FORMATS};

/// That of sheets, and the one script: that Ctrl Enter sends the form.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";
/// What stands in the form at first.
const FIRST: &str = "days";

/// The form.
pub async fn show(Analyst(asked): Analyst, State(state): State<AppState>) -> Response {
    let fields = Fields { question: sample(FIRST).unwrap_or_default().to_owned(), plot: true, file: None };
    page(&asked, &state, &fields, StatusCode::OK, Outcome::NotAsked).await
}

/// Asks what the form's fields say: answers with the page, or with a file.
pub async fn run(Analyst(asked): Analyst, State(state): State<AppState>, RawForm(fields): RawForm) -> Response {
    let fields = Fields::read(&String::from_utf8_lossy(&fields));
    let (service, user) = (&state.service, &asked.user);
    match fields.file {
        Some(format) => match sql::export(service, user, &fields.question, format).await {
            Ok(Ok(file)) => (attachment(file.media_type, &file.name), file.bytes).into_response(),
            Ok(Err(error)) => page(&asked, &state, &fields, WRONG, Outcome::NoFile(&error)).await,
            Err(error) => refused(&asked, &state, &fields, error).await,
        },
        None => match sql::ask(service, user, &fields.question).await {
            Ok(done) => {
                let status = if done.answer.is_ok() { StatusCode::OK } else { WRONG };
                page(&asked, &state, &fields, status, Outcome::Asked(&done)).await
            }
            Err(error) => refused(&asked, &state, &fields, error).await,
        },
    }
}

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The script of the page.
pub async fn script() -> Response {
    own_file("text/javascript; charset=utf-8", include_str!("sql.js"))
}

/// What only this page looks like: no other loads it.
pub async fn style() -> Response {
    own_file("text/css; charset=utf-8", include_str!("../../../../style/sheets/sql.css"))
}

/// What the form says.
struct Fields {
    question: String,
    plot: bool,
    file: Option<ExportFormat>,
}

impl Fields {
    fn read(form: &str) -> Self {
        let pairs = pairs(form);
        let field = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let chosen = field("sample").and_then(sample);
        // Forms end their lines as mails do; a place in a question is told by lines.
        let question = chosen.map_or_else(|| field("q").unwrap_or_default().replace("\r\n", "\n"), str::to_owned);
        let file = field("file").and_then(|name| FORMATS.into_iter().find(|format| format.name() == name));
        Self { question, plot: chosen.is_some() || field("plot").is_some(), file }
    }
}

async fn refused(asked: &Asked, state: &AppState, fields: &Fields, error: Error) -> Response {
    let status = status_of(&error);
    page(asked, state, fields, status, Outcome::Refused(&error.to_string())).await
}

async fn page(asked: &Asked, state: &AppState, fields: &Fields, status: StatusCode, outcome: Outcome<'_>) -> Response {
    let standing = match sql::standing(&state.service).await {
        Ok(standing) => standing,
        Err(error) => return asked.refused(error),
    };
    let now = state.service.now();
    let shown = Sql { question: &fields.question, plot: fields.plot, standing, now, outcome };
    let mut page = asked.answer(status, say::title(), None, sheet(&shown));
    page.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_keeps_its_lines_and_an_example_takes_its_place() {
        let fields = Fields::read("q=SELECT+1%0D%0AFROM+tweets&file=jsonl");
        assert_eq!(fields.question, "SELECT 1\nFROM tweets");
        assert!(fields.file == Some(ExportFormat::Jsonl) && !fields.plot);
        let fields = Fields::read("q=SELECT+1&sample=hours&file=xlsx");
        assert!(fields.question.starts_with("SELECT date_part('hour'") && fields.plot && fields.file.is_none());
        assert!(sample(FIRST).is_some());
    }
}
