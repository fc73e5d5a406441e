//! The table of tweets as they came.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::{NOW, files, lines};
use lake::{Lake, Limits, Location, RawTweet};
use model::change::Change;
use model::digest::DayDigest;
use model::time::{DAY, HOUR};
use model::{Timestamp, TweetId};
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

fn open(folder: &Path) -> Lake<RawTweet> {
    Lake::open(&Location::Folder(folder.to_owned()), &folder.join("raw.work")).unwrap()
}

async fn lead(folder: &Path) -> Lake<RawTweet> {
    let lake = open(folder);
    assert!(lake.lead(NOW).await.unwrap());
    lake
}

/// A tweet of that day (since 2026-01-01), observed at that second. What is sealed is so long, and unlike any other.
fn tweet(id: u64, day: u32, version: i64, length: usize) -> RawTweet {
    let created_at = Timestamp(Timestamp::from_day(2026, 1, 1).unwrap().0 + i64::from(day) * DAY);
    let mut chance = id.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ version.unsigned_abs();
    let sealed = (0..length).map(|_| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 56) as u8
    });
    RawTweet {
        id: TweetId(id),
        version: Timestamp::from_seconds(version),
        created_at,
        first_seen: NOW,
        sealed: sealed.collect(),
        key: vec![day as u8; 68],
    }
}

fn puts(tweets: impl IntoIterator<Item = RawTweet>) -> Vec<Change<RawTweet>> {
    tweets.into_iter().map(Change::Put).collect()
}

async fn read(lake: &Lake<RawTweet>, day: Option<i64>, ids: Option<&[u64]>) -> Vec<RawTweet> {
    let ids: Option<Vec<TweetId>> = ids.map(|ids| ids.iter().copied().map(TweetId).collect());
    let mut tweets = lake.read(day, ids.as_deref());
    let mut found = Vec::new();
    while let Some(some) = tweets.next().await.unwrap() {
        found.extend(some);
    }
    found
}

/// Whether some bytes are in any file below a folder.
fn are_on_disk(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => are_on_disk(&path, bytes),
            false => std::fs::read(path).unwrap().windows(bytes.len()).any(|window| window == bytes),
        }
    })
}

#[tokio::test]
async fn what_is_written_comes_back_byte_for_byte_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let tweets: Vec<_> = (1..=300).map(|id| tweet(id, (id / 100) as u32, 5, (id % 7) as usize * 100)).collect();
    {
        let lake = lead(folder.path()).await;
        lake.apply(puts(tweets.iter().rev().cloned())).await.unwrap();
        lake.commit(7, NOW).await.unwrap();
        lake.apply(puts([tweet(301, 0, 5, 9)])).await.unwrap();
    }
    let lake = lead(folder.path()).await;
    assert_eq!((lake.position(), lake.len(), lake.pending().await.tweets), (7, 300, 0));
    assert_eq!(read(&lake, None, None).await, tweets);
    let mut days: BTreeMap<i64, DayDigest> = BTreeMap::new();
    for tweet in &tweets {
        days.entry(tweet.created_at.day_number()).or_default().add(tweet.id, tweet.version, tweet.first_seen);
    }
    assert_eq!(lake.days().await.unwrap(), days);
    let day = tweets[100].created_at.day_number();
    assert_eq!(read(&lake, Some(day), None).await, tweets[99..199]);
    assert_eq!(read(&lake, None, Some(&[250, 7, 999])).await, [tweets[6].clone(), tweets[249].clone()]);
    assert_eq!(read(&lake, Some(day), Some(&[250, 107])).await, [tweets[106].clone()]);
    let file = lake.file_of(TweetId(107)).await.unwrap().unwrap();
    assert!(file.starts_with("raw/day=2026-01-02/") && folder.path().join(file).is_file());
    assert_eq!(lake.file_of(TweetId(999)).await.unwrap(), None);
}

