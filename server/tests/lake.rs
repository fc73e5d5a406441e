//! The lake by its commands, alone and beside a server.
#![cfg(feature = "lake")]
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::{Printed, Roost, Server};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Stdio;

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

/// Runs a command where raw tweets are wanted in the lake.
fn with_raw(roost: &Roost, arguments: &[&str]) -> Printed {
    let output = roost.command(arguments).env("ROOST_LAKE_RAW", "true").stdin(Stdio::null()).output().unwrap();
    Printed {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The tweets of a file of pages as they came, by id: some came more than once.
fn as_they_came(file: &Path) -> HashMap<String, Vec<Value>> {
    let mut tweets: HashMap<String, Vec<Value>> = HashMap::new();
    for page in std::fs::read_to_string(file).unwrap().lines() {
        let page: Value = serde_json::from_str(page).unwrap();
        for tweet in [&page["data"], &page["includes"]["tweets"]].into_iter().filter_map(Value::as_array).flatten() {
            tweets.entry(tweet["id"].as_str().unwrap().to_owned()).or_default().push(tweet.clone());
        }
    }
    tweets
}

#[test]
fn tweets_come_back_as_they_came_from_the_lake_and_the_key_alone() {
    let roost = Roost::new();
    let file = corpus(&roost, "first.jsonl", "2026-10-01T00:00:00Z");
    let imported = with_raw(&roost, &["import", "--collection", "moon", file.to_str().unwrap()]);
    assert_eq!(imported.code, Some(0), "{imported:?}");
    let verified = with_raw(&roost, &["verify"]);
    assert!(verified.out.contains("store, index, lake and raw lake agree"), "{verified:?}");
    assert!(with_raw(&roost, &["relake"]).out.contains("tweets in the raw lake"));

    // All is lost but these.
    let left = Roost::new();
    let moved = |name: &str| std::fs::rename(roost.data.path().join(name), left.data.path().join(name)).unwrap();
    moved("lake");
    std::fs::copy(roost.data.path().join("key"), left.data.path().join("key")).unwrap();
    let printed = with_raw(&left, &["lake", "raw"]);
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
    assert!(!left.data.path().join("roost.db").exists(), "no database is made");
    let came = as_they_came(&file);
    let tweets: Vec<Value> = printed.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<u64> = tweets.iter().map(|tweet| tweet["id"].as_str().unwrap().parse().unwrap()).collect();
    assert!(ids.is_sorted() && ids.len() as u64 == roost.count(""), "{} tweets", ids.len());
    assert!(tweets.iter().all(|tweet| came[tweet["id"].as_str().unwrap()].contains(tweet)));
    let one = with_raw(&left, &["lake", "raw", "--ids", &format!("7,{}", ids[9])]);
    assert_eq!(one.out.lines().collect::<Vec<_>>(), [printed.out.lines().nth(9).unwrap()]);
    let days: BTreeSet<&str> = tweets.iter().map(|tweet| &tweet["created_at"].as_str().unwrap()[..10]).collect();
    let of_days = days.iter().map(|day| with_raw(&left, &["lake", "raw", "--day", day]).out.lines().count());
    assert!(days.len() > 1 && of_days.sum::<usize>() == ids.len());

    // Into a new installation.
    let anew = Roost::new();
    let saved = anew.data.path().join("saved.jsonl");
    std::fs::write(&saved, &printed.out).unwrap();
    let import = anew.import("all", &[&saved]);
    assert_eq!((import.new, import.rejected), (ids.len() as u64, 0));
    assert_eq!(anew.count("lang:en"), roost.count("lang:en"));
    // Its key is another.
    std::fs::remove_file(left.data.path().join("key")).unwrap();
    std::fs::copy(anew.data.path().join("key"), left.data.path().join("key")).unwrap();
    let refused = with_raw(&left, &["lake", "raw"]);
    assert!(refused.code == Some(1) && refused.err.lines().count() == 1, "{refused:?}");
    assert!(refused.err.contains(&format!("tweet {} in raw/day=", ids[0])), "{refused:?}");
}
