//! Boards and plots over HTTP: what they count is what the explore page counts.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::browser::{Browser, PASSWORD, location};
use common::{Roost, Server};
use model::Timestamp;
use model::time::{DAY, HOUR};
use reqwest::StatusCode;
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

/// Posts of the last hours, days and weeks: hours ago, language and how many.
const POSTS: [(i64, &str, u64); 4] = [(2, "en", 3), (50, "en", 4), (70, "de", 5), (20 * 24, "en", 6)];

fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the server's clock is the machine's")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    Timestamp::from_millis(now)
}

/// A server with the posts, for bea and ana.
fn started() -> (Roost, Server) {
    let roost = Roost::new();
    for name in ["bea", "ana"] {
        roost.add_user(name, "viewer", PASSWORD);
    }
    let mut lines = String::new();
    let mut number = 0;
    for (hours, lang, count) in POSTS {
        for _ in 0..count {
            number += 1;
            let at = Timestamp(now().0 - hours * HOUR);
            let id = ((at.0 / 1000 - 1_288_834_974_657) << 22) + number;
            let entities = json!({ "hashtags": [{ "start": 0, "end": 5, "tag": "gpus" }] });
            let post = json!({ "data": [{ "id": id.to_string(), "text": "#gpus are sold", "lang": lang,
                "author_id": "2244994945", "created_at": at.to_rfc3339(), "entities": entities,
                "public_metrics": { "like_count": number } }],
                "includes": { "users": [{ "id": "2244994945", "username": "realhandle", "name": "Real Name" }] } });
            lines.push_str(&format!("{post}\n"));
        }
    }
    let file = roost.data.path().join("posts.jsonl");
    std::fs::write(&file, lines).unwrap();
    assert_eq!(roost.import("moon", &[&file]).new, 18);
    let server = Server::start(&roost);
    (roost, server)
}

async fn signed_in<'s>(server: &'s Server, name: &str) -> Browser<'s> {
    let mut browser = Browser::new(server);
    browser.sign_in(name).await;
    browser
}

async fn page(browser: &Browser<'_>, path: &str) -> String {
    let response = browser.get(path).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response.text().await.unwrap()
}

/// What stands between two texts, at each place.
fn between<'a>(html: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    html.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

