//! Alerts over HTTP: made by a form, told by notice, mail and webhook, ended by a link.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::browser::{Browser, PASSWORD, client, location};
use common::outside::{HookServer, MailServer, ReceivedHook};
use common::{Roost, Server};
use reqwest::StatusCode;
use ring::hmac;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Longer than an evaluation takes to come.
const A_WHILE: Duration = Duration::from_secs(12);

struct Story {
    roost: Roost,
    server: Server,
    mail: MailServer,
    hooks: HookServer,
    posts: std::cell::Cell<u64>,
}

impl Story {
    fn new() -> Self {
        let (mail, hooks) = (MailServer::start(), HookServer::start(&["200 OK"]));
        let roost = Roost::new();
        for name in ["bea", "ana"] {
            roost.add_user(name, "viewer", PASSWORD);
        }
        let settings = [
            ("ROOST_SMTP_HOST", "127.0.0.1".to_owned()),
            ("ROOST_SMTP_PORT", mail.port.to_string()),
            ("ROOST_SMTP_SECURITY", "none".to_owned()),
            ("ROOST_MAIL_FROM", "Roost <roost@roost.example>".to_owned()),
            ("ROOST_WEBHOOK_HOSTS", format!("hooks.example, {}", hooks.host)),
        ];
        let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let server = Server::start_with(&roost, &settings);
        let story = Self { roost, server, mail, hooks, posts: 1.into() };
        story.come("nothing of interest", 1);
        story
    }

    async fn signed_in(&self, name: &str) -> Browser<'_> {
        let mut browser = Browser::new(&self.server);
        browser.sign_in(name).await;
        browser
    }

    /// Posts that were posted just now come in.
    fn come(&self, text: &str, count: u64) {
        let first = self.posts.get();
        self.posts.set(first + count);
        #[expect(clippy::disallowed_methods, reason = "the server's clock is the machine's")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
        let post = |number: u64| {
            // A snowflake of now: its id tells when it was posted.
            let id = ((now - 1_288_834_974_657) << 22) + number;
            let created_at = model_time(now);
            json!({ "data": [{ "id": id.to_string(), "text": format!("{text} {number}"), "lang": "en",
                "author_id": "2244994945", "created_at": created_at, "public_metrics": { "like_count": number } }],
                "includes": { "users": [{ "id": "2244994945", "username": "realhandle", "name": "Real Name" }] } })
        };
        let lines: String = (first..first + count).map(|number| format!("{}\n", post(number))).collect();
        let file = self.roost.data.path().join("posts.jsonl");
        std::fs::write(&file, lines).unwrap();
        assert_eq!(self.roost.import("moon", &[&file]).new, count);
    }
}

fn model_time(milliseconds: u64) -> String {
    model::Timestamp::from_millis(milliseconds as i64).to_rfc3339()
}

/// The first address in a text that has this in it.
fn address_in(text: &str, part: &str) -> String {
    let found = text.split_whitespace().find(|word| word.starts_with("http") && word.contains(part));
    found.unwrap_or_else(|| panic!("no address with {part} in: {text}")).to_owned()
}

fn path_of<'a>(address: &'a str, server: &Server) -> &'a str {
    address.strip_prefix(&server.address).unwrap_or_else(|| panic!("{address} is not at {}", server.address))
}

fn assert_signed(hook: &ReceivedHook, secret: &str) {
    let signed = format!("{}.{}", hook.headers["roost-timestamp"], hook.body);
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let hex: String = hmac::sign(&key, signed.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hook.headers["roost-signature"], format!("v1={hex}"));
}

