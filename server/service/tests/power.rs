//! The power is lost at any moment of appending, writing, committing and removing: no acknowledged page is lost, none is
//! there twice, and all that is derived agrees with the store, by no more than a start.
//!
//! One run is recorded, down to its system calls; from the record the disk is made as it may be at any moment of it.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use eventlog::{EventLog, Options, SqliteLog};
use model::observed::Removal;
use model::{Timestamp, TweetId};
use service::pipeline::{self, Page};
use service::{Clock, Service, Settings, audit, collections, explore, index, quarantine};
use std::collections::BTreeSet;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;
use tempfile::TempDir;
use testing::power::{Chance, Change, Disk, Journal};
use tokio_util::sync::CancellationToken;
use tweetgen::{Corpus, Profile, Transport, World, each_page};

const START: i64 = 1_790_000_000_000_000;
const TWEETS: u64 = 2_000;
/// After so many pages some tweets of the last are removed, and after so many the lake is brought up to date.
const REMOVE_EVERY: usize = 4;
const LAKE_EVERY: usize = 3;
/// After so many a day goes by, and what the log has kept for that long is removed from it.
const DAY_EVERY: usize = 8;
/// Where the life works: it is a process of its own, of this very program.
const FOLDER: &str = "ROOST_POWER_FOLDER";
/// In it, what is acknowledged: what is noted there has been seen by somebody.
const NOTES: &str = "acknowledged";
const NOBODY: i64 = 1;

#[derive(Clone)]
struct StoryClock(Arc<AtomicI64>);

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        // It goes on, but a microsecond at a time.
        Timestamp(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

impl StoryClock {
    fn at(time: i64) -> Self {
        Self(Arc::new(AtomicI64::new(time)))
    }
}

fn pages() -> Vec<Vec<u8>> {
    let corpus = Corpus::new(World::week(Profile::Lean, 3, TWEETS, START));
    let mut pages = Vec::new();
    each_page(&corpus, Transport::Clean, |page| {
        pages.push(page.to_vec());
        Ok(())
    })
    .unwrap();
    pages
}

/// The ids of a page's rows.
fn ids(page: &[u8]) -> Vec<u64> {
    let page: serde_json::Value = serde_json::from_slice(page).unwrap();
    page["data"].as_array().unwrap().iter().map(|tweet| tweet["id"].as_str().unwrap().parse().unwrap()).collect()
}

/// Some tweets of the page, as of just after they were observed; none of most pages.
fn removals(pages: &[Vec<u8>], number: usize) -> Vec<Removal> {
    if !number.is_multiple_of(REMOVE_EVERY) {
        return Vec::new();
    }
    let version = Timestamp(START + number as i64);
    let some = ids(&pages[number]).into_iter().step_by(10);
    some.map(|id| Removal { id: TweetId(id), version, reason: "deleted".into() }).collect()
}

async fn open(folder: &Path, clock: StoryClock) -> Result<Service, service::Error> {
    let settings = Settings::folder(folder.join("data"));
    #[cfg(feature = "lake")]
    let place = Some(service::lake::Location::Folder(settings.lake_folder()));
    #[cfg(feature = "lake")]
    let settings = Settings { lake: place, raw_lake: true, ..settings };
    Service::open(&settings, Arc::new(clock)).await
}

/// Takes in all pages and ends well. It is recorded.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process of the stories below"]
async fn one_life() {
    #[expect(clippy::disallowed_methods, reason = "this is how a process of a story is told what to do")]
    let Ok(folder) = std::env::var(FOLDER).map(PathBuf::from) else { return };
    let clock = StoryClock::at(START);
    let service = open(&folder, clock.clone()).await.unwrap();
    let collection = collections::find_or_create(&service, "Moon").await.unwrap().id;
    let stop = CancellationToken::new();
    let following = [
        tokio::spawn(pipeline::follow(service.clone(), stop.clone())),
        tokio::spawn(index::follow(service.clone(), stop.clone())),
    ];
    let pages = pages();
    let mut notes = std::fs::OpenOptions::new().append(true).open(folder.join(NOTES)).unwrap();
    let page = |number: usize, body| {
        let observed_at = Timestamp(START + number as i64);
        Page { collection, schedule: 1, run: 0, observed_at, body }
    };
    pipeline::append(&service, page(0, b"<html>an error page</html>".to_vec())).await.unwrap();
    for number in 0..pages.len() {
        pipeline::append(&service, page(number, pages[number].clone())).await.unwrap();
        let removals = removals(&pages, number);
        if !removals.is_empty() {
            pipeline::remove(&service, &removals).await.unwrap();
        }
        notes.write_all(format!("{number}\n").as_bytes()).unwrap();
        if number % LAKE_EVERY == LAKE_EVERY - 1 {
            follow_up(&service).await;
        }
        if number % DAY_EVERY == DAY_EVERY - 1 {
            clock.0.fetch_add(26 * model::time::HOUR, Ordering::SeqCst);
            let log = folder.join("data/log.db");
            let clock = clock.clone();
            let log = SqliteLog::open(&log, Options::new(Arc::new(move || clock.now().0))).await.unwrap();
            log.trim("changes").await.unwrap();
            log.close().await;
        }
    }
    stop.cancel();
    for task in following {
        task.await.unwrap();
    }
    pipeline::drain(&service).await.unwrap();
    index::catch_up(&service).await.unwrap();
    follow_up(&service).await;
    #[cfg(feature = "lake")]
    service::lake::compact(&service).await.unwrap();
    service.close().await.unwrap();
}

/// What the server does now and then, and what leaves a trace in the audit.
async fn follow_up(service: &Service) {
    #[cfg(feature = "lake")]
    service::lake::catch_up(service).await.unwrap();
    for group in quarantine::groups(service).await.unwrap() {
        quarantine::sample(service, &group, NOBODY).await.unwrap().unwrap();
    }
}

/// A recorded life. `None` where nothing can be recorded.
fn recorded() -> Option<Journal> {
    let folder = TempDir::new().unwrap();
    // The notes are of the world, not of the disk: they are there before.
    std::fs::write(folder.path().join(NOTES), "").unwrap();
    let arguments = ["one_life", "--exact", "--ignored", "--nocapture"];
    let program = std::env::current_exe().unwrap();
    let journal = Journal::record(&program, &arguments, &[(FOLDER, folder.path())], folder.path())?;
    let mut disk = Disk::default();
    let notes = Change::Create(NOTES.into());
    disk.take(&notes);
    journal.changes.iter().for_each(|change| disk.take(change));
    assert_eq!(disk.differs_from(folder.path()).unwrap(), None, "all that happened is recorded");
    Some(journal)
}

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % limit as u64).unwrap()
    }
}

