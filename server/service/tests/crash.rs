//! kill -9 at any moment of appending, writing, committing and merging: no acknowledged page is lost, none is there
//! twice, and index and lake have what the store has.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::observed::Removal;
use model::{Timestamp, TweetId};
use service::pipeline::{self, Page};
use service::{Clock, Service, Settings, collections, explore, index};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tweetgen::{Corpus, Profile, Transport, World, each_page};

const START: i64 = 1_790_000_000_000_000;
const TWEETS: u64 = 20_000;
/// After so many pages some tweets of earlier ones are removed.
const REMOVE_EVERY: usize = 7;
/// So long after the life before: what it held is free by then.
const BETWEEN_LIVES: i64 = 15_000_000;
/// Where a life works: it is a process of its own, of this very program.
const FOLDER: &str = "ROOST_CRASH_FOLDER";
const LIFE: &str = "ROOST_CRASH_LIFE";

/// Time goes on from where a life begins.
struct StoryClock {
    start: i64,
    since: Instant,
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.start + i64::try_from(self.since.elapsed().as_micros()).unwrap())
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

async fn open(folder: &Path, life: i64) -> Service {
    let clock = StoryClock { start: START + life * BETWEEN_LIVES, since: Instant::now() };
    let settings = Settings::folder(folder.join("data"));
    #[cfg(feature = "lake")]
    let place = Some(service::lake::Location::Folder(settings.lake_folder()));
    #[cfg(feature = "lake")]
    let settings = Settings { lake: place, raw_lake: true, ..settings };
    Service::open(&settings, Arc::new(clock)).await.unwrap()
}

/// Pages that are acknowledged: their numbers stand in a file, each noted when the log has it.
fn acknowledged(folder: &Path) -> usize {
    let noted = std::fs::read_to_string(folder.join("acknowledged")).unwrap_or_default();
    noted.lines().filter(|line| line.ends_with('.')).count()
}

/// Works until it is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process of the stories below"]
async fn one_life() {
    #[expect(clippy::disallowed_methods, reason = "this is how a process of a story is told what to do")]
    let (Some(folder), Ok(life)) = (std::env::var_os(FOLDER).map(PathBuf::from), std::env::var(LIFE)) else { return };
    let service = open(&folder, life.parse().unwrap()).await;
    let collection = collections::find_or_create(&service, "Moon").await.unwrap().id;
    let stop = CancellationToken::new();
    tokio::spawn(pipeline::follow(service.clone(), stop.clone()));
    tokio::spawn(index::follow(service.clone(), stop.clone()));
    #[cfg(feature = "lake")]
    tokio::spawn(service::lake::follow(service.clone(), stop));
    let pages = pages();
    let mut notes = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("acknowledged")).unwrap();
    println!("alive");
    for number in acknowledged(&folder)..pages.len() {
        let observed_at = Timestamp(START + number as i64);
        let body = pages[number].clone();
        pipeline::append(&service, Page { collection, schedule: 1, run: 0, observed_at, body }).await.unwrap();
        if number.is_multiple_of(REMOVE_EVERY) {
            pipeline::remove(&service, &removals(&pages, number)).await.unwrap();
        }
        notes.write_all(format!("{number}.\n").as_bytes()).unwrap();
    }
    std::future::pending().await
}

/// Some tweets of the page and of the one before it, as of just after they were observed.
fn removals(pages: &[Vec<u8>], number: usize) -> Vec<Removal> {
    let some = pages[number.saturating_sub(1)..=number].iter().flat_map(|page| ids(page).into_iter().step_by(30));
    let version = Timestamp(START + number as i64);
    some.map(|id| Removal { id: TweetId(id), version, reason: "deleted".into() }).collect()
}

/// Lives that are killed after a while between 1 and 120 ms, until all is done or there are no more.
fn live(folder: &Path, seed: &mut u64, lives: i64, pages: usize) -> i64 {
    for life in 1..=lives {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["one_life", "--exact", "--ignored", "--nocapture"])
            .env(FOLDER, folder)
            .env(LIFE, life.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        if !out.any(|line| line.unwrap().ends_with("alive")) {
            let mut told = String::new();
            child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
            panic!("life {life} did not begin: {told}");
        }
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        std::thread::sleep(Duration::from_millis(1 + *seed % 120));
        child.kill().unwrap();
        child.wait().unwrap();
        if acknowledged(folder) == pages {
            return life;
        }
    }
    lives
}

