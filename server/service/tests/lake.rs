//! The lake beside the store: it follows, is asked, made anew and verified, also where another process changes it.
#![cfg(feature = "lake")]
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::Timestamp;
use service::import::{self, Import};
use service::lake::{self, Cell, Limits, Location};
use service::{Clock, Error, Service, Settings, collections, index};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// Stands still unless it is moved.
struct StoryClock(AtomicI64);

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

async fn process(data: &Path) -> Service {
    at(data, Arc::new(StoryClock(NOW.0.into()))).await
}

async fn at(data: &Path, clock: Arc<StoryClock>) -> Service {
    let settings = Settings::folder(data.join("data"));
    let place = Some(Location::Folder(settings.lake_folder()));
    Service::open(&Settings { lake: place, ..settings }, clock).await.unwrap()
}

/// Tweets of ten days, observed at that second.
async fn import(service: &Service, folder: &Path, ids: std::ops::Range<u64>, text: &str, observed: i64) {
    let line = |id: u64| {
        let created = format!("2026-01-{:02}T10:00:00.000Z", id % 10 + 1);
        let tweet = serde_json::json!({ "id": id.to_string(), "text": text, "author_id": "7", "created_at": created });
        format!("{}\n", serde_json::json!({ "data": [tweet] }))
    };
    let file = folder.join(format!("tweets-{}-{observed}.jsonl", ids.start));
    std::fs::write(&file, ids.map(line).collect::<String>()).unwrap();
    let observed_at = Some(Timestamp(NOW.0 + observed * model::time::SECOND));
    let import = Import {
        collection: collections::find_or_create(service, "Moon").await.unwrap(),
        sources: vec![process::Source::from_path(&file)],
        options: process::Options { observed_at, ..Default::default() },
        rejects: folder.join(format!("rejects-{observed}")),
    };
    assert_eq!(import::run(service, import, |_| ()).await.unwrap().progress.counts.rejected, 0);
}

async fn numbers(service: &Service, question: &str) -> Vec<i64> {
    let answer = lake::sql(service, question, Limits::default()).await.unwrap();
    let whole = |cell: &Cell| if let Cell::Whole(number) = cell { *number } else { panic!("{cell:?} is no number") };
    answer.rows.iter().map(|row| whole(&row[0])).collect()
}

async fn agrees(service: &Service) -> u64 {
    index::catch_up(service).await.unwrap();
    let verdict = index::verify(service).await.unwrap();
    assert!(verdict.agrees(), "{verdict:?}");
    assert_eq!(verdict.lake.unwrap().tweets, verdict.stored);
    verdict.stored
}

#[tokio::test]
async fn it_follows_and_a_later_observation_takes_the_place_of_an_earlier_one() {
    let folder = TempDir::new().unwrap();
    let service = process(folder.path()).await;
    import(&service, folder.path(), 1..301, "first", 0).await;
    lake::catch_up(&service).await.unwrap();
    assert_eq!(numbers(&service, "select count(*) from tweets where text = 'first'").await, [300]);
    import(&service, folder.path(), 200..401, "later", 10).await;
    // The store refuses it, so nobody hears of it.
    import(&service, folder.path(), 1..50, "stale", -10).await;
    lake::catch_up(&service).await.unwrap();
    let per_text = "select count(*) from tweets group by text order by text";
    assert_eq!(numbers(&service, per_text).await, [199, 201]);
    assert_eq!(agrees(&service).await, 400);
}

