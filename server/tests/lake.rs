//! The lake by its commands, alone and beside a server.
#![cfg(feature = "lake")]
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::{Roost, Server};
use serde_json::Value;
use std::path::PathBuf;

fn corpus(roost: &Roost, name: &str, until: &str) -> PathBuf {
    let file = roost.data.path().join(name);
    roost.ok(&["simulate", "--write", file.to_str().unwrap(), "--tweets", "3000", "--until", until]);
    file
}

fn counted(roost: &Roost, question: &str) -> u64 {
    let document: Value = serde_json::from_str(&roost.ok(&["lake", "sql", "--json", question])).unwrap();
    document["rows"][0][0].as_u64().unwrap()
}

#[test]
fn what_was_imported_is_asked_verified_and_made_anew() {
    let roost = Roost::new();
    let first = roost.import("moon", &[&corpus(&roost, "first.jsonl", "2026-10-01T00:00:00Z")]);
    let stored = first.new;
    assert!(roost.ok(&["verify"]).contains("store, index and lake agree"));
    assert_eq!(counted(&roost, "select count(*) from tweets where array_has(collection, 'moon')"), stored);
    assert_eq!(counted(&roost, "select count(*) from tweets where lang = 'en'"), roost.count("lang:en"));
    assert!(roost.ok(&["relake"]).contains(&format!("{stored} tweets in the lake")));
    let table =
        roost.ok(&["lake", "sql", "select lang, count(*) n from tweets group by lang order by n desc", "--limit", "2"]);
    assert!(table.starts_with("lang") && table.ends_with("2 rows\n"), "{table}");
    assert!(roost.ok(&["lake", "sql", "--csv", "select min(id) from tweets"]).starts_with("min(tweets.id)\r\n"));
    let wrong = roost.run(&["lake", "sql", "select lnag from tweets"]);
    assert!(
        wrong.code == Some(1) && wrong.err.lines().count() == 1 && wrong.err.contains("line 1, column 8"),
        "{wrong:?}"
    );
    assert_eq!(roost.run(&["lake", "sql", "drop table tweets"]).code, Some(1));

    let server = Server::start(&roost);
    let second = roost.import("mars", &[&corpus(&roost, "second.jsonl", "2026-11-01T00:00:00Z")]);
    let all = stored + second.new;
    // The server has it in memory, and writes it when it is asked.
    assert_eq!(counted(&roost, "select count(*) from tweets"), all);
    assert_eq!(roost.verified(), all);
    assert!(roost.ok(&["relake"]).contains(&format!("{all} tweets in the lake")));
    assert!(roost.ok(&["lake", "compact"]).contains("the running server has done it"));
    assert_eq!(roost.verified(), all);
    drop(server);
    assert_eq!(counted(&roost, "select count(*) from tweets"), all);
    std::fs::remove_dir_all(roost.data.path().join("lake/tweets")).unwrap();
    assert_eq!(roost.verified(), all, "a lake that is gone is made anew");
}

#[test]
fn a_server_without_a_lake_writes_none() {
    let roost = Roost::new();
    let file = corpus(&roost, "first.jsonl", "2026-10-01T00:00:00Z");
    let output = roost
        .command(&["import", "--collection", "moon", file.to_str().unwrap()])
        .env("ROOST_LAKE_ENABLED", "false")
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(!roost.data.path().join("lake").exists());
}
