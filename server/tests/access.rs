//! Access per collection: for a person without the right a collection is like one that does not exist.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::browser::{Browser, PASSWORD, location};
use common::{Roost, Server};
use reqwest::{Method, StatusCode};

/// The collection that is restricted, and one that nobody has made.
const SECRET: &str = "secret-plans";
const MADE_UP: &str = "made-up-name";

/// Every route that names a collection, with fields that it takes. `{c}` is the collection, `{view}` a view of it.
const ROUTES: [(&str, &str, &str); 37] = [
    ("GET", "/c/{c}", ""),
    ("GET", "/c/{c}?q=rocket&sort=-likes&split=lang&tweet=1", ""),
    ("GET", "/c/{c}/export", ""),
    ("POST", "/c/{c}/export", "format=csv"),
    ("POST", "/c/{c}/views", "name=Mine&q=rocket"),
    ("POST", "/c/{c}/export/offer", "format=csv"),
    ("GET", "/c/{c}/views", ""),
    ("GET", "/c/{c}/views/new?q=rocket", ""),
    ("GET", "/c/{c}/views/{view}", ""),
    ("POST", "/c/{c}/views/{view}", "name=Other"),
    ("POST", "/c/{c}/views/{view}/save", "version=0&q=rocket"),
    ("POST", "/c/{c}/views/{view}/delete", "sure=1"),
    ("GET", "/c/{c}/share?q=rocket", ""),
    ("POST", "/c/{c}/share", "q=rocket"),
    ("GET", "/c/{c}/selection?ids=1", ""),
    ("POST", "/c/{c}/selection/tag", "ids=1&tag=check"),
    ("POST", "/c/{c}/tweet/1/annotate/tag", "tag=check"),
    ("POST", "/c/{c}/tweet/1/annotate/untag", "tag=check"),
    ("POST", "/c/{c}/tweet/1/annotate/note", "note=Look"),
    ("GET", "/c/{c}/tweet/1", ""),
    ("GET", "/c/{c}/tweet/1/metrics.csv", ""),
    ("GET", "/c/{c}/explain?q=created%3Anow-1d..now", ""),
    ("GET", "/c/{c}/plots?q=rocket", ""),
    ("GET", "/c/{c}/bars?q=rocket", ""),
    ("GET", "/c/{c}/plot.svg?plot=volume", ""),
    ("GET", "/c/{c}/plot.csv?plot=volume", ""),
    ("GET", "/c/{c}/column?col=likes", ""),
    ("GET", "/c/{c}/column?col=likes&set=top&count=3&how=highest", ""),
    ("GET", "/c/{c}/alerts/new?q=rocket", ""),
    ("POST", "/c/{c}/alerts", "name=Told&rule=new&new_at_least=1"),
    ("GET", "/c/{c}/access", ""),
    ("POST", "/c/{c}/access", "open=everyone"),
    ("GET", "/api/ui/count?collection={c}&filter=", ""),
    ("GET", "/api/ui/explore?query[collection]={c}&query[filter]=", ""),
    ("GET", "/api/ui/rows?query[collection]={c}&query[filter]=", ""),
    ("GET", "/api/ui/tweet?collection={c}&id=1", ""),
    (
        "GET",
        "/api/ui/values?query[collection]={c}&query[filter]=&query[column]=lang&query[containing]=&query[by_name]=false&query[limit]=9",
        "",
    ),
];

struct Story {
    roost: Roost,
    server: Server,
}

impl Story {
    fn new() -> Self {
        let roost = Roost::new();
        for (name, role) in [("ann", "admin"), ("bea", "viewer"), ("out", "viewer")] {
            roost.add_user(name, role, PASSWORD);
        }
        let story = Self { server: Server::start(&roost), roost };
        story.import("Moon", &[1, 2]);
        story.import("Secret plans", &[1, 3]);
        story
    }

