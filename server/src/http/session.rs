//! Who is asking: the session cookie, and the user that it stands for.

use super::AppState;
use app::site::Unread;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use model::account::CurrentUser;
use service::accounts::{self, Token};
use service::{alerts, exports};

/// How the session cookie is set.
#[derive(Clone, Copy)]
pub struct Cookies {
    /// Only over https, and then by a name that browsers guard.
    pub secure: bool,
}

impl Cookies {
    fn name(self) -> &'static str {
        if self.secure { "__Host-roost" } else { "roost" }
    }

    /// The secret of the session, if the browser sent one.
    pub fn read(self, jar: &CookieJar) -> Option<String> {
        jar.get(self.name()).map(|cookie| cookie.value().to_owned())
    }

    /// Sets the cookie of a session that began.
    pub fn begin(self, jar: CookieJar, token: &Token) -> CookieJar {
        jar.add(self.cookie(token.reveal()))
    }

    /// Removes it.
    pub fn end(self, jar: CookieJar) -> CookieJar {
        jar.remove(self.cookie(String::new()))
    }

    fn cookie(self, value: String) -> Cookie<'static> {
        Cookie::build((self.name(), value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .build()
    }
}

/// The signed-in user of a request.
#[derive(Clone)]
pub struct SignedIn(pub Option<CurrentUser>);

/// Looks up the session of every request, and keeps what signed-in people see out of caches.
pub async fn load(State(state): State<AppState>, jar: CookieJar, mut request: Request, next: Next) -> Response {
    let user = match state.cookies.read(&jar) {
        Some(token) => match accounts::session_user(&state.service, &token).await {
            Ok(user) => user,
            Err(error) => return (axum::http::StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
        },
        None => None,
    };
    if let (Some(user), &Method::GET) = (&user, request.method()) {
        // A page without the number is better than none; why it cannot be had was logged.
        let unread = alerts::unread(&state.service, user).await.unwrap_or_default();
        let ended = exports::news(&state.service, user).await.unwrap_or_default().len() as u64;
        request.extensions_mut().insert(Unread(unread + ended));
    }
    request.extensions_mut().insert(SignedIn(user));
    let mut response = next.run(request).await;
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
