//! The server over HTTP: accounts, rights, headers, and the explore page as it reads without JavaScript.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::browser::{Browser, PASSWORD, client, location};
use common::{Roost, Server};
use reqwest::{Method, StatusCode, header};
use std::collections::BTreeMap;

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
    let mut submit = async |token: &str, password: &str, again: &str| {
        let form = [("token", token), ("name", "Ann"), ("password", password), ("again", again)];
        let to = location(&ann.post("/setup", &form).await);
        assert!(!to.contains(server.setup_token.as_ref().unwrap()), "a token stands in no address: {to}");
        to
    };
    assert_eq!(submit(&token, PASSWORD, "something else").await, "/setup?error=mismatch");
    // The form that comes back has no token; the browser kept it.
    assert_eq!(submit("", "short", "short").await, "/setup?error=weak");
    assert_eq!(submit("", PASSWORD, PASSWORD).await, "/");
    assert_eq!(submit("", PASSWORD, PASSWORD).await, "/setup?error=token", "and forgot it");
    assert_eq!(submit(&token, PASSWORD, PASSWORD).await, "/setup?error=token");
    assert_eq!(roost.ok(&["user", "list"]).trim(), "ann\tadmin");
}

#[tokio::test]
async fn a_set_up_link_is_void_once_the_operator_has_made_a_user() {
    let roost = Roost::new();
    let server = Server::start(&roost);
    roost.add_user("ann", "admin", PASSWORD);
    let token = server.setup_token.clone().unwrap();
    let form = [("token", token.as_str()), ("name", "Eve"), ("password", PASSWORD), ("again", PASSWORD)];
    let mut eve = Browser::new(&server);
    assert_eq!(location(&eve.post("/setup", &form).await), "/setup?error=token");
    assert_eq!(roost.ok(&["user", "list"]).trim(), "ann\tadmin");
}

#[tokio::test]
async fn guessing_a_set_up_link_is_cheap_for_the_server_and_slow_for_who_guesses() {
    let roost = Roost::new();
    let server = Server::start(&roost);
    let mut eve = Browser::new(&server);
    let form =
        [("token", "A".repeat(43)), ("name", "Eve".into()), ("password", PASSWORD.into()), ("again", PASSWORD.into())];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(location(&eve.post("/setup", &form).await));
    }
    assert!(answers[..5].iter().all(|to| to == "/setup?error=token"), "{answers:?}");
    assert_eq!(answers[5], "/setup?error=throttled");
}

#[tokio::test]
async fn looking_at_a_one_time_link_does_not_use_it_up() {
    let roost = Roost::new();
    let (server, link) = Server::demo(&roost);
    let mut ann = Browser::new(&server);
    let path = link.strip_prefix(&server.address).unwrap();
    let token = path.rsplit_once("token=").unwrap().1;
    assert!(ann.request(Method::HEAD, path).send().await.unwrap().status().is_success());
    for _ in 0..2 {
        let page = ann.get(path).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(page.headers()[header::REFERRER_POLICY], "no-referrer");
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
        assert!(page.text().await.unwrap().contains("method=\"post\" action=\"/welcome\""));
    }
    let foreign = client().post(server.url("/welcome")).header("sec-fetch-site", "cross-site");
    let foreign = foreign.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let foreign = foreign.body(format!("token={token}")).send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN, "nobody is signed in by another site");
    for hostile in ["\"><script>", "%22%3E%3Cscript%3E", ""] {
        let to = location(&ann.get(&format!("/welcome?token={hostile}")).await);
        assert_eq!(to, "/sign-in?error=link");
    }
    assert_eq!(location(&ann.post("/welcome", &[("token", token)]).await), "/");
    assert!(ann.is_signed_in());
    assert_eq!(location(&ann.get(path).await), "/", "who is signed in goes on");
    let mut second = Browser::new(&server);
    assert_eq!(location(&second.post("/welcome", &[("token", token)]).await), "/sign-in?error=link");
}

