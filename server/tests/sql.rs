//! The page SQL over HTTP: whose it is, what each may see, its limits, errors and files.
#![cfg(feature = "lake")]
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::browser::{Browser, PASSWORD, client, location};
use common::{Roost, Server};
use reqwest::StatusCode;
use store::Store;
use store::audit::Entry;

struct Story {
    roost: Roost,
    server: Server,
}

impl Story {
    /// Tweets 1 and 2 are in moon, 1 and 3 in secret-plans, which is for ann, an admin, and for ina, an analyst.
    async fn new(settings: &[(&str, &str)]) -> Self {
        let roost = Roost::new();
        for (name, role) in [("ann", "admin"), ("bea", "viewer"), ("ina", "analyst"), ("out", "analyst")] {
            roost.add_user(name, role, PASSWORD);
        }
        let story = Self { server: Server::start_with(&roost, settings), roost };
        story.import("Moon", &[(1, "=sun"), (2, "<i>moon</i>")]);
        story.import("Secret plans", &[(1, "=sun"), (3, "hunter2")]);
        // As all commands that ask the lake, it has the server catch up first.
        story.roost.ok(&["lake", "sql", "SELECT 1"]);
        let mut ann = story.signed_in("ann").await;
        let sheet = ann.get("/c/secret-plans/access").await.text().await.unwrap();
        let (before, _) = sheet.split_once("<bdi>ina</bdi>").unwrap();
        let id = before.rsplit_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned();
        let fields = [("open", "named"), ("person", id.as_str())];
        location(&ann.post("/c/secret-plans/access", &fields).await);
        story
    }

    fn import(&self, collection: &str, tweets: &[(u64, &str)]) {
        let file = self.roost.data.path().join("tweets.jsonl");
        let tweet = |(id, text): &(u64, &str)| {
            serde_json::json!({ "data": [{ "id": id.to_string(), "text": text, "lang": "en",
                "created_at": format!("2026-01-0{id}T10:00:00.000Z"), "public_metrics": { "like_count": id } }] })
        };
        std::fs::write(&file, tweets.iter().map(|one| format!("{}\n", tweet(one))).collect::<String>()).unwrap();
        assert_eq!(self.roost.import(collection, &[&file]).rejected, 0);
    }

    async fn signed_in(&self, name: &str) -> Browser<'_> {
        let mut browser = Browser::new(&self.server);
        browser.sign_in(name).await;
        browser
    }

    /// What was audited of questions and exports, in order.
    async fn audited(&self) -> Vec<Entry> {
        let store = Store::open(&store::Settings::sqlite(self.roost.data.path())).await.unwrap();
        let mut entries = store::audit::latest(&store, 100).await.unwrap();
        entries.retain(|entry| entry.action.starts_with("sql.") || entry.action.starts_with("export."));
        entries.reverse();
        entries
    }
}

/// Status and page.
async fn asked(browser: &mut Browser<'_>, question: &str) -> (StatusCode, String) {
    let response = browser.post("/sql", &[("q", question), ("plot", "on")]).await;
    (response.status(), response.text().await.unwrap())
}

/// The cells of the answer.
async fn cells(browser: &mut Browser<'_>, question: &str) -> Vec<String> {
    let (status, page) = asked(browser, question).await;
    assert_eq!(status, StatusCode::OK, "{question}: {page}");
    let body = page.split("<tbody>").nth(1).unwrap_or_default().split("</tbody>").next().unwrap_or_default();
    let cells = body.split("<td").skip(1).filter_map(|cell| cell.split_once('>')?.1.split("</td>").next());
    cells.map(|cell| cell.replace("<bdi dir=\"auto\">", "").replace("</bdi>", "")).collect()
}