#[tokio::test]
async fn what_comes_in_is_made_durable_after_five_minutes_or_when_it_is_asked_for() {
    let folder = TempDir::new().unwrap();
    let clock = Arc::new(StoryClock(NOW.0.into()));
    let service = at(folder.path(), clock.clone()).await;
    let stop = CancellationToken::new();
    let following = tokio::spawn(lake::follow(service.clone(), stop.clone()));
    import(&service, folder.path(), 1..11, "x", 0).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let other = process(folder.path()).await;
    let empty = lake::sql(&other, "select count(*) from tweets", Limits::default()).await;
    assert!(empty.is_err() || numbers(&other, "select count(*) from tweets").await == [0], "not yet");
    clock.0.fetch_add(6 * model::time::MINUTE, Ordering::Relaxed);
    while numbers(&other, "select count(*) from tweets").await != [10] {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    import(&service, folder.path(), 11..21, "x", 1).await;
    lake::catch_up(&other).await.unwrap();
    assert_eq!(numbers(&other, "select count(*) from tweets").await, [20]);
    assert_eq!(agrees(&other).await, 20);
    import(&service, folder.path(), 21..31, "x", 2).await;
    stop.cancel();
    following.await.unwrap();
    assert_eq!(numbers(&other, "select count(*) from tweets").await, [30], "who stops makes durable what it has");
}

#[tokio::test]
async fn another_process_can_have_it_made_anew_and_tidied() {
    let folder = TempDir::new().unwrap();
    let server = process(folder.path()).await;
    for part in 0..3 {
        import(&server, folder.path(), 1 + part * 100..101 + part * 100, "x", 0).await;
        lake::catch_up(&server).await.unwrap();
    }
    let stop = CancellationToken::new();
    let following = tokio::spawn(lake::follow(server.clone(), stop.clone()));
    let command = process(folder.path()).await;
    assert_eq!(lake::compact(&command).await.unwrap(), None, "the server did it");
    assert_eq!(lake::rebuild(&command, |_| ()).await.unwrap().tweets, 300);
    assert_eq!(agrees(&command).await, 300);
    stop.cancel();
    following.await.unwrap();
    drop(server);
    for part in 3..5 {
        import(&command, folder.path(), 1 + part * 100..101 + part * 100, "x", 0).await;
        lake::catch_up(&command).await.unwrap();
    }
    assert_eq!(lake::compact(&command).await.unwrap(), Some(30), "three commits of ten days became one file a day");
    assert_eq!(lake::rebuild(&command, |_| ()).await.unwrap().tweets, 500);
}

#[tokio::test]
async fn a_lake_that_differs_is_told_and_made_anew() {
    let folder = TempDir::new().unwrap();
    let service = process(folder.path()).await;
    import(&service, folder.path(), 1..31, "x", 0).await;
    assert_eq!(agrees(&service).await, 30);
    service.close().await.unwrap();
    // The lake is now ahead of a database that begins anew.
    for file in ["roost.db", "roost.db-wal", "roost.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join("data").join(file));
    }
    let service = process(folder.path()).await;
    import(&service, folder.path(), 5..15, "x", 0).await;
    assert_eq!(agrees(&service).await, 10);
}

#[tokio::test]
async fn a_file_that_is_not_as_it_was_written_is_told() {
    let folder = TempDir::new().unwrap();
    let service = process(folder.path()).await;
    import(&service, folder.path(), 1..31, "x", 0).await;
    assert_eq!(agrees(&service).await, 30);
    let day = folder.path().join("data/lake/tweets/day=2026-01-04");
    let file = std::fs::read_dir(day).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&file).unwrap();
    // Within the values, where nothing else shows it.
    bytes[40] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let Err(Error::Invalid(told)) = index::verify(&service).await else { panic!("it is told") };
    assert!(told.contains("is not as it was written") && told.contains("roost relake"), "{told}");
    assert_eq!(lake::rebuild(&service, |_| ()).await.unwrap().tweets, 30);
    assert_eq!(agrees(&service).await, 30);
}

/// Cuts the last commit of the lake's log.
fn damage_log(folder: &Path) {
    let log = folder.join("data/lake/tweets/_delta_log");
    let mut commits: Vec<_> = std::fs::read_dir(log).unwrap().map(|entry| entry.unwrap().path()).collect();
    commits.sort();
    let last = commits.iter().rfind(|path| path.extension().is_some_and(|end| end == "json")).unwrap();
    std::fs::write(last, "{\"add\":").unwrap();
}

#[tokio::test]
async fn a_lake_whose_log_cannot_be_read_is_made_anew() {
    let folder = TempDir::new().unwrap();
    let service = process(folder.path()).await;
    import(&service, folder.path(), 1..31, "x", 0).await;
    assert_eq!(agrees(&service).await, 30);
    drop(service);
    damage_log(folder.path());
    let service = process(folder.path()).await;
    let Err(Error::Invalid(told)) = lake::catch_up(&service).await else { panic!("it is told") };
    assert!(told.contains("roost relake"), "{told}");
    let rebuilt = lake::rebuild(&service, |_| ()).await.unwrap();
    assert!(rebuilt.tweets == 30 && rebuilt.damage.is_some_and(|damage| !damage.contains('\n')));
    assert_eq!(agrees(&service).await, 30);
    // Beneath a server that has it in memory.
    let stop = CancellationToken::new();
    let following = tokio::spawn(lake::follow(service.clone(), stop.clone()));
    damage_log(folder.path());
    let command = process(folder.path()).await;
    let rebuilt = lake::rebuild(&command, |_| ()).await.unwrap();
    assert!(rebuilt.tweets == 30 && rebuilt.damage.is_some());
    import(&service, folder.path(), 31..41, "x", 1).await;
    assert_eq!(agrees(&service).await, 40);
    assert!(lake::rebuild(&command, |_| ()).await.unwrap().damage.is_none());
    stop.cancel();
    following.await.unwrap();
}

#[tokio::test]
async fn without_a_lake_nothing_is_said_of_it_and_a_question_tells_so() {
    let folder = TempDir::new().unwrap();
    let settings = Settings::folder(folder.path().join("data"));
    let service = Service::open(&settings, Arc::new(StoryClock(NOW.0.into()))).await.unwrap();
    import(&service, folder.path(), 1..11, "x", 0).await;
    index::catch_up(&service).await.unwrap();
    let verdict = index::verify(&service).await.unwrap();
    assert!(verdict.agrees() && verdict.lake.is_none());
    let Err(Error::Invalid(why)) = lake::sql(&service, "select 1", Limits::default()).await else { panic!() };
    assert!(why.contains("lake.enabled"), "{why}");
}
