//! What each that follows the store keeps to: one suite for the index and the tables of the lake.
#![cfg(feature = "lake")]
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use lake::Lake;
use model::change::Change;
use model::digest::DayDigest;
use model::observed::ObservedTweet;
use model::time::DAY;
use model::tweet::AuthorStats;
use model::{Row, Timestamp, Tweet, TweetId};
use search::Index;
use service::Error;
use service::follow::{Follower, Lead};
use service::lake::{Location, RawTweet, Shore, Table};
use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use store::collections;
use store::tweets::Origin;
use tempfile::TempDir;
use testing::TestStore;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// How the suite meets a follower.
trait Met: Follower + Sized {
    fn open(folder: &Path) -> impl Future<Output = Self>;

    /// Takes in changes that the store has just made.
    async fn take_in(&self, changes: Vec<Change>) -> Result<(), Error> {
        self.apply(changes).await
    }
}

impl Met for Index {
    async fn open(folder: &Path) -> Self {
        Index::open(folder, search::Settings::default()).unwrap()
    }
}

impl Met for Shore<Row> {
    async fn open(folder: &Path) -> Self {
        shore(folder, folder).await
    }
}

impl Met for Shore<RawTweet> {
    async fn open(folder: &Path) -> Self {
        shore(folder, &folder.join("raw.work")).await
    }

    /// It reads from the store what these tweets are by now.
    async fn take_in(&self, changes: Vec<Change>) -> Result<(), Error> {
        let test = store_with(&changes).await;
        let changes = RawTweet::changes(&test.store, changes).await?;
        Ok(Lake::apply(self, changes).await?)
    }
}

/// Of a store that is gone: what changes is given by the suite.
async fn shore<R: Table>(place: &Path, folder: &Path) -> Shore<R> {
    Shore::open(&Location::Folder(place.to_owned()), folder, testing::sqlite().await.store).unwrap()
}

/// A store in which nothing but these changes happened.
async fn store_with(changes: &[Change]) -> TestStore {
    let test = testing::sqlite().await;
    let mut left: BTreeMap<TweetId, &Row> = BTreeMap::new();
    for change in changes {
        match change {
            Change::Put(row) => left.insert(row.tweet.id, row),
            Change::Remove(id) => left.remove(id),
        };
    }
    let collection = collections::find_or_create(&test.store, "moon", "Moon", NOW).await.unwrap();
    let observed = |row: &&Row| ObservedTweet { tweet: row.tweet.clone(), ..testing::tweet(row.tweet.id.0, 0) };
    let batch = testing::batch(left.values().map(observed));
    testing::write(&test.store, Origin { collection: collection.id, schedule: None }, batch, NOW).await.unwrap();
    test
}

/// A tweet of one of five days, in that version.
fn row(id: u64, version: i64) -> Row {
    let created = Timestamp(NOW.0 - (id % 5) as i64 * DAY);
    let tweet = Tweet::new(TweetId(id), Timestamp::from_seconds(version), created, format!("tweet {id} {version}"));
    let (author_stats, queries) = (AuthorStats::default(), vec![]);
    Row {
        tweet,
        author_stats,
        collections: vec!["moon".to_owned()],
        queries,
        first_seen: NOW,
        pace: Default::default(),
        tags: Vec::new(),
        noted: false,
    }
}

fn puts(ids: std::ops::Range<u64>, version: i64) -> Vec<Change> {
    ids.map(|id| Change::Put(row(id, version))).collect()
}

fn digests(rows: impl IntoIterator<Item = (u64, i64)>) -> BTreeMap<i64, DayDigest> {
    let mut days: BTreeMap<i64, DayDigest> = BTreeMap::new();
    for (id, version) in rows {
        let tweet = row(id, version).tweet;
        days.entry(tweet.created_at.day_number()).or_default().add(tweet.id, tweet.version, NOW);
    }
    days
}

async fn leading<F: Met>(folder: &TempDir) -> F {
    let follower = F::open(folder.path()).await;
    assert_eq!(follower.lead(NOW).await.unwrap(), Lead::Begun);
    follower
}

