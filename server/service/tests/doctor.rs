//! The doctor finds what is wrong, and changes nothing.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use eventlog::{EventLog, Position, Record, SqliteLog, Topic};
use model::schedule::{Expansions, Reads};
use model::time::{DAY, HOUR};
use model::{CollectionId, Timestamp, TweetId};
use service::doctor::{self, Check, Report, Status};
use service::import::{self, Import};
use service::{Clock, Service, Settings, collections, index};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use store::runs::{self, Outcome};
use store::schedules::NewSchedule;
use store::windows::Marks;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

#[derive(Clone, Copy)]
struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A healthy installation with some tweets, and what the story does to it.
struct Story {
    folder: TempDir,
}

impl Story {
    async fn new() -> Self {
        let story = Self { folder: TempDir::new().unwrap() };
        let service = Service::open(&story.settings(), Arc::new(At(NOW))).await.unwrap();
        story.import(&service, 0..500).await;
        index::catch_up(&service).await.unwrap();
        service.close().await.unwrap();
        story
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn settings(&self) -> Settings {
        Settings::folder(self.data())
    }

    async fn store(&self) -> Store {
        Store::open(&self.settings().store).await.unwrap()
    }

    async fn import(&self, service: &Service, ids: std::ops::Range<u64>) {
        let line = |id: u64| {
            let created = "2026-01-31T10:00:00.000Z";
            format!("{}\n", serde_json::json!({ "id": id.to_string(), "text": "moon", "created_at": created }))
        };
        let file = self.folder.path().join("tweets.jsonl");
        std::fs::write(&file, ids.map(line).collect::<String>()).unwrap();
        let import = Import {
            collection: collections::find_or_create(service, "Moon").await.unwrap(),
            sources: vec![process::Source::from_path(&file)],
            options: process::Options { observed_at: Some(NOW), ..Default::default() },
            rejects: self.folder.path().join("rejects"),
        };
        import::run(service, import, |_| ()).await.unwrap();
    }

    async fn examine(&self) -> Report {
        doctor::examine(&self.settings(), &At(NOW)).await
    }

    /// What is found of one thing, which is the only one that is not well.
    async fn found(&self, name: &str, status: Status) -> Check {
        let report = self.examine().await;
        let ill: Vec<&Check> = report.checks.iter().filter(|check| check.status != Status::Ok).collect();
        let check = ill.iter().find(|check| check.name == name).unwrap_or_else(|| panic!("{name}: {report:#?}"));
        assert_eq!(check.status, status, "{check:?}");
        assert!(check.why.is_some() && check.remedy.is_some(), "{check:?}");
        assert_eq!(report.is_healthy(), ill.iter().all(|check| check.status == Status::Warning));
        (*check).clone()
    }

    /// A schedule whose runs end so, the latest now.
    async fn with_runs(&self, reasons: &[Option<&str>]) {
        let store = self.store().await;
        let credential = store::credentials::save(&store, "x", "https://api.x.com", "secret", NOW).await.unwrap();
        let collection = CollectionId(1);
        let new = NewSchedule {
            collection,
            credential,
            name: "launches",
            reads: &Reads::recent("rocket"),
            expansions: Expansions::ALL,
            cadence: "every minute",
            last_tick: None,
        };
        store::schedules::create(&store, new, NOW).await.unwrap();
        let lease = store::leases::take(&store, "credential:1", NOW).await.unwrap().unwrap();
        for (number, reason) in reasons.iter().enumerate() {
            let at = Timestamp(NOW.0 - HOUR + number as i64 * HOUR / 10);
            let at = if number + 1 == reasons.len() { NOW } else { at };
            let due = store::schedules::all(&store).await.unwrap().pop().unwrap();
            let marks = Marks { read: TweetId(7), settled: TweetId(7), since: at };
            let run = runs::begin(&store, &lease, &due, at, marks, at).await.unwrap().unwrap();
            let outcome = match reason {
                Some(reason) => Outcome::Failed((*reason).to_owned()),
                None => Outcome::Done { missed: Vec::new(), marks },
            };
            runs::end(&store, &lease, due.schedule.id, run, &outcome, at).await.unwrap();
        }
        store.close().await.unwrap();
    }
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

/// Every file with what is in it, its rights and when it was changed. SQLite makes two empty ones for whoever looks.
fn state(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, u32, std::time::SystemTime)> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = std::fs::metadata(&path).unwrap();
        if metadata.is_dir() {
            files.extend(state(&path));
        } else if !path.to_string_lossy().ends_with("-wal") && !path.to_string_lossy().ends_with("-shm") {
            let content = std::fs::read(&path).unwrap();
            files.insert(path, (content, metadata.permissions().mode(), metadata.modified().unwrap()));
        }
    }
    files
}