/// So many moments of the journal: half of them anywhere, half just after a page was acknowledged.
fn moments(journal: &Journal, count: usize, random: &mut Random) -> Vec<usize> {
    let is_note = |change: &Change| matches!(change, Change::Write { path, .. } if path == Path::new(NOTES));
    let notes: Vec<usize> = (0..journal.changes.len()).filter(|at| is_note(&journal.changes[*at])).collect();
    let mut moments: Vec<usize> = (0..count)
        .map(|number| match number % 2 {
            0 => random.below(journal.changes.len()),
            _ => notes[random.below(notes.len())] + 1,
        })
        .collect();
    moments.sort_unstable();
    moments
}

/// What is not as it was acknowledged, or as it must be, after the power was lost.
#[derive(Debug, Default, PartialEq, Eq)]
struct Lost {
    /// Acknowledged tweets that are not there.
    tweets: usize,
    /// Removed ones that are.
    removals: usize,
    faults: Vec<String>,
}

/// Loses the power so often. `forgets` says which syncs do nothing.
async fn lose_power(journal: &Journal, times: usize, seed: u64, forgets: fn(&Path) -> bool) -> Vec<Lost> {
    let mut random = Random(seed);
    let pages = pages();
    let mut disk = Disk::default();
    let notes = [Change::Create(NOTES.into())];
    let mut changes = notes.iter().chain(&journal.changes);
    let mut taken = 0;
    let mut lost = Vec::new();
    for (number, moment) in moments(journal, times, &mut random).into_iter().enumerate() {
        for change in changes.by_ref().take(moment + 2 - taken) {
            if !matches!(change, Change::Sync(path) if forgets(path)) {
                disk.take(change);
            }
        }
        taken = moment + 2;
        let folder = TempDir::new().unwrap();
        let chance = if number % 3 == 0 { Chance::Lost } else { Chance::Any(random.below(1 << 40) as u64 + 1) };
        disk.lose_power(folder.path(), chance).unwrap();
        let acknowledged = String::from_utf8(disk.read(Path::new(NOTES))).unwrap().lines().count();
        let back = comes_back(folder.path(), &pages, acknowledged).await;
        let back = back.unwrap_or_else(|error| Lost { faults: vec![error.to_string()], ..Lost::default() });
        if back != Lost::default() {
            println!("{number}, after change {moment}: {back:?}");
        }
        lost.push(back);
    }
    lost
}

