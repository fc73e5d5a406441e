#![allow(clippy::allow_attributes, dead_code, reason = "each test uses a part of it")]

use lake::{Answer, Cell, Lake, Limits, Location};
use model::change::Change;
use model::digest::DayDigest;
use model::tweet::{AuthorStats, Tag};
use model::{Row, Timestamp, Tweet, TweetId};
use std::collections::BTreeMap;
use std::path::Path;

/// 2026-09-21.
pub const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

pub fn open(folder: &Path) -> Lake {
    Lake::open(&Location::Folder(folder.to_owned()), folder).unwrap()
}

/// A lake that this process changes.
pub async fn lead(folder: &Path) -> Lake {
    let lake = open(folder);
    assert!(lake.lead(NOW).await.unwrap());
    lake
}

/// A tweet of that day (since 2026-01-01), observed at that second.
pub fn row(id: u64, day: u32, version: i64, text: &str) -> Row {
    let created = Timestamp(Timestamp::from_day(2026, 1, 1).unwrap().0 + i64::from(day) * model::time::DAY);
    let mut tweet = Tweet::new(TweetId(id), Timestamp::from_seconds(version), created, text);
    tweet.lang = Some("en".to_owned());
    tweet.metrics.likes = Some(id % 7);
    tweet.entities.hashtags = vec![Tag { start: 0, end: 1, tag: format!("tag{}", id % 3) }];
    let (author_stats, queries) = (AuthorStats::default(), vec![]);
    Row {
        tweet,
        author_stats,
        collections: vec!["moon".to_owned()],
        queries,
        first_seen: NOW,
        pace: Default::default(),
        tags: Vec::new(),
        noted: false,
    }
}

pub fn puts(rows: impl IntoIterator<Item = Row>) -> Vec<Change> {
    rows.into_iter().map(Change::Put).collect()
}

/// What the digests of a lake with these rows must be.
pub fn digests<'a>(rows: impl IntoIterator<Item = &'a Row>) -> BTreeMap<i64, DayDigest> {
    let mut days: BTreeMap<i64, DayDigest> = BTreeMap::new();
    for row in rows {
        days.entry(row.tweet.created_at.day_number()).or_default().add(row.tweet.id, row.tweet.version, row.first_seen);
    }
    days
}

pub async fn ask(lake: &Lake, question: &str) -> Answer {
    lake.sql(question, Limits::default()).await.unwrap()
}

/// Each row as words with spaces between.
pub async fn lines(lake: &Lake, question: &str) -> Vec<String> {
    let answer = ask(lake, question).await;
    answer.rows.iter().map(|row| row.iter().map(word).collect::<Vec<_>>().join(" ")).collect()
}

fn word(cell: &Cell) -> String {
    match cell {
        Cell::None => "-".to_owned(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Whole(number) => number.to_string(),
        Cell::Decimal(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::List(cells) => format!("[{}]", cells.iter().map(word).collect::<Vec<_>>().join(" ")),
    }
}

/// The Parquet files below a folder.
pub fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true if path.ends_with("_delta_log") => {}
            true => found.extend(files(&path)),
            false => found.extend(Some(path).filter(|path| path.extension().is_some_and(|end| end == "parquet"))),
        }
    }
    found
}