#[tokio::test]
async fn what_is_well_is_told_so_and_nothing_is_changed() {
    let story = Story::new().await;
    story.with_runs(&[None]).await;
    let before = state(&story.data());
    let report = story.examine().await;
    assert!(report.checks.iter().all(|check| check.status == Status::Ok), "{report:#?}");
    let names: Vec<&str> = report.checks.iter().map(|check| check.name).collect();
    let all = "data folder,room,database,schema,key,index,log,clock,audit,credentials,schedules";
    assert_eq!(names.join(","), all);
    assert!(report.disk.database > 0 && report.disk.index > 0 && report.disk.lake == 0);
    assert!(state(&story.data()) == before, "nothing is changed");
}

#[tokio::test]
async fn data_that_are_not_there_are_not_made() {
    let folder = TempDir::new().unwrap();
    let settings = Settings::folder(folder.path().join("none"));
    assert!(!doctor::examine(&settings, &At(NOW)).await.is_healthy());
    assert!(!settings.store.data.exists());
    let settings = Settings::folder(folder.path());
    let report = doctor::examine(&settings, &At(NOW)).await;
    let database = report.checks.iter().find(|check| check.name == "database").unwrap();
    assert!(database.status == Status::Failed && database.what.contains("is not there"), "{report:#?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_folder_that_others_may_look_into() {
    let story = Story::new().await;
    set_mode(&story.data(), 0o755);
    assert!(story.found("data folder", Status::Warning).await.remedy.unwrap().starts_with("chmod 700"));
}

#[tokio::test]
async fn a_key_that_is_missing_open_to_others_no_key_or_anothers() {
    let story = Story::new().await;
    let (key, aside) = (story.data().join("key"), story.folder.path().join("key"));
    set_mode(&key, 0o644);
    assert!(story.found("key", Status::Failed).await.what.contains("chmod 400"));
    std::fs::rename(&key, &aside).unwrap();
    assert!(story.found("key", Status::Failed).await.what.contains("is missing"));
    assert!(!key.exists(), "none is made");
    std::fs::write(&key, "not a key").unwrap();
    set_mode(&key, 0o400);
    assert!(story.found("key", Status::Failed).await.what.contains("not base64"));
    std::fs::remove_file(&key).unwrap();
    let other = Story::new().await;
    std::fs::copy(other.data().join("key"), &key).unwrap();
    assert!(story.found("key", Status::Failed).await.what.contains("another's"));
    let report = story.examine().await;
    assert!(report.checks.iter().any(|check| check.name == "index" && check.status == Status::Ok), "{report:#?}");
}

#[tokio::test]
async fn a_damaged_page_of_the_database() {
    let story = Story::new().await;
    let file = story.data().join("roost.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes.len() / 2 / 4096 * 4096;
    bytes[at..at + 64].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();
    let check = story.found("database", Status::Failed).await;
    assert!(check.what.contains("damaged") || check.what.contains("malformed"), "{check:?}");
    assert!(check.remedy.as_ref().unwrap().contains("roost restore"), "{check:?}");
    std::fs::write(&file, vec![7; 8192]).unwrap();
    assert_eq!(story.found("database", Status::Failed).await.name, "database");
}

#[tokio::test]
async fn a_database_that_a_newer_or_an_older_roost_has_used() {
    let story = Story::new().await;
    let execute = |statement: &'static str| {
        let settings = story.settings().store;
        async move { testing::execute(&settings, statement).await.unwrap() }
    };
    execute("INSERT INTO seaql_migrations VALUES ('m20990101_000001_later', 0)").await;
    assert!(story.found("schema", Status::Failed).await.what.contains("m20990101_000001_later"));
    execute("DELETE FROM seaql_migrations WHERE version LIKE 'm2099%' OR version LIKE '%alert_quiet'").await;
    assert!(story.found("schema", Status::Warning).await.what.contains("1 steps behind"));
}

#[tokio::test]
async fn an_index_that_is_behind_gone_or_damaged() {
    let story = Story::new().await;
    let service = Service::open(&story.settings(), Arc::new(At(NOW))).await.unwrap();
    story.import(&service, 500..600).await;
    service.close().await.unwrap();
    assert!(story.found("index", Status::Warning).await.what.contains("100 changes behind"));

    let tantivy = story.data().join("index/tantivy");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&tantivy).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "fast"));
    let mut bytes = std::fs::read(&files[0]).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    set_mode(&files[0], 0o600);
    std::fs::write(&files[0], bytes).unwrap();
    assert!(story.found("index", Status::Failed).await.what.contains("1 of its files are damaged"));

    std::fs::write(tantivy.join("meta.json"), "{").unwrap();
    assert!(story.found("index", Status::Failed).await.remedy.unwrap().contains("stop Roost and run `roost reindex`"));
    std::fs::remove_dir_all(story.data().join("index")).unwrap();
    assert!(story.found("index", Status::Warning).await.remedy.unwrap().contains("roost reindex"));
    assert!(!story.data().join("index").exists(), "none is made");
}