async fn take<F: Met>(follower: &F, changes: Vec<Change>, position: u64) {
    follower.take_in(changes).await.unwrap();
    follower.commit(position, NOW).await.unwrap();
}

async fn its_position_survives_and_what_was_not_committed_does_not<F: Met>() {
    let folder = TempDir::new().unwrap();
    let follower = leading::<F>(&folder).await;
    assert_eq!((follower.position(), follower.days().await.unwrap().len()), (0, 0));
    assert_eq!(follower.lead(NOW).await.unwrap(), Lead::Kept);
    take(&follower, puts(1..101, 5), 100).await;
    follower.take_in(puts(50..201, 6)).await.unwrap();
    // As a crash between the two would.
    drop(follower);
    let follower = leading::<F>(&folder).await;
    assert_eq!(follower.position(), 100);
    assert_eq!(follower.days().await.unwrap(), digests((1..101).map(|id| (id, 5))));
    take(&follower, puts(50..201, 6), 251).await;
    drop(follower);
    let follower = leading::<F>(&folder).await;
    assert_eq!(follower.position(), 251);
    assert_eq!(follower.days().await.unwrap(), digests((1..50).map(|id| (id, 5)).chain((50..201).map(|id| (id, 6)))));
}

async fn what_comes_twice_counts_once<F: Met>() {
    let folder = TempDir::new().unwrap();
    let follower = leading::<F>(&folder).await;
    let twice = [puts(1..51, 5), puts(1..51, 5)].concat();
    take(&follower, twice, 50).await;
    take(&follower, puts(1..51, 5), 50).await;
    assert_eq!(follower.days().await.unwrap(), digests((1..51).map(|id| (id, 5))));
}

async fn the_order_of_changes_counts<F: Met>() {
    let folder = TempDir::new().unwrap();
    let follower = leading::<F>(&folder).await;
    let remove = |id| Change::Remove(TweetId(id));
    let within = vec![Change::Put(row(7, 5)), remove(7), Change::Put(row(8, 5)), remove(8), Change::Put(row(8, 6))];
    take(&follower, [puts(1..6, 5), within].concat(), 1).await;
    assert_eq!(follower.days().await.unwrap(), digests((1..6).map(|id| (id, 5)).chain([(8, 6)])));
    let across = vec![remove(1), remove(2), Change::Put(row(2, 6)), Change::Put(row(3, 6)), remove(99)];
    take(&follower, across, 2).await;
    assert_eq!(follower.days().await.unwrap(), digests([(2, 6), (3, 6), (4, 5), (5, 5), (8, 6)]));
}

async fn it_is_made_anew_as_it_was<F: Met>() {
    let folder = TempDir::new().unwrap();
    let follower = leading::<F>(&folder).await;
    take(&follower, puts(1..301, 5), 300).await;
    let before = follower.days().await.unwrap();
    follower.clear(NOW).await.unwrap();
    assert_eq!(follower.position(), 0);
    // As a crash would, before all is in it again: it holds all or nothing.
    drop(follower);
    let follower = leading::<F>(&folder).await;
    let held = (follower.position(), follower.days().await.unwrap());
    assert!(held == (300, before.clone()) || held == (0, BTreeMap::new()), "{held:?}");
    follower.clear(NOW).await.unwrap();
    take(&follower, puts(1..301, 6), 600).await;
    assert_eq!((follower.position(), follower.days().await.unwrap()), (600, digests((1..301).map(|id| (id, 6)))));
    // What was not yet removed when it was emptied does not count for what comes after.
    follower.take_in((1..301).map(|id| Change::Remove(TweetId(id))).collect()).await.unwrap();
    follower.clear(NOW).await.unwrap();
    take(&follower, puts(1..301, 5), 300).await;
    assert_eq!((follower.position(), follower.days().await.unwrap()), (300, before));
}

