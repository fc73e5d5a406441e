//! The table of raw tweets beside the store: what it holds is what the store has, sealed, and it follows as the lake does.
#![cfg(feature = "lake")]
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use lake::Lake;
use model::change::Change;
use model::observed::Removal;
use model::{Timestamp, TweetId};
use service::doctor::{self, Status};
use service::import::{self, Import};
use service::lake::{Location, Opened, RawTweet, Wanted};
use service::pipeline::{self, Follower, Overview};
use service::{Clock, Error, Service, Settings, collections, index};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use testing::TestStore;
use tokio_util::sync::CancellationToken;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

struct StoryClock;

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        NOW
    }
}

fn settings(test: &TestStore, raw_lake: bool) -> Settings {
    let settings = Settings { store: test.settings.clone(), ..Settings::folder(&test.settings.data) };
    let place = Location::Folder(settings.lake_folder());
    Settings { lake: Some(place), raw_lake, ..settings }
}

async fn process(test: &TestStore) -> Service {
    Service::open(&settings(test, true), Arc::new(StoryClock)).await.unwrap()
}

/// As X sends it, with ends of lines within.
fn json(id: u64, text: &str) -> String {
    let created = format!("2026-01-{:02}T10:00:00.000Z", id % 10 + 1);
    format!(
        "{{\"id\":\"{id}\",\n  \"text\":\"{text}\", \"author_id\":\"7\",\r\n  \"created_at\":\"{created}\",\"unknown\":[1,  2]}}"
    )
}

/// Imports tweets of ten days, observed at that second. Returns them as they came, by id.
async fn import(service: &Service, data: &Path, ids: std::ops::Range<u64>, text: &str, second: i64) -> Vec<String> {
    let tweets: Vec<String> = ids.clone().map(|id| json(id, text)).collect();
    let file = data.join(format!("{}-{second}.json", ids.start));
    std::fs::write(&file, format!("{{\"data\":[{}]}}", tweets.join(","))).unwrap();
    let observed_at = Some(Timestamp(NOW.0 + second * model::time::SECOND));
    let import = Import {
        collection: collections::find_or_create(service, "Moon").await.unwrap(),
        sources: vec![process::Source::from_path(&file)],
        options: process::Options { observed_at, ..Default::default() },
        rejects: data.join(format!("rejects-{}-{second}", ids.start)),
    };
    assert_eq!(import::run(service, import, |_| ()).await.unwrap().progress.counts.rejected, 0);
    std::fs::remove_file(file).unwrap();
    tweets
}

/// The table as another process sees it.
async fn table(test: &TestStore) -> Lake<RawTweet> {
    let settings = settings(test, true);
    let lake = Lake::look(settings.lake.as_ref().unwrap(), &settings.raw_lake_folder()).unwrap().unwrap();
    lake.refresh().await.unwrap();
    lake
}

async fn agrees(service: &Service) -> u64 {
    index::catch_up(service).await.unwrap();
    let verdict = index::verify(service).await.unwrap();
    assert!(verdict.agrees(), "{verdict:?}");
    assert_eq!(verdict.raw_lake.unwrap().tweets, verdict.stored);
    verdict.stored
}

/// Whether some words stand in any file below a folder.
fn stand_below(folder: &Path, words: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => stand_below(&path, words),
            false => std::fs::read(path).unwrap().windows(words.len()).any(|window| window == words.as_bytes()),
        }
    })
}

async fn written(test: &TestStore, wanted: &Wanted) -> (Opened, Vec<String>) {
    let mut output = Vec::new();
    let opened = service::lake::write_raw(&settings(test, true), wanted, &mut output).await.unwrap();
    (opened, String::from_utf8(output).unwrap().lines().map(str::to_owned).collect())
}

testing::on_both_engines!(
    it_holds_what_the_store_has_byte_for_byte_and_nothing_in_clear,
    what_it_lacks_is_told_and_made_anew,
);

