//! Backups that are made while tweets are written, and what becomes of them.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use eventlog::{EventLog, Inspection, Record, SqliteLog, Topic};
use model::digest::DayDigest;
use model::{Timestamp, TweetId};
use service::backup::{self, Ask, Manifest, Restore, Restored, Tell};
use service::import::{self, Import};
use service::{Clock, Error, Service, Settings, collections, index};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tweetgen::{Corpus, Profile, Transport, World, write_pages};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

struct StoryClock;

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        NOW
    }
}

/// Pages of made-up tweets, a hundred each.
fn pages(tweets: u64) -> Vec<Vec<u8>> {
    let corpus = Corpus::new(World::week(Profile::Lean, 7, tweets, NOW.0));
    let mut text = Vec::new();
    write_pages(&mut text, &corpus, Transport::Clean).unwrap();
    text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// The ids of a page's tweets, each with the day of its creation.
fn rows(page: &[u8]) -> Vec<(TweetId, i64)> {
    let page: serde_json::Value = serde_json::from_slice(page).unwrap();
    let row = |tweet: &serde_json::Value| {
        let created = Timestamp::parse_rfc3339(tweet["created_at"].as_str().unwrap()).unwrap();
        (TweetId(tweet["id"].as_str().unwrap().parse().unwrap()), created.day_number())
    };
    page["data"].as_array().unwrap().iter().map(row).collect()
}

type Days = BTreeMap<i64, DayDigest>;

/// What the store must hold after none, one, two … of the pages.
fn prefixes(pages: &[Vec<u8>]) -> Vec<Days> {
    let mut all = vec![Days::new()];
    for page in pages {
        let mut days = all.last().unwrap().clone();
        rows(page).into_iter().for_each(|(id, day)| days.entry(day).or_default().add(id, NOW, NOW));
        all.push(days);
    }
    all
}

/// Data of an installation in a folder of the story, and where its backups and restored data go.
struct Story {
    folder: TempDir,
}

impl Story {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn open(&self, name: &str) -> Service {
        Service::open(&Settings::folder(self.path(name)), Arc::new(StoryClock)).await.unwrap()
    }

    async fn write(&self, service: &Service, page: &[u8]) {
        let file = self.path("page.jsonl");
        std::fs::write(&file, page).unwrap();
        let import = Import {
            collection: collections::find_or_create(service, "Moon").await.unwrap(),
            sources: vec![process::Source::from_path(&file)],
            options: process::Options { observed_at: Some(NOW), ..Default::default() },
            rejects: self.path("rejects"),
        };
        assert_eq!(import::run(service, import, |_| ()).await.unwrap().progress.counts.rejected, 0);
    }

    async fn back_up(&self, set: &str, with_key: bool) -> Result<Manifest, Error> {
        let settings = store::Settings::sqlite(self.path("data"));
        backup::make(Ask { settings: &settings, folder: &self.path(set), with_key }, NOW, &silent()).await
    }

    async fn restore(&self, set: &str, to: &str, key: Option<&Path>) -> Result<Restored, Error> {
        let settings = Settings::folder(self.path(to));
        let ask = Restore { set: &self.path(set), key, settings: &settings };
        backup::restore(ask, Arc::new(StoryClock), &silent()).await
    }

    /// An installation with so many tweets, and a backup of it with its key.
    async fn with_backup(tweets: u64) -> Self {
        let story = Self::new();
        let service = story.open("data").await;
        for page in pages(tweets) {
            story.write(&service, &page).await;
        }
        service.close().await.unwrap();
        let log = open_log(&story.path("data")).await;
        append(&log, 0).await;
        log.close().await;
        story.back_up("set", true).await.unwrap();
        story
    }
}

fn silent() -> Tell {
    Arc::new(|_| ())
}

async fn open_log(data: &Path) -> SqliteLog {
    let log = SqliteLog::open(&data.join("log.db"), eventlog::Options::new(Arc::new(|| NOW.0))).await.unwrap();
    let topic = Topic { name: "pages".into(), partitions: 1, retention: Duration::from_secs(86_400) };
    log.create_topic(&topic).await.unwrap();
    log
}

async fn append(log: &SqliteLog, number: u64) {
    let record = Record { time: NOW.0, payload: number.to_le_bytes().to_vec(), ..Default::default() };
    log.append("pages", vec![record]).await.unwrap();
}

/// Writes pages while it is told to, each first to the log, as it will be. Returns when the story is over.
struct Writer {
    is_wanted: AtomicBool,
    is_over: AtomicBool,
    written: AtomicUsize,
}

impl Writer {
    async fn write(self: Arc<Self>, story: Arc<Story>, pages: Arc<Vec<Vec<u8>>>) {
        let service = story.open("data").await;
        let log = open_log(&story.path("data")).await;
        for (number, page) in pages.iter().enumerate() {
            while !self.is_wanted.load(Ordering::Acquire) {
                if self.is_over.load(Ordering::Acquire) {
                    log.close().await;
                    return service.close().await.unwrap();
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            append(&log, number as u64).await;
            story.write(&service, page).await;
            self.written.store(number + 1, Ordering::Release);
        }
        panic!("there are too few pages for the story");
    }

    fn written(&self) -> usize {
        self.written.load(Ordering::Acquire)
    }

    /// Has so many pages written, and goes on.
    async fn begin(&self, pages: usize) {
        let before = self.written();
        self.is_wanted.store(true, Ordering::Release);
        while self.written() < before + pages {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// So many backups while tweets are written, each of them restored and looked at.
async fn backups_under_load(backups: usize) {
    let story = Arc::new(Story::new());
    let pages = Arc::new(pages(40 * 100 * backups as u64));
    let prefixes = prefixes(&pages);
    let writer = Arc::new(Writer { is_wanted: false.into(), is_over: false.into(), written: 0.into() });
    let writing = tokio::spawn(writer.clone().write(story.clone(), pages.clone()));
    let (mut seen, mut meanwhile) = (Vec::new(), 0);
    for number in 0..backups {
        let set = format!("set-{number}");
        // The more there are, the longer a copy takes.
        writer.begin(if number == 0 { 20 } else { 2 }).await;
        let before = writer.written();
        story.back_up(&set, number.is_multiple_of(2)).await.unwrap();
        let after = writer.written();
        writer.is_wanted.store(false, Ordering::Release);
        meanwhile += after - before;
        let to = format!("restored-{number}");
        let restored = story.restore(&set, &to, Some(&story.path("data/key"))).await.unwrap();
        let pages_in_it = look_at(&story, &to, &restored, &pages, &prefixes).await;
        // One more may be committed and not yet counted.
        let expected = before..=after + 1;
        assert!(expected.contains(&pages_in_it), "{pages_in_it} pages, and not {expected:?}");
        seen.push(pages_in_it);
        std::fs::remove_dir_all(story.path(&set)).unwrap();
        std::fs::remove_dir_all(story.path(&to)).unwrap();
    }
    writer.is_over.store(true, Ordering::Release);
    writing.await.unwrap();
    assert!(seen.is_sorted() && seen[0] < seen[backups - 1], "each is of its own moment: {seen:?}");
    assert!(meanwhile * 2 >= backups, "writing went on meanwhile: {meanwhile} pages in {backups} backups");
    println!("{backups} backups, {meanwhile} pages written meanwhile, holding {seen:?} pages");
}

/// Whether restored data are those after some whole pages; tells after how many.
async fn look_at(story: &Story, to: &str, restored: &Restored, pages: &[Vec<u8>], prefixes: &[Days]) -> usize {
    assert!(restored.verdict.agrees(), "{:?}", restored.verdict);
    let store = store::Store::open(&store::Settings::sqlite(story.path(to))).await.unwrap();
    let days = store::tweets::day_digests(&store).await.unwrap();
    let count = prefixes.iter().position(|prefix| *prefix == days).expect("it holds whole pages, and all before them");
    assert_eq!(restored.indexed, prefixes[count].values().map(|day| day.count).sum::<u64>());
    for (id, _) in pages[..count].iter().flat_map(|page| rows(page)).step_by(97) {
        let raw = store::tweets::raw(&store, id).await.unwrap().expect("it is there");
        assert!(raw.contains(&id.to_string()), "what is sealed can be read: {raw}");
    }
    assert!(store::audit::verify(&store).await.unwrap().problems.is_empty());
    store.close().await.unwrap();
    let log = open_log(&story.path(to)).await;
    let end = log.lag("pages", "store").await.unwrap()[0].end;
    assert!(end >= count as u64, "the log has all pages of the store: {end} of {count}");
    log.close().await;
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_backups_under_load_are_each_what_was_written_until_then() {
    backups_under_load(8).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; the long run"]
async fn fifty_backups_under_load_are_each_what_was_written_until_then() {
    backups_under_load(50).await;
}

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[tokio::test]
async fn a_set_that_is_not_as_it_was_written_is_refused_100_times_of_100() {
    let story = Story::with_backup(300).await;
    let set = story.path("set");
    let mut names: Vec<PathBuf> = std::fs::read_dir(&set).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert_eq!(names.len(), 4, "database, log, key and manifest: {names:?}");
    let mut dice = Dice(1);
    let mut refused = 0;
    for number in 0..100 {
        let file = &names[number % names.len()];
        let whole = std::fs::read(file).unwrap();
        let at = dice.below(whole.len() as u64) as usize;
        let bit = dice.below(8);
        let mut extra = None;
        std::fs::remove_file(file).unwrap();
        match number / names.len() {
            0 => {}
            1 => std::fs::write(file, &whole[..at]).unwrap(),
            2 => std::fs::write(file, [whole.as_slice(), &[0]].concat()).unwrap(),
            3 => {
                std::fs::write(file, &whole).unwrap();
                extra = Some(set.join(format!("roost.db-{number}")));
                std::fs::write(extra.as_ref().unwrap(), "more").unwrap();
            }
            4 => {
                std::fs::create_dir(file).unwrap();
                extra = Some(file.clone());
            }
            _ => {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                std::fs::write(file, changed).unwrap();
            }
        }
        match story.restore("set", "to", None).await {
            Err(Error::Invalid(told)) => refused += usize::from(!told.contains('\n')),
            other => panic!("{number}: {} at {at}: {other:?}", file.display()),
        }
        assert!(!story.path("to").exists() && !story.path("to.restoring").exists(), "nothing is left");
        if let Some(extra) = extra {
            std::fs::remove_file(&extra).or_else(|_| std::fs::remove_dir(&extra)).unwrap();
        }
        let _ = std::fs::remove_file(file);
        std::fs::write(file, whole).unwrap();
        restrict(file);
    }
    assert_eq!(refused, 100);
    assert!(story.restore("set", "to", None).await.unwrap().verdict.agrees(), "as it was written it is taken");
}

fn restrict(file: &Path) {
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o400)).unwrap();
}

#[tokio::test]
async fn the_key_must_be_the_right_one_and_data_are_never_overwritten() {
    let story = Story::with_backup(100).await;
    story.open("other").await.close().await.unwrap();
    story.back_up("sealed", false).await.unwrap();
    let told = |result: Result<Restored, Error>| result.unwrap_err().to_string();

    assert!(told(story.restore("sealed", "to", None).await).contains("--key FILE"));
    let wrong = story.path("other/key");
    assert!(told(story.restore("sealed", "to", Some(&wrong)).await).contains("is not the one of this backup"));
    let none = story.path("page.jsonl");
    restrict(&none);
    assert!(told(story.restore("sealed", "to", Some(&none)).await).contains("not base64"));
    assert!(!story.path("to").exists());
    assert!(told(story.restore("set", "other", None).await).contains("is not empty"));

    let key = story.path("data/key");
    assert_eq!(story.restore("sealed", "to", Some(&key)).await.unwrap().verdict.stored, 100);
    std::fs::create_dir(story.path("empty")).unwrap();
    assert_eq!(story.restore("set", "empty", None).await.unwrap().verdict.stored, 100);
    let told = story.back_up("set", true).await.unwrap_err().to_string();
    assert!(told.contains("holds a backup"), "{told}");
    let told = story.back_up("data/set", true).await.unwrap_err().to_string();
    assert!(told.contains("in the data folder") && !story.path("data/set").exists(), "{told}");
}

#[tokio::test]
async fn a_damaged_database_is_not_backed_up_as_if_it_were_whole() {
    let story = Story::with_backup(300).await;
    let file = story.path("data/roost.db");
    let mut bytes = std::fs::read(&file).unwrap();
    // The head of a page in the middle of the file.
    let at = bytes.len() / 2 / 4096 * 4096;
    bytes[at..at + 64].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();
    let told = story.back_up("second", true).await.unwrap_err().to_string();
    assert!(told.contains("damaged") || told.contains("malformed"), "{told}");
    assert!(!story.path("second").exists());
}

#[tokio::test]
async fn what_a_restore_must_not_carry_on_ends_with_it() {
    let story = Story::with_backup(100).await;
    let service = story.open("data").await;
    index::catch_up(&service).await.unwrap();
    service.close().await.unwrap();
    let store = store::Store::open(&store::Settings::sqlite(story.path("data"))).await.unwrap();
    let user = store::users::create(&store, "ann", "hash", model::account::Role::Admin, NOW).await.unwrap();
    store::sessions::create(&store, [7; 32], user, NOW).await.unwrap();
    assert!(store::sessions::user(&store, [7; 32], NOW).await.unwrap().is_some());
    store.close().await.unwrap();
    story.back_up("with-session", true).await.unwrap();
    story.restore("with-session", "to", None).await.unwrap();
    let store = store::Store::open(&store::Settings::sqlite(story.path("to"))).await.unwrap();
    assert!(store::sessions::user(&store, [7; 32], NOW).await.unwrap().is_none(), "everybody signs in again");
    let entries = store::audit::latest(&store, 1).await.unwrap();
    assert_eq!((entries[0].action.as_str(), entries[0].user), ("data.restored", None));
    assert!(store::audit::verify(&store).await.unwrap().problems.is_empty());
}

#[tokio::test]
async fn a_log_that_is_trimmed_past_the_copied_database_is_noticed() {
    let story = Story::new();
    std::fs::create_dir(story.path("data")).unwrap();
    let log = open_log(&story.path("data")).await;
    let topic = Topic { name: "pages".into(), partitions: 1, retention: Duration::ZERO };
    log.create_topic(&topic).await.unwrap();
    let marks = async || {
        let mut log = Inspection::open(&story.path("data/log.db")).await.unwrap();
        log.marks().await.unwrap()
    };
    for number in 0..4 {
        append(&log, number).await;
    }
    let mut store = log.subscribe("pages", "store", "one").await.unwrap();
    let next = |offset| eventlog::Position { partition: 0, offset };
    store.poll(10, Duration::from_secs(1)).await.unwrap();
    store.commit(&[next(2)]).await.unwrap();
    let before = marks().await;
    assert_eq!(log.trim("pages").await.unwrap(), 2);
    assert!(before.are_kept_in(&marks().await), "what was trimmed had been done before");
    store.commit(&[next(3)]).await.unwrap();
    assert_eq!(log.trim("pages").await.unwrap(), 1);
    assert!(!before.are_kept_in(&marks().await), "what was trimmed may be missing in the database's copy");
}

#[tokio::test]
async fn beside_a_database_in_postgresql_the_rest_is_backed_up() {
    let Some(test) = testing::postgres().await else { return };
    let story = Story::new();
    let settings = test.settings.clone();
    let make = |set: &str, with_key| {
        let (settings, folder) = (settings.clone(), story.path(set));
        async move { backup::make(Ask { settings: &settings, folder: &folder, with_key }, NOW, &silent()).await }
    };
    assert!(make("nothing", false).await.unwrap_err().to_string().contains("--with-key"));
    let manifest = make("set", true).await.unwrap();
    assert!(manifest.database.is_none() && manifest.files.keys().eq(["key"]));
    assert!(story.restore("set", "sqlite", None).await.unwrap_err().to_string().contains("pg_restore"));
    // The database itself is where it was: as after pg_restore.
    let data = story.path("to");
    let database_url = settings.database_url.clone();
    let settings = Settings { store: store::Settings { data, database_url }, ..Settings::folder("") };
    let ask = Restore { set: &story.path("set"), key: None, settings: &settings };
    assert!(backup::restore(ask, Arc::new(StoryClock), &silent()).await.unwrap().verdict.agrees());
}