#[cfg(feature = "lake")]
#[tokio::test]
async fn a_lake_that_is_missing_behind_unreadable_or_of_another_database() {
    use service::lake::{self, Location};
    let story = Story::new().await;
    let place = Some(Location::Folder(story.data().join("lake")));
    let settings = Settings { lake: place, ..story.settings() };
    let found = async |now| {
        let before = state(&story.data());
        let report = doctor::examine(&settings, &At(now)).await;
        assert!(state(&story.data()) == before, "nothing is changed");
        report.checks.into_iter().find(|check| check.name == "lake").unwrap()
    };
    let check = found(NOW).await;
    assert!(check.status == Status::Warning && check.what.contains("there is none"), "{check:?}");
    assert!(!story.data().join("lake").exists(), "none is made");

    let service = Service::open(&settings, Arc::new(At(NOW))).await.unwrap();
    lake::catch_up(&service).await.unwrap();
    assert_eq!(found(NOW).await, Check::ok("lake", "500 tweets, its log is whole, up to change 500"));
    story.import(&service, 500..600).await;
    let check = found(NOW).await;
    assert!(check.status == Status::Ok && check.what.ends_with("100 changes wait for the next commit"), "{check:?}");
    let check = found(Timestamp(NOW.0 + HOUR)).await;
    assert!(check.status == Status::Warning && check.what.contains("100 changes behind"), "{check:?}");
    assert!(check.what.ends_with("for 60 minutes") && check.remedy.unwrap().contains("roost serve"));
    lake::catch_up(&service).await.unwrap();
    service.close().await.unwrap();

    let store = &settings.store;
    testing::execute(store, "UPDATE counters SET value = 550 WHERE name = 'change'").await.unwrap();
    let check = found(NOW).await;
    assert!(check.status == Status::Warning && check.what.contains("at change 550"), "{check:?}");
    testing::execute(store, "UPDATE counters SET value = 600 WHERE name = 'change'").await.unwrap();
    let commit = story.data().join("lake/tweets/_delta_log/00000000000000000002.json");
    set_mode(&commit, 0o600);
    std::fs::write(&commit, "{").unwrap();
    let check = found(NOW).await;
    assert!(check.status == Status::Failed && check.what.starts_with("its log cannot be read"), "{check:?}");
    assert!(check.remedy.unwrap().contains("roost relake"));
}

