//! The page Pipeline over HTTP: whose it is, and what it does with what could not be understood.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::browser::{Browser, PASSWORD, client, location};
use common::{Roost, Server};
use model::observed::Batch;
use model::{CollectionId, Timestamp};
use reqwest::StatusCode;
use store::Store;
use store::rejects::{self, NewReject, RejectKind};
use store::tweets::{Delivery, Origin, Sealer};

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const GOOD: &str = r#"{"id":"9","text":"moon","created_at":"2026-01-31T10:00:00.000Z"}"#;
const POISON: &str = r#"{"id":"10","author_id":"secret<b>"}"#;
const ACTIONS: [&str; 3] = ["look", "again", "drop"];

struct Story {
    roost: Roost,
    server: Server,
    store: Store,
}

impl Story {
    /// What cannot be read, and what a later Roost can, look alike.
    async fn new() -> Self {
        let roost = Roost::new();
        for (name, role) in [("ann", "admin"), ("bea", "viewer")] {
            roost.add_user(name, role, PASSWORD);
        }
        let file = roost.data.path().join("tweets.jsonl");
        std::fs::write(&file, r#"{"data":[{"id":"1","text":"sun","created_at":"2026-01-31T10:00:00.000Z"}]}"#).unwrap();
        roost.import("Moon", &[&file]);
        let store = Store::open(&store::Settings::sqlite(roost.data.path())).await.unwrap();
        let reject = |content: &str| NewReject {
            kind: RejectKind::Tweet,
            reason: "it is <new>".into(),
            shape: "object of id".into(),
            content: content.into(),
            observed_at: NOW,
        };
        let origin = Origin { collection: CollectionId(1), schedule: None };
        let rejected = vec![reject(POISON), reject(GOOD)];
        let delivery = Delivery { rejected, ..Delivery::of(origin, Batch::default()) };
        let ready = Sealer::new(&store, NOW).await.unwrap().prepare(vec![delivery]).unwrap();
        store::tweets::write(&store, ready, None, NOW).await.unwrap();
        Self { server: Server::start(&roost), roost, store }
    }

    async fn signed_in(&self, name: &str) -> Browser<'_> {
        let mut browser = Browser::new(&self.server);
        browser.sign_in(name).await;
        browser
    }

    async fn number(&self) -> i64 {
        rejects::groups(&self.store).await.unwrap()[0].last_id
    }

    /// What was audited of the quarantine, in order.
    async fn audited(&self) -> Vec<String> {
        let entries = store::audit::latest(&self.store, 50).await.unwrap();
        entries.into_iter().rev().map(|entry| entry.action).filter(|action| action.starts_with("quarantine")).collect()
    }
}

fn action(number: i64, action: &str) -> String {
    format!("/pipeline/quarantine/{number}/{action}")
}

#[tokio::test]
async fn for_who_is_no_admin_it_does_not_exist_and_nothing_is_done() {
    let story = Story::new().await;
    let number = story.number().await;
    let mut bea = story.signed_in("bea").await;
    let made_up = bea.get("/made-up-name").await;
    assert_eq!(made_up.status(), StatusCode::NOT_FOUND);
    let made_up = made_up.text().await.unwrap();
    let page = bea.get("/pipeline").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    assert_eq!(page.text().await.unwrap().replace("pipeline", "made-up-name"), made_up);
    for name in ACTIONS {
        let answer = bea.post(&action(number, name), &[]).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{name}");
        assert!(!answer.text().await.unwrap().contains("secret"), "{name}");
    }
    let mut nobody = Browser::new(&story.server);
    assert!(location(&nobody.get("/pipeline").await).starts_with("/sign-in?next="));
    for name in ACTIONS {
        assert!(location(&nobody.post(&action(number, name), &[]).await).starts_with("/sign-in"), "{name}");
    }
    let ann = story.signed_in("ann").await;
    let cookies: Vec<_> = ann.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let elsewhere = client().post(story.server.url(&action(number, "drop"))).header("cookie", cookies.join("; "));
    let elsewhere = elsewhere.header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN, "a form of another site");
    assert_eq!(rejects::groups(&story.store).await.unwrap()[0].count, 2);
    assert!(story.audited().await.is_empty());
}

#[tokio::test]
async fn an_admin_looks_tries_again_and_drops_and_all_of_it_is_audited() {
    let story = Story::new().await;
    let number = story.number().await;
    let mut ann = story.signed_in("ann").await;
    let page = ann.get("/pipeline").await.text().await.unwrap();
    for words in ["All is up to date", "Index<", "Lake<", "it is &lt;new&gt;", "object of id", "2 alike", "1 tweet<"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("secret"), "nothing of the content is shown unasked");
    assert!(story.audited().await.is_empty());

    let look = ann.post(&action(number, "look"), &[]).await;
    assert_eq!(look.headers()["cache-control"], "no-store");
    let look = look.text().await.unwrap();
    assert!(look.contains("secret&lt;b&gt;") && look.contains("One of 2"), "{look}");
    assert_eq!(location(&ann.post(&action(number, "again"), &[]).await), "/pipeline?stored=1&left=1");
    let told = ann.get("/pipeline?stored=1&left=1").await.text().await.unwrap();
    assert!(told.contains("1 was understood now and stored. 1 is still not understood and stays."), "{told}");
    assert_eq!(ann.post(&action(number, "drop"), &[]).await.status(), StatusCode::NOT_FOUND, "it was stored");
    let number = story.number().await;
    assert_eq!(ann.post(&action(number, "burn"), &[]).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(location(&ann.post(&action(number, "drop"), &[]).await), "/pipeline?dropped=1");
    assert!(ann.get("/pipeline").await.text().await.unwrap().contains("Nothing is in quarantine"));
    assert_eq!(story.audited().await, ["quarantine.seen", "quarantine.replayed", "quarantine.dropped"]);
    drop(story.server);
    assert_eq!(story.roost.count("moon"), 1);
}