#[tokio::test]
async fn a_burst_is_told_once_by_notice_mail_and_webhook() {
    let story = Story::new();
    let mut bea = story.signed_in("bea").await;
    assert!(bea.get("/notices").await.text().await.unwrap().contains("Nothing yet"));
    let webhook = format!("http://{}/T0/secret", story.hooks.host);
    let form = [
        ("q", "launch"),
        ("name", "Launch!"),
        ("rule", "spike"),
        ("spike_at_least", "20"),
        ("email", "bea@roost.example"),
        ("webhook", &webhook),
    ];
    let saved = bea.post("/c/moon/alerts", &form).await.text().await.unwrap();
    let (_, secret) = saved.split_once("readonly=\"\" value=\"").unwrap();
    let secret = &secret[..64];
    assert!(secret.bytes().all(|byte| byte.is_ascii_hexdigit()), "{saved}");

    story.come("launch", 400);
    let mail = story.mail.next();
    assert_eq!(mail.to, "bea@roost.example");
    assert!(mail.headers["subject"].starts_with("Launch!: 400 tweets since "), "{mail:?}");
    assert_eq!(mail.text.matches("launch ").count(), 3, "three posts: {}", mail.text);
    assert!(!mail.text.contains("realhandle") && !mail.text.contains("Real Name"), "authors stay pseudonyms");
    let hook = story.hooks.next();
    assert_eq!((hook.path.as_str(), hook.headers["content-type"].as_str()), ("/T0/secret", "application/json"));
    assert_signed(&hook, secret);
    let body: Value = serde_json::from_str(&hook.body).unwrap();
    assert_eq!((&body["alert"]["name"], &body["firings"][0]["count"]), (&json!("Launch!"), &json!(400)));
    assert_eq!(body["firings"][0]["samples"].as_array().unwrap().len(), 3);
    assert!(!hook.body.contains("realhandle"));

    let link = address_in(&mail.text, "/c/moon?");
    assert_eq!(body["firings"][0]["url"], json!(link));
    let shown = bea.get(path_of(&link, &story.server)).await.text().await.unwrap();
    assert!(shown.contains("1–50 of 400"), "the link shows exactly what was counted");
    assert!(shown.contains("class=\"unread\">1<"), "the bell has one");
    let notices = bea.get("/notices").await.text().await.unwrap();
    assert!(notices.contains("400 tweets since") && notices.contains(">new<"), "{notices}");
    let (_, notice) = notices.split_once("/notices/").and_then(|(_, rest)| rest.split_once("/notices/")).unwrap();
    let opened = bea.post(&format!("/notices/{}", notice.split('"').next().unwrap()), &[]).await;
    assert_eq!(location(&opened).split('?').next(), Some("/c/moon"));
    assert!(!bea.get("/notices").await.text().await.unwrap().contains("class=\"unread\""));

    story.come("launch", 400);
    tokio::time::sleep(A_WHILE).await;
    assert!(story.mail.is_empty() && story.hooks.is_empty(), "within the hour there is no second notice");
    let list = bea.get("/alerts").await.text().await.unwrap();
    assert!(list.contains("watching") && list.contains("Last fired"), "{list}");
}

#[tokio::test]
async fn who_unsubscribes_by_the_mail_is_told_no_more_and_the_others_are() {
    let story = Story::new();
    let (mut bea, mut ana) = (story.signed_in("bea").await, story.signed_in("ana").await);
    let view = [("q", "launch"), ("name", "Launches"), ("shared", "1")];
    let saved = location(&bea.post("/c/moon/views", &view).await);
    let view = saved.rsplit_once("view=").unwrap().1;
    let form = [
        ("watch", view),
        ("name", "Launch!"),
        ("rule", "new"),
        ("new_at_least", "1"),
        ("cool_down", "0"),
        ("email", "bea@roost.example"),
    ];
    assert_eq!(location(&bea.post("/c/moon/alerts", &form).await), "/alerts");
    let list = ana.get("/alerts").await.text().await.unwrap();
    let (_, action) = list.split_once("action=\"/alerts/").unwrap();
    let id = action.split('/').next().unwrap();
    let elsewhere = ana.post(&format!("/alerts/{id}/subscribe"), &[("email", "ana@elsewhere.example")]).await;
    assert!(elsewhere.text().await.unwrap().contains("Mail goes only to addresses at roost.example"));
    assert_eq!(
        location(&ana.post(&format!("/alerts/{id}/subscribe"), &[("email", "ana@roost.example")]).await),
        "/alerts"
    );

    story.come("launch", 1);
    let mut first = [story.mail.next(), story.mail.next()];
    first.sort_by(|one, other| one.to.cmp(&other.to));
    let [to_ana, to_bea] = first;
    assert_eq!((to_ana.to.as_str(), to_bea.to.as_str()), ("ana@roost.example", "bea@roost.example"));
    let link = address_in(&to_bea.text, "/unsubscribe?");
    assert_eq!(to_bea.headers["list-unsubscribe"], format!("<{link}>"));
    let nobody = Browser::new(&story.server);
    let asked = nobody.get(path_of(&link, &story.server)).await;
    assert_eq!(asked.status(), StatusCode::OK);
    assert!(asked.text().await.unwrap().contains("Launch!"), "it asks, and changes nothing");
    assert!(bea.get("/alerts").await.text().await.unwrap().contains("Unsubscribe"));
    let anas = address_in(&to_ana.text, "/unsubscribe?");
    let forged = format!("{}.{}", anas.rsplit_once('.').unwrap().0, link.rsplit_once('.').unwrap().1);
    let forged = client().post(&forged).send().await.unwrap().text().await.unwrap();
    assert!(forged.contains("Nothing to unsubscribe from"), "a link ends its own subscription only");

    // As a mail program does it, by itself (RFC 8058).
    let one_click = client().post(&link).body("List-Unsubscribe=One-Click").send().await.unwrap();
    assert_eq!(one_click.status(), StatusCode::OK);
    assert!(one_click.text().await.unwrap().contains("You are unsubscribed"));
    assert!(client().get(&link).send().await.unwrap().text().await.unwrap().contains("Nothing to unsubscribe from"));
    assert!(bea.get("/alerts").await.text().await.unwrap().contains("Tell me too"));

    story.come("launch", 1);
    assert_eq!(story.mail.next().to, "ana@roost.example");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(story.mail.is_empty());
}

