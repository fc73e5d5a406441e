//! Index and lake are deleted under a server that serves.
#![cfg(feature = "lake")]
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::browser::{Browser, PASSWORD};
use common::{Roost, Server};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

fn corpus(roost: &Roost, name: &str, until: &str) -> PathBuf {
    let file = roost.data.path().join(name);
    roost.ok(&["simulate", "--write", file.to_str().unwrap(), "--tweets", "3000", "--until", until]);
    file
}

/// Deletes a folder in which the server may just write a file.
fn delete(folder: &Path) {
    while let Err(error) = fs::remove_dir_all(folder) {
        assert_eq!(error.kind(), ErrorKind::DirectoryNotEmpty);
    }
}

/// Asks while something goes on: each answer is whole. Returns how many there were.
async fn ask_while(browser: &Browser<'_>, all: u64, goes_on: impl Fn() -> bool) -> u64 {
    let mut answers = 0;
    while goes_on() {
        let counted = browser.get("/api/ui/count?collection=moon&filter=").await;
        assert_eq!(counted.text().await.unwrap(), all.to_string());
        let page = browser.get("/c/moon").await;
        assert!(page.status().is_success() && page.text().await.unwrap().contains("role=\"row\""));
        answers += 1;
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn the_explore_page_goes_on_answering_and_commands_make_both_anew() {
    let roost = Roost::new();
    roost.add_user("ann", "admin", PASSWORD);
    let first = roost.import("moon", &[&corpus(&roost, "first.jsonl", "2026-10-01T00:00:00Z")]);
    let server = Server::start(&roost);
    let mut browser = Browser::new(&server);
    browser.sign_in("ann").await;
    let second = roost.import("moon", &[&corpus(&roost, "second.jsonl", "2026-11-01T00:00:00Z")]);
    let all = first.new + second.new;
    assert_eq!(roost.verified(), all);

    let answers = std::thread::scope(|scope| {
        let commands = scope.spawn(|| {
            delete(&roost.data.path().join("index"));
            assert!(roost.ok(&["reindex"]).contains(&format!("indexed {all} tweets")));
            delete(&roost.data.path().join("lake"));
            assert!(roost.ok(&["relake"]).contains(&format!("{all} tweets in the lake")));
            assert_eq!(roost.verified(), all);
            // And where they are not deleted.
            assert!(roost.ok(&["reindex"]).contains(&format!("indexed {all} tweets")));
            assert_eq!(roost.verified(), all);
        });
        block_in_place(|| Handle::current().block_on(ask_while(&browser, all, || !commands.is_finished())))
    });
    assert!(answers > 5, "{answers}");
    let third = roost.import("moon", &[&corpus(&roost, "third.jsonl", "2026-11-02T00:00:00Z")]);
    assert_eq!(roost.verified(), all + third.new);
    drop(server);
    assert_eq!(roost.count(""), all + third.new);
}