#[tokio::test]
async fn for_who_is_no_analyst_it_does_not_exist() {
    let story = Story::new(&[]).await;
    let mut bea = story.signed_in("bea").await;
    let page = bea.get("/sql").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    let (status, page) = asked(&mut bea, "SELECT text FROM tweets").await;
    assert!(status == StatusCode::NOT_FOUND && !page.contains("moon"), "{page}");
    assert!(!bea.get("/exports").await.text().await.unwrap().contains("href=\"/sql\""));
    let mut nobody = Browser::new(&story.server);
    assert_eq!(location(&nobody.get("/sql").await), "/sign-in?next=%2Fsql");
    let refused = nobody.post("/sql", &[("q", "SELECT 1")]).await;
    assert_eq!(location(&refused), "/sign-in?next=%2Fsql");
    let ina = story.signed_in("ina").await;
    let cookies: Vec<_> = ina.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let elsewhere = client().post(story.server.url("/sql")).header("cookie", cookies.join("; "));
    let elsewhere = elsewhere.header("sec-fetch-site", "cross-site").body("q=SELECT+1").send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN, "a form of another site");
    assert!(story.audited().await.is_empty());
    let page = ina.get("/sql").await;
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
    let page = page.text().await.unwrap();
    assert!(page.contains("href=\"/sql\" rel=\"external\" aria-current=\"page\""), "{page}");
    assert!(page.contains("All tweets up to now are in it.") && page.contains("<code>hashtag</code>"), "{page}");
    assert!(story.audited().await.is_empty(), "to look at the form asks nothing");
}

#[tokio::test]
async fn each_sees_only_what_is_in_collections_that_they_may_open() {
    let story = Story::new(&[]).await;
    let (mut out, mut ina, mut ann) =
        (story.signed_in("out").await, story.signed_in("ina").await, story.signed_in("ann").await);
    for (question, hidden, open) in [
        ("SELECT count(*) AS n FROM tweets", "2", "3"),
        ("SELECT max(id) FROM tweets", "2", "3"),
        ("SELECT count(*) FROM (SELECT * FROM tweets) AS t JOIN tweets USING (id)", "2", "3"),
        ("WITH t AS (SELECT text FROM tweets) SELECT count(*) FROM t WHERE text LIKE 'hunter%'", "0", "1"),
        ("SELECT (SELECT count(*) FROM tweets WHERE array_has(collection, 'secret-plans'))", "0", "2"),
        ("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'", "1", "1"),
        ("SELECT count(*) FROM tweets WHERE 1 / (CASE WHEN text = 'hunter2' THEN 0 ELSE 1 END) = 1 OR id = 3", "2", ""),
    ] {
        assert_eq!(cells(&mut out, question).await, [hidden], "{question}");
        if !open.is_empty() {
            assert_eq!(cells(&mut ina, question).await, [open], "{question}");
            assert_eq!(cells(&mut ann, question).await, [open], "{question}");
        }
    }
    for question in
        ["SELECT * FROM tweets", "DESCRIBE tweets", "SHOW TABLES", "SELECT * FROM information_schema.columns"]
    {
        let (status, page) = asked(&mut out, question).await;
        assert!(status == StatusCode::OK && !page.contains("secret-plans") && !page.contains("hunter2"), "{page}");
        assert!(!page.contains("B read"), "how much of the files was read would tell of the others: {page}");
    }
    let (status, page) = asked(&mut out, "EXPLAIN ANALYZE SELECT * FROM tweets").await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("is not for you"), "{page}");
    assert_eq!(asked(&mut ann, "EXPLAIN SELECT * FROM tweets").await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_place_and_the_question_is_kept() {
    let story = Story::new(&[]).await;
    let mut ina = story.signed_in("ina").await;
    for (question, words) in [
        ("SELECT id,\n  lnag\nFROM tweets", vec!["line 2, column 3", "Did you mean", "<mark>lnag</mark>"]),
        ("SELEC 1", vec!["line 1, column 1"]),
        ("SELECT * FROM tweet", vec!["the only table is tweets"]),
        ("SELECT cuont(id) FROM tweets", vec!["Did you mean", "count"]),
        ("DROP TABLE tweets", vec!["Only questions are answered"]),
        ("SET datafusion.execution.batch_size = 1", vec!["Only questions are answered"]),
        ("COPY tweets TO 'out.csv'", vec!["Only questions are answered"]),
        ("SELECT * FROM '/etc/passwd'", vec!["This question cannot be read"]),
        ("", vec!["cannot be read"]),
    ] {
        let (status, page) = asked(&mut ina, question).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{question}: {page}");
        words.iter().for_each(|word| assert!(page.contains(word), "{question}, {word}: {page}"));
        assert!(page.contains(&format!("\n{question}</textarea>")), "{question}: {page}");
    }
    let long = format!("SELECT '{}'", "x".repeat(10_000));
    assert!(asked(&mut ina, &long).await.1.contains("This question is too long"));
    let (status, page) = asked(&mut ina, "SELECT text AS \"<b>\", id, created FROM tweets ORDER BY id").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("&lt;i&gt;moon&lt;/i&gt;") && page.contains("&lt;b&gt;") && !page.contains("<i>"), "{page}");
    let all = ina.post("/sql", &[("sample", "days")]).await.text().await.unwrap();
    assert!(all.contains("tweets by day, lang"), "an example is asked at once, with its plot: {all}");
    let many = "SELECT a.id FROM tweets a, (SELECT unnest(range(1)) FROM tweets) b";
    assert!(asked(&mut ina, many).await.1.contains("function"), "no function makes rows out of nothing");
}