/// Starts on what the disk has, and looks at what is there.
async fn comes_back(folder: &Path, pages: &[Vec<u8>], acknowledged: usize) -> Result<Lost, service::Error> {
    let service = open(folder, StoryClock::at(START + 100 * model::time::HOUR)).await?;
    pipeline::drain(&service).await?;
    index::catch_up(&service).await?;
    let verdict = index::verify(&service).await?;
    let mut faults: Vec<String> = audit::verify(&service).await?.problems.iter().map(ToString::to_string).collect();
    if !verdict.agrees() {
        faults.push(format!("{verdict:?}"));
    }
    let stored = stored(folder, pages).await;
    // A tweet that is there twice, or that nobody sent, is counted too.
    let counted = explore::count(&service, "").await?;
    service.close().await?;
    let rows = |numbers: Range<usize>| -> BTreeSet<u64> { pages[numbers].iter().flat_map(|page| ids(page)).collect() };
    let removed = |numbers: Range<usize>| -> BTreeSet<u64> {
        numbers.flat_map(|number| removals(pages, number)).map(|removal| removal.id.0).collect()
    };
    // Of the page that was under way all may have happened, or nothing.
    let perhaps = (acknowledged + 1).min(pages.len());
    if counted != stored.len() as u64 || !stored.is_subset(&rows(0..perhaps)) {
        faults.push(format!("there is what nobody sent: {counted} found, {} known", stored.len()));
    }
    let expected = &rows(0..acknowledged) - &removed(0..perhaps);
    let tweets = expected.difference(&stored).count();
    Ok(Lost { tweets, removals: removed(0..acknowledged).intersection(&stored).count(), faults })
}

/// The ids of all rows that the store has.
async fn stored(folder: &Path, pages: &[Vec<u8>]) -> BTreeSet<u64> {
    let store = store::Store::open(&store::Settings::sqlite(folder.join("data"))).await.unwrap();
    let mut stored = BTreeSet::new();
    for page in pages {
        let some: Vec<TweetId> = ids(page).into_iter().map(TweetId).collect();
        let rows = store::tweets::by_ids(&store, &some).await.unwrap();
        stored.extend(rows.iter().filter(|row| !row.collections.is_empty()).map(|row| row.tweet.id.0));
    }
    store.close().await.unwrap();
    stored
}

async fn loses_nothing(times: usize, seed: u64) {
    let Some(journal) = recorded() else { return };
    let begun = Instant::now();
    let lost = lose_power(&journal, times, seed, |_| false).await;
    println!("{times} losses of power in {} changes: {} s", journal.changes.len(), begun.elapsed().as_secs());
    let bad = lost.iter().filter(|lost| **lost != Lost::default()).count();
    assert_eq!(bad, 0, "of {times}; they are told above");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loss_of_power_loses_nothing_that_was_acknowledged() {
    loses_nothing(20, 0x2545_f491_4f6c_dd1d).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes"]
async fn three_hundred_losses_of_power_lose_nothing_that_was_acknowledged() {
    loses_nothing(300, 0x9e37_79b9_7f4a_7c15).await;
}

/// The story can fail: of a log that did not sync, as with `synchronous=NORMAL`, pages are lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_does_not_sync_loses_acknowledged_pages() {
    let Some(journal) = recorded() else { return };
    let lost = lose_power(&journal, 12, 0x2545_f491_4f6c_dd1d, |path| path.ends_with("log.db-wal")).await;
    let times = lost.iter().filter(|lost| lost.tweets > 0).count();
    println!("{times} of {} losses of power lost acknowledged pages", lost.len());
    assert!(times > 0);
}
