//! The server over HTTP: accounts, rights, headers, and the explore page as it reads without JavaScript.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::{Roost, Server};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header, redirect::Policy};

const PASSWORD: &str = "correct horse battery staple";

/// A browser without JavaScript: it keeps its cookie and follows no redirect by itself.
struct Browser<'s> {
    server: &'s Server,
    http: Client,
    cookie: Option<String>,
}

impl<'s> Browser<'s> {
    fn new(server: &'s Server) -> Self {
        Self { server, http: client(), cookie: None }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, self.server.url(path)).header("sec-fetch-site", "same-origin");
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.request(Method::POST, path).body(body);
        let response = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").send().await.unwrap();
        if let Some(set) = response.headers().get(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"), "{set}");
            self.cookie = set.split(';').next().map(str::to_owned).filter(|cookie| !cookie.ends_with('='));
        }
        response
    }

    async fn set_up(&mut self) {
        let token = self.server.setup_token.clone().unwrap();
        let form = [("token", token.as_str()), ("name", "Ann"), ("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(location(&self.post("/setup", &form).await), "/");
        assert!(self.cookie.is_some());
    }
}

/// Everything is on this machine and in the clear, but the client will not be made without a TLS provider.
fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

fn location(response: &Response) -> String {
    assert!(response.status().is_redirection(), "{response:?}");
    response.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

fn import(roost: &Roost, lines: &[serde_json::Value]) {
    let file = roost.data.path().join("tweets.jsonl");
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(&file, text).unwrap();
    let imported = roost.import("moon", &[&file]);
    assert_eq!(imported.rejected, 0, "{imported:?}");
}

fn page(id: u64, text: &str) -> serde_json::Value {
    serde_json::json!({ "data": [{
        "id": id.to_string(), "text": text, "lang": "en", "created_at": "2026-01-31T10:00:00.000Z",
        "public_metrics": { "like_count": id }
    }] })
}

#[tokio::test]
async fn the_first_start_makes_an_admin_by_a_link_that_works_once() {
    let roost = Roost::new();
    let server = Server::start(&roost);
    let mut ann = Browser::new(&server);
    let token = server.setup_token.clone().unwrap();
    let form =
        |password, again| [("token", token.clone()), ("name", "Ann".into()), ("password", password), ("again", again)];
    let mut submit = async |password: &str, again: &str| {
        let form = form(password.to_owned(), again.to_owned());
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        location(&ann.post("/setup", &form).await)
    };
    assert!(submit(PASSWORD, "something else").await.contains("error=mismatch"));
    assert!(submit("short", "short").await.contains("error=weak"));
    assert_eq!(submit(PASSWORD, PASSWORD).await, "/");
    assert!(submit(PASSWORD, PASSWORD).await.contains("error=token"));
    assert_eq!(roost.ok(&["user", "list"]).trim(), "ann\tadmin");
}

#[tokio::test]
async fn nobody_sees_anything_before_signing_in_and_nothing_after_signing_out() {
    let roost = Roost::new();
    import(&roost, &[page(1, "a secret tweet")]);
    let server = Server::start(&roost);
    let mut ann = Browser::new(&server);
    let url = "/api/ui/explore?query%5Bcollection%5D=moon&query%5Bfilter%5D=&query%5Bsort%5D%5Bcolumn%5D=created&query%5Bsort%5D%5Bdescending%5D=true";
    for path in ["/", "/c/moon?q=secret"] {
        let to = location(&ann.get(path).await);
        assert!(to.starts_with("/sign-in?next="), "{path}: {to}");
    }
    for path in [url, "/api/ui/collections", "/api/ui/tweet?collection=moon&id=1"] {
        let response = ann.get(path).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert!(!response.text().await.unwrap().contains("a secret tweet"));
    }
    ann.set_up().await;
    let answer = ann.get(url).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.unwrap().contains("a secret tweet"));
    assert_eq!(location(&ann.post("/sign-out", &[]).await), "/sign-in");
    assert!(ann.cookie.is_none());
    assert_eq!(ann.get(url).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn sign_in_is_slowed_down_for_those_who_guess_and_goes_only_to_local_pages() {
    let roost = Roost::new();
    let server = Server::start(&roost);
    Browser::new(&server).set_up().await;
    let mut guest = Browser::new(&server);
    let form = |password, next| [("name", "ANN"), ("password", password), ("next", next)];
    assert!(location(&guest.post("/sign-in", &form("wrong", "/c/moon")).await).contains("error=wrong"));
    assert_eq!(location(&guest.post("/sign-in", &form(PASSWORD, "/c/moon?q=a")).await), "/c/moon?q=a");
    for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let to = location(&guest.post("/sign-in", &form(PASSWORD, elsewhere)).await);
        assert!(to == "/" || to.contains("error=throttled"), "{elsewhere}: {to}");
    }
    assert!(location(&guest.post("/sign-in", &form(PASSWORD, "/")).await).contains("error=throttled"));
}

#[tokio::test]
async fn another_sites_form_is_refused() {
    let roost = Roost::new();
    let server = Server::start(&roost);
    let http = client();
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request = http.post(server.url("/sign-in")).header(name, value).body("name=ann&password=x");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{name}");
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_that_guard_it() {
    let roost = Roost::new();
    let server = Server::start(&roost);
    let mut ann = Browser::new(&server);
    ann.set_up().await;
    for path in
        ["/", "/sign-in", "/c/moon", "/nowhere", "/healthz", "/pkg/roost.1.js", "/api/ui/collections", "/robots.txt"]
    {
        let response = ann.get(path).await;
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(header("referrer-policy").as_deref(), Some("no-referrer"), "{path}");
        let policy = header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        assert!(header("x-request-id").is_some(), "{path}");
        let cached = header("cache-control").unwrap();
        match path {
            "/pkg/roost.1.js" => assert!(cached.contains("immutable")),
            "/robots.txt" => {}
            _ => assert_eq!(cached, "no-store", "{path}"),
        }
    }
    assert_eq!(ann.get("/nowhere").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(ann.get("/c/nothing-here").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_page_reads_and_filters_without_javascript_and_text_stays_text() {
    let roost = Roost::new();
    let hostile = "</script><img src=x onerror=alert(1)> \u{202e}=cmd|' 'onmouseover=\"x\"";
    import(&roost, &[page(1, "rocket launch"), page(2, "rocket garden"), page(3, hostile)]);
    let server = Server::start(&roost);
    let mut ann = Browser::new(&server);
    ann.set_up().await;
    let html = ann.get("/c/moon").await.text().await.unwrap();
    assert!(html.contains("rocket launch") && html.contains("rocket garden"));
    assert!(!html.contains("<img src=x"), "text became markup");
    assert!(!html.contains("</script><img"), "text left the hydration data");
    let html = ann.get("/c/moon?q=launch").await.text().await.unwrap();
    assert!(html.contains("rocket launch") && !html.contains("rocket garden"));
    let html = ann.get("/c/moon?q=likes%3Amany").await.text().await.unwrap();
    assert!(html.contains("likes needs a whole number"));
    let html = ann.get("/c/moon?q=from%3Anobody").await.text().await.unwrap();
    assert!(html.contains("@nobody"), "an unknown author is said to be unknown");
}

#[tokio::test]
async fn a_session_outlives_a_kill_of_the_server() {
    let roost = Roost::new();
    let mut server = Server::start(&roost);
    let cookie = {
        let mut ann = Browser::new(&server);
        ann.set_up().await;
        ann.cookie
    };
    server.kill();
    std::fs::write(roost.data.path().join("has-user"), "").unwrap();
    let again = Server::start(&roost);
    let mut ann = Browser::new(&again);
    ann.cookie = cookie;
    assert_eq!(ann.get("/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_export_is_a_file_for_those_who_are_signed_in() {
    let roost = Roost::new();
    import(&roost, &[page(1, "one"), page(2, "@two")]);
    let server = Server::start(&roost);
    let mut ann = Browser::new(&server);
    let form = [("q", "likes>=2"), ("cols", "text,id"), ("format", "csv-exact"), ("first", "")];
    assert_eq!(location(&ann.post("/c/moon/export", &form).await), "/sign-in");
    ann.set_up().await;
    let file = ann.post("/c/moon/export", &form).await;
    assert_eq!(file.headers()[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let disposition = file.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment; filename=\"roost-moon-"), "{disposition}");
    assert_eq!(file.text().await.unwrap(), "text,id\r\n@two,2\r\n");
    for (name, value, status) in [
        ("format", "pdf", StatusCode::BAD_REQUEST),
        ("first", "many", StatusCode::BAD_REQUEST),
        ("q", "likes>=x", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let mut wrong = form.to_vec();
        wrong.retain(|(other, _)| *other != name);
        wrong.push((name, value));
        assert_eq!(ann.post("/c/moon/export", &wrong).await.status(), status, "{name}={value}");
    }
    assert_eq!(ann.post("/c/none/export", &form).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_view_is_saved_and_deleted_by_its_owner_only() {
    let roost = Roost::new();
    import(&roost, &[page(1, "one")]);
    let server = Server::start(&roost);
    let mut ann = Browser::new(&server);
    let form = [("q", "one"), ("sort", "-likes"), ("tweet", "1"), ("name", "  Ones "), ("shared", "1")];
    assert_eq!(location(&ann.post("/c/moon/views", &form).await), "/sign-in");
    ann.set_up().await;
    let saved = location(&ann.post("/c/moon/views", &form).await);
    assert_eq!(saved, "/c/moon?q=one&sort=-likes&view=1&tweet=1");
    assert_eq!(
        ann.post("/c/moon/views", &[("q", "one"), ("name", " ")]).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );

    roost.add_user("bob", "viewer", PASSWORD);
    let mut bob = Browser::new(&server);
    assert_eq!(location(&bob.post("/sign-in", &[("name", "bob"), ("password", PASSWORD), ("next", "/")]).await), "/");
    let page = bob.get("/c/moon").await.text().await.unwrap();
    assert!(page.contains("Ones") && page.contains("by ann"), "it is shared");
    assert_eq!(bob.post("/c/moon/views/1/delete", &[]).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(location(&ann.post("/c/moon/views/1/delete", &[("view", "1"), ("q", "one")]).await), "/c/moon?q=one");
    assert!(!bob.get("/c/moon").await.text().await.unwrap().contains("Ones"));
}
