//! One bit of one file of the data is another: it is told, mended or without effect, but never is an answer wrong while
//! all that looks for damage says that all is well.
#![cfg(feature = "lake")]
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::account::{CurrentUser, Role};
use model::explore::ExploreQuery;
use model::{Timestamp, TweetId};
use service::doctor::{self, Status};
use service::lake::{Limits, Location};
use service::pipeline::{self, Page};
use service::{Clock, Error, Service, Settings, collections, explore, index, lake};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tweetgen::{Corpus, Profile, Transport, World, each_page};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const TWEETS: u64 = 300;
/// Longer than it takes to open the data and to ask all, on a slow machine.
const PATIENCE: Duration = Duration::from_secs(120);

struct StoryClock;

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        NOW
    }
}

/// The data that bits are flipped in.
struct Whole {
    folder: TempDir,
    /// By what they are for, so that small kinds have their turn.
    files: BTreeMap<&'static str, Vec<PathBuf>>,
    ids: Vec<TweetId>,
    answers: String,
}

fn settings(folder: &Path) -> Settings {
    let settings = Settings::folder(folder);
    Settings { lake: Some(Location::Folder(settings.lake_folder())), ..settings }
}

async fn open(folder: &Path) -> Result<Service, Error> {
    Service::open(&settings(folder), Arc::new(StoryClock)).await
}

impl Whole {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let service = open(folder.path()).await.unwrap();
        let collection = collections::find_or_create(&service, "Moon").await.unwrap().id;
        let mut ids = Vec::new();
        for (number, body) in pages().into_iter().enumerate() {
            let page: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let rows = page["data"].as_array().unwrap();
            ids.extend(rows.iter().map(|tweet| tweet["id"].as_str().unwrap().parse::<TweetId>().unwrap()));
            let observed_at = Timestamp(NOW.0 + number as i64);
            pipeline::append(&service, Page { collection, schedule: 1, run: 0, observed_at, body }).await.unwrap();
            pipeline::drain(&service).await.unwrap();
            index::catch_up(&service).await.unwrap();
            lake::catch_up(&service).await.unwrap();
        }
        service.close().await.unwrap();
        let files = files(folder.path());
        let mut whole = Self { folder, files, ids, answers: String::new() };
        let copy = whole.copy(Path::new("nothing"));
        let service = open(copy.path()).await.unwrap();
        whole.answers = whole.ask(&service, copy.path()).await.unwrap();
        assert_eq!(damage(&service, copy.path()).await, None);
        whole
    }

    /// The data once more. What nobody ever changes is the same file, but for the one that a bit is flipped in.
    fn copy(&self, flipped: &Path) -> TempDir {
        let copy = TempDir::new().unwrap();
        for (kind, files) in &self.files {
            for file in files {
                let target = copy.path().join(file);
                std::fs::create_dir_all(target.parent().unwrap()).unwrap();
                let from = self.folder.path().join(file);
                if file == flipped || !matches!(*kind, "index segment" | "lake file" | "lake log") {
                    std::fs::copy(from, target).unwrap();
                } else {
                    std::fs::hard_link(from, target).unwrap();
                }
            }
        }
        copy
    }

    /// What people ask, and the answers in words.
    async fn ask(&self, service: &Service, folder: &Path) -> Result<String, String> {
        let told = |error: Error| error.to_string();
        let mut answers = String::new();
        for filter in ["", "moon", "lang:en likes>=5"] {
            writeln!(answers, "{}", explore::count(service, filter).await.map_err(told)?).unwrap();
            let user = CurrentUser { id: 1, name: "ann".into(), role: Role::Viewer };
            let query = ExploreQuery { collection: "moon".into(), filter: filter.into(), ..Default::default() };
            writeln!(answers, "{:?}", explore::page(service, &user, &query).await.map_err(told)?).unwrap();
        }
        let question = "select id, text, likes, created from tweets order by id limit 1000";
        writeln!(answers, "{:?}", lake::sql(service, question, Limits::default()).await.map_err(told)?.rows).unwrap();
        let question = "select count(*), sum(likes), sum(reposts), min(created) from tweets";
        writeln!(answers, "{:?}", lake::sql(service, question, Limits::default()).await.map_err(told)?.rows).unwrap();
        let store = store::Store::open(&store::Settings::sqlite(folder)).await.map_err(|error| error.to_string())?;
        for ids in self.ids.chunks(100) {
            let rows = store::tweets::by_ids(&store, ids).await.map_err(|error| error.to_string())?;
            writeln!(answers, "{rows:?}").unwrap();
            let raw = store::tweets::raw(&store, ids[0]).await.map_err(|error| error.to_string())?;
            writeln!(answers, "{raw:?}").unwrap();
        }
        store.close().await.map_err(|error| error.to_string())?;
        Ok(answers)
    }

    /// What comes of it if that bit is another.
    async fn with_flipped(&self, file: &Path, byte: usize, bit: u32) -> Outcome {
        let copy = self.copy(file);
        let path = copy.path().join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[byte] ^= 1 << bit;
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let service = match open(copy.path()).await {
            Ok(service) => service,
            Err(error) => return (REFUSED, error.to_string()),
        };
        let answers = async {
            index::catch_up(&service).await.map_err(|error| error.to_string())?;
            lake::catch_up(&service).await.map_err(|error| error.to_string())?;
            self.ask(&service, copy.path()).await
        };
        let outcome = match answers.await {
            Err(error) => (TOLD, error),
            Ok(answers) => match damage(&service, copy.path()).await {
                Some(damage) => (FOUND, damage),
                None if answers == self.answers => (RIGHT, String::new()),
                None => (SILENT, difference(&self.answers, &answers)),
            },
        };
        service.close().await.ok();
        outcome
    }
}