#[tokio::test]
async fn what_comes_twice_counts_once_and_a_stale_version_is_refused() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    for position in 1..=2 {
        lake.apply(puts((1..=9).map(|id| tweet(id, 0, 5, 50)))).await.unwrap();
        lake.commit(position, NOW).await.unwrap();
    }
    let moved = tweet(5, 3, 7, 70);
    let changes = puts([tweet(3, 0, 4, 40), tweet(4, 0, 6, 60), tweet(4, 0, 5, 50), moved.clone()]);
    lake.apply(changes).await.unwrap();
    lake.commit(3, NOW).await.unwrap();
    let mut wanted: Vec<_> = (1..=9).map(|id| tweet(id, 0, 5, 50)).collect();
    (wanted[3], wanted[4]) = (tweet(4, 0, 6, 60), moved);
    assert_eq!(read(&lake, None, None).await, wanted);
}

#[tokio::test]
async fn a_tweet_that_is_removed_leaves_the_disk() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    lake.apply(puts((1..=20).map(|id| tweet(id, 0, 5, 400)))).await.unwrap();
    lake.commit(1, NOW).await.unwrap();
    let (gone, stays) = (tweet(7, 0, 5, 400).sealed, tweet(8, 0, 5, 400).sealed);
    assert!(are_on_disk(folder.path(), &gone), "what is sealed stands in the file as it is");
    lake.apply(vec![Change::Remove(TweetId(7))]).await.unwrap();
    lake.commit(2, NOW).await.unwrap();
    let later = Timestamp(NOW.0 + HOUR);
    assert_eq!(lake.vacuum(later, later).await.unwrap(), 1);
    assert!(!are_on_disk(folder.path(), &gone) && are_on_disk(folder.path(), &stays));
    assert_eq!(lake.len(), 19);
}

#[tokio::test]
async fn small_files_become_one_and_tweets_of_many_files_are_read_in_order() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    // More than a group of rows, over files that overlap.
    let tweets: Vec<_> = (0..9_000).map(|n| tweet(1 + n * 37 % 9_001, (n % 2) as u32, 5, 30)).collect();
    for (position, tweets) in tweets.chunks(3_000).enumerate() {
        lake.apply(puts(tweets.to_vec())).await.unwrap();
        lake.commit(position as u64, NOW).await.unwrap();
    }
    let mut sorted = tweets;
    sorted.sort_by_key(|tweet| tweet.id);
    assert_eq!((files(folder.path()).len(), read(&lake, None, None).await == sorted), (6, true));
    assert_eq!(lake.compact(i64::MAX, NOW).await.unwrap(), 6);
    let later = Timestamp(NOW.0 + HOUR);
    assert_eq!(lake.vacuum(later, later).await.unwrap(), 6);
    assert_eq!((files(folder.path()).len(), read(&lake, None, None).await == sorted), (2, true));
}

#[tokio::test]
async fn both_tables_stand_beside_each_other_and_only_one_can_be_asked() {
    let folder = TempDir::new().unwrap();
    let (tweets, raw) = (common::lead(folder.path()).await, lead(folder.path()).await);
    tweets.apply(common::puts([common::row(1, 0, 5, "x"), common::row(2, 0, 5, "x")])).await.unwrap();
    tweets.commit(2, NOW).await.unwrap();
    raw.apply(puts([tweet(1, 0, 5, 30)])).await.unwrap();
    raw.commit(1, NOW).await.unwrap();
    assert!(!open(folder.path()).lead(NOW).await.unwrap());
    assert_eq!((tweets.position(), raw.position()), (2, 1));
    assert_eq!(lines(&tweets, "select count(*) from tweets").await, ["2"]);
    assert!(tweets.sql("select count(*) from raw", Limits::default()).await.is_err());
    raw.clear(NOW).await.unwrap();
    assert_eq!((tweets.len(), raw.len(), raw.position()), (2, 0, 0));
    drop(raw);
    std::fs::write(folder.path().join("raw/_delta_log/00000000000000000001.json"), "{").unwrap();
    let raw = open(folder.path());
    assert!(raw.discard_damaged().await.unwrap().is_some() && raw.lead(NOW).await.unwrap());
    assert_eq!((tweets.len(), raw.len()), (2, 0));
}
