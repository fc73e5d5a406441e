//! Observations, removals and annotations in any order, some of them twice, end in the same state: nothing is lost, nothing comes
//! back. Many small worlds of a few tweets each live side by side in one store, so that each step of all of them is one
//! transaction.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::annotation::{Act, Annotation, Annotations};
use model::change::Change;
use model::growth::Observation;
use model::observed::{Batch, ObservedTweet, Removal, Role};
use model::tweet::Media;
use model::{Row, Timestamp, TweetId};
use std::collections::BTreeMap;
use store::tweets::{Delivery, Origin, Sealer, annotations, by_ids, changes_after, history};
use testing::{TestStore, tweet};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
/// Worlds side by side, and ids that each has for itself.
const WORLDS: u64 = 500;
const IDS: u64 = 10;
/// Tweets of a world, and what happens to them.
const TWEETS: u64 = 2;
const EVENTS: usize = 10;

/// Something that happens.
#[derive(Clone, Debug)]
enum Event {
    Seen { tweet: Box<ObservedTweet>, by: usize },
    Removed(Removal),
    Annotated(Annotation),
}

/// SplitMix64: the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn chance(&mut self, of: u64) -> bool {
        self.roll(of) == 0
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.roll(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }
}

/// What happens in a world; each event at a time of its own.
fn events(dice: &mut Dice, first_id: u64) -> Vec<Event> {
    let mut events = Vec::new();
    for at in 0..EVENTS {
        let id = first_id + dice.roll(TWEETS);
        // Far enough apart for their differences to tell the pace.
        let version = Timestamp::from_seconds(1_000 + 700 * at as i64);
        events.push(match dice.roll(7) {
            0 => Event::Removed(Removal { id: TweetId(id), version, reason: "deleted".into() }),
            1 | 2 => Event::Annotated(annotated(dice, id, at)),
            _ => Event::Seen { tweet: Box::new(seen(dice, id, version)), by: dice.roll(2) as usize },
        });
    }
    events
}

/// A person tags, untags or notes, about any version up to then: also one that nobody brings. Some at one moment.
fn annotated(dice: &mut Dice, id: u64, at: usize) -> Annotation {
    let seen = Timestamp::from_seconds(1_000 + 700 * dice.roll(at as u64 + 1) as i64);
    let at = Timestamp::from_seconds(1_000 + 700 * (at as i64 / 3));
    let act = match dice.roll(5) {
        0 | 1 => Act::Tag(["check", "done"][dice.roll(2) as usize].to_owned()),
        2 => Act::Untag(["check", "done"][dice.roll(2) as usize].to_owned()),
        3 => Act::Note(format!("note {}", dice.roll(3))),
        _ => Act::Note(String::new()),
    };
    Annotation { tweet: TweetId(id), seen, at, by: 1 + dice.roll(2) as i64, act }
}

/// An observation that tells some of what there is to tell.
fn seen(dice: &mut Dice, id: u64, version: Timestamp) -> ObservedTweet {
    let mut observed = tweet(id, 100);
    // Pseudonyms differ from store to store.
    observed.author_id = None;
    let tweet = &mut observed.tweet;
    tweet.version = version;
    tweet.metrics.likes = (!dice.chance(3)).then(|| dice.roll(3));
    tweet.metrics.views = dice.chance(3).then(|| dice.roll(100));
    tweet.lang = dice.chance(2).then(|| ["en", "ja"][dice.roll(2) as usize].to_owned());
    tweet.sensitive = dice.chance(2).then(|| dice.chance(2));
    if dice.chance(3) {
        tweet.annotations = vec![format!("topic {}", dice.roll(3))];
    }
    if dice.chance(3) {
        tweet.media = vec![photo(dice.roll(3))];
    }
    if dice.chance(4) {
        tweet.edit_history = vec![TweetId(id), TweetId(id + TWEETS)];
    }
    observed.role = if dice.chance(5) { Role::Context } else { Role::Row };
    observed
}

fn photo(number: u64) -> Media {
    let (key, kind) = (format!("3_{number}"), "photo".to_owned());
    Media { key, kind, alt_text: None, url: None, duration_ms: None }
}

