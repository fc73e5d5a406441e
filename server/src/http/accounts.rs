//! Signing in and out: plain forms, so that they work before and without WebAssembly.

use super::AppState;
use super::client::ClientAddress;
use app::site::local_path;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, http::StatusCode};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use service::accounts::{self, SignInError};
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
    ClientAddress(from): ClientAddress,
    jar: CookieJar,
    Form(form): Form<SignInForm>,
) -> Response {
    let next = local_path(&form.next);
    match accounts::sign_in(&state.service, &form.name, form.password, from).await {
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

/// Back to the form, which words the reason.
pub fn back(path: &str, parameters: &[(&str, &str)]) -> Response {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    Redirect::to(&format!("{path}?{query}")).into_response()
}
