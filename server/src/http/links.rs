//! One-time links: `/welcome` signs in, `/setup` makes the first account.
//!
//! Programs that look at links before people do (previews, scanners) must not use them up. So opening one changes
//! nothing: its page has a button, and that posts. A token stands in no address but the link's own.

use super::AppState;
use super::accounts::back;
use super::client::ClientAddress;
use super::session::{Cookies, SignedIn};
use super::sheets::Anybody;
use app::sheets::welcome as form;
use axum::Form;
use axum::extract::{Extension, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use model::texts::gate as say;
use serde::Deserialize;
use service::accounts::{self, SetupError};
use zeroize::Zeroizing;

/// Keeps the token of a set-up link while its form comes back with an error.
const SETUP_COOKIE: &str = "roost-setup";

#[derive(Deserialize)]
pub struct Welcome {
    #[serde(default)]
    token: String,
}

/// A page with one button, which works without scripts. Someone who is signed in already just goes on.
pub async fn welcome(
    anybody: Anybody,
    Extension(SignedIn(user)): Extension<SignedIn>,
    Query(Welcome { token }): Query<Welcome>,
) -> Response {
    if user.is_some() {
        return Redirect::to("/").into_response();
    }
    // What cannot be a token needs no button.
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        return back("/sign-in", &[("error", "link")]);
    }
    anybody.gate(say::welcome(), form(token))
}

/// Uses the link up: begins a session and opens the start page.
pub async fn sign_in_once(State(state): State<AppState>, jar: CookieJar, Form(form): Form<Welcome>) -> Response {
    match accounts::sign_in_once(&state.service, &form.token).await {
        Ok(Some(token)) => (state.cookies.begin(jar, &token), Redirect::to("/")).into_response(),
        Ok(None) => back("/sign-in", &[("error", "link")]),
        Err(_) => back("/sign-in", &[("error", "failed")]),
    }
}

#[derive(Deserialize)]
pub struct SetupForm {
    /// Empty when the form was shown again; the cookie has it then.
    #[serde(default)]
    token: String,
    name: String,
    password: Zeroizing<String>,
    again: Zeroizing<String>,
}

/// Makes the first admin.
pub async fn setup(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    jar: CookieJar,
    Form(form): Form<SetupForm>,
) -> Response {
    let kept = || jar.get(SETUP_COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let token = if form.token.is_empty() { kept() } else { form.token };
    let made = match form.password == form.again {
        true => accounts::create_first_admin(&state.service, &token, &form.name, form.password, from).await,
        false => return again(jar, state.cookies, token, "mismatch"),
    };
    let reason = match made {
        Ok(session) => {
            let jar = jar.remove(setup_cookie(state.cookies, String::new()));
            return (state.cookies.begin(jar, &session), Redirect::to("/")).into_response();
        }
        Err(SetupError::Token) => "token",
        Err(SetupError::Name) => "taken",
        Err(SetupError::Weak(_)) => "weak",
        Err(SetupError::Throttled) => "throttled",
        Err(SetupError::Failed(_)) => "failed",
    };
    again(jar, state.cookies, token, reason)
}

/// Back to the form, which words the reason.
fn again(jar: CookieJar, cookies: Cookies, token: String, reason: &str) -> Response {
    (jar.add(setup_cookie(cookies, token)), back("/setup", &[("error", reason)])).into_response()
}

fn setup_cookie(cookies: Cookies, token: String) -> Cookie<'static> {
    Cookie::build((SETUP_COOKIE, token))
        .path("/setup")
        .http_only(true)
        .secure(cookies.secure)
        .same_site(SameSite::Strict)
        .build()
}