/// World after world, until so many lives were ended.
async fn are_whole_after(lives: i64) {
    let (mut seed, mut left) = (0x2545_f491_4f6c_dd1d, lives);
    while left > 0 {
        left -= is_whole_after(&mut seed, left).await;
    }
}

async fn is_whole_after(seed: &mut u64, lives: i64) -> i64 {
    let folder = TempDir::new().unwrap();
    let pages = pages();
    let life = live(folder.path(), seed, lives, pages.len());
    let service = open(folder.path(), life + 1).await;
    pipeline::drain(&service).await.unwrap();
    index::catch_up(&service).await.unwrap();
    let done = acknowledged(folder.path());
    let all = |pages: &[Vec<u8>]| pages.iter().flat_map(|page| ids(page)).collect::<BTreeSet<u64>>();
    // The page that was under way when the last life ended may be there, as a whole or not at all.
    let mut expected = all(&pages[..done]);
    let under_way: BTreeSet<u64> = pages.get(done).map(|page| ids(page).into_iter().collect()).unwrap_or_default();
    for number in (0..=done.min(pages.len() - 1)).filter(|number| number.is_multiple_of(REMOVE_EVERY)) {
        let is_sure = number < done;
        for removal in removals(&pages, number) {
            if is_sure {
                expected.remove(&removal.id.0);
            }
        }
    }
    let stored = stored(folder.path()).await;
    let lost: Vec<_> = expected.difference(&stored).filter(|id| !may_be_removed(&pages, done, **id)).collect();
    let added: Vec<_> = stored.difference(&expected).filter(|id| !under_way.contains(id)).collect();
    assert!(lost.is_empty() && added.is_empty(), "after {life} lives: lost {lost:?}, added {added:?}");
    let missed = missed_looks(folder.path(), &pages, done).await;
    assert!(missed.is_empty(), "after {life} lives: looks at counters that are not kept: {missed:?}");
    let verdict = index::verify(&service).await.unwrap();
    assert!(verdict.agrees(), "{verdict:?}");
    assert_eq!(explore::count(&service, "").await.unwrap(), stored.len() as u64);
    println!("{life} lives, {done} of {} pages", pages.len());
    service.close().await.unwrap();
    life
}

/// Whether the removal under way at the end takes it.
fn may_be_removed(pages: &[Vec<u8>], done: usize, id: u64) -> bool {
    done < pages.len()
        && done.is_multiple_of(REMOVE_EVERY)
        && removals(pages, done).iter().any(|removal| removal.id.0 == id)
}

/// The ids of all rows that the store has.
async fn stored(folder: &Path) -> BTreeSet<u64> {
    let store = store::Store::open(&store::Settings::sqlite(folder.join("data"))).await.unwrap();
    let mut stored = BTreeSet::new();
    for page in pages() {
        let some: Vec<TweetId> = ids(&page).into_iter().map(TweetId).collect();
        let rows = store::tweets::by_ids(&store, &some).await.unwrap();
        let rows = rows.into_iter().filter(|row| !row.collections.is_empty());
        stored.extend(rows.map(|row| row.tweet.id.0));
    }
    store.close().await.unwrap();
    stored
}

/// Tweets of acknowledged pages, with the pages whose counters their history lacks.
async fn missed_looks(folder: &Path, pages: &[Vec<u8>], done: usize) -> Vec<(u64, usize)> {
    let store = store::Store::open(&store::Settings::sqlite(folder.join("data"))).await.unwrap();
    let mut gone: BTreeMap<u64, usize> = BTreeMap::new();
    for number in (0..=done.min(pages.len() - 1)).filter(|number| number.is_multiple_of(REMOVE_EVERY)) {
        gone.extend(removals(pages, number).into_iter().map(|removal| (removal.id.0, number)));
    }
    let mut looks: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (number, page) in pages[..done].iter().enumerate() {
        for id in ids(page).into_iter().filter(|id| gone.get(id).is_none_or(|gone| *gone < number)) {
            looks.entry(id).or_default().push(number);
        }
    }
    let mut missed = Vec::new();
    for (id, numbers) in looks {
        let history = store::tweets::history(&store, TweetId(id)).await.unwrap();
        let is_kept = |number: usize| history.iter().any(|look| look.at == Timestamp(START + number as i64));
        missed.extend(numbers.into_iter().filter(|number| !is_kept(*number)).map(|number| (id, number)));
    }
    store.close().await.unwrap();
    missed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_in_100_lives() {
    are_whole_after(100).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes"]
async fn nothing_is_lost_in_1_000_lives() {
    are_whole_after(1_000).await;
}