fn pages() -> Vec<Vec<u8>> {
    let corpus = Corpus::new(World::week(Profile::Full, 3, TWEETS, NOW.0));
    let mut pages = Vec::new();
    each_page(&corpus, Transport::Clean, |page| {
        pages.push(page.to_vec());
        Ok(())
    })
    .unwrap();
    pages
}

/// The files of the data, by what they are for.
fn files(folder: &Path) -> BTreeMap<&'static str, Vec<PathBuf>> {
    let mut found: BTreeMap<&'static str, Vec<PathBuf>> = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let path = path.strip_prefix(folder).unwrap().to_owned();
            let text = path.to_string_lossy().into_owned();
            let kind = match text.as_str() {
                "roost.db" => "database",
                "log.db" => "log",
                "key" => "key",
                "audit.head" => "head of the audit",
                text if text.starts_with("index/tantivy") && !text.ends_with(".json") && !text.ends_with(".lock") => {
                    "index segment"
                }
                text if text.starts_with("index") => "index",
                text if text.ends_with(".parquet") => "lake file",
                text if text.contains("_delta_log") => "lake log",
                _ => "other",
            };
            if std::fs::metadata(folder.join(&path)).unwrap().len() > 0 {
                found.entry(kind).or_default().push(path);
            }
        }
    }
    found.values_mut().for_each(|files| files.sort());
    found
}

/// What came of a flipped bit, and why.
type Outcome = (&'static str, String);

/// It does not open, and says why.
const REFUSED: &str = "refused";
/// A question is answered by an error.
const TOLD: &str = "told";
/// Verify or the doctor finds it.
const FOUND: &str = "found";
/// All answers are what they were.
const RIGHT: &str = "right";
/// A wrong answer, and nobody says so.
const SILENT: &str = "SILENT";

/// What looks for damage finds; none if it says that all is well.
async fn damage(service: &Service, folder: &Path) -> Option<String> {
    match index::verify(service).await {
        Err(error) => return Some(format!("verify: {error}")),
        Ok(verdict) if !verdict.agrees() => return Some(format!("verify: {verdict:?}")),
        Ok(_) => {}
    }
    let report = doctor::examine(&settings(folder), &StoryClock).await;
    let failed = report.checks.into_iter().find(|check| check.status == Status::Failed);
    failed.map(|check| format!("doctor: {}: {}", check.name, check.what))
}

/// What is around the first place where the two are not the same.
fn difference(expected: &str, answered: &str) -> String {
    let (expected, answered): (Vec<char>, Vec<char>) = (expected.chars().collect(), answered.chars().collect());
    let at = expected.iter().zip(&answered).take_while(|(one, other)| one == other).count();
    let around = |text: &[char]| -> String { text[at.saturating_sub(80)..(at + 40).min(text.len())].iter().collect() };
    format!("expected {:?}, answered {:?}", around(&expected), around(&answered))
}

/// Panics since the program began: of a flipped bit none may come that is not caught and told.
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn print(times: u64, table: &BTreeMap<(&str, &str), u64>) {
    println!("{times} flipped bits:");
    table.iter().for_each(|((kind, name), count)| println!("  {kind:18} {name:8} {count:6}"));
}

async fn flip(times: u64, seed: u64) {
    let whole = Whole::new().await;
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        usual(panic);
    }));
    let mut seed = seed;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from((seed >> 16) % below as u64).unwrap()
    };
    let kinds: Vec<(&str, &Vec<PathBuf>)> = whole.files.iter().map(|(kind, files)| (*kind, files)).collect();
    let mut table: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let mut bad = 0;
    for number in 0..times {
        if number > 0 && number.is_multiple_of(500) {
            print(number, &table);
        }
        // Every other one in the database, where most is at stake.
        let of_database = kinds.iter().position(|(kind, _)| *kind == "database").unwrap();
        let (kind, files) = kinds[if number % 2 == 0 { of_database } else { random(kinds.len()) }];
        let file = &files[random(files.len())];
        let length = std::fs::metadata(whole.folder.path().join(file)).unwrap().len();
        let (byte, bit) = (random(usize::try_from(length).unwrap()), random(8) as u32);
        let before = PANICS.load(Ordering::SeqCst);
        let outcome = tokio::time::timeout(PATIENCE, whole.with_flipped(file, byte, bit)).await;
        let (name, why) = outcome.unwrap_or_else(|_| (SILENT, "it hangs".to_owned()));
        let panicked = PANICS.load(Ordering::SeqCst) > before;
        *table.entry((kind, name)).or_default() += 1;
        // What panics in a crate of others is caught, and the question answered by an error.
        if name == SILENT || panicked && name != TOLD {
            bad += 1;
            println!("{number}: {}, byte {byte}, bit {bit}: {name}, panicked {panicked}: {why}", file.display());
        }
    }
    print(times, &table);
    assert_eq!(bad, 0, "of {times}; they are told above");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_bit_is_never_a_silent_wrong_answer() {
    flip(60, 0x2545_f491_4f6c_dd1d).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "an hour or more"]
async fn ten_thousand_flipped_bits_are_never_a_silent_wrong_answer() {
    flip(10_000, 0x9e37_79b9_7f4a_7c15).await;
}
