//! What the server provides for every page, and what pages tell the server about their response.

use leptos::prelude::*;
use model::account::CurrentUser;
use serde::{Deserialize, Serialize};

/// File names under `/pkg/`, from `manifest.json` of the built site. The server puts it into the context.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SitePkg {
    pub js: String,
    pub wasm: String,
    pub css: String,
}

/// Which installation this is. The server may put it into the context; production shows no badge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installation {
    pub version: String,
    /// `development`, `qa` or `production`.
    pub landscape: String,
}

/// What the browser learns from the server with the first page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Visit {
    pub user: Option<CurrentUser>,
    /// Notices that they have not read.
    pub unread: u64,
    pub installation: Installation,
}

/// How many notices the signed-in person has not read. The server puts it into the context.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unread(pub u64);

impl Visit {
    /// Taken from the server's context, or in the browser from the page.
    pub fn current() -> Self {
        let visit = SharedValue::new(|| Visit {
            user: use_context::<Option<CurrentUser>>().flatten(),
            unread: use_context::<Unread>().unwrap_or_default().0,
            installation: use_context().unwrap_or_default(),
        });
        visit.into_inner()
    }
}

/// The signed-in person, if there is one.
pub fn signed_in() -> Option<CurrentUser> {
    use_context::<Visit>().and_then(|visit| visit.user)
}

/// Sets the title of the page. Only fixed words and names that admins give belong there.
#[cfg(feature = "ssr")]
pub fn page_title(text: impl Fn() -> String + Send + Sync + 'static) {
    // leptos_meta writes it into the HTML as it is.
    let text = move || escape(&text());
    // The text goes to the head by itself; nothing of it stands where it is made.
    let _ = view! { <leptos_meta::Title text=text/> };
}

/// Sets the title of the page.
#[cfg(not(feature = "ssr"))]
pub fn page_title(text: impl Fn() -> String + Send + Sync + 'static) {
    Effect::new(move |_| document().set_title(&text()));
}

#[cfg(any(feature = "ssr", test))]
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The target of a link after sign-in: a path of this site, or the start page.
pub fn local_path(next: &str) -> &str {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\0', '\t'])
        && next.bytes().all(|byte| byte.is_ascii_graphic());
    if is_local { next } else { "/" }
}

/// On the server: answers the request by sending the browser to another page of this site.
#[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "only a response can redirect"))]
pub fn redirect(path: &str) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(target)) =
        (use_context::<leptos_axum::ResponseOptions>(), http::HeaderValue::from_str(local_path(path)))
    {
        response.insert_header(http::header::LOCATION, target);
        response.set_status(http::StatusCode::FOUND);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_paths_are_gone_to() {
        assert_eq!(local_path("/c/airline?q=a%22b"), "/c/airline?q=a%22b");
        for bad in [
            "",
            "c",
            "//example.org",
            "https://example.org",
            "/\\example.org",
            "/a\r\nSet-Cookie: x",
            "/\t/example.org",
            "/é",
        ] {
            assert_eq!(local_path(bad), "/", "{bad}");
        }
    }

    #[test]
    fn a_title_cannot_end_itself() {
        assert_eq!(escape("a</title><script>&"), "a&lt;/title&gt;&lt;script&gt;&amp;");
    }
}
