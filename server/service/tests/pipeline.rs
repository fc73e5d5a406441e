//! The log and the store: what is poison, what is damaged, what is replaced, who takes over.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::annotation::{Act, Annotation};
use model::observed::{Batch, Removal};
use model::{CollectionId, Timestamp, TweetId};
use service::pipeline::{self, Page};
use service::quarantine::{self, Replayed};
use service::{Clock, Service, Settings, collections, explore, index};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::rejects::{NewReject, RejectKind};
use store::tweets::{Delivery, Origin, Sealer};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const START: i64 = 1_790_000_000_000_000;
/// A tweet that can be read.
const GOOD: &str = r#"{"id":"9","text":"moon","created_at":"2026-01-31T10:00:00.000Z"}"#;
/// After so long what a dead process held is free.
const LEASE: i64 = 15_000_000;
/// Who looks, tries again and drops.
const ADMIN: i64 = 1;

#[derive(Clone)]
struct StoryClock(Arc<AtomicI64>);

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

struct Story {
    service: Service,
    collection: CollectionId,
    clock: StoryClock,
    folder: TempDir,
}

impl Story {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = StoryClock(Arc::new(AtomicI64::new(START)));
        let service = open(&folder, &clock).await;
        let collection = collections::find_or_create(&service, "Moon").await.unwrap().id;
        Self { service, collection, clock, folder }
    }

    async fn append(&self, body: &str) {
        let body = body.as_bytes().to_vec();
        let observed_at = self.service.now();
        let page = Page { collection: self.collection, schedule: 7, run: 3, observed_at, body };
        pipeline::append(&self.service, page).await.unwrap();
    }

    async fn drain(&self) {
        pipeline::drain(&self.service).await.unwrap();
        index::catch_up(&self.service).await.unwrap();
        let verdict = index::verify(&self.service).await.unwrap();
        assert!(verdict.agrees(), "{verdict:?}");
    }

    async fn count(&self, filter: &str) -> u64 {
        explore::count(&self.service, filter).await.unwrap()
    }

    /// Does something to the log's file, past the log.
    async fn tamper(&self, statement: &str) {
        let log = format!("sqlite://{}", self.folder.path().join("log.db").display());
        let settings = store::Settings { data: self.folder.path().to_owned(), database_url: Some(log) };
        testing::execute(&settings, statement).await.unwrap();
    }

    /// What an earlier Roost could not read and kept.
    async fn kept(&self, contents: &[(RejectKind, &str)]) {
        let store = store::Store::open(&store::Settings::sqlite(self.folder.path())).await.unwrap();
        let reject = |(kind, content): &(RejectKind, &str)| NewReject {
            kind: *kind,
            reason: "it is new".into(),
            shape: "object of id, text".into(),
            content: (*content).into(),
            observed_at: Timestamp(START),
        };
        let origin = Origin { collection: self.collection, schedule: Some(7) };
        let rejected = contents.iter().map(reject).collect();
        let delivery = Delivery { rejected, ..Delivery::of(origin, Batch::default()) };
        let ready = Sealer::new(&store, Timestamp(START)).await.unwrap().prepare(vec![delivery]).unwrap();
        store::tweets::write(&store, ready, None, Timestamp(START)).await.unwrap();
        store.close().await.unwrap();
    }
}

async fn open(folder: &TempDir, clock: &StoryClock) -> Service {
    Service::open(&Settings::folder(folder.path()), Arc::new(clock.clone())).await.unwrap()
}

fn page(ids: std::ops::Range<u64>) -> String {
    let tweets: Vec<_> = ids
        .map(|id| {
            serde_json::json!({ "id": id.to_string(), "text": format!("moon {id}"), "author_id": "5",
                "created_at": "2026-01-31T10:00:00.000Z" })
        })
        .collect();
    serde_json::json!({ "data": tweets, "meta": { "result_count": tweets.len() } }).to_string()
}

