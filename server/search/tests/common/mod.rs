//! Rows to search, and the plain way to search them.

#![expect(dead_code, reason = "each test binary uses its part")]

pub mod any;
pub mod naive;

use model::columns::{Column, Row, find};
use model::explore::Sort;
use model::tweet::{AuthorStats, Tag};
use model::{Filter, Pid, Timestamp, Tweet, TweetId, filter};
use search::{Answer, Ask, At, Change, Index, Settings};
use tempfile::TempDir;

pub const NOW: Timestamp = Timestamp::from_seconds(1_780_000_000);
/// What large indexes do is done with ten tweets already.
pub const SMALL: Settings = Settings { threads: 2, memory: 30 << 20, few: 10 };

pub fn row(id: u64, text: &str) -> Row {
    let created = Timestamp(NOW.0 - 1_000_000_000 + id as i64 * 1_000_000);
    Row {
        tweet: Tweet::new(TweetId(id), created, created, text),
        author_stats: AuthorStats::default(),
        collections: vec![],
        queries: vec![],
        first_seen: created,
        pace: Default::default(),
        tags: Vec::new(),
        noted: false,
    }
}

pub fn with_lang(mut row: Row, lang: &str) -> Row {
    row.tweet.lang = Some(lang.into());
    row
}

pub fn tag(tag: &str) -> Tag {
    Tag { start: 0, end: 0, tag: tag.into() }
}

pub fn pid(number: u8) -> Pid {
    Pid([number; 16])
}

pub fn column(name: &str) -> &'static Column {
    find(name).unwrap()
}

pub fn parse(text: &str) -> Filter {
    filter::parse(text).unwrap()
}

pub fn sort(column: &str, descending: bool) -> Sort {
    Sort { column: column.into(), descending }
}

pub fn empty() -> (TempDir, Index) {
    let dir = tempfile::tempdir().unwrap();
    let index = leading(dir.path());
    (dir, index)
}

/// The index of that folder, as the one that changes it.
pub fn leading(dir: &std::path::Path) -> Index {
    let index = Index::open(dir, SMALL).unwrap();
    assert!(index.lead().unwrap());
    index
}

pub fn index_of(rows: impl IntoIterator<Item = Row>) -> (TempDir, Index) {
    let (dir, index) = empty();
    put(&index, rows, 1);
    (dir, index)
}

pub fn put(index: &Index, rows: impl IntoIterator<Item = Row>, position: u64) {
    index.apply(rows.into_iter().map(Change::Put).collect()).unwrap();
    index.commit(position).unwrap();
}

pub fn ask(filter: Filter) -> Ask {
    Ask {
        filter,
        sort: Vec::new(),
        at: At::First,
        limit: 50,
        facets: vec![],
        facet_size: 10,
        split: None,
        previous: false,
        zone: &model::zone::UTC,
        now: NOW,
    }
}

pub fn explore(index: &Index, filter: &str, facets: &[&str]) -> Answer {
    let facets = facets.iter().map(|name| column(name)).collect();
    index.explore(&Ask { facets, ..ask(parse(filter)) }).unwrap()
}

/// The ids that a filter finds, ascending.
pub fn found(index: &Index, filter: &str) -> Vec<u64> {
    let page = index.ids(&parse(filter), &[sort("id", false)], &At::First, 1000, NOW).unwrap();
    assert_eq!(page.total, page.ids.len() as u64);
    assert_eq!(index.count(&parse(filter), NOW).unwrap(), page.total);
    page.ids.into_iter().map(|id| id.0).collect()
}
