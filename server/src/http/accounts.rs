//! Signing in and out: plain forms, so that they work before and without WebAssembly.

use super::AppState;
use super::session::SignedIn;
use app::site::local_path;
use axum::extract::{ConnectInfo, Extension, Query, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, http::StatusCode};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use service::accounts::{self, SetupError, SignInError, Weakness};
use std::net::SocketAddr;
use zeroize::Zeroizing;

#[derive(Deserialize)]
pub struct SignInForm {
    name: String,
    password: Zeroizing<String>,
    #[serde(default)]
    next: String,
}

/// Begins a session and goes on to where the person wanted to be.
pub async fn sign_in(
    State(state): State<AppState>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    jar: CookieJar,
    Form(form): Form<SignInForm>,
) -> Response {
    let next = local_path(&form.next);
    match accounts::sign_in(&state.service, &form.name, form.password, from.ip()).await {
        Ok(token) => (state.cookies.begin(jar, &token), Redirect::to(next)).into_response(),
        Err(error) => {
            let reason = match error {
                SignInError::Wrong => "wrong",
                SignInError::Throttled => "throttled",
                SignInError::Failed(_) => "failed",
            };
            back("/sign-in", &[("error", reason), ("next", next)])
        }
    }
}

/// Ends the session.
pub async fn sign_out(State(state): State<AppState>, jar: CookieJar) -> Response {
    if let Some(token) = state.cookies.read(&jar)
        && let Err(error) = accounts::sign_out(&state.service, &token).await
    {
        return (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response();
    }
    // The browser forgets what it stored of the pages, too.
    let forget = [(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""))];
    (state.cookies.end(jar), forget, Redirect::to("/sign-in")).into_response()
}

#[derive(Deserialize)]
pub struct SetupForm {
    token: String,
    name: String,
    password: Zeroizing<String>,
    again: Zeroizing<String>,
}

/// Makes the first admin.
pub async fn setup(State(state): State<AppState>, jar: CookieJar, Form(form): Form<SetupForm>) -> Response {
    let again = |reason| back("/setup", &[("error", reason), ("token", &form.token)]);
    if form.password != form.again {
        return again("mismatch");
    }
    match accounts::create_first_admin(&state.service, &form.token, &form.name, form.password).await {
        Ok(token) => (state.cookies.begin(jar, &token), Redirect::to("/")).into_response(),
        Err(SetupError::Token) => again("token"),
        Err(SetupError::Name) => again("taken"),
        Err(SetupError::Weak(Weakness::Short | Weakness::Long | Weakness::Common)) => again("weak"),
        Err(SetupError::Failed(_)) => again("failed"),
    }
}

#[derive(Deserialize)]
pub struct Welcome {
    token: String,
}

/// A one-time link signs in and opens the start page. Someone who is signed in already just goes on.
pub async fn welcome(
    State(state): State<AppState>,
    Extension(SignedIn(user)): Extension<SignedIn>,
    jar: CookieJar,
    Query(welcome): Query<Welcome>,
) -> Response {
    if user.is_some() {
        return Redirect::to("/").into_response();
    }
    match accounts::sign_in_once(&state.service, &welcome.token).await {
        Ok(Some(token)) => (state.cookies.begin(jar, &token), Redirect::to("/")).into_response(),
        Ok(None) => back("/sign-in", &[("error", "link")]),
        Err(_) => back("/sign-in", &[("error", "failed")]),
    }
}

/// Back to the form, which words the reason.
fn back(path: &str, parameters: &[(&str, &str)]) -> Response {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    Redirect::to(&format!("{path}?{query}")).into_response()
}
