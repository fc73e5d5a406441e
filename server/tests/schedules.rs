//! Schedules over the command line and over HTTP: made, looked at, and their runs ended.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::browser::{Browser, PASSWORD, location};
use common::{Roost, Server};
use reqwest::StatusCode;

#[test]
fn a_schedule_says_what_it_reads_when_and_with_what() {
    let roost = Roost::new();
    let add = |arguments: &[&str]| roost.run(&[&["schedule", "add", "moon"], arguments].concat());
    let (into, query) = (["--into", "Moon", "--with", "app"], ["--recent", "moon"]);
    let refused = |arguments: &[&str], code, said: &str| {
        let printed = add(arguments);
        assert!(printed.code == Some(code) && printed.err.contains(said), "{printed:?}");
    };
    refused(&[&into[..], &query].concat(), 1, "there is no credential \"app\"");
    assert_eq!(roost.run_with(&["credential", "add", "app"], "a token\n").code, Some(0));
    refused(&into, 2, "--recent <QUERY>");
    refused(&[&into[..], &query, &["--stored", "3"]].concat(), 2, "cannot be used with");
    refused(&[&into[..], &["--archive", "moon"]].concat(), 2, "--from <TIME>");
    refused(&[&into[..], &query, &["--when", "now and then"]].concat(), 1, "every 15 minutes");
    refused(&[&into[..], &["--recent", " "]].concat(), 1, "the query is empty");
    refused(&[&into[..], &["--stored", "0"]].concat(), 1, "at least one day");
    let span = ["--archive", "moon", "--from", "2026-02-01T00:00:00Z", "--to", "2026-01-01T00:00:00Z"];
    refused(&[&into[..], &span].concat(), 1, "to a later one");
    assert_eq!(roost.ok(&["schedule", "list"]), "", "what is refused is not kept");

    let made = add(&[&into[..], &query, &["--when", "at 9:00 on weekdays, Europe/Vienna"]].concat());
    assert_eq!((made.code, made.out.as_str()), (Some(0), "moon is schedule 1\n"), "{made:?}");
    assert_eq!(add(&[&into[..], &["--timeline", "2244994945"]].concat()).out, "moon is schedule 2\n");
    let listed = roost.ok(&["schedule", "list"]);
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines[0], "1\tmoon\trecent\tat 09:00 on weekdays, Europe/Vienna\tnever ran\tmoon");
    assert_eq!(lines[1], "2\tmoon\ttimeline\tevery 15 minutes\tnever ran\t");
    assert_eq!(roost.ok(&["schedule", "runs", "1"]), "");
    for arguments in [["schedule", "log", "7"], ["schedule", "cancel", "7"]] {
        let printed = roost.run(&arguments);
        assert!(printed.code == Some(1) && printed.err.contains("run"), "{printed:?}");
    }
}

const PAGES: [(&str, &str); 2] = [("GET", "/schedules/1"), ("POST", "/schedules/1/runs/1/cancel")];

/// A schedule that waits for an X that does not answer, with people to look at it.
async fn story() -> (Roost, Server) {
    let roost = Roost::new();
    for (name, role) in [("ann", "admin"), ("abe", "analyst"), ("bea", "viewer")] {
        roost.add_user(name, role, PASSWORD);
    }
    assert_eq!(
        roost.run_with(&["credential", "add", "app", "--address", "http://127.0.0.1:9"], "a token\n").code,
        Some(0)
    );
    let query = "moon \"<b>landing\"";
    roost.ok(&["schedule", "add", "moon <i>", "--into", "Moon", "--with", "app", "--recent", query]);
    let server = Server::start(&roost);
    (roost, server)
}

#[tokio::test]
async fn for_who_is_no_admin_there_is_no_such_page_and_nothing_is_cancelled() {
    let (_roost, server) = story().await;
    for name in ["abe", "bea"] {
        let mut browser = Browser::new(&server);
        browser.sign_in(name).await;
        for (method, path) in PAGES {
            let answer = if method == "GET" { browser.get(path).await } else { browser.post(path, &[]).await };
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{name}: {path}");
            let told = answer.text().await.unwrap().replace("schedules", "made-up-name");
            let made_up = browser.get(&path.replace("schedules", "made-up-name")).await;
            assert_eq!(told, made_up.text().await.unwrap(), "{name}: {path}");
        }
    }
    let mut nobody = Browser::new(&server);
    assert!(location(&nobody.get("/schedules/1").await).starts_with("/sign-in?next="));
    assert!(location(&nobody.post("/schedules/1/runs/1/cancel", &[]).await).starts_with("/sign-in"));
}

#[tokio::test]
async fn an_admin_sees_what_a_schedule_does_and_ends_its_run() {
    let (roost, server) = story().await;
    let mut ann = Browser::new(&server);
    ann.sign_in("ann").await;
    // X is not there: the run tries, and waits.
    let shown = async |ann: &Browser<'_>, words: &str| {
        for _ in 0..100 {
            let page = ann.get("/schedules/1").await.text().await.unwrap();
            if page.contains(words) {
                return page;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        panic!("the page does not say: {words}");
    };
    let page = shown(&ann, "The run waits until").await;
    for words in ["moon &lt;i&gt;", "landing", "every 15 minutes", "Due next", "to be read", "None is noted."] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("<i>") && !page.contains("<b>"), "{page}");
    assert!(page.contains("href=\"/runs/1/log\"") && page.contains("href=\"/c/moon\""), "{page}");
    assert!(ann.get("/pipeline").await.text().await.unwrap().contains("href=\"/schedules/1\""));
    assert_eq!(location(&ann.post("/schedules/1/runs/1/cancel", &[]).await), "/schedules/1");
    let page = shown(&ann, ">cancelled<").await;
    assert!(!page.contains("/runs/1/cancel"), "{page}");
    assert_eq!(location(&ann.post("/schedules/1/runs/1/cancel", &[]).await), "/schedules/1", "it has ended");
    assert_eq!(ann.get("/schedules/7").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(ann.get("/schedule.css").await.status(), StatusCode::OK);
    drop(server);
    assert!(roost.ok(&["schedule", "runs", "1"]).contains("cancelled"));
}