/// Lets everything happen, in an order of its own in each world, and every third event twice. Tells the tweets that are
/// there in the end, as they are read, as who follows has them, and as who was handed everything has them.
async fn live(test: &TestStore, worlds: &[Vec<Event>], origins: [Origin; 2], dice: &mut Dice) -> [Vec<Row>; 3] {
    let mut order: Vec<Vec<Event>> = worlds.to_vec();
    for events in &mut order {
        let again: Vec<Event> = events.iter().filter(|_| dice.chance(3)).cloned().collect();
        events.extend(again);
        dice.shuffle(events);
    }
    let sealer = Sealer::new(&test.store, NOW).await.unwrap();
    let mut handed = BTreeMap::new();
    let mut left: Vec<_> = order.into_iter().map(Vec::into_iter).collect();
    loop {
        let (mut deliveries, mut removals, mut annotations) = (Vec::new(), Vec::new(), Vec::new());
        for world in &mut left {
            // Sometimes two of a world come together.
            for event in world.by_ref().take(1 + dice.roll(2) as usize) {
                match event {
                    Event::Removed(removal) => removals.push(removal),
                    Event::Annotated(annotation) => annotations.push(annotation),
                    Event::Seen { tweet, by } => {
                        let batch = Batch { tweets: vec![*tweet], authors: Vec::new() };
                        deliveries.push(Delivery::of(origins[by], batch));
                    }
                }
            }
        }
        if deliveries.is_empty() && removals.is_empty() && annotations.is_empty() {
            break;
        }
        deliveries.sort_by_key(|delivery| delivery.origin.collection.0);
        let mut ready = sealer.prepare(deliveries).unwrap();
        ready.remove(removals);
        ready.annotate(annotations);
        let written = store::tweets::write(&test.store, ready, None, NOW).await.unwrap();
        written.handover.changes(&test.store).await.unwrap().into_iter().for_each(|change| take(&mut handed, change));
    }
    let ids: Vec<TweetId> = (0..worlds.len() as u64 * IDS).map(|id| TweetId(1 + id)).collect();
    let mut read = Vec::new();
    for ids in ids.chunks(1_000) {
        read.extend(by_ids(&test.store, ids).await.unwrap());
    }
    read.retain(|row| !row.collections.is_empty());
    [read, followed(test).await, handed.into_values().collect()]
}

fn take(rows: &mut BTreeMap<TweetId, Row>, change: Change) {
    match change {
        Change::Put(row) => _ = rows.insert(row.tweet.id, row),
        Change::Remove(id) => _ = rows.remove(&id),
    }
}

async fn followed(test: &TestStore) -> Vec<Row> {
    let (mut position, mut rows) = (0, BTreeMap::new());
    loop {
        let changes = changes_after(&test.store, position, 777).await.unwrap();
        changes.changes.into_iter().for_each(|change| take(&mut rows, change));
        position = changes.position;
        if !changes.more {
            return rows.into_values().collect();
        }
    }
}

/// A tweet in the end: how it is read, how its counters were at every look, and what the first person sees on it.
type End = (Row, Vec<Observation>, Annotations);

async fn ends(test: &TestStore, rows: Vec<Row>) -> BTreeMap<TweetId, End> {
    let mut ends = BTreeMap::new();
    for row in rows {
        let history = history(&test.store, row.tweet.id).await.unwrap();
        let annotations = annotations(&test.store, row.tweet.id, 1).await.unwrap();
        ends.insert(row.tweet.id, (row, history, annotations));
    }
    ends
}

async fn origins(test: &TestStore) -> [Origin; 2] {
    let mut origins = Vec::new();
    for slug in ["moon", "mars"] {
        let collection = store::collections::find_or_create(&test.store, slug, slug, NOW).await.unwrap();
        origins.push(Origin { collection: collection.id, schedule: None });
    }
    origins.try_into().unwrap()
}

/// Twice the same worlds, each time in another order.
async fn round(seed: u64) {
    let mut dice = Dice(seed);
    let worlds: Vec<Vec<Event>> = (0..WORLDS).map(|world| events(&mut dice, 1 + world * IDS)).collect();
    let mut both = Vec::new();
    for _ in 0..2 {
        let test = testing::sqlite().await;
        let origins = origins(&test).await;
        let [read, followed, handed] = live(&test, &worlds, origins, &mut dice).await;
        assert!(!read.is_empty());
        assert_eq!(read, followed, "seed {seed}: who follows has what is there");
        let there = |rows: &[Row]| rows.iter().map(|row| (row.tweet.id, row.clone())).collect::<BTreeMap<_, _>>();
        for (id, row) in there(&read) {
            assert_eq!(Some(&row), there(&handed).get(&id), "seed {seed}: who was handed everything has what is there");
        }
        assert_eq!(read.len(), handed.len(), "seed {seed}: and nothing else");
        both.push(ends(&test, read).await);
    }
    let (second, first) = (both.pop().unwrap(), both.pop().unwrap());
    assert!(first.values().any(|(_, history, _)| history.len() > 2));
    assert!(first.values().any(|(row, ..)| row.tags.len() > 1));
    assert!(first.values().any(|(row, _, annotations)| row.noted && !annotations.notes.is_empty()));
    for id in first.keys().chain(second.keys()) {
        let world = &worlds[((id.0 - 1) / IDS) as usize];
        assert_eq!(first.get(id), second.get(id), "seed {seed}, tweet {id}: {world:#?}");
    }
}

#[tokio::test]
async fn any_order_ends_in_the_same_state() {
    for seed in 1..=4 {
        round(seed).await;
    }
}

#[tokio::test]
#[ignore = "100,000 worlds in two orders each: minutes"]
async fn any_order_of_100_000_worlds_ends_in_the_same_state() {
    for seed in 1_000..1_200 {
        round(seed).await;
    }
}