#[tokio::test]
async fn nobody_sees_anything_before_signing_in_and_nothing_after_signing_out() {
    let roost = Roost::new();
    import(&roost, &[page(1, "a secret tweet")]);
    let server = Server::start(&roost);
    let mut ann = Browser::new(&server);
    let url = "/api/ui/explore?query%5Bcollection%5D=moon&query%5Bfilter%5D=&query%5Bsort%5D%5B0%5D%5Bcolumn%5D=created&query%5Bsort%5D%5B0%5D%5Bdescending%5D=true";
    for path in ["/", "/c/moon?q=secret", "/c/moon/explain?q=secret", "/c/moon/column?col=likes"] {
        let to = location(&ann.get(path).await);
        assert!(to.starts_with("/sign-in?next="), "{path}: {to}");
    }
    for path in [url, "/api/ui/tweet?collection=moon&id=1"] {
        let response = ann.get(path).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert!(!response.text().await.unwrap().contains("a secret tweet"));
    }
    ann.set_up().await;
    let answer = ann.get(url).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.unwrap().contains("a secret tweet"));
    assert_eq!(location(&ann.post("/sign-out", &[]).await), "/sign-in");
    assert!(!ann.is_signed_in());
    assert_eq!(ann.get(url).await.status(), StatusCode::UNAUTHORIZED);
}

/// Every server function, with arguments that it takes. One that is missing here fails the test below.
const QUESTIONS: [(&str, &str); 5] = [
    ("/api/ui/count", "collection=moon&filter="),
    (
        "/api/ui/explore",
        "query[collection]=moon&query[filter]=&query[sort][0][column]=created&query[sort][0][descending]=true",
    ),
    ("/api/ui/rows", "query[collection]=moon&query[filter]="),
    ("/api/ui/tweet", "collection=moon&id=1"),
    (
        "/api/ui/values",
        "query[collection]=moon&query[filter]=&query[column]=lang&query[containing]=&query[by_name]=false&query[limit]=10",
    ),
];

#[tokio::test]
async fn every_question_is_answered_to_the_signed_in_only_and_changes_nothing() {
    let functions: BTreeMap<_, _> = leptos::server_fn::axum::server_fn_paths().collect();
    let _links_the_functions = app::App;
    let asked: Vec<_> = QUESTIONS.iter().map(|(path, _)| *path).collect();
    assert_eq!(functions.keys().copied().collect::<Vec<_>>(), asked);
    assert!(functions.values().all(|method| method == Method::GET), "those that write belong into a test of their own");

    let roost = Roost::new();
    import(&roost, &[page(1, "a secret tweet")]);
    let server = Server::start(&roost);
    let mut ann = Browser::new(&server);
    for (path, arguments) in QUESTIONS {
        let refused = ann.get(&format!("{path}?{arguments}")).await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert!(!refused.text().await.unwrap().contains("secret"), "{path}");
    }
    ann.set_up().await;
    let database = || {
        let read = |name: &str| std::fs::read(roost.data.path().join(name)).unwrap_or_default();
        (read("roost.db"), read("roost.db-wal"))
    };
    let before = database();
    for (path, arguments) in QUESTIONS {
        let answer = ann.get(&format!("{path}?{arguments}")).await;
        let status = answer.status();
        assert_eq!(status, StatusCode::OK, "{path}: {}", answer.text().await.unwrap());
    }
    assert!(before == database(), "a question wrote to the database");
}

#[tokio::test]
async fn sign_in_is_slowed_down_for_those_who_guess() {
    let roost = Roost::new();
    roost.add_user("ann", "viewer", PASSWORD);
    let server = Server::start(&roost);
    let mut guest = Browser::new(&server);
    let mut try_it =
        async |password| location(&guest.post("/sign-in", &[("name", "ANN"), ("password", password)]).await);
    for _ in 0..5 {
        assert!(try_it("wrong").await.contains("error=wrong"));
    }
    assert!(try_it(PASSWORD).await.contains("error=throttled"));
}