async fn it_holds_what_the_store_has_byte_for_byte_and_nothing_in_clear(test: TestStore) {
    let (service, data) = (process(&test).await, test.settings.data.clone());
    let mut tweets = import(&service, &data, 1..301, "palimpsest", 0).await;
    service::lake::catch_up(&service).await.unwrap();
    tweets.truncate(199);
    tweets.extend(import(&service, &data, 200..401, "palimpsest later", 10).await);
    let removal = |id| Removal { id: TweetId(id), version: Timestamp(NOW.0 + 20_000_000), reason: "asked".into() };
    pipeline::remove(&service, &[removal(5), removal(300)]).await.unwrap();
    pipeline::drain(&service).await.unwrap();
    assert_eq!(agrees(&service).await, 398);

    let ids: Vec<TweetId> = (1..401).map(TweetId).collect();
    let mut stored = store::tweets::sealed(&test.store, &ids).await.unwrap();
    stored.sort_by_key(|tweet| tweet.id);
    let (mut reading, mut held) = (table(&test).await.read(None, None), Vec::new());
    while let Some(some) = reading.next().await.unwrap() {
        held.extend(some);
    }
    let of_store = |tweet: store::tweets::SealedRaw| {
        let store::tweets::SealedRaw { id, version, created_at, first_seen, sealed, key } = tweet;
        RawTweet { id, version, created_at, first_seen, sealed, key }
    };
    assert!(held == stored.into_iter().map(of_store).collect::<Vec<_>>(), "the store's, byte for byte");
    for folder in ["lake/raw", "lake/raw.work"] {
        assert!(!stand_below(&data.join(folder), "palimpsest"));
    }

    let (opened, lines) = written(&test, &Wanted::default()).await;
    assert_eq!(opened, Opened { tweets: 398, without: 0 });
    let mut wanted: Vec<String> = tweets.iter().map(|tweet| tweet.replace(['\n', '\r'], " ")).collect();
    wanted.remove(299);
    wanted.remove(4);
    assert!(lines == wanted, "the tweets as they came, in a line each");
    let day = Timestamp::from_day(2026, 1, 3).unwrap().day_number();
    let some = Wanted { day: Some(day), ids: Some(vec![TweetId(12), TweetId(2), TweetId(3)]) };
    assert_eq!(written(&test, &some).await.1, [wanted[1].clone(), wanted[10].clone()]);

    // As of a tweet whose raw value is another's.
    test.execute("UPDATE tweets SET raw = (SELECT raw FROM tweets WHERE id = 9) WHERE id = 8").await.unwrap();
    service::lake::rebuild_raw(&service, |_| ()).await.unwrap();
    let failed = service::lake::write_raw(&settings(&test, true), &Wanted::default(), Vec::new()).await;
    let Err(Error::Invalid(told)) = failed else { panic!("it is told") };
    assert!(told.starts_with("tweet 8 in raw/day=2026-01-09/") && told.contains("cannot be opened"), "{told}");
}

async fn what_it_lacks_is_told_and_made_anew(test: TestStore) {
    let (service, data) = (process(&test).await, test.settings.data.clone());
    import(&service, &data, 1..31, "x", 0).await;
    assert_eq!(agrees(&service).await, 30);
    let followers = Overview::of(&service).await.unwrap().followers;
    let raw = followers.iter().find(|standing| standing.follower == Follower::RawLake).unwrap();
    assert_eq!((raw.tweets, raw.behind), (30, 0));
    service.close().await.unwrap();
    let settings = settings(&test, true);
    let other = Lake::<RawTweet>::open(settings.lake.as_ref().unwrap(), &settings.raw_lake_folder()).unwrap();
    assert!(other.lead(NOW).await.unwrap());
    other.apply(vec![Change::Remove(TweetId(14))]).await.unwrap();
    other.commit(other.position(), NOW).await.unwrap();
    drop(other);
    let service = process(&test).await;
    let verdict = index::verify(&service).await.unwrap();
    assert!(!verdict.agrees() && verdict.differing.is_empty() && verdict.lake.unwrap().differing.is_empty());
    let raw = verdict.raw_lake.unwrap();
    let counts: Vec<_> = raw.differing.iter().map(|(_, stored, held)| (stored.count, held.count)).collect();
    assert_eq!((raw.tweets, counts), (29, vec![(3, 2)]));
    let rebuilt = service::lake::rebuild_raw(&service, |_| ()).await.unwrap().unwrap();
    assert_eq!((rebuilt.tweets, rebuilt.damage), (30, None));
    assert_eq!(agrees(&service).await, 30);
}

