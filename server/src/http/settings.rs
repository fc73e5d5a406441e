//! How a person likes the pages: a form for browsers without script, which would set the same cookies.

use app::settings::{DENSITY, DETAIL_WIDTH, FACETS_WIDTH, LANGUAGE, THEME};
use app::site::local_path;
use axum::extract::RawForm;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

/// Remembers the choices that the form names, and goes back to `next`.
pub async fn choose(jar: CookieJar, RawForm(form): RawForm) -> Response {
    let form = app::url::pairs(&String::from_utf8_lossy(&form));
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let chosen = [&THEME, &DENSITY, &LANGUAGE, &FACETS_WIDTH, &DETAIL_WIDTH].into_iter().filter_map(|choice| {
        let value = choice.known(field(choice.cookie)?)?;
        Some(Cookie::build((choice.cookie, value)).path("/").permanent().same_site(SameSite::Lax).build())
    });
    let jar = chosen.fold(jar, CookieJar::add);
    let next = local_path(field("next").unwrap_or("/"));
    (jar, Redirect::to(next)).into_response()
}