    fn import(&self, collection: &str, ids: &[u64]) {
        let file = self.roost.data.path().join("tweets.jsonl");
        let tweet = |id: &u64| {
            serde_json::json!({ "data": [{ "id": id.to_string(), "text": "rocket", "lang": "en",
                "created_at": "2026-01-31T10:00:00.000Z", "public_metrics": { "like_count": id } }] })
        };
        std::fs::write(&file, ids.iter().map(|id| format!("{}\n", tweet(id))).collect::<String>()).unwrap();
        assert_eq!(self.roost.import(collection, &[&file]).rejected, 0);
    }

    async fn signed_in(&self, name: &str) -> Browser<'_> {
        let mut browser = Browser::new(&self.server);
        browser.sign_in(name).await;
        browser
    }

    /// Only bea, and admins.
    async fn restrict(&self) {
        let mut ann = self.signed_in("ann").await;
        let sheet = text(&mut ann, "GET", &format!("/c/{SECRET}/access"), "").await.1;
        let (before, _) = sheet.split_once("<bdi>bea</bdi>").unwrap();
        let id = before.rsplit_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        let fields = [("open", "named"), ("person", id.as_str())];
        let saved = location(&ann.post(&format!("/c/{SECRET}/access"), &fields).await);
        assert_eq!(saved, format!("/c/{SECRET}/access?saved"));
    }
}

/// Status, and all that is told: the body, and where it leads.
async fn text(browser: &mut Browser<'_>, method: &str, path: &str, fields: &str) -> (StatusCode, String) {
    let response = match method {
        "POST" => {
            let pairs: Vec<_> = fields.split('&').filter_map(|pair| pair.split_once('=')).collect();
            browser.post(path, &pairs).await
        }
        _ => browser.request(Method::GET, path).send().await.unwrap(),
    };
    let status = response.status();
    let leads_to = response.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    (status, format!("{}\n{}", leads_to.unwrap_or_default(), comparable(&response.text().await.unwrap())))
}