#[tokio::test]
async fn a_log_that_nobody_reads_or_that_is_damaged() {
    let story = Story::new().await;
    let file = story.data().join("log.db");
    let log = SqliteLog::open(&file, eventlog::Options::new(Arc::new(|| NOW.0))).await.unwrap();
    let topic = Topic { name: "pages".into(), partitions: 1, retention: Duration::from_secs(60) };
    log.create_topic(&topic).await.unwrap();
    for _ in 0..9 {
        let record = Record { time: NOW.0, payload: vec![7; 20_000], ..Default::default() };
        log.append("pages", vec![record]).await.unwrap();
    }
    let mut store = log.subscribe("pages", "store", "one").await.unwrap();
    store.poll(1, Duration::from_secs(1)).await.unwrap();
    store.commit(&[Position { partition: 0, offset: 9 }]).await.unwrap();
    assert!(story.examine().await.checks.contains(&Check::ok("log", "whole")));
    store.commit(&[Position { partition: 0, offset: 4 }]).await.unwrap();
    assert!(story.found("log", Status::Warning).await.what.contains("5 records behind"));
    drop(store);
    log.close().await;
    // Its last connection, which closes by itself, brings everything into the file.
    while story.data().join("log.db-wal").exists() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let mut bytes = std::fs::read(&file).unwrap();
    let length = bytes.len();
    bytes[100..length.min(16_384)].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();
    story.found("log", Status::Failed).await;
}

#[tokio::test]
async fn schedules_that_fail_or_are_late_and_credentials_that_are_missing() {
    let story = Story::new().await;
    story.with_runs(&[None, Some("X refused the token")]).await;
    assert!(story.found("schedules", Status::Warning).await.what.contains("X refused the token"));
    let story = Story::new().await;
    story.with_runs(&[Some("one"), Some("two"), Some("three")]).await;
    assert!(story.found("schedules", Status::Failed).await.what.contains("three"));

    let story = Story::new().await;
    story.with_runs(&[None]).await;
    let later = Timestamp(NOW.0 + HOUR);
    let report = doctor::examine(&story.settings(), &At(later)).await;
    let late = report.checks.iter().find(|check| check.name == "schedules").unwrap();
    assert!(late.status == Status::Warning && late.what.contains("overdue"), "{report:#?}");
    testing::execute(&story.settings().store, "PRAGMA foreign_keys = OFF; DELETE FROM credentials").await.unwrap();
    assert!(story.found("credentials", Status::Failed).await.what.contains("launches"));
}

#[tokio::test]
async fn a_clock_that_was_set_back_and_an_audit_that_was_changed() {
    let story = Story::new().await;
    story.with_runs(&[None]).await;
    let report = doctor::examine(&story.settings(), &At(Timestamp(NOW.0 - DAY))).await;
    assert!(report.checks.iter().any(|check| check.name == "clock" && check.status == Status::Failed), "{report:#?}");
    let store = story.store().await;
    // That the credential was saved is the first.
    let details = serde_json::json!({});
    let entry = store::audit::NewEntry { user: None, action: "test", subject: "t".into(), details };
    store::audit::record(&store, entry, NOW).await.unwrap();
    store.close().await.unwrap();
    std::fs::write(story.data().join("audit.head"), format!("3 {}\n", "0".repeat(64))).unwrap();
    assert!(story.found("audit", Status::Failed).await.what.contains("entry 3 is missing"));
}
