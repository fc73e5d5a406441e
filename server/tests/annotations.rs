//! Tags and notes on a tweet, put there by people without JavaScript.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::browser::{Browser, PASSWORD, location};
use common::{Roost, Server};
use reqwest::StatusCode;

const TWEET: &str = "/c/moon/tweet/1";

fn prepared() -> Roost {
    let roost = Roost::new();
    for (name, role) in [("ann", "admin"), ("lys", "analyst"), ("vic", "viewer")] {
        roost.add_user(name, role, PASSWORD);
    }
    let file = roost.data.path().join("tweets.jsonl");
    let tweet = |id| {
        serde_json::json!({ "id": id, "text": "rocket", "lang": "en", "created_at": "2026-01-31T10:00:00.000Z",
            "public_metrics": { "like_count": 1 } })
    };
    let page = serde_json::json!({ "data": [tweet("1"), tweet("3"), tweet("4")] });
    std::fs::write(&file, format!("{page}\n")).unwrap();
    assert_eq!(roost.import("Moon", &[&file]).new, 3);
    roost
}

async fn page(browser: &Browser<'_>) -> String {
    let response = browser.get(TWEET).await;
    assert_eq!(response.status(), StatusCode::OK);
    response.text().await.unwrap()
}

#[tokio::test]
async fn an_analyst_tags_and_notes_what_others_then_read() {
    let roost = prepared();
    let server = Server::start(&roost);
    let (mut lys, mut vic) = (Browser::new(&server), Browser::new(&server));
    lys.sign_in("lys").await;
    vic.sign_in("vic").await;
    assert!(!page(&vic).await.contains("Tags and notes"), "nothing is there, and there is nothing to do");
    assert!(page(&lys).await.contains("No tags yet."));

    let back = location(&lys.post(&format!("{TWEET}/annotate/tag?q=rocket"), &[("tag", " To  Check ")]).await);
    assert_eq!(back, format!("{TWEET}?q=rocket"), "it can be seen already");
    lys.post(&format!("{TWEET}/annotate/note"), &[("note", "Ask <b>them</b>\r\nagain")]).await;
    let read = page(&vic).await;
    assert!(read.contains("to check") && read.contains("Ask &lt;b&gt;them&lt;/b&gt;\nagain"), "{read}");
    assert!(!read.contains("/annotate/"), "who only reads gets no forms");

    let refused = vic.post(&format!("{TWEET}/annotate/tag"), &[("tag", "mine")]).await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
    for (act, field, value) in
        [("tag", "tag", " "), ("tag", "tag", &"x".repeat(51)), ("note", "note", &"x".repeat(5_001))]
    {
        let refused = lys.post(&format!("{TWEET}/annotate/{act}"), &[(field, value)]).await;
        assert!(refused.status().is_client_error(), "{act} {}", refused.status());
    }
    assert_eq!(lys.post("/c/moon/tweet/2/annotate/tag", &[("tag", "x")]).await.status(), StatusCode::NOT_FOUND);

    lys.post(&format!("{TWEET}/annotate/untag"), &[("tag", "to check")]).await;
    lys.post(&format!("{TWEET}/annotate/note"), &[("note", "")]).await;
    assert!(!page(&vic).await.contains("Tags and notes"), "all of it is taken away");
    drop(server);
    let audit = roost.ok(&["audit", "list"]);
    for action in ["tweet.tagged", "tweet.untagged", "tweet.noted"] {
        assert!(audit.contains(action), "{audit}");
    }
    assert!(!audit.contains("Ask"), "{audit}");
}

#[tokio::test]
async fn a_tweet_takes_fifty_tags() {
    let roost = prepared();
    let server = Server::start(&roost);
    let mut lys = Browser::new(&server);
    lys.sign_in("lys").await;
    for number in 0..50 {
        location(&lys.post(&format!("{TWEET}/annotate/tag"), &[("tag", &format!("tag {number}"))]).await);
    }
    let refused = lys.post(&format!("{TWEET}/annotate/tag"), &[("tag", "one more")]).await;
    assert!(refused.status().is_client_error() && refused.text().await.unwrap().contains("has 50 tags already"));
    location(&lys.post(&format!("{TWEET}/annotate/tag"), &[("tag", "tag 7")]).await);
}

#[tokio::test]
async fn chosen_tweets_are_tagged_all_at_once_or_none_of_them() {
    let roost = prepared();
    let server = Server::start(&roost);
    let (mut lys, mut vic) = (Browser::new(&server), Browser::new(&server));
    lys.sign_in("lys").await;
    vic.sign_in("vic").await;
    let chosen = async |browser: &Browser<'_>| browser.get("/c/moon/selection?ids=1,3").await.text().await.unwrap();
    assert!(chosen(&lys).await.contains("Tag them") && !chosen(&vic).await.contains("Tag them"));

    let both = [("ids", "1,3,999"), ("tag", "<b> Look")];
    let back = location(&lys.post("/c/moon/selection/tag", &both).await);
    assert_eq!(back, "/c/moon/selection?ids=1%2C3%2C999&tagged=%3Cb%3E+Look");
    let told = lys.get(&back).await.text().await.unwrap();
    assert!(told.contains("They are tagged &lt;b&gt; Look now."), "{told}");
    for (tweet, is_tagged) in [(1, true), (3, true), (4, false)] {
        let page = vic.get(&format!("/c/moon/tweet/{tweet}")).await.text().await.unwrap();
        assert_eq!(page.contains("&lt;b&gt; look"), is_tagged, "{tweet}");
    }
    assert_eq!(vic.post("/c/moon/selection/tag", &both).await.status(), StatusCode::NOT_FOUND);

    for number in 0..49 {
        location(&lys.post("/c/moon/tweet/3/annotate/tag", &[("tag", &format!("tag {number}"))]).await);
    }
    let refused = lys.post("/c/moon/selection/tag", &[("ids", "1,3"), ("tag", "one more")]).await;
    assert!(
        refused.status().is_client_error() && refused.text().await.unwrap().contains("Tweet 3 has 50 tags already")
    );
    assert!(!page(&vic).await.contains("one more"), "none was tagged");
}
