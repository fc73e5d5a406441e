//! Two processes on the same data: one changes the index, the other follows, and nothing is counted twice.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::Timestamp;
use model::account::{CurrentUser, Role};
use model::explore::ExploreQuery;
use service::import::{self, Import};
use service::{Clock, Error, Service, Settings, collections, explore, index};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

struct StoryClock;

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        NOW
    }
}

async fn process(data: &Path) -> Service {
    Service::open(&Settings::folder(data.join("data")), Arc::new(StoryClock)).await.unwrap()
}

/// Tweets of three authors, the first of them @nasa.
async fn import(service: &Service, folder: &Path, ids: std::ops::Range<u64>) {
    let line = |id: u64| {
        let author = (1000 + id % 3).to_string();
        let handle = if id.is_multiple_of(3) { "NASA".to_owned() } else { format!("user{author}") };
        let tweet = serde_json::json!({ "id": id.to_string(), "text": "moon", "author_id": author,
            "created_at": "2026-01-31T10:00:00.000Z" });
        let user = serde_json::json!({ "id": author, "username": handle, "name": handle });
        format!("{}\n", serde_json::json!({ "data": [tweet], "includes": { "users": [user] } }))
    };
    let file = folder.join(format!("tweets-{}.jsonl", ids.start));
    std::fs::write(&file, ids.map(line).collect::<String>()).unwrap();
    let import = Import {
        collection: collections::find_or_create(service, "Moon").await.unwrap(),
        sources: vec![process::Source::from_path(&file)],
        options: process::Options { observed_at: Some(NOW), ..Default::default() },
        rejects: folder.join("rejects"),
    };
    assert_eq!(import::run(service, import, |_| ()).await.unwrap().progress.counts.rejected, 0);
}

async fn until_it_counts(service: &Service, tweets: u64) {
    while explore::count(service, "moon").await.unwrap() != tweets {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn page(service: &Service, filter: &str) -> Result<model::explore::ExplorePage, Error> {
    let user = CurrentUser { id: 1, name: "ann".into(), role: Role::Viewer };
    let query = ExploreQuery { collection: "moon".into(), filter: filter.into(), ..Default::default() };
    explore::page(service, &user, &query).await
}

#[tokio::test]
async fn a_server_takes_over_the_index_that_an_import_has_filled() {
    let folder = TempDir::new().unwrap();
    let (server, importer) = (process(folder.path()).await, process(folder.path()).await);
    import(&importer, folder.path(), 1..301).await;
    assert_eq!(index::catch_up(&importer).await.unwrap(), 300);
    // The importer holds the index still: the server has nothing to do but to look.
    assert_eq!(index::catch_up(&server).await.unwrap(), 0);
    assert_eq!(explore::count(&server, "moon").await.unwrap(), 300);
    importer.close().await.unwrap();
    import(&server, folder.path(), 200..401).await;
    index::catch_up(&server).await.unwrap();
    assert_eq!(explore::count(&server, "moon").await.unwrap(), 400);
    assert!(index::verify(&server).await.unwrap().agrees());
}

#[tokio::test]
async fn an_import_beside_a_server_waits_until_the_server_has_indexed_it() {
    let folder = TempDir::new().unwrap();
    let server = process(folder.path()).await;
    import(&server, folder.path(), 1..11).await;
    let stop = CancellationToken::new();
    let following = tokio::spawn(index::follow(server.clone(), stop.clone()));
    until_it_counts(&server, 10).await;
    let importer = process(folder.path()).await;
    import(&importer, folder.path(), 11..301).await;
    assert_eq!(index::catch_up(&importer).await.unwrap(), 0, "the server has done it");
    assert_eq!(explore::count(&importer, "moon").await.unwrap(), 300);
    // What it has committed is there for others a moment before it asks it itself.
    until_it_counts(&server, 300).await;
    assert!(index::verify(&importer).await.unwrap().agrees());
    assert_eq!(index::rebuild(&importer, |_| ()).await.unwrap(), 300, "the server makes it anew");
    stop.cancel();
    following.await.unwrap();
}

#[tokio::test]
async fn an_author_is_found_by_the_handle_and_named_by_it_in_the_answer() {
    let folder = TempDir::new().unwrap();
    let service = process(folder.path()).await;
    import(&service, folder.path(), 1..31).await;
    index::catch_up(&service).await.unwrap();
    let answer = page(&service, "moon from:nasa").await.unwrap();
    assert_eq!(answer.total, 10);
    let authors = answer.facets.iter().find(|facet| facet.column == "author").unwrap();
    let pid = answer.handles["nasa"];
    assert_eq!(authors.values.iter().find(|value| value.value == pid.to_string()).unwrap().count, 10);
    assert_eq!(authors.values.len(), 3, "the others can still be chosen");
    assert!(answer.rows.iter().all(|row| row.tweet.author == Some(pid)));

    let Err(Error::Filter(error)) = page(&service, "moon from:nsaa").await else { panic!("an unknown handle") };
    assert_eq!((error.at, error.message.contains("@nsaa")), (10..14, true));
}