#[tokio::test]
async fn the_form_says_what_would_have_been_told_and_what_is_wrong() {
    let story = Story::new();
    story.come("launch", 30);
    let mut bea = story.signed_in("bea").await;
    let page = async |query: &str| {
        let response = bea.get(&format!("/c/moon/alerts/new?{query}")).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.text().await.unwrap()
    };
    let deadline = std::time::Instant::now() + A_WHILE;
    while !page("q=launch").await.contains("It would have fired once in the last 30 days") {
        assert!(std::time::Instant::now() < deadline, "{}", page("q=launch").await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let found = page("q=launch&rule=spike&days=60").await;
    assert!(found.contains("once in the last 60 days") && found.contains("class=\"mark-fired\""), "{found}");
    assert!(page("q=launch&rule=spike&spike_at_least=99").await.contains("would not have fired"));
    assert!(page("q=launch&rule=silence&hours=5000").await.contains("from 1 to 720"));
    assert!(page("q=likes%3E%3Dmany").await.contains("class=\"refused\""));

    let mut refused = async |fields: &[(&str, &str)]| {
        let response = bea.post("/c/moon/alerts", fields).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.text().await.unwrap()
    };
    assert!(refused(&[("q", "launch")]).await.contains("needs a name"));
    let named = [("q", "launch"), ("name", "<b>x</b>"), ("rule", "new")];
    let with = |more: (&'static str, &'static str)| [&named[..], &[more]].concat();
    let elsewhere = refused(&with(("email", "eve@elsewhere.example"))).await;
    assert!(elsewhere.contains("Mail goes only to addresses at roost.example"), "{elsewhere}");
    assert!(elsewhere.contains("&lt;b&gt;x") && !elsewhere.contains("<b>x"), "what was filled in stays");
    assert!(refused(&with(("webhook", "https://evil.example/"))).await.contains("evil.example:443 are not allowed"));
    assert!(refused(&with(("webhook", "http://127.0.0.1:1/"))).await.contains("are not allowed"));
    assert!(bea.get("/alerts").await.text().await.unwrap().contains("No alerts yet"));
}

#[tokio::test]
async fn only_who_is_signed_in_sees_alerts_and_only_their_maker_changes_them() {
    let story = Story::new();
    let mut nobody = Browser::new(&story.server);
    for path in ["/alerts", "/notices", "/c/moon/alerts/new"] {
        assert!(location(&nobody.get(path).await).starts_with("/sign-in?next="), "{path}");
    }
    for path in ["/alerts/1/delete", "/notices/read", "/notices/1/open", "/c/moon/alerts"] {
        assert!(location(&nobody.post(path, &[]).await).starts_with("/sign-in"), "{path}");
    }
    let (mut bea, mut ana) = (story.signed_in("bea").await, story.signed_in("ana").await);
    bea.post("/c/moon/alerts", &[("q", "launch"), ("name", "Mine"), ("rule", "new")]).await;
    assert!(ana.get("/alerts").await.text().await.unwrap().contains("No alerts yet"));
    for action in ["pause", "resume", "delete", "subscribe"] {
        let refused = ana.post(&format!("/alerts/1/{action}"), &[]).await;
        assert_eq!(refused.status(), StatusCode::NOT_FOUND, "{action}");
    }
    assert_eq!(location(&bea.post("/alerts/1/pause", &[]).await), "/alerts");
    assert!(bea.get("/alerts").await.text().await.unwrap().contains(">paused<"));
    assert_eq!(location(&bea.post("/alerts/1/resume", &[]).await), "/alerts");
    assert_eq!(location(&bea.post("/alerts/1/delete", &[]).await), "/alerts");
    assert!(bea.get("/alerts").await.text().await.unwrap().contains("No alerts yet"));
}