#[tokio::test]
async fn poison_is_put_aside_and_blocks_nothing() {
    let story = Story::new().await;
    story.append(&page(1..4)).await;
    story.append("<html>an error page</html>").await;
    story.append(r#"{"data":[{"id":"9","author_id":"5"},{"id":"10","text":"moon 10","created_at":"2026-01-31T10:00:00.000Z"}]}"#).await;
    story.append(&page(4..6)).await;
    story.drain().await;
    assert_eq!(story.count("moon").await, 6);
    let groups = quarantine::groups(&story.service).await.unwrap();
    let shapes: Vec<_> = groups.iter().map(|group| (group.shape.as_str(), group.count)).collect();
    assert_eq!(shapes.len(), 2, "{groups:?}");
    assert!(shapes.contains(&("no JSON", 1)) && shapes.contains(&("object of author_id, id", 1)), "{shapes:?}");
    for group in &groups {
        let again = quarantine::replay(&story.service, group, ADMIN).await.unwrap();
        assert_eq!(again, Replayed { stored: 0, left: 1 }, "this version of Roost still cannot read it");
    }
    let status = pipeline::status(&story.service).await.unwrap();
    assert_eq!((status.kept, status.waiting, status.waiting_since), (4, 0, None));
}

#[tokio::test]
async fn what_is_understood_after_an_upgrade_is_stored_as_of_when_it_was_seen() {
    let story = Story::new().await;
    let page = page(20..22);
    story.kept(&[(RejectKind::Tweet, GOOD), (RejectKind::Tweet, r#"{"id":"10"}"#), (RejectKind::Page, &page)]).await;
    story.clock.0.fetch_add(1_000_000, Ordering::SeqCst);
    let groups = quarantine::groups(&story.service).await.unwrap();
    assert_eq!((groups.len(), groups[0].count), (1, 3));
    let sample = quarantine::sample(&story.service, &groups[0], ADMIN).await.unwrap().unwrap();
    assert_eq!(sample.content.as_slice(), GOOD.as_bytes());
    assert_eq!(quarantine::replay(&story.service, &groups[0], ADMIN).await.unwrap(), Replayed { stored: 2, left: 1 });
    index::catch_up(&story.service).await.unwrap();
    assert_eq!(story.count("moon").await, 3);
    let left = quarantine::groups(&story.service).await.unwrap();
    assert_eq!((left.len(), left[0].count), (1, 1));
    assert_eq!(quarantine::drop(&story.service, &left[0], ADMIN).await.unwrap(), 1);
    assert!(quarantine::groups(&story.service).await.unwrap().is_empty());
    let audit = service::audit::latest(&story.service, 9).await.unwrap();
    let actions: Vec<_> = audit.iter().rev().map(|entry| (entry.action.as_str(), entry.user)).collect();
    let expected = ["quarantine.seen", "quarantine.replayed", "quarantine.dropped"];
    assert_eq!(actions, expected.map(|action| (action, Some(ADMIN))));
}

#[tokio::test]
async fn what_is_dropped_is_what_was_seen_and_nothing_that_came_since() {
    let story = Story::new().await;
    story.kept(&[(RejectKind::Tweet, r#"{"id":"1"}"#), (RejectKind::Tweet, r#"{"id":"2"}"#)]).await;
    let seen = quarantine::groups(&story.service).await.unwrap().remove(0);
    story.kept(&[(RejectKind::Tweet, r#"{"id":"3"}"#)]).await;
    let found = quarantine::find(&story.service, seen.last_id).await.unwrap();
    assert_eq!((found.count, &found), (2, &seen), "the group is as it was seen");
    assert_eq!(quarantine::drop(&story.service, &found, ADMIN).await.unwrap(), 2);
    let left = quarantine::groups(&story.service).await.unwrap();
    assert_eq!((left.len(), left[0].count), (1, 1));
    assert!(quarantine::find(&story.service, seen.last_id).await.is_err(), "it is gone");
}

#[tokio::test]
async fn a_record_that_was_changed_is_left_out_and_what_follows_is_done() {
    let story = Story::new().await;
    story.append(&page(1..3)).await;
    story.append(&page(3..5)).await;
    story.append(&page(5..8)).await;
    story
        .tamper("UPDATE records SET payload = zeroblob(length(payload)) WHERE id = (SELECT min(id) + 1 FROM records)")
        .await;
    story.drain().await;
    assert_eq!(story.count("moon").await, 5);
}

#[tokio::test]
async fn a_log_that_was_replaced_is_read_from_its_beginning() {
    let story = Story::new().await;
    story.append(&page(1..3)).await;
    story.drain().await;
    let Story { service, clock, folder, .. } = story;
    service.close().await.unwrap();
    for name in ["log.db", "log.db-wal", "log.db-shm"] {
        std::fs::remove_file(folder.path().join(name)).ok();
    }
    let service = open(&folder, &clock).await;
    let collection = collections::find_or_create(&service, "Moon").await.unwrap().id;
    let story = Story { service, collection, clock, folder };
    story.append(&page(2..6)).await;
    story.drain().await;
    assert_eq!(story.count("moon").await, 5);
}

#[tokio::test]
async fn a_second_process_takes_over_where_the_first_ended() {
    let story = Story::new().await;
    story.append(&page(1..3)).await;
    story.drain().await;
    story.append(&page(3..6)).await;
    // The first ends without a word.
    story.clock.0.fetch_add(LEASE, Ordering::SeqCst);
    let second = open(&story.folder, &story.clock).await;
    pipeline::drain(&second).await.unwrap();
    assert_eq!(pipeline::status(&story.service).await.unwrap().waiting, 0);
    second.close().await.unwrap();
    index::catch_up(&story.service).await.unwrap();
    assert_eq!(story.count("moon").await, 5);
}

#[tokio::test]
async fn processes_that_take_turns_neither_fail_nor_lose_nor_double() {
    let story = Story::new().await;
    let second = open(&story.folder, &story.clock).await;
    let stop = CancellationToken::new();
    let following = tokio::spawn(pipeline::follow(story.service.clone(), stop.clone()));
    for round in 0..30 {
        let first = 1 + round * 10;
        for id in first..first + 10 {
            story.append(&page(id..id + 1)).await;
        }
        pipeline::drain(&second).await.unwrap();
    }
    stop.cancel();
    following.await.unwrap();
    assert_eq!(pipeline::status(&story.service).await.unwrap().waiting, 0);
    second.close().await.unwrap();
    story.drain().await;
    assert_eq!(story.count("moon").await, 300);
}

#[tokio::test]
async fn what_is_removed_is_gone_everywhere_and_only_a_later_look_brings_it_back() {
    let story = Story::new().await;
    story.append(&page(1..6)).await;
    story.drain().await;
    let seen = story.service.now();
    story.clock.0.fetch_add(1_000_000, Ordering::SeqCst);
    let removal = |id| Removal { id: TweetId(id), version: story.service.now(), reason: "deleted".into() };
    pipeline::remove(&story.service, &[removal(2), removal(4), removal(99)]).await.unwrap();
    story.drain().await;
    assert_eq!(story.count("moon").await, 3);
    // The page comes again as it was, delivered late.
    let again =
        Page { collection: story.collection, schedule: 7, run: 3, observed_at: seen, body: page(1..6).into_bytes() };
    pipeline::append(&story.service, again).await.unwrap();
    story.drain().await;
    assert_eq!(story.count("moon").await, 3, "a removed tweet does not come back");
    story.clock.0.fetch_add(1_000_000, Ordering::SeqCst);
    story.append(&page(2..3)).await;
    story.drain().await;
    assert_eq!(story.count("moon").await, 4, "X shows it again");
    index::rebuild(&story.service, |_| ()).await.unwrap();
    assert_eq!(story.count("moon").await, 4);
}

#[tokio::test]
async fn what_people_put_on_tweets_is_kept_sealed_and_goes_with_the_tweet() {
    let story = Story::new().await;
    story.append(&page(1..3)).await;
    let seen = story.service.now();
    let annotation = |id, seconds: i64, act| Annotation {
        tweet: TweetId(id),
        seen,
        at: Timestamp(START + seconds * 1_000_000),
        by: ADMIN,
        act,
    };
    let note = || Act::Note("a note about people".into());
    let done = [annotation(1, 1, Act::Tag("check".into())), annotation(1, 2, note()), annotation(2, 3, note())];
    pipeline::annotate(&story.service, &done).await.unwrap();
    // The process ends before anything of it is in the store; another goes on from the log.
    let Story { service, clock, folder, collection } = story;
    service.close().await.unwrap();
    for part in ["log.db", "log.db-wal"] {
        let bytes = std::fs::read(folder.path().join(part)).unwrap_or_default();
        assert!(!bytes.windows(6).any(|some| some == b"people"), "{part} tells the note");
    }
    let story = Story { service: open(&folder, &clock).await, clock, folder, collection };
    story.drain().await;
    let store = store::Store::open(&store::Settings::sqlite(story.folder.path())).await.unwrap();
    let on = async |id| store::tweets::annotations(&store, TweetId(id), ADMIN).await.unwrap();
    let both = on(1).await;
    assert_eq!((both.tags[0].tag.as_str(), both.notes[0].text.as_str()), ("check", "a note about people"));
    assert!(both.notes[0].is_mine);
    let last = store::tweets::last_change(&store).await.unwrap();
    pipeline::annotate(&story.service, &done).await.unwrap();
    story.drain().await;
    assert_eq!(store::tweets::last_change(&store).await.unwrap(), last, "what is said again changes nothing");

    let removal = Removal { id: TweetId(1), version: seen, reason: "deleted".into() };
    pipeline::remove(&story.service, &[removal]).await.unwrap();
    pipeline::annotate(&story.service, &[annotation(1, 9, note())]).await.unwrap();
    story.drain().await;
    story.clock.0.fetch_add(1_000_000, Ordering::SeqCst);
    story.append(&page(1..2)).await;
    story.drain().await;
    assert_eq!(story.count("moon").await, 2, "X shows it again");
    assert_eq!(on(1).await, Default::default(), "what was said of the removed one does not come back");
    assert_eq!(on(2).await.notes.len(), 1);
    store.close().await.unwrap();
}