#[tokio::test]
async fn a_server_makes_it_anew_where_it_is_asked_for_damaged_or_deleted() {
    let test = testing::sqlite().await;
    let (server, data) = (process(&test).await, test.settings.data.clone());
    import(&server, &data, 1..31, "x", 0).await;
    let stop = CancellationToken::new();
    let following = tokio::spawn(service::lake::follow(server.clone(), stop.clone()));
    let command = process(&test).await;
    service::lake::catch_up(&command).await.unwrap();
    assert_eq!(service::lake::rebuild_raw(&command, |_| ()).await.unwrap().unwrap().tweets, 30);
    std::fs::write(data.join("lake/raw/_delta_log/00000000000000000001.json"), "{").unwrap();
    let rebuilt = service::lake::rebuild_raw(&command, |_| ()).await.unwrap().unwrap();
    assert!(rebuilt.tweets == 30 && rebuilt.damage.is_some());
    assert_eq!(agrees(&command).await, 30);
    std::fs::remove_dir_all(data.join("lake")).unwrap();
    import(&server, &data, 31..41, "x", 1).await;
    while !data.join("lake/raw.work/LOCK").exists() || !data.join("lake/LOCK").exists() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(agrees(&command).await, 40);
    stop.cancel();
    following.await.unwrap();
}

#[tokio::test]
async fn without_the_setting_there_is_none_and_one_that_is_left_is_told() {
    let test = testing::sqlite().await;
    let (data, off) = (test.settings.data.clone(), settings(&test, false));
    let service = Service::open(&off, Arc::new(StoryClock)).await.unwrap();
    import(&service, &data, 1..11, "x", 0).await;
    service::lake::catch_up(&service).await.unwrap();
    index::catch_up(&service).await.unwrap();
    let verdict = index::verify(&service).await.unwrap();
    assert!(verdict.agrees() && verdict.lake.is_some() && verdict.raw_lake.is_none());
    assert!(!data.join("lake/raw").exists() && !data.join("lake/raw.work").exists());
    assert_eq!(service::lake::rebuild_raw(&service, |_| ()).await.unwrap(), None);
    assert_eq!(Overview::of(&service).await.unwrap().followers.len(), 2);
    let Err(Error::Invalid(told)) = service::lake::write_raw(&off, &Wanted::default(), Vec::new()).await else {
        panic!()
    };
    assert!(told.contains("lake.raw"), "{told}");
    let check = async |settings: &Settings| {
        let checks = doctor::examine(settings, &StoryClock).await.checks;
        checks.into_iter().find(|check| check.name == "raw lake")
    };
    assert_eq!(check(&off).await, None);
    service.close().await.unwrap();

    let on = settings(&test, true);
    assert_eq!(check(&on).await.unwrap().status, Status::Warning, "there is none yet");
    let service = process(&test).await;
    service::lake::catch_up(&service).await.unwrap();
    service.close().await.unwrap();
    let whole = check(&on).await.unwrap();
    assert!(whole.status == Status::Ok && whole.what.starts_with("10 tweets, its log is whole"), "{whole:?}");
    let left = check(&off).await.unwrap();
    assert!(left.status == Status::Warning && left.what.contains("lake.raw is off"), "{left:?}");
    std::fs::write(data.join("lake/raw/_delta_log/00000000000000000001.json"), "{").unwrap();
    assert_eq!(check(&on).await.unwrap().status, Status::Failed);
}
