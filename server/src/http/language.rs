//! In which language and time zone a request is answered.

use app::settings::{BROWSER_ZONE, LANGUAGE, ZONE};
use axum::extract::Request;
use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use model::texts::{Language, within};
use model::zone::{self, UTC, Zone};
use service::zones;
use std::future::poll_fn;
use std::pin::pin;

/// Answers in the language and the zone of who asks. They are set anew at every step of the answer, for threads go from
/// one answer to another between them.
pub async fn speak(request: Request, next: Next) -> Response {
    let (language, zone) = (wanted(request.headers()), wanted_zone(request.headers()));
    let mut answer = pin!(next.run(request));
    poll_fn(|context| within(language, || zone::within(zone, || answer.as_mut().poll(context)))).await
}

/// What the person has chosen, or else what the browser asks for.
fn wanted(headers: &HeaderMap) -> Language {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok());
    let chosen = Language::named(LANGUAGE.in_cookies(headers));
    chosen.unwrap_or_else(|| Language::accepted(accepted.unwrap_or_default()))
}

/// What the person has chosen, or else what the browser has told.
fn wanted_zone(headers: &HeaderMap) -> &'static Zone {
    zone_names(headers).into_iter().flatten().find_map(|name| zones::find(&name)).unwrap_or(&UTC)
}

/// The names of the zones that a request asks for: the chosen one, and that of the browser.
pub fn zone_names(headers: &HeaderMap) -> [Option<String>; 2] {
    let cookies = CookieJar::from_headers(headers);
    [ZONE, BROWSER_ZONE].map(|name| cookies.get(name).map(|cookie| cookie.value().to_owned()))
}
