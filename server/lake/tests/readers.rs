//! Others read what the lake holds: pyarrow, DuckDB, Polars and delta-rs see the same tweets as the lake itself, before
//! and after removals and compaction. `make test-long` brings a Python with all of them.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::*;
use lake::Lake;
use model::change::Change;
use model::time::HOUR;
use model::{Row, Timestamp, TweetId};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const CANARY: &str = "canary-7f3a9c";

/// What each reader sees of the table, by its name.
fn read(table: &Path) -> Option<Value> {
    let Some(python) = std::env::var_os("ROOST_TEST_PYTHON").filter(|name| !name.is_empty()) else {
        eprintln!(
            "SKIPPED: ROOST_TEST_PYTHON is not set (`make test-long` sets it): a Python with deltalake and others"
        );
        return None;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/readers.py");
    let output = Command::new(python).arg(script).arg(table).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Fails unless every reader sees these tweets, and the lake too.
async fn all_see(lake: &Lake, table: &Path, tweets: &BTreeMap<u64, Row>, position: u64) {
    assert_eq!(lake.days().await.unwrap(), digests(tweets.values()));
    let Some(seen) = read(table) else { return };
    let line = |row: &Row| {
        let tags: Vec<_> = row.tweet.entities.hashtags.iter().map(|tag| tag.tag.as_str()).collect();
        format!("{} {} {} {}", row.tweet.id.0, row.tweet.version.0, row.tweet.text, tags.join(","))
    };
    let text = tweets.values().map(line).collect::<Vec<_>>().join("\n");
    let hash = fnv(&text).to_string();
    let likes: u64 = tweets.values().filter_map(|row| row.tweet.metrics.likes).sum();
    assert_eq!(seen["position"], position);
    for (name, seen) in seen["readers"].as_object().unwrap() {
        assert_eq!(seen["rows"], tweets.len(), "{name}");
        assert_eq!(seen["hash"], hash, "{name}");
        assert_eq!(seen["likes"], likes, "{name}");
        assert_eq!(seen["in_utc"], tweets.len(), "{name} knows that times are of UTC");
        assert_eq!(seen["days"].as_array().unwrap().len(), digests(tweets.values()).len(), "{name}");
    }
    assert_eq!(seen["readers"].as_object().unwrap().len(), 4);
}

/// FNV-1a, which is a few lines in every language.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

async fn take(lake: &Lake, tweets: &mut BTreeMap<u64, Row>, changes: Vec<Change>, position: u64) {
    for change in &changes {
        match change {
            Change::Put(row) => drop(tweets.insert(row.tweet.id.0, row.clone())),
            Change::Remove(id) => drop(tweets.remove(&id.0)),
        }
    }
    lake.apply(changes).await.unwrap();
    lake.commit(position, NOW).await.unwrap();
}

#[tokio::test]
#[ignore = "needs a Python with deltalake, polars, duckdb and pyarrow: make test-long"]
async fn others_see_the_same_tweets_before_and_after_removals_and_compaction() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("tweets");
    let lake = lead(folder.path()).await;
    let mut tweets = BTreeMap::new();
    // Ids that floating point would round.
    let id = |n: u64| 1_992_240_117_330_200_001 + n * 4_194_305;
    let rows = |range: std::ops::Range<u64>, version| {
        puts(range.map(|n| row(id(n), (n % 6) as u32, version, "Grüße 👋 \"x\"")))
    };
    for part in 0..4 {
        take(&lake, &mut tweets, rows(part * 500..part * 500 + 600, 5 + part as i64), part + 1).await;
    }
    all_see(&lake, &table, &tweets, 4).await;
    let gone = (0..2100).step_by(7).map(|n| Change::Remove(TweetId(id(n)))).collect();
    take(&lake, &mut tweets, gone, 5).await;
    take(&lake, &mut tweets, rows(1000..1300, 50), 6).await;
    all_see(&lake, &table, &tweets, 6).await;
    lake.compact(i64::MAX, NOW).await.unwrap();
    all_see(&lake, &table, &tweets, 6).await;
    // Only the checkpoint is left of the log.
    let later = Timestamp(NOW.0 + 1_000_000 * HOUR);
    lake.vacuum(later, later).await.unwrap();
    assert!(!table.join("_delta_log/00000000000000000001.json").exists());
    all_see(&lake, &table, &tweets, 6).await;
    take(&lake, &mut tweets, rows(5000..5050, 60), 7).await;
    all_see(&lake, &table, &tweets, 7).await;
}

#[tokio::test]
async fn a_removed_tweet_is_in_no_file_after_compaction_and_vacuum() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    for part in 0..4_u64 {
        let text = |n| if n % 50 == 0 { format!("{CANARY} {n}") } else { format!("moon {n}") };
        let rows = (part * 100..part * 100 + 100).map(|n| row(n + 1, (n % 2) as u32, 5, &text(n)));
        lake.apply(puts(rows)).await.unwrap();
        lake.commit(part + 1, NOW).await.unwrap();
    }
    assert!(holds_canary(folder.path()), "the canary is found where it is");
    lake.apply((0..8).map(|n| Change::Remove(TweetId(n * 50 + 1))).collect()).await.unwrap();
    lake.commit(5, NOW).await.unwrap();
    lake.compact(i64::MAX, NOW).await.unwrap();
    assert!(holds_canary(folder.path()), "older states can still be read");
    let later = Timestamp(NOW.0 + HOUR);
    lake.vacuum(later, later).await.unwrap();
    assert!(!holds_canary(folder.path()));
    assert_eq!(lines(&lake, "select count(*) from tweets").await, ["392"]);
}

/// Whether the canary is anywhere below the folder, in a file as it is or in a page of a Parquet file.
fn holds_canary(folder: &Path) -> bool {
    let is_in = |bytes: &[u8]| bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return holds_canary(&path);
        }
        is_in(&std::fs::read(&path).unwrap())
            || path.extension().is_some_and(|end| end == "parquet") && pages(&path).iter().any(|page| is_in(page))
    })
}

/// All pages of a Parquet file, decompressed, and dictionaries among them.
fn pages(path: &Path) -> Vec<Vec<u8>> {
    use parquet::file::reader::FileReader;
    let mut file = std::fs::File::open(path).unwrap();
    let mut magic = [0; 4];
    file.read_exact(&mut magic).unwrap();
    assert_eq!(&magic, b"PAR1");
    let reader = parquet::file::reader::SerializedFileReader::new(file).unwrap();
    let mut pages = Vec::new();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).unwrap();
        for column in 0..group.num_columns() {
            let reader = group.get_column_page_reader(column).unwrap();
            pages.extend(reader.map(|page| page.unwrap().buffer().to_vec()));
        }
    }
    pages
}
