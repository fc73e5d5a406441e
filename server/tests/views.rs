//! Saved views over HTTP, without script: personal, of the team, locked, and two who change one.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::browser::{Browser, PASSWORD, location};
use common::{Roost, Server};
use reqwest::StatusCode;

struct Story {
    _roost: Roost,
    server: Server,
}

impl Story {
    fn new() -> Self {
        let roost = Roost::new();
        for (name, role) in [("ann", "admin"), ("bea", "viewer"), ("bob", "viewer")] {
            roost.add_user(name, role, PASSWORD);
        }
        let file = roost.data.path().join("tweets.jsonl");
        let tweet = r#"{"data":[{"id":"1","text":"one","created_at":"2026-01-31T10:00:00.000Z"}]}"#;
        std::fs::write(&file, tweet).unwrap();
        roost.import("moon", &[&file]);
        Self { server: Server::start(&roost), _roost: roost }
    }

    async fn signed_in(&self, name: &str) -> Browser<'_> {
        let mut browser = Browser::new(&self.server);
        browser.sign_in(name).await;
        browser
    }
}

async fn page(browser: &Browser<'_>, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.unwrap()
}

/// Posts, and returns the status with what was told.
async fn refused(browser: &mut Browser<'_>, path: &str, form: &[(&str, &str)]) -> (StatusCode, String) {
    let answer = browser.post(path, form).await;
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_personal_view_is_its_owners_alone() {
    let story = Story::new();
    let form = [("q", "one"), ("sort", "-likes"), ("tweet", "1"), ("name", "  Ones ")];
    let mut nobody = Browser::new(&story.server);
    let to = location(&nobody.post("/c/moon/views", &form).await);
    assert!(to.starts_with("/sign-in?next=%2Fc%2Fmoon%2Fviews%2Fnew%3Fq%3Done"), "{to}");

    let mut bea = story.signed_in("bea").await;
    assert_eq!(location(&bea.post("/c/moon/views", &form).await), "/c/moon?q=one&sort=-likes&view=1&tweet=1");
    let (status, told) = refused(&mut bea, "/c/moon/views", &[("q", "one"), ("name", " ")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.contains("A view needs a name"), "{told}");
    let (status, told) = refused(&mut bea, "/c/moon/views", &[("q", "two"), ("name", "Ones")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is replaced unasked");
    assert!(told.contains("You have a view named"), "{told}");

    let mut bob = story.signed_in("bob").await;
    assert!(!page(&bob, "/c/moon/views").await.contains("Ones"));
    for path in ["/c/moon/views/1", "/c/moon/views/1/save", "/c/moon/views/1/delete"] {
        let (status, _) = refused(&mut bob, path, &[("name", "Mine"), ("version", "0")]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(location(&bea.post("/c/moon/views/1/delete", &[("view", "1"), ("q", "one")]).await), "/c/moon?q=one");
    assert!(!page(&bea, "/c/moon/views").await.contains("Ones"));
}

#[tokio::test]
async fn a_view_of_the_team_is_saved_over_by_anyone_and_managed_by_its_owner() {
    let story = Story::new();
    let (mut bea, mut bob) = (story.signed_in("bea").await, story.signed_in("bob").await);
    bea.post("/c/moon/views", &[("q", "one"), ("name", "Ones"), ("shared", "1")]).await;
    let list = page(&bob, "/c/moon/views?q=one+likes>%3D50&cols=text,likes&view=1").await;
    assert!(list.contains("Of the team") && list.contains("by bea · for everyone"), "{list}");
    assert!(list.contains("+ likes ≥ 50") && list.contains("− column Author"), "{list}");
    assert!(list.contains("Revert") && list.contains("Update view"), "{list}");
    let unchanged = page(&bob, "/c/moon/views?q=(one)&view=1&tweet=1&row=5").await;
    assert!(!unchanged.contains("Revert"), "what a view does not keep is no change");

    let saved = bob.post("/c/moon/views/1/save", &[("q", "one likes>=50"), ("version", "0")]).await;
    assert_eq!(location(&saved), "/c/moon?q=one+likes%3E%3D50&view=1");
    let (status, told) = refused(&mut bob, "/c/moon/views/1", &[("name", "Mine now")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.contains("This view is bea"), "{told}");
    let (status, _) = refused(&mut bob, "/c/moon/views/1/delete", &[("q", "")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

    let named = [("name", "Likes"), ("shared", "1"), ("locked", "1"), ("q", "one")];
    assert_eq!(location(&bea.post("/c/moon/views/1", &named).await), "/c/moon/views?q=one");
    assert!(page(&bob, "/c/moon/views").await.contains("by bea · for everyone, locked"));
    let mut ann = story.signed_in("ann").await;
    assert_eq!(location(&ann.post("/c/moon/views/1/delete", &[("q", "")]).await), "/c/moon", "admins may");
}

#[tokio::test]
async fn a_locked_view_can_be_filtered_and_copied_and_no_more() {
    let story = Story::new();
    let (mut bea, mut bob) = (story.signed_in("bea").await, story.signed_in("bob").await);
    bea.post("/c/moon/views", &[("q", "one"), ("name", "Ones"), ("shared", "1"), ("locked", "1")]).await;
    let list = page(&bob, "/c/moon/views?q=one+lang:de&view=1").await;
    assert!(list.contains("It is locked: only bea and admins change it") && !list.contains("Update view"), "{list}");
    let (status, told) = refused(&mut bob, "/c/moon/views/1/save", &[("q", "two"), ("version", "0")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.contains("This view is locked"), "{told}");
    assert_eq!(
        location(&bob.post("/c/moon/views", &[("q", "one lang:de"), ("name", "Ones")]).await),
        "/c/moon?q=one+lang:de&view=2",
        "a copy may have the same name"
    );
    let saved = bea.post("/c/moon/views/1/save", &[("q", "two"), ("version", "0")]).await;
    assert!(location(&saved).contains("view=1"));
}

#[tokio::test]
async fn who_saves_over_what_somebody_changed_meanwhile_sees_both() {
    let story = Story::new();
    let (mut bea, mut bob) = (story.signed_in("bea").await, story.signed_in("bob").await);
    bea.post("/c/moon/views", &[("q", "one"), ("name", "Ones"), ("shared", "1")]).await;
    bob.post("/c/moon/views/1/save", &[("q", "one likes>=50"), ("version", "0")]).await;
    let (status, told) = refused(&mut bea, "/c/moon/views/1/save", &[("q", "one lang:de"), ("version", "0")]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(told.contains("Somebody has changed this view since you opened it"), "{told}");
    assert!(told.contains("+ language is de") && told.contains("− likes ≥ 50"), "{told}");
    assert!(told.contains("name=\"version\" value=\"1\""), "{told}");
    assert!(page(&bob, "/c/moon/views?view=1&q=one+likes>%3D50").await.contains("Ones"));
    let saved = bea.post("/c/moon/views/1/save", &[("q", "one lang:de"), ("version", "1")]).await;
    assert_eq!(location(&saved), "/c/moon?q=one+lang:de&view=1");
}

#[tokio::test]
async fn many_views_are_searched_and_a_deletion_names_the_alerts() {
    let story = Story::new();
    let mut bea = story.signed_in("bea").await;
    for number in 1..=9 {
        bea.post("/c/moon/views", &[("q", "one"), ("name", &format!("View {number}"))]).await;
    }
    let list = page(&bea, "/c/moon/views?find=view+7").await;
    assert!(list.contains("Find a view") && list.contains("View 7") && !list.contains("View 8"), "{list}");
    let alert = [("name", "Told"), ("watch", "7"), ("rule", "new"), ("new_at_least", "1")];
    assert_eq!(location(&bea.post("/c/moon/alerts", &alert).await), "/alerts");
    assert!(page(&bea, "/c/moon/views").await.contains("1 alert"));
    let edit = page(&bea, "/c/moon/views/7").await;
    assert!(edit.contains("Alerts watch it, and will not fire any more: Told."), "{edit}");
    assert!(!page(&bea, "/c/moon/views/6").await.contains("will not fire any more"));
}