#[tokio::test]
async fn an_answer_is_saved_counted_and_audited() {
    let story = Story::new(&[("ROOST_EXPORTS_PER_DAY", "4")]).await;
    let mut out = story.signed_in("out").await;
    let question = "SELECT id, text FROM tweets ORDER BY id";
    let save = async |browser: &mut Browser<'_>, format: &str| {
        let response = browser.post("/sql", &[("q", question), ("file", format)]).await;
        let disposition = response.headers().get("content-disposition").map(|value| value.to_str().unwrap().to_owned());
        (response.status(), disposition.unwrap_or_default(), response.text().await.unwrap())
    };
    let (status, name, csv) = save(&mut out, "csv").await;
    assert_eq!(csv.trim_start_matches('\u{feff}'), "\"id\",\"text\"\r\n\"1\",\"'=sun\"\r\n\"2\",\"<i>moon</i>\"\r\n");
    assert!(status == StatusCode::OK && name.starts_with("attachment; filename=\"roost-sql-"), "{name}");
    let (_, name, lines) = save(&mut out, "jsonl").await;
    assert_eq!(lines, "{\"id\":\"1\",\"text\":\"=sun\"}\n{\"id\":\"2\",\"text\":\"<i>moon</i>\"}\n");
    assert!(name.ends_with(".jsonl\""), "{name}");
    let (status, _, page) = save(&mut out, "csv-exact").await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("you may export 0 more today"), "{page}");
    assert!(page.contains(question), "the question is kept: {page}");
    let listed = out.get("/exports").await.text().await.unwrap();
    assert!(listed.contains(question), "{listed}");
    asked(&mut out, "SELECT wrong").await;

    let entries = story.audited().await;
    let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
    let saved = ["sql.asked", "export.begun", "export.sent"];
    assert_eq!(actions, [saved.as_slice(), &saved, &["sql.asked", "sql.asked"]].concat());
    assert_eq!(entries[0].details["question"], question);
    assert_eq!((&entries[0].details["by"], &entries[0].details["file"]), (&"out".into(), &"csv".into()));
    assert_eq!(entries[7].details["question"], "SELECT wrong", "who asks wrongly is recorded too");
    assert!(entries[0].user.is_some());
    let folder = story.roost.data.path();
    let bytes = ["roost.db", "roost.db-wal"].map(|name| std::fs::read(folder.join(name)).unwrap_or_default()).concat();
    assert!(!bytes.windows(question.len()).any(|part| part == question.as_bytes()), "a question is kept sealed");
}

#[tokio::test]
async fn without_a_lake_the_page_says_so() {
    let roost = Roost::new();
    roost.add_user("ina", "analyst", PASSWORD);
    let server = Server::start_with(&roost, &[("ROOST_LAKE_ENABLED", "false")]);
    let mut ina = Browser::new(&server);
    ina.sign_in("ina").await;
    assert!(ina.get("/sql").await.text().await.unwrap().contains("There is no lake here"));
    assert!(asked(&mut ina, "SELECT 1").await.1.contains("There is no lake yet"));
    drop(server);
    let server = Server::start(&roost);
    let mut ina = Browser::new(&server);
    ina.sign_in("ina").await;
    assert!(ina.get("/sql").await.text().await.unwrap().contains("The lake is still empty"));
}