async fn one_whose_folder_is_deleted_begins_anew<F: Met>() {
    let folder = TempDir::new().unwrap();
    let follower = leading::<F>(&folder).await;
    take(&follower, puts(1..301, 5), 300).await;
    std::fs::remove_dir_all(folder.path()).unwrap();
    assert!(follower.commit(301, NOW).await.is_err(), "nothing is put into a folder that is not its own any more");
    assert_eq!((follower.lead(NOW).await.unwrap(), follower.position()), (Lead::Begun, 0));
    take(&follower, puts(1..301, 5), 300).await;
    assert_eq!(follower.days().await.unwrap(), digests((1..301).map(|id| (id, 5))));
    // Another process has made it anew: this one does not meddle.
    std::fs::remove_dir_all(folder.path()).unwrap();
    let other = leading::<F>(&folder).await;
    assert_eq!(follower.lead(NOW).await.unwrap(), Lead::Other);
    assert!(follower.take_in(puts(1..2, 5)).await.is_err() || follower.commit(302, NOW).await.is_err());
    take(&other, puts(1..11, 5), 10).await;
    follower.refresh().await.unwrap();
    assert_eq!((follower.position(), follower.days().await.unwrap()), (10, digests((1..11).map(|id| (id, 5)))));
}

async fn one_process_leads_and_the_next_takes_over<F: Met>() {
    let folder = TempDir::new().unwrap();
    let leader = leading::<F>(&folder).await;
    let other = F::open(folder.path()).await;
    assert_eq!(other.lead(NOW).await.unwrap(), Lead::Other);
    assert!(other.take_in(puts(1..2, 5)).await.is_err() && other.commit(1, NOW).await.is_err());
    take(&leader, puts(1..11, 5), 10).await;
    other.refresh().await.unwrap();
    assert_eq!((other.position(), other.days().await.unwrap()), (10, leader.days().await.unwrap()));
    drop(leader);
    assert_eq!(other.lead(NOW).await.unwrap(), Lead::Begun);
    take(&other, puts(11..21, 5), 20).await;
    assert_eq!(other.days().await.unwrap(), digests((1..21).map(|id| (id, 5))));
}

async fn keeps_to_all<F: Met>() {
    its_position_survives_and_what_was_not_committed_does_not::<F>().await;
    what_comes_twice_counts_once::<F>().await;
    the_order_of_changes_counts::<F>().await;
    it_is_made_anew_as_it_was::<F>().await;
    one_process_leads_and_the_next_takes_over::<F>().await;
    one_whose_folder_is_deleted_begins_anew::<F>().await;
}

#[tokio::test]
async fn searches_see_what_was_there_until_the_index_is_made_anew() {
    let folder = TempDir::new().unwrap();
    let index = leading::<Index>(&folder).await;
    take(&index, puts(1..301, 5), 300).await;
    Follower::clear(&index, NOW).await.unwrap();
    take_in(&index, 1..101).await;
    assert_eq!((Follower::position(&index), index.len(), index.is_replaced()), (0, 300, true));
    take(&index, puts(101..151, 5), 150).await;
    assert_eq!((Follower::position(&index), index.len(), index.is_replaced()), (150, 150, false));
    std::fs::remove_dir_all(folder.path()).unwrap();
    assert_eq!(Follower::lead(&index, NOW).await.unwrap(), Lead::Begun);
    take_in(&index, 1..101).await;
    assert_eq!((Follower::position(&index), index.len(), index.is_replaced()), (0, 150, true));
    take(&index, puts(101..301, 5), 300).await;
    assert_eq!(index.len(), 300);
}

async fn take_in(index: &Index, ids: std::ops::Range<u64>) {
    Follower::apply(index, puts(ids, 5)).await.unwrap();
}

#[tokio::test]
async fn the_index_keeps_to_all() {
    keeps_to_all::<Index>().await;
}

#[tokio::test]
async fn the_lake_keeps_to_all() {
    keeps_to_all::<Shore<Row>>().await;
}

#[tokio::test]
async fn the_raw_lake_keeps_to_all() {
    keeps_to_all::<Shore<RawTweet>>().await;
}
