//! The pages that the server writes by itself: one file each, beside the file of the same name in `app/src/sheets`.

pub mod access;
pub mod alerts;
pub mod boards;
pub mod collections;
pub mod column;
pub mod credentials;
pub mod explain;
pub mod exports;
pub mod gallery;
pub mod gate;
pub mod notices;
pub mod pipeline;
pub mod plots;
pub mod schedule;
pub mod selection;
pub mod share;
pub mod sql;
pub mod unsubscribe;
pub mod views;
pub mod zone;

use super::AppState;
use super::exports::status_of;
use super::session::SignedIn;
use app::error::AppError;
use app::markup::Element;
use app::sheets::{Surroundings, not_found, problem};
use app::site::{Unread, Visit};
use app::url::encode;
use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{StatusCode, request::Parts};
use axum::response::{IntoResponse, Redirect, Response};
use model::account::{CurrentUser, Role};
use model::texts::sheets;
use std::convert::Infallible;

/// A sheet has no script.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// A signed-in person who asks for a sheet. Anybody else is led to the sign-in page, and back from there.
pub struct Asked {
    pub user: CurrentUser,
    around: Surroundings,
}

impl FromRequestParts<AppState> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let around = around(parts, state);
        match &around.visit.user {
            Some(user) => Ok(Self { user: user.clone(), around }),
            None => Err(Redirect::to(&format!("/sign-in?next={}", encode(&around.address))).into_response()),
        }
    }
}

impl Asked {
    /// The answer: a sheet under this title.
    pub fn show(&self, title: &str, sheet: Element) -> Response {
        self.answer(StatusCode::OK, title, None, sheet)
    }

    /// What went wrong, in the place of the sheet.
    pub fn refused(&self, error: service::Error) -> Response {
        self.answer(status_of(&error), sheets::not_possible(), None, problem(&AppError::from(error)))
    }

    /// For addresses that lead nowhere.
    fn nowhere(&self) -> Response {
        lead_nowhere(&self.around)
    }

    /// A sheet with a status. `refresh` is after how many seconds the browser asks again.
    pub fn answer(&self, status: StatusCode, title: &str, refresh: Option<u32>, sheet: Element) -> Response {
        answer(status, self.around.document(title, refresh, sheet))
    }
}

/// An admin who asks for a sheet. For other people there is no such page, whatever they send to it.
pub struct Admin(pub Asked);

impl FromRequestParts<AppState> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let asked = Asked::from_request_parts(parts, state).await?;
        match asked.user.role {
            Role::Admin => Ok(Self(asked)),
            Role::Viewer | Role::Analyst => Err(asked.nowhere()),
        }
    }
}

/// An analyst who asks for a sheet, or an admin. For other people there is no such page.
pub struct Analyst(pub Asked);

impl FromRequestParts<AppState> for Analyst {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let asked = Asked::from_request_parts(parts, state).await?;
        if service::sql::may_ask(&asked.user) { Ok(Self(asked)) } else { Err(asked.nowhere()) }
    }
}

/// Anybody who asks for a sheet.
pub struct Anybody(Surroundings);

impl FromRequestParts<AppState> for Anybody {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self(around(parts, state)))
    }
}

impl Anybody {
    /// The answer: a sheet under this title.
    pub fn show(&self, title: &str, sheet: Element) -> Response {
        answer(StatusCode::OK, self.0.document(title, None, sheet))
    }

    /// The answer: a way in, under this title.
    pub fn gate(&self, title: &str, gate: Element) -> Response {
        answer(StatusCode::OK, self.0.gate(title, gate))
    }

    /// What went wrong, in the place of the sheet.
    pub fn refused(&self, error: service::Error) -> Response {
        let status = status_of(&error);
        answer(status, self.0.document(sheets::not_possible(), None, problem(&AppError::from(error))))
    }
}

/// For addresses that lead nowhere.
pub async fn nowhere(Anybody(around): Anybody) -> Response {
    lead_nowhere(&around)
}

fn lead_nowhere(around: &Surroundings) -> Response {
    answer(StatusCode::NOT_FOUND, around.document(sheets::not_found(), None, not_found()))
}

/// What stands around a sheet for this request.
fn around(parts: &Parts, state: &AppState) -> Surroundings {
    let address = parts.uri.path_and_query().map_or("/", |address| address.as_str()).to_owned();
    let user = parts.extensions.get::<SignedIn>().and_then(|SignedIn(user)| user.clone());
    let unread = parts.extensions.get::<Unread>().copied().unwrap_or_default().0;
    let visit = Visit { user, unread, installation: state.installation.clone() };
    Surroundings::new(visit, state.site.clone(), address, &parts.headers)
}

/// A file that only one page needs, which the program carries.
fn own_file(media_type: &'static str, content: &'static str) -> Response {
    ([(CONTENT_TYPE, media_type), (CACHE_CONTROL, "public, max-age=3600")], content).into_response()
}

fn answer(status: StatusCode, page: String) -> Response {
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY)];
    (status, headers, page).into_response()
}