/// Without the nonces, in which any two answers to one question differ.
fn comparable(body: &str) -> String {
    let mut parts = body.split("nonce=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + "nonce=" + part.split_once('"').map_or("", |(_, rest)| rest))
}

fn filled(template: &str, collection: &str, view: &str) -> String {
    template.replace("{c}", collection).replace("{view}", view)
}

#[test]
fn no_route_is_left_out() {
    let routes = include_str!("../src/http/mod.rs").split(".route(\"").skip(1);
    let named: Vec<&str> =
        routes.filter_map(|route| route.split('"').next()).filter(|r| r.contains("{collection}")).collect();
    assert!(named.len() > 9, "{named:?}");
    for route in named {
        let path = route.replace("{collection}", "{c}").replace("{id}", "1").replace("{act}", "tag");
        let tried = |tried: &str| tried.split('?').next().unwrap_or_default().replace("{view}", "1") == path;
        assert!(ROUTES.iter().any(|(_, template, _)| tried(template)), "{route} is not tried");
    }
}

#[tokio::test]
async fn without_the_right_every_route_answers_as_for_a_made_up_name() {
    let story = Story::new();
    let mut out = story.signed_in("out").await;
    let saved = location(&out.post(&format!("/c/{SECRET}/views"), &[("name", "Old"), ("q", "rocket")]).await);
    let view = saved.split_once("view=").unwrap().1.split('&').next().unwrap().to_owned();
    story.restrict().await;
    for (method, template, fields) in ROUTES {
        let (status, secret) = text(&mut out, method, &filled(template, SECRET, &view), fields).await;
        let (expected, made_up) = text(&mut out, method, &filled(template, MADE_UP, &view), fields).await;
        assert_eq!(status, expected, "{method} {template}");
        assert!(!status.is_success(), "{method} {template}: {status}");
        assert_eq!(secret.replace(SECRET, MADE_UP), made_up, "{method} {template}");
        assert!(!secret.contains("Secret"), "{method} {template} tells the title");
    }
    let mut bea = story.signed_in("bea").await;
    let (status, page) = text(&mut bea, "GET", &format!("/c/{SECRET}"), "").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Secret plans"));
    let (status, _) = text(&mut bea, "GET", &format!("/c/{SECRET}/access"), "").await;
    assert_eq!(status, StatusCode::NOT_FOUND, "only admins say who may");
}

#[tokio::test]
async fn what_somebody_has_of_a_collection_rests_until_they_may_open_it_again() {
    let story = Story::new();
    let mut out = story.signed_in("out").await;
    let fields = [("name", "Told"), ("q", "rocket"), ("rule", "new"), ("new_at_least", "1")];
    assert_eq!(location(&out.post(&format!("/c/{SECRET}/alerts"), &fields).await), "/alerts");
    let shared = location(&out.post(&format!("/c/{SECRET}/share"), &[("q", "rocket")]).await);
    let code = shared.split_once("short=").unwrap().1.to_owned();
    assert_eq!(out.post(&format!("/c/{SECRET}/export"), &[("format", "csv")]).await.status(), StatusCode::OK);
    story.restrict().await;

    let own =
        [("GET", "/exports/1/about.json", "/exports/77/about.json"), ("GET", "/exports/1/file", "/exports/77/file")];
    let link = format!("/s/{code}");
    let others = [("GET", link.as_str(), "/s/AAAAAAAAAAAA"), ("POST", "/alerts/1/pause", "/alerts/77/pause")];
    for (method, path, unknown) in own.into_iter().chain(others) {
        let (status, answer) = text(&mut out, method, path, "a=b").await;
        let (expected, told) = text(&mut out, method, unknown, "a=b").await;
        // As it stands in the page, and as a part of an address.
        let in_address = |path: &str| path.replace('/', "%2F");
        let answer = answer.replace(path, unknown).replace(&in_address(path), &in_address(unknown));
        assert_eq!((status, answer), (expected, told), "{method} {path}");
        assert!(!status.is_success() && !status.is_redirection(), "{method} {path}: {status}");
    }
    for path in ["/alerts", "/exports", "/notices", "/?all", "/c/moon?q=rocket&cols=collection,text&tweet=1"] {
        let (status, page) = text(&mut out, "GET", path, "").await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(!page.contains("Secret") && !page.contains(SECRET), "{path} tells of it");
    }
    let mut ann = story.signed_in("ann").await;
    ann.post(&format!("/c/{SECRET}/access"), &[("open", "everyone")]).await;
    assert!(text(&mut out, "GET", "/alerts", "").await.1.contains("Told"));
    assert_eq!(location(&out.get(&link).await), format!("/c/{SECRET}?q=rocket"));
}

#[tokio::test]
async fn a_tweet_of_two_collections_tells_only_of_the_one_that_is_open() {
    let story = Story::new();
    story.restrict().await;
    let mut out = story.signed_in("out").await;
    let values = "/api/ui/values?query[collection]=moon&query[filter]=&query[column]=collection&query[containing]=&\
                  query[by_name]=false&query[limit]=9";
    for path in [values, "/c/moon/tweet/1", "/c/moon/selection?ids=1,2", "/c/moon/column?col=collection"] {
        let (status, answer) = text(&mut out, "GET", path, "").await;
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        assert!(answer.contains("moon") && !answer.contains(SECRET), "{path}: {answer}");
    }
    // It was imported twice, so its counters were seen twice.
    assert!(text(&mut out, "GET", "/c/moon/tweet/1", "").await.1.contains("/c/moon/tweet/1/metrics.csv"));
    assert!(!text(&mut out, "GET", "/c/moon/tweet/2", "").await.1.contains("metrics.csv"), "this one only once");
    let (status, looks) = text(&mut out, "GET", "/c/moon/tweet/1/metrics.csv", "").await;
    assert_eq!((status, looks.trim().lines().count()), (StatusCode::OK, 3), "{looks}");
    let export = [("format", "csv"), ("cols", "id,collection")];
    let file = out.post("/c/moon/export", &export).await.text().await.unwrap();
    assert!(file.contains("moon") && !file.contains(SECRET), "{file}");
    for (filter, count) in [("", "2"), ("collection%3Asecret-plans", "0"), ("collection%3Asecret*", "0")] {
        let path = format!("/api/ui/count?collection=moon&filter={filter}");
        assert_eq!(text(&mut out, "GET", &path, "").await.1.trim(), count, "{filter}");
    }
}
