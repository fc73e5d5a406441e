//! Columns described and spikes explained, over stored tweets.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::account::{CurrentUser, Role};
use model::columns::find;
use model::stats::Quantity;
use service::column::{ColumnQuery, at_place, card, unseen};
use service::explain::explain;
use service::import::{self, Import};
use service::{Clock, Error, Service, Settings, collections, index};
use std::sync::Arc;
use tempfile::TempDir;

const NOW: model::Timestamp = model::Timestamp::from_seconds(1_790_000_000);

struct StoryClock;

impl Clock for StoryClock {
    fn now(&self) -> model::Timestamp {
        NOW
    }
}

/// Two collections: "moon" with a hundred tweets on a hundred days and fifty more on one of them, "other" with one.
async fn story() -> (Service, TempDir) {
    let folder = TempDir::new().unwrap();
    let settings = Settings::folder(folder.path().join("data"));
    let service = Service::open(&settings, Arc::new(StoryClock)).await.unwrap();
    let tweet = |id: u64, day: u64, text: &str, author: u64| {
        let created = format!("2026-{:02}-{:02}T10:00:00.000Z", 1 + day / 25, 1 + day % 25);
        serde_json::json!({ "data": [{ "id": id.to_string(), "text": text, "created_at": created, "lang": "en",
            "author_id": author.to_string(), "public_metrics": { "like_count": id % 50 } }],
            "includes": { "users": [{ "id": author.to_string(), "name": "N", "username": format!("user{author}") }] } })
    };
    let usual = (0..100).map(|n| tweet(1000 + n, n, "a quiet day", 1 + n % 9));
    let spike = (0..50).map(|n| tweet(2000 + n, 30, "the landing https://t.co/Qx7Landed", 20));
    import_into(&service, &folder, "Moon", usual.chain(spike)).await;
    import_into(&service, &folder, "Other", std::iter::once(tweet(1, 30, "the landing", 30))).await;
    (service, folder)
}

async fn import_into(service: &Service, folder: &TempDir, title: &str, pages: impl Iterator<Item = serde_json::Value>) {
    let file = folder.path().join("tweets.jsonl");
    std::fs::write(&file, pages.map(|page| format!("{page}\n")).collect::<String>()).unwrap();
    let import = Import {
        collection: collections::find_or_create(service, title).await.unwrap(),
        sources: vec![process::Source::from_path(&file)],
        options: process::Options { observed_at: Some(NOW), ..Default::default() },
        rejects: folder.path().join("rejects"),
    };
    assert_eq!(import::run(service, import, |_| ()).await.unwrap().progress.counts.rejected, 0);
    index::catch_up(service).await.unwrap();
}

#[tokio::test]
async fn a_spike_is_explained_within_its_collection_and_filter() {
    let (service, _folder) = story().await;
    let found = explain(&service, &bea(), "moon", "created:2026-02-06").await.unwrap().unwrap();
    assert_eq!((found.inside, found.outside), (51, 99));
    let values = |name: &str| &found.sections.iter().find(|section| section.column == name).unwrap().values;
    let words = values("text");
    assert_eq!((words[0].value.as_str(), words[0].inside, words[0].outside), ("landing", 50, 0));
    assert!(words.iter().all(|word| word.value != "quiet"));
    let of_links = ["https", "co", "qx7landed"];
    assert!(words.iter().all(|word| !of_links.contains(&word.value.as_str())), "{words:?}");
    assert_eq!((values("author").len(), values("author")[0].inside), (1, 50));
    assert!(values("lang").is_empty());

    let of_author = explain(&service, &bea(), "moon", "created:2026-02-06 from:user20").await.unwrap().unwrap();
    assert_eq!((of_author.inside, of_author.outside, of_author.sections.len()), (50, 0, 0));
    assert_eq!(explain(&service, &bea(), "moon", "landing").await.unwrap(), None);
    assert!(matches!(explain(&service, &bea(), "none", "").await, Err(Error::NotFound(_))));
    assert!(matches!(explain(&service, &bea(), "moon", "from:nobody").await, Err(Error::Filter(_))));
}

fn bea() -> CurrentUser {
    CurrentUser { id: 1, name: "bea".into(), role: Role::Viewer }
}

fn query(filter: &str, column: &str) -> ColumnQuery {
    ColumnQuery {
        collection: "moon".into(),
        filter: filter.into(),
        column: find(column).unwrap(),
        containing: String::new(),
        zone: &model::zone::UTC,
    }
}

#[tokio::test]
async fn a_column_is_described_without_its_own_conditions() {
    let (service, _folder) = story().await;
    let likes = card(&service, &bea(), &query("landing likes>=10", "likes")).await.unwrap().stats;
    assert_eq!((likes.total, likes.filled, likes.distinct), (50, 50, Some(50)));
    let spread = likes.spread.unwrap();
    assert_eq!([spread.least, spread.median, spread.most], [0, 24, 49].map(Quantity::Number));

    let authors = card(&service, &bea(), &query("from:user20", "author")).await.unwrap();
    assert_eq!(authors.stats.distinct, Some(10));
    assert_eq!(authors.values.unwrap().values[0].count, 50);
    let groups = authors.activity.unwrap().groups;
    assert_eq!(groups.iter().map(|group| group.tweets).sum::<u64>(), 150);
    assert_eq!((groups.last().unwrap().authors, groups.last().unwrap().tweets), (1, 50));

    let week = card(&service, &bea(), &query("landing", "created")).await.unwrap().week.unwrap();
    // The sixth of February 2026 is a Friday.
    assert_eq!(week.hours[4][10], 50);
}

#[tokio::test]
async fn the_highest_are_found_by_place_and_unknown_names_are_told() {
    let (service, _folder) = story().await;
    let third = at_place(&service, &bea(), &query("landing likes<5", "likes"), 3, true).await.unwrap().unwrap();
    assert_eq!(third.tweet.metrics.likes, Some(47));
    let last = at_place(&service, &bea(), &query("landing", "likes"), 99, false).await.unwrap().unwrap();
    assert_eq!(last.tweet.metrics.likes, Some(49));
    assert_eq!(at_place(&service, &bea(), &query("nothing", "likes"), 1, true).await.unwrap(), None);
    let author = find("author").unwrap();
    let names = ["@User20".to_owned(), "nobody".to_owned(), "0".repeat(32)];
    assert_eq!(unseen(&service, author, &names).await.unwrap(), ["nobody"]);
    assert!(unseen(&service, find("lang").unwrap(), &names).await.unwrap().is_empty());
}
