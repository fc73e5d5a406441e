//! An index that has lost tweets, or has some that are not true, is made anew by the day.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::time::DAY;
use model::{Row, Timestamp, Tweet, TweetId};
use search::{Change, Index};
use service::import::{self, Import};
use service::repair::{self, Repaired};
use service::{Clock, Error, Service, Settings, collections, explore, index};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
/// The first day on which tweets were posted; each of the days after it has a hundred.
const FIRST: i64 = 20_000;

struct StoryClock;

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        NOW
    }
}

struct Story {
    folder: TempDir,
}

impl Story {
    /// Tweets 0 to 299, on three days.
    async fn new() -> Self {
        let story = Self { folder: TempDir::new().unwrap() };
        let service = story.open().await;
        story.import(&service, 0..300).await;
        index::catch_up(&service).await.unwrap();
        service.close().await.unwrap();
        story
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    async fn open(&self) -> Service {
        Service::open(&Settings::folder(self.data()), Arc::new(StoryClock)).await.unwrap()
    }

    async fn import(&self, service: &Service, ids: std::ops::Range<u64>) {
        let line = |id: u64| {
            let created = created(id).to_rfc3339();
            format!("{}\n", serde_json::json!({ "id": id.to_string(), "text": "moon", "created_at": created }))
        };
        let file = self.folder.path().join(format!("tweets-{}.jsonl", ids.start));
        std::fs::write(&file, ids.map(line).collect::<String>()).unwrap();
        let import = Import {
            collection: collections::find_or_create(service, "Moon").await.unwrap(),
            sources: vec![process::Source::from_path(&file)],
            options: process::Options { observed_at: Some(NOW), ..Default::default() },
            rejects: self.folder.path().join("rejects"),
        };
        assert_eq!(import::run(service, import, |_| ()).await.unwrap().progress.counts.rejected, 0);
    }

    fn index(&self) -> Index {
        Index::open(&self.data().join("index"), search::Settings::default()).unwrap()
    }

    /// Does to the index what only a fault could do.
    fn harm(&self, changes: Vec<Change>) {
        let index = self.index();
        assert!(index.lead().unwrap(), "nobody else changes it now");
        index.apply(changes).unwrap();
        index.commit(index.position()).unwrap();
    }

    async fn repair(&self, service: &Service, day: Option<i64>) -> Result<Repaired, Error> {
        repair::repair(service, &store::Settings::sqlite(self.data()), day).await
    }
}

fn created(id: u64) -> Timestamp {
    Timestamp((FIRST + id as i64 / 100) * DAY + id as i64)
}

fn row(id: u64, text: &str) -> Row {
    let tweet = Tweet::new(TweetId(id), NOW, created(id), text.to_owned());
    let collections = vec!["moon".to_owned()];
    Row {
        tweet,
        author_stats: Default::default(),
        collections,
        queries: Vec::new(),
        first_seen: NOW,
        pace: Default::default(),
        tags: Vec::new(),
        noted: false,
    }
}

async fn count(service: &Service) -> u64 {
    explore::count(service, "moon").await.unwrap()
}

#[tokio::test]
async fn days_that_differ_are_made_anew_and_the_others_left_alone() {
    let story = Story::new().await;
    story.harm(vec![Change::Remove(TweetId(7)), Change::Remove(TweetId(8)), Change::Put(row(300, "a stray one"))]);
    let service = story.open().await;
    assert_eq!(index::verify(&service).await.unwrap().differing.len(), 2);
    let Repaired { days, verdict } = story.repair(&service, None).await.unwrap();
    assert_eq!(days, BTreeSet::from([FIRST, FIRST + 3]));
    assert!(verdict.agrees(), "{verdict:?}");
    assert_eq!((verdict.stored, verdict.indexed, count(&service).await), (300, 300, 300));
    let again = story.repair(&service, None).await.unwrap();
    assert!(again.days.is_empty() && again.verdict.agrees());
}

#[tokio::test]
async fn the_server_that_changes_the_index_repairs_it_while_it_serves() {
    let story = Story::new().await;
    story.harm(vec![Change::Remove(TweetId(7)), Change::Put(row(300, "a stray one"))]);
    let server = story.open().await;
    let stop = CancellationToken::new();
    let following = tokio::spawn(index::follow(server.clone(), stop.clone()));
    let command = story.open().await;
    // From now on the server has the index.
    story.import(&command, 300..400).await;
    while count(&server).await < 399 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(!index::verify(&command).await.unwrap().agrees());
    let repaired = story.repair(&command, None).await.unwrap();
    assert!(repaired.verdict.agrees() && !repaired.days.is_empty(), "{repaired:?}");
    assert_eq!(index::rebuild(&command, |_| ()).await.unwrap(), 400, "the server makes it anew");
    assert_eq!((count(&server).await, count(&command).await), (400, 400));
    assert!(!story.data().join("index/REPAIR").exists());
    stop.cancel();
    following.await.unwrap();
}

#[tokio::test]
async fn what_was_asked_of_a_server_that_was_killed_is_done_by_the_next() {
    let story = Story::new().await;
    story.harm(vec![Change::Remove(TweetId(107))]);
    let index = story.index();
    assert!(index.ask_for(&BTreeSet::from([FIRST + 1])).unwrap());
    assert!(!index.ask_for(&BTreeSet::from([FIRST])).unwrap(), "one is served after the other");
    drop(index);
    let server = story.open().await;
    let stop = CancellationToken::new();
    let following = tokio::spawn(index::follow(server.clone(), stop.clone()));
    while story.data().join("index/REPAIR").exists() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(index::verify(&server).await.unwrap().agrees());
    stop.cancel();
    following.await.unwrap();
}

#[tokio::test]
async fn a_day_that_is_named_is_made_anew_though_its_digest_agrees() {
    let story = Story::new().await;
    story.harm(vec![Change::Put(row(7, "the text of another"))]);
    let service = story.open().await;
    assert!(index::verify(&service).await.unwrap().agrees(), "texts are not compared");
    assert_eq!(explore::count(&service, "another").await.unwrap(), 1);
    let repaired = story.repair(&service, Some(FIRST)).await.unwrap();
    assert_eq!(repaired.days, BTreeSet::from([FIRST]));
    assert_eq!((explore::count(&service, "another").await.unwrap(), count(&service).await), (0, 300));
}

#[tokio::test]
async fn a_tweet_that_is_not_as_it_was_written_is_named_and_nothing_is_made_from_it() {
    let story = Story::new().await;
    let settings = store::Settings::sqlite(story.data());
    testing::execute(&settings, "UPDATE tweets SET text = 'mood' WHERE id = 7").await.unwrap();
    let service = story.open().await;
    let verdict = index::verify(&service).await.unwrap();
    assert!(!verdict.agrees() && verdict.differing.is_empty());
    assert_eq!(verdict.damaged, [TweetId(7)]);
    let told = story.repair(&service, Some(FIRST)).await.unwrap_err().to_string();
    assert!(told.contains("1 tweets are not as they were written, 7 among them"), "{told}");
    assert_eq!(count(&service).await, 300);
}

#[tokio::test]
async fn nothing_is_made_from_a_damaged_database() {
    let story = Story::new().await;
    story.harm(vec![Change::Remove(TweetId(7))]);
    damage(&story.data().join("roost.db"));
    let service = story.open().await;
    let told = story.repair(&service, None).await.unwrap_err().to_string();
    assert!(told.contains("the database itself is damaged"), "{told}");
    assert_eq!(story.index().len(), 299);
}

#[tokio::test]
async fn an_index_whose_files_are_damaged_is_given_up_and_made_anew() {
    let story = Story::new().await;
    let settings = Settings::folder(story.data());
    assert!(!repair::discard_damaged(&settings).await.unwrap(), "it is well");
    let tantivy = story.data().join("index/tantivy");
    let fast = std::fs::read_dir(&tantivy).unwrap().map(|entry| entry.unwrap().path());
    let fast = fast.filter(|file| file.extension().is_some_and(|extension| extension == "fast")).last().unwrap();
    let mut bytes = std::fs::read(&fast).unwrap();
    bytes[0] ^= 1;
    std::fs::set_permissions(&fast, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::write(&fast, bytes).unwrap();
    let index = story.index();
    assert!(index.lead().unwrap());
    assert!(repair::discard_damaged(&settings).await.is_err(), "not while another process changes it");
    drop(index);
    assert!(repair::discard_damaged(&settings).await.unwrap());
    let service = story.open().await;
    assert_eq!((index::rebuild(&service, |_| ()).await.unwrap(), count(&service).await), (300, 300));
    service.close().await.unwrap();

    std::fs::write(tantivy.join("meta.json"), "{").unwrap();
    let opened = Service::open(&settings, Arc::new(StoryClock)).await;
    assert!(opened.is_err(), "nothing opens with it");
    assert!(repair::discard_damaged(&settings).await.unwrap());
    let service = story.open().await;
    assert_eq!((index::rebuild(&service, |_| ()).await.unwrap(), count(&service).await), (300, 300));
}

/// Overwrites the head of the last page that has tweets.
fn damage(file: &Path) {
    const PAGE: usize = 4096;
    let mut bytes = std::fs::read(file).unwrap();
    let with_tweets = bytes.chunks(PAGE).rposition(|page| page.windows(4).filter(|text| text == b"moon").count() > 3);
    let at = with_tweets.unwrap() * PAGE;
    bytes[at..at + 64].fill(0xa5);
    std::fs::write(file, bytes).unwrap();
}
