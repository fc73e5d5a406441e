//! A process that is killed at any point, while it commits, compacts or removes files, leaves the state before or the
//! state after.

#![expect(clippy::unwrap_used, reason = "a helper of tests may fail them")]

mod common;

use common::*;
use model::change::Change;
use model::{Row, TweetId};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const FOLDER: &str = "LAKE_CRASH_TEST_FOLDER";
const IDS: u64 = 3_000;

/// What the position `number` brings: removals, new tweets, and later versions of known ones on every day.
fn changes(number: u64) -> Vec<Change> {
    let remove = (0..5).map(|n| Change::Remove(TweetId((number * 31 + n * 577) % IDS + 1)));
    let put = (0..150).map(|n| {
        let id = (number * 7_919 + n * 104_729) % IDS + 1;
        Change::Put(row(id, (id % 6) as u32, number as i64, "tweet"))
    });
    remove.chain(put).collect()
}

/// The tweets after all changes up to that position.
fn expected(position: u64) -> Vec<Row> {
    let mut rows = BTreeMap::new();
    for change in (1..=position).flat_map(changes) {
        match change {
            Change::Put(row) => drop(rows.insert(row.tweet.id, row)),
            Change::Remove(id) => drop(rows.remove(&id)),
        }
    }
    rows.into_values().collect()
}

/// Not a test of its own: what the process that gets killed does.
#[tokio::test]
async fn victim() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let lake = lead(Path::new(&folder)).await;
    println!("\nready");
    for position in lake.position() + 1.. {
        lake.apply(changes(position)).await.unwrap();
        lake.commit(position, NOW).await.unwrap();
        if position.is_multiple_of(4) {
            lake.compact(i64::MAX, NOW).await.unwrap();
            let later = model::Timestamp(NOW.0 + model::time::DAY);
            lake.vacuum(later, later).await.unwrap();
        }
    }
}

async fn kill_again_and_again(rounds: u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut before = 0;
    for round in 0..rounds {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "victim", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.map_while(Result::ok).any(|line| line == "ready"));
        // Commits take some 30 ms, more on a busy machine: the kill hits another step each time.
        std::thread::sleep(Duration::from_millis(20 + round * 37 % 400));
        child.kill().unwrap();
        child.wait().unwrap();

        let lake = lead(folder.path()).await;
        let position = lake.position();
        assert!(position >= before, "round {round}: {position} after {before}");
        assert_eq!(lake.days().await.unwrap(), digests(&expected(position)), "round {round}, position {position}");
        let distinct = "select count(*) = count(distinct id), count(*) from tweets";
        assert_eq!(common::lines(&lake, distinct).await, [format!("true {}", expected(position).len())]);
        before = position;
    }
    assert!(before > rounds / 4, "the killed processes came to commit something: {before}");
}

#[tokio::test]
async fn a_killed_process_leaves_the_state_before_or_after() {
    kill_again_and_again(20).await;
}

#[tokio::test]
#[ignore = "takes minutes: make test-long"]
async fn a_killed_process_leaves_the_state_before_or_after_many_times() {
    kill_again_and_again(300).await;
}
