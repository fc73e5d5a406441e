//! How a person likes the pages: a form for browsers without script, which would set the same cookies.

use app::settings::{DENSITY, DETAIL_WIDTH, FACETS_WIDTH, LANGUAGE, THEME, ZONE};
use app::site::local_path;
use app::url::encode;
use axum::extract::RawForm;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use service::zones;

/// Remembers the choices that the form names, and goes back to `next`.
pub async fn choose(jar: CookieJar, RawForm(form): RawForm) -> Response {
    let form = app::url::pairs(&String::from_utf8_lossy(&form));
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let chosen = [&THEME, &DENSITY, &LANGUAGE, &FACETS_WIDTH, &DETAIL_WIDTH].into_iter().filter_map(|choice| {
        let value = choice.known(field(choice.cookie)?)?;
        Some(cookie(choice.cookie, value))
    });
    let mut jar = chosen.fold(jar, CookieJar::add);
    let next = local_path(field("next").unwrap_or("/"));
    match field(ZONE).map(str::trim) {
        None => {}
        // That of the browser.
        Some("") => jar = jar.remove(cookie(ZONE, "")),
        Some(name) => match zones::find(name) {
            Some(zone) => jar = jar.add(cookie(ZONE, &zone.name)),
            None => {
                let again = format!("/zone?unknown={}&next={}", encode(name), encode(next));
                return (jar, Redirect::to(&again)).into_response();
            }
        },
    }
    (jar, Redirect::to(next)).into_response()
}

fn cookie(name: &'static str, value: &'static str) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").permanent().same_site(SameSite::Lax).build()
}