#[tokio::test]
async fn behind_a_proxy_each_client_has_its_own_tries() {
    let roost = Roost::new();
    roost.add_user("ann", "viewer", PASSWORD);
    let server = Server::start_with(&roost, &[("ROOST_TRUSTED_PROXIES", "1")]);
    let guest = Browser::new(&server);
    let try_it = async |forwarded: &str, password: &str| {
        let request = guest.request(Method::POST, "/sign-in").header("x-forwarded-for", forwarded);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        location(&request.body(format!("name=ann&password={password}")).send().await.unwrap())
    };
    for attempt in 0..5 {
        assert!(try_it(&format!("198.51.100.{attempt}, 192.0.2.66"), "wrong").await.contains("error=wrong"));
    }
    assert!(
        try_it("198.51.100.9, 192.0.2.66", "wrong").await.contains("error=throttled"),
        "what it says is worth nothing"
    );
    assert_eq!(try_it("192.0.2.1", "correct+horse+battery+staple").await, "/");
}

#[tokio::test]
async fn sign_in_goes_on_to_local_pages_only() {
    let vectors = [
        ("/c/moon?q=a", "/c/moon?q=a"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ];
    let roost = Roost::new();
    roost.add_user("ann", "viewer", PASSWORD);
    let server = Server::start(&roost);
    for (next, expected) in vectors {
        let mut guest = Browser::new(&server);
        let form = [("name", "ANN"), ("password", PASSWORD), ("next", next)];
        assert_eq!(location(&guest.post("/sign-in", &form).await), expected, "{next}");
    }
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
    for path in ["/", "/sign-in", "/c/moon", "/nowhere", "/healthz", "/pkg/roost.1.js", "/api/ui/count", "/robots.txt"]
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
    let nonce = async || {
        let page = ann.get("/c/moon").await;
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        assert!(nonce.len() >= 22, "128 bits: {nonce}");
        assert!(page.text().await.unwrap().contains(&format!("nonce=\"{nonce}\"")), "its scripts have it");
        nonce
    };
    assert_ne!(nonce().await, nonce().await);
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
async fn the_forms_of_a_column_lead_to_the_filter_or_say_what_is_wrong() {
    let roost = Roost::new();
    import(&roost, &(1..=30).map(|id| page(id, "rocket <b>launch</b>")).collect::<Vec<_>>());
    let server = Server::start(&roost);
    let mut ann = Browser::new(&server);
    ann.set_up().await;
    for (form, filter) in [
        ("q=rocket&col=likes&set=range&from=5&to=9", "/c/moon?q=rocket+likes%3E%3D5+likes%3C%3D9"),
        ("q=rocket&col=likes&set=top&count=3&how=highest&sort=-likes", "/c/moon?q=rocket+likes%3E%3D28&sort=-likes"),
        ("col=lang&set=values&v=en&how=none", "/c/moon?q=-lang:en"),
        ("col=id&set=list&list=1%0D%0A2", "/c/moon?q=id:(1+OR+2)"),
        ("q=rocket&col=likes&set=range&from=&to=", "/c/moon?q=rocket"),
    ] {
        assert_eq!(location(&ann.get(&format!("/c/moon/column?{form}")).await), filter, "{form}");
    }
    let refused = ann.get("/c/moon/column?col=likes&set=range&from=%3Cscript%3E").await;
    assert_eq!(refused.status(), StatusCode::OK);
    let html = refused.text().await.unwrap();
    assert!(html.contains("role=\"alert\"") && html.contains("&lt;script&gt;") && !html.contains("<script>"), "{html}");
    assert_eq!(ann.get("/c/moon/column?col=nothing").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(ann.get("/c/none/explain?q=created:2026").await.status(), StatusCode::NOT_FOUND);
    let html = ann.get("/c/moon/explain?q=created:2026-01-31").await.text().await.unwrap();
    assert!(html.contains("no others to compare them with"), "{html}");
}

#[tokio::test]
async fn a_session_outlives_a_kill_of_the_server() {
    let roost = Roost::new();
    let mut server = Server::start(&roost);
    let cookies = {
        let mut ann = Browser::new(&server);
        ann.set_up().await;
        ann.cookies
    };
    server.kill();
    let again = Server::start(&roost);
    let mut ann = Browser::new(&again);
    ann.cookies = cookies;
    assert_eq!(ann.get("/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_export_is_a_file_for_those_who_are_signed_in() {
    let roost = Roost::new();
    import(&roost, &[page(1, "one"), page(2, "@two")]);
    let server = Server::start(&roost);
    let mut ann = Browser::new(&server);
    let form = [("q", "likes>=2"), ("cols", "text,id"), ("format", "csv-exact"), ("first", "")];
    let to = location(&ann.post("/c/moon/export", &form).await);
    let back = "/c/moon/export?q=likes%3E%3D2&cols=text,id&format=csv-exact";
    let next = url::form_urlencoded::parse(to.strip_prefix("/sign-in?").unwrap().as_bytes()).next().unwrap().1;
    assert_eq!(next, back, "after signing in the form is as it was");
    assert_eq!(location(&ann.post("/c/moon/export/offer", &form).await), to);
    ann.set_up().await;
    let offer = ann.post("/c/moon/export/offer", &form).await;
    let sheet = ann.get(back).await.text().await.unwrap();
    assert_eq!(offer.text().await.unwrap().split("<main").nth(1), sheet.split("<main").nth(1), "while it is filled in");
    assert!(sheet.contains("1 of 1 tweets that match") && sheet.contains("@two"), "a preview: {sheet}");
    let file = ann.post("/c/moon/export", &form).await;
    assert_eq!(file.headers()[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let disposition = file.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment; filename=\"roost-moon-"), "{disposition}");
    assert_eq!(file.text().await.unwrap(), "text,id\r\n@two,2\r\n");
    let listed = ann.get("/exports").await.text().await.unwrap();
    assert!(listed.contains("Downloaded: 1 tweet, ") && !listed.contains("http-equiv"), "{listed}");
    let verified = roost.ok(&["audit", "verify"]);
    assert_eq!(verified.trim(), "the audit is as it was written: 2 entries");
}

#[tokio::test]
async fn what_cannot_be_exported_is_told_in_words_above_the_form_as_it_was_filled_in() {
    let roost = Roost::new();
    import(&roost, &[page(1, "one"), page(2, "two"), page(3, "three")]);
    let server = Server::start_with(&roost, &[("ROOST_EXPORTS_PER_DAY", "2")]);
    let mut ann = Browser::new(&server);
    ann.set_up().await;
    let form = [("q", ""), ("format", "jsonl"), ("first", "")];
    for (name, value, words) in [
        ("format", "pdf", "There is no format &quot;pdf&quot;."),
        ("first", "abc", "&quot;abc&quot; is no number of tweets."),
        ("q", "likes>=x", "The filter cannot be read"),
        ("zone", "Mars", "There is no time zone &quot;Mars&quot;."),
        ("", "", "you may export 2 more today"),
    ] {
        let mut wrong = form.to_vec();
        wrong.retain(|(other, _)| *other != name);
        wrong.push((name, value));
        let answer = ann.post("/c/moon/export", &wrong).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
        let page = answer.text().await.unwrap();
        assert!(page.contains(words) && page.contains("id=\"export-form\""), "{name}={value}: {page}");
        assert!(name != "first" || page.contains("name=\"first\" inputmode=\"numeric\""), "{page}");
        assert!(
            value.is_empty() || page.contains(&format!("value=\"{}\"", value.replace('>', "&gt;"))) || name == "format",
            "{page}"
        );
    }
    assert_eq!(ann.post("/c/none/export", &form).await.status(), StatusCode::NOT_FOUND);
    let offer = ann.get("/c/moon/export?format=csv").await.text().await.unwrap();
    assert!(
        offer.contains("All 3 as ids only") && offer.contains("format=ids") && offer.contains("The first 2"),
        "{offer}"
    );
    let ids = ann.post("/c/moon/export", &[("format", "ids")]).await;
    assert_eq!(ids.text().await.unwrap(), "3\n2\n1\n", "these are not limited");
}

#[tokio::test]
async fn a_large_export_is_made_in_the_background_and_is_its_owners_alone() {
    let roost = Roost::new();
    import(&roost, &(1..=30).map(|id| page(id, &format!("tweet {id}"))).collect::<Vec<_>>());
    let settings = [("ROOST_EXPORT_JOB_ROWS", "20"), ("ROOST_EXPORT_DAYS", "3")];
    let server = Server::start_with(&roost, &settings);
    let mut ann = Browser::new(&server);
    ann.set_up().await;
    let form = [("cols", "id,text"), ("sort", "id"), ("format", "csv-exact")];
    assert!(ann.get("/c/moon/export?format=csv").await.text().await.unwrap().contains("in the background"));
    assert_eq!(location(&ann.post("/c/moon/export", &form).await), "/exports");
    let ready = async || {
        loop {
            let page = ann.get("/exports").await.text().await.unwrap();
            if page.contains("Ready: 30 of 30") {
                return page;
            }
            assert!(page.contains("http-equiv=\"refresh\"") && page.contains("<progress"), "{page}");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let page = ready().await;
    assert!(page.contains("href=\"/exports/1/file\"") && !page.contains("http-equiv"), "{page}");
    let told = async || ann.get("/notices").await.text().await.unwrap();
    let notices = told().await;
    assert!(notices.contains("Export is ready") && notices.contains(r#"class="unread">1<"#), "{notices}");
    let file = ann.get("/exports/1/file").await;
    assert!(file.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().ends_with(".csv\""));
    let lines: Vec<String> = file.text().await.unwrap().lines().map(str::to_owned).collect();
    assert_eq!((lines.len(), lines[1].as_str(), lines[30].as_str()), (31, "1,tweet 1", "30,tweet 30"));
    let notices = told().await;
    assert!(!notices.contains("Export is ready") && !notices.contains(r#"class="unread""#), "taken is told");
    let part = ann.request(Method::GET, "/exports/1/file").header(header::RANGE, "bytes=0-6").send().await.unwrap();
    assert_eq!((part.status(), part.text().await.unwrap().as_str()), (StatusCode::PARTIAL_CONTENT, "id,text"));
    let about: serde_json::Value =
        serde_json::from_str(&ann.get("/exports/1/about.json").await.text().await.unwrap()).unwrap();
    assert_eq!(
        (&about["written"], &about["complete"], &about["order"]),
        (&30.into(), &true.into(), &"by id, lowest or oldest first".into())
    );
    assert_eq!(about["columns"]["id"], "X's id of the tweet.");

    roost.add_user("bob", "admin", PASSWORD);
    let mut bob = Browser::new(&server);
    for path in ["/exports", "/exports/1/file", "/exports/1/about.json", "/c/moon/export"] {
        assert!(location(&bob.get(path).await).starts_with("/sign-in?next="), "{path}");
    }
    assert!(location(&bob.post("/exports/1/cancel", &[]).await).starts_with("/sign-in"));
    bob.post("/sign-in", &[("name", "bob"), ("password", PASSWORD), ("next", "/")]).await;
    assert!(!bob.get("/exports").await.text().await.unwrap().contains("export-1"));
    for path in ["/exports/1/file", "/exports/1/about.json", "/exports/99/file"] {
        assert_eq!(bob.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(bob.post("/exports/1/cancel", &[]).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(location(&ann.post("/exports/1/cancel", &[]).await), "/exports");
    assert_eq!(ann.get("/exports/1/file").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(std::fs::read_dir(roost.data.path().join("exports")).unwrap().count(), 0);
    let told = roost.ok(&["audit", "list", "--json"]);
    let actions: Vec<String> = told
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["action"].as_str().unwrap().to_owned())
        .collect();
    let expected = ["begun", "ready", "downloaded", "downloaded", "deleted"].map(|step| format!("export.{step}"));
    assert_eq!(actions, expected);
}