/// The counts of the panels, and where each leads.
fn panels(html: &str) -> Vec<(String, String)> {
    let counts = between(html, r#"<p class="trust"><strong>"#, " tweet");
    let links = between(html, r#"<p class="source"><a href=""#, "\"");
    assert_eq!(counts.len(), links.len(), "{html}");
    counts.into_iter().zip(links).map(|(count, link)| (count.to_owned(), link.replace("&amp;", "&"))).collect()
}

/// Bea's board of a view and a filter.
async fn board_of(bea: &mut Browser<'_>) -> String {
    bea.post("/c/moon/views", &[("name", "English"), ("q", "lang:en"), ("shared", "1")]).await;
    let board = location(&bea.post("/boards", &[("name", "GPU <b>week"), ("shared", "1")]).await);
    let views = page(bea, &format!("{board}/add")).await;
    let view = between(&views, r#"<option value="moon/"#, "\"")[0].to_owned();
    let panels = format!("{board}/panels?t=7d");
    for (source, filter, kind, column) in
        [(format!("moon/{view}").as_str(), "", "volume", ""), ("moon", "#gpus", "share", "lang")]
    {
        let form = [("source", source), ("filter", filter), ("kind", kind), ("col", column)];
        let to = location(&bea.post(&panels, &form).await);
        assert!(to.starts_with(&format!("{board}?t=7d#panel-")), "{to}");
    }
    board
}

#[tokio::test]
async fn all_panels_follow_one_range_of_time_and_count_as_the_explore_page_does() {
    let (_roost, server) = started();
    let mut bea = signed_in(&server, "bea").await;
    let board = board_of(&mut bea).await;
    let ago = |days: i64| Timestamp(now().0 - days * DAY).format("%Y-%m-%d");
    let old = format!("?from={}&to={}", ago(25), ago(15));
    for (range, english, all) in
        [("", "13", "18"), ("?t=24h", "3", "3"), ("?t=7d", "7", "12"), ("?t=30d", "13", "18"), (old.as_str(), "6", "6")]
    {
        let html = page(&bea, &format!("{board}{range}")).await;
        let panels = panels(&html);
        let counts: Vec<&str> = panels.iter().map(|(count, _)| count.as_str()).collect();
        assert_eq!(counts, [english, all], "{range}");
        for (count, link) in panels {
            let explored = page(&bea, &link).await;
            assert!(explored.contains(&format!(r#"<span class="total">{count} tweets</span>"#)), "{link}");
        }
        assert!(html.contains("GPU &lt;b&gt;week") && !html.contains("<b>week"));
    }
    let html = page(&bea, &format!("{board}?t=7d")).await;
    assert!(html.contains("Of 12 tweets: English 58.3 %, German 41.7 %."), "{html}");
}

#[tokio::test]
async fn a_panel_whose_view_is_gone_says_so_and_the_others_stand() {
    let (_roost, server) = started();
    let mut bea = signed_in(&server, "bea").await;
    let board = board_of(&mut bea).await;
    let add = page(&bea, &format!("{board}/add")).await;
    let view = between(&add, r#"<option value="moon/"#, "\"")[0].to_owned();
    bea.post(&format!("/c/moon/views/{view}/delete"), &[]).await;
    let html = page(&bea, &format!("{board}?t=7d")).await;
    assert!(html.contains("The saved view of this panel was deleted"));
    assert_eq!(panels(&html).len(), 1);
    let bad = [("source", "moon"), ("filter", "likes>>"), ("kind", "top")];
    let refused = bea.post(&format!("{board}/panels"), &bad).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains(r#"value="likes&gt;&gt;""#), "what was typed is kept");
    let first = between(&html, r#"id="panel-"#, "\"")[0].to_owned();
    bea.post(&format!("{board}/panels/{first}/down"), &[]).await;
    assert_eq!(between(&page(&bea, &board).await, r#"id="panel-"#, "\"")[1], first);
    bea.post(&format!("{board}/panels/{first}/remove"), &[]).await;
    assert!(!page(&bea, &board).await.contains("was deleted"));
}

#[tokio::test]
async fn a_shared_board_is_seen_and_begun_with_by_others_and_changed_by_its_owner() {
    let (_roost, server) = started();
    let mut bea = signed_in(&server, "bea").await;
    let mut ana = signed_in(&server, "ana").await;
    let board = board_of(&mut bea).await;
    assert!(!page(&ana, &board).await.contains("Add a panel"));
    let taken = ana.post(&format!("{board}/change"), &[("name", "Mine")]).await;
    assert_eq!(taken.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(location(&ana.get("/").await), "/c/moon");
    ana.post(&format!("{board}/start"), &[]).await;
    assert_eq!(location(&ana.get("/").await), board);
    assert_eq!(location(&bea.get("/").await), "/c/moon", "it is ana's choice");
    assert!(page(&ana, "/?all").await.contains("/c/moon"));
    bea.post(&format!("{board}/change"), &[("name", "Only mine")]).await;
    assert_eq!(ana.get(&board).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(location(&ana.get("/").await), "/c/moon", "a board that is gone is no beginning");
    bea.post(&format!("{board}/start"), &[]).await;
    bea.post(&format!("{board}/no-start"), &[]).await;
    assert_eq!(location(&bea.get("/").await), "/c/moon");
    assert_eq!(location(&bea.post(&format!("{board}/delete"), &[]).await), "/boards");
    assert_eq!(bea.get(&board).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        location(&Browser::new(&server).get(&board).await),
        format!("/sign-in?next={}", board.replace('/', "%2F"))
    );
}

#[tokio::test]
async fn the_files_of_a_plot_have_its_numbers() {
    let (_roost, server) = started();
    let bea = signed_in(&server, "bea").await;
    let html = page(&bea, "/c/moon/plots?q=lang:en&top=lang").await;
    assert!(html.contains("<strong>13 tweets</strong>"));
    for kind in ["volume", "top", "share", "week", "spread", "activity"] {
        assert!(html.contains(&format!(r#"data-plot="{kind}""#)), "{kind}");
    }
    let csv = bea.get("/c/moon/plot.csv?q=lang:en&kind=volume").await;
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    let csv = csv.text().await.unwrap();
    let counts = csv.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse::<u64>().unwrap());
    assert_eq!(counts.sum::<u64>(), 13, "{csv}");
    let svg = bea.get("/c/moon/plot.svg?q=lang:en&kind=share&col=lang").await;
    assert_eq!(svg.headers()["content-type"], "image/svg+xml");
    assert!(svg.headers()["content-disposition"].to_str().unwrap().contains("roost-share-lang.svg"));
    assert!(svg.text().await.unwrap().contains("<title>English: 13 tweets</title>"));
    assert_eq!(bea.get("/c/moon/plot.svg?kind=pie").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(bea.get("/c/mars/plot.csv?kind=top").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(bea.get("/c/moon/plots?q=(").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}
