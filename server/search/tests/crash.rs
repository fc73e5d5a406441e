//! A process that is killed in the middle leaves the last commit, and no lock.

#![expect(clippy::unwrap_used, reason = "a helper of tests may fail them")]

mod common;

use common::*;
use search::Change;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

const FOLDER: &str = "SEARCH_CRASH_TEST_FOLDER";

/// Not a test of its own: what the process that gets killed does.
#[test]
fn victim() {
    let Some(dir) = std::env::var_os(FOLDER) else { return };
    let index = leading(Path::new(&dir));
    put(&index, (1..=1000).map(|id| row(id, "kept")), 1);
    for id in 1..1_000_000 {
        index.apply(vec![Change::Put(row(id, "lost"))]).unwrap();
        if id == 30_000 {
            println!("\nready");
        }
    }
}

#[test]
fn a_killed_process_leaves_the_last_commit_and_no_lock() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim", "--nocapture"])
        .env(FOLDER, dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == "ready"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(dir.path().join("tantivy/.tantivy-writer.lock").exists(), "the lock's file is left behind");

    let index = leading(dir.path());
    assert_eq!((index.position(), index.len()), (1, 1000));
    assert_eq!((found(&index, "lost").len(), found(&index, "kept").len()), (0, 1000));
    put(&index, (500..=1500).map(|id| row(id, "again")), 2);
    assert_eq!((index.position(), index.len()), (2, 1500));
}
