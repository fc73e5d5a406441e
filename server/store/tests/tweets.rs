//! Stories of tweets that are written, read and followed, on both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::change::Change;
use model::import::Counts;
use model::observed::{Batch, Role};
use model::time::{DAY, SECOND};
use model::{Timestamp, TweetId};
use std::collections::BTreeMap;
use store::Store;
use store::collections::find_or_create;
use store::tweets::{Origin, RawOpener, SealedRaw};
use store::tweets::{by_ids, changes_after, damaged, day_digests, last_change, pid_of_handle, raw, sealed};
use testing::{TestStore, author, batch, tweet, write};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

async fn origin(test: &TestStore, slug: &str) -> Origin {
    let collection = find_or_create(&test.store, slug, slug, NOW).await.unwrap();
    Origin { collection: collection.id, schedule: None }
}

fn counts(read: u64, new: u64, updated: u64, duplicate: u64) -> Counts {
    Counts { read, new, updated, duplicate, rejected: 0 }
}

/// What is there after the changes, without what is gone.
fn rows(changes: &[Change]) -> impl Iterator<Item = &model::Row> {
    changes.iter().filter_map(|change| match change {
        Change::Put(row) => Some(row),
        Change::Remove(_) => None,
    })
}

testing::on_both_engines!(
    the_same_batch_twice_stores_nothing_twice,
    a_later_observation_replaces_an_earlier_one_but_never_the_reverse,
    tweets_that_are_seen_again_as_they_were_each_take_their_own_time_and_number,
    a_repeated_tweet_within_a_batch_is_a_duplicate,
    context_is_no_row_until_it_is_asked_for,
    a_tweet_can_be_in_two_collections,
    changes_are_followed_once_each_and_in_order,
    what_is_written_is_handed_over_as_it_would_be_read_back,
    digests_count_rows_by_day,
    a_value_that_is_not_as_it_was_written_is_found,
    an_author_is_found_by_handle_in_any_case,
    the_raw_tweet_comes_back_as_it_was,
    a_sealed_tweet_opens_without_the_database_and_nowhere_else,
    large_batches_are_cut_to_what_a_statement_can_bind,
    a_tweet_survives_with_all_its_parts,
    what_a_later_observation_lacks_stays_as_it_was_known,
    a_sparse_observation_of_an_author_erases_nothing,
    an_earlier_observation_between_two_equal_ones_changes_nothing,
    a_handle_that_moved_belongs_to_its_latest_owner,
    two_writers_at_once_lose_nothing_and_hide_nothing_from_who_follows,
);

async fn the_same_batch_twice_stores_nothing_twice(test: TestStore) {
    let origin = origin(&test, "moon").await;
    let tweets = || batch((1..=5).map(|id| tweet(id, 100)));
    assert_eq!(write(&test.store, origin, tweets(), NOW).await.unwrap().counts, counts(5, 5, 0, 0));
    let change = last_change(&test.store).await.unwrap();
    assert_eq!(write(&test.store, origin, tweets(), NOW).await.unwrap().counts, counts(5, 0, 0, 5));
    assert_eq!(last_change(&test.store).await.unwrap(), change, "nothing changed, so nothing is to be followed");
}

async fn a_later_observation_replaces_an_earlier_one_but_never_the_reverse(test: TestStore) {
    let origin = origin(&test, "moon").await;
    let observed = |second, likes| {
        let mut observed = tweet(7, 100);
        observed.tweet.version = Timestamp::from_seconds(second);
        observed.tweet.metrics.likes = Some(likes);
        batch([observed])
    };
    let likes = async || by_ids(&test.store, &[TweetId(7)]).await.unwrap()[0].tweet.metrics.likes;
    write(&test.store, origin, observed(200, 3), NOW).await.unwrap();
    assert_eq!(write(&test.store, origin, observed(300, 8), NOW).await.unwrap().counts, counts(1, 0, 1, 0));
    assert_eq!(likes().await, Some(8));
    assert_eq!(write(&test.store, origin, observed(250, 5), NOW).await.unwrap().counts, counts(1, 0, 0, 1));
    assert_eq!(likes().await, Some(8));
    // Later, but with nothing new to tell.
    assert_eq!(write(&test.store, origin, observed(400, 8), NOW).await.unwrap().counts, counts(1, 0, 0, 1));
}

async fn tweets_that_are_seen_again_as_they_were_each_take_their_own_time_and_number(test: TestStore) {
    // More than one statement binds.
    const TWEETS: u64 = 1_100;
    let origin = origin(&test, "moon").await;
    write(&test.store, origin, batch((1..=TWEETS).map(|id| tweet(id, 100))), NOW).await.unwrap();
    let second = |id: u64| 1_000 + i64::try_from(id).unwrap();
    // The last one is not seen again.
    let again = (1..TWEETS).map(|id| {
        let mut again = tweet(id, 100);
        again.tweet.version = Timestamp::from_seconds(second(id));
        again
    });
    let written = write(&test.store, origin, batch(again), NOW).await.unwrap();
    assert_eq!(written.counts, counts(TWEETS - 1, 0, 0, TWEETS - 1));
    let followed = changes_after(&test.store, TWEETS, 10_000).await.unwrap();
    let seen: Vec<_> = rows(&followed.changes).map(|row| (row.tweet.id.0, row.tweet.version)).collect();
    assert_eq!(seen, (1..TWEETS).map(|id| (id, Timestamp::from_seconds(second(id)))).collect::<Vec<_>>());
    assert_eq!(followed.position, 2 * TWEETS - 1);
    assert_eq!(by_ids(&test.store, &[TweetId(TWEETS)]).await.unwrap()[0].tweet.version, Timestamp::from_seconds(100));
    let many: Vec<TweetId> = (1..=100_000).map(TweetId).collect();
    let all = by_ids(&test.store, &many).await.unwrap();
    assert_eq!(all.len() as u64, TWEETS, "more than a statement has parameters");
}

async fn a_repeated_tweet_within_a_batch_is_a_duplicate(test: TestStore) {
    let origin = origin(&test, "moon").await;
    let mut later = tweet(1, 100);
    later.tweet.version = Timestamp::from_seconds(200);
    later.tweet.text = "later".into();
    let written = write(&test.store, origin, batch([tweet(1, 100), later, tweet(1, 100)]), NOW).await.unwrap();
    assert_eq!(written.counts, counts(3, 1, 0, 2));
    assert_eq!(by_ids(&test.store, &[TweetId(1)]).await.unwrap()[0].tweet.text, "later");
}

async fn context_is_no_row_until_it_is_asked_for(test: TestStore) {
    let origin = origin(&test, "moon").await;
    let mut context = tweet(2, 100);
    context.role = Role::Context;
    assert_eq!(
        write(&test.store, origin, batch([tweet(1, 100), context]), NOW).await.unwrap().counts,
        counts(1, 1, 0, 0)
    );
    let followed = changes_after(&test.store, 0, 10).await.unwrap();
    assert_eq!(rows(&followed.changes).map(|row| row.tweet.id.0).collect::<Vec<_>>(), [1]);
    assert_eq!(
        by_ids(&test.store, &[TweetId(2)]).await.unwrap().len(),
        1,
        "it is kept for the tweet that refers to it"
    );

    assert_eq!(write(&test.store, origin, batch([tweet(2, 100)]), NOW).await.unwrap().counts, counts(1, 1, 0, 0));
    let followed = changes_after(&test.store, followed.position, 10).await.unwrap();
    assert_eq!(rows(&followed.changes).map(|row| row.tweet.id.0).collect::<Vec<_>>(), [2]);
}

async fn a_tweet_can_be_in_two_collections(test: TestStore) {
    let (moon, mars) = (origin(&test, "moon").await, origin(&test, "mars").await);
    write(&test.store, moon, batch([tweet(1, 100)]), NOW).await.unwrap();
    let before = last_change(&test.store).await.unwrap();
    assert_eq!(write(&test.store, mars, batch([tweet(1, 100)]), NOW).await.unwrap().counts, counts(1, 1, 0, 0));
    let followed = changes_after(&test.store, before, 10).await.unwrap();
    assert_eq!(rows(&followed.changes).next().unwrap().collections, ["mars", "moon"]);
}

async fn changes_are_followed_once_each_and_in_order(test: TestStore) {
    let origin = origin(&test, "moon").await;
    for first in [1, 11, 21] {
        write(&test.store, origin, batch((first..first + 10).map(|id| tweet(id, 100))), NOW).await.unwrap();
    }
    let (mut position, mut seen) = (0, Vec::new());
    loop {
        let changes = changes_after(&test.store, position, 7).await.unwrap();
        assert!(changes.position >= position);
        position = changes.position;
        seen.extend(rows(&changes.changes).map(|row| row.tweet.id.0));
        if !changes.more {
            break;
        }
    }
    assert_eq!(seen, (1..=30).collect::<Vec<_>>());
    assert_eq!(position, last_change(&test.store).await.unwrap());
}

async fn what_is_written_is_handed_over_as_it_would_be_read_back(test: TestStore) {
    let (moon, mars) = (origin(&test, "moon").await, origin(&test, "mars").await);
    let mut context = tweet(2, 100);
    context.role = Role::Context;
    let mut odd = tweet(3, 100);
    odd.tweet.text = "nul \0 and \u{feff}".into();
    let mut changed = tweet(1, 200);
    changed.tweet.text = "changed".into();
    let batches = [
        (moon, vec![tweet(1, 100), context, odd]),
        (moon, vec![complete(), tweet(1_000, 100)]),
        (moon, vec![changed, tweet(4, 100), tweet(3, 300)]),
        // One that was context becomes a row; one joins another collection.
        (mars, vec![tweet(2, 100), tweet(4, 100), tweet(5, 100)]),
        (mars, vec![tweet(2, 100)]),
    ];
    for (origin, tweets) in batches {
        let after = last_change(&test.store).await.unwrap();
        let handed = write(&test.store, origin, batch(tweets), NOW).await.unwrap().handover;
        let read_back = changes_after(&test.store, after, 100).await.unwrap();
        assert_eq!((handed.after, handed.position), (after, read_back.position));
        let by_id =
            |changes: Vec<Change>| rows(&changes).map(|row| (row.tweet.id, row.clone())).collect::<BTreeMap<_, _>>();
        assert_eq!(by_id(handed.changes(&test.store).await.unwrap()), by_id(read_back.changes));
    }
}

async fn a_value_that_is_not_as_it_was_written_is_found(test: TestStore) {
    let origin = origin(&test, "moon").await;
    write(&test.store, origin, batch((1..=9).map(|id| tweet(id, 100))), NOW).await.unwrap();
    // One that is known from two observations, and one that was touched.
    let mut later = tweet(8, 200);
    later.tweet.metrics.likes = Some(3);
    later.author_id = None;
    write(&test.store, origin, batch([later, tweet(9, 300)]), NOW).await.unwrap();
    assert_eq!(damaged(&test.store).await.unwrap(), []);
    for change in [
        "text = 'tweet 9'",
        "likes = 7",
        "author = NULL",
        "detail = 'x'",
        "raw = (SELECT raw FROM tweets WHERE id = 9)",
        "content_hash = 4",
    ] {
        let before = damaged(&test.store).await.unwrap().len() as u64;
        test.execute(&format!("UPDATE tweets SET {change} WHERE id = {}", before + 1)).await.unwrap();
        let found = damaged(&test.store).await.unwrap();
        assert_eq!(found, (1..=before + 1).map(TweetId).collect::<Vec<_>>(), "{change}");
    }
}

async fn digests_count_rows_by_day(test: TestStore) {
    let origin = origin(&test, "moon").await;
    let mut context = tweet(9, 100);
    context.role = Role::Context;
    let tweets = [tweet(1, 100), tweet(2, 200), tweet(3, 86_400 + 5), context];
    write(&test.store, origin, batch(tweets), NOW).await.unwrap();
    let days = day_digests(&test.store).await.unwrap();
    assert_eq!(days.iter().map(|(day, digest)| (*day, digest.count)).collect::<Vec<_>>(), [(0, 2), (1, 1)]);
}

async fn an_author_is_found_by_handle_in_any_case(test: TestStore) {
    let origin = origin(&test, "moon").await;
    let batch = Batch { tweets: vec![tweet(1, 100)], authors: vec![author(1001, "NASA", 100)] };
    write(&test.store, origin, batch, NOW).await.unwrap();
    let pid = pid_of_handle(&test.store, "nasa").await.unwrap();
    let row = by_ids(&test.store, &[TweetId(1)]).await.unwrap().remove(0);
    assert!(pid.is_some());
    assert_eq!(row.tweet.author, pid);
    assert_eq!(row.author_stats.followers, Some(10));
    assert_eq!(pid_of_handle(&test.store, "esa").await.unwrap(), None);
}

async fn the_raw_tweet_comes_back_as_it_was(test: TestStore) {
    let origin = origin(&test, "moon").await;
    let mut observed = tweet(1, 100);
    observed.raw = "{\"id\":\"1\",  \"odd\":\"\\ud83d\\ude00 ö\"}".into();
    let expected = observed.raw.clone();
    write(&test.store, origin, batch([observed]), NOW).await.unwrap();
    assert_eq!(raw(&test.store, TweetId(1)).await.unwrap(), Some(expected));
    assert_eq!(raw(&test.store, TweetId(2)).await.unwrap(), None);
}

async fn a_sealed_tweet_opens_without_the_database_and_nowhere_else(test: TestStore) {
    let origin = origin(&test, "moon").await;
    write(&test.store, origin, batch([tweet(1, 100), tweet(2, 200)]), NOW).await.unwrap();
    // Another day's key.
    write(&test.store, origin, batch([tweet(3, 300)]), Timestamp(NOW.0 + DAY)).await.unwrap();
    test.execute("UPDATE tweets SET raw = '' WHERE id = 2").await.unwrap();
    let mut tweets = sealed(&test.store, &[9, 3, 2, 1].map(TweetId)).await.unwrap();
    tweets.sort_by_key(|tweet| tweet.id);
    let seconds = |tweet: &SealedRaw| [tweet.version, tweet.created_at].map(|at| at.0 / SECOND);
    assert_eq!(tweets.iter().map(seconds).collect::<Vec<_>>(), [[100; 2], [200; 2], [300; 2]]);
    assert_eq!(tweets[2].first_seen, Timestamp(NOW.0 + DAY));
    assert!(tweets[1].sealed.is_empty() && tweets[1].key.is_empty() && tweets[0].key != tweets[2].key);
    let key_file = store::inspect::key_file(&test.settings.data);
    let other = testing::sqlite().await;
    let mut stranger = RawOpener::new(&store::inspect::key_file(&other.settings.data)).unwrap();
    test.store.close().await.unwrap();
    let mut opener = RawOpener::new(&key_file).unwrap();
    for SealedRaw { id, sealed, key, .. } in [&tweets[0], &tweets[2], &tweets[0]] {
        assert_eq!(opener.open(*id, sealed, key).unwrap(), tweet(id.0, 0).raw);
        assert!(opener.open(TweetId(7), sealed, key).is_err(), "it is that tweet's");
        assert!(stranger.open(*id, sealed, key).is_err(), "the key file is another");
    }
    assert!(opener.open(TweetId(1), &tweets[0].sealed, &tweets[2].key).is_err(), "the data key is another");
    assert!(opener.open(TweetId(1), &tweets[0].sealed, &[]).is_err() && opener.open(TweetId(2), &[], &[]).is_err());
    assert!(RawOpener::new(&key_file.with_extension("gone")).is_err());
}

async fn large_batches_are_cut_to_what_a_statement_can_bind(test: TestStore) {
    let origin = origin(&test, "moon").await;
    let tweets = || batch((1..=9000).map(|id| tweet(id, 100)));
    assert_eq!(write(&test.store, origin, tweets(), NOW).await.unwrap().counts, counts(9000, 9000, 0, 0));
    assert_eq!(write(&test.store, origin, tweets(), NOW).await.unwrap().counts, counts(9000, 0, 0, 9000));
}

/// A tweet that has something of everything.
fn complete() -> model::observed::ObservedTweet {
    use model::tweet::*;
    let mut observed = tweet(u64::from(u32::MAX) << 24, 100);
    observed.tweet = Tweet {
        text: "<b>ünï \u{202e} 🚀 'quoted' \"and\" \\ --".into(),
        lang: Some("de".into()),
        source: Some("web".into()),
        conversation: Some(TweetId(5)),
        references: vec![Reference { kind: ReferenceKind::Quoted, id: TweetId(4) }],
        metrics: Metrics { likes: Some(0), views: Some(u64::MAX >> 1), ..Metrics::default() },
        entities: Entities {
            hashtags: vec![Tag { start: 1, end: 3, tag: "b".into() }],
            links: vec![Link {
                start: 4,
                end: 6,
                url: "https://t.co/1".into(),
                expanded: Some("https://example.org".into()),
                display: None,
                title: None,
            }],
            ..Entities::default()
        },
        media: vec![Media {
            key: "3_1".into(),
            kind: "photo".into(),
            alt_text: Some("a rocket".into()),
            url: None,
            duration_ms: None,
        }],
        poll: Some(Poll { options: vec![("yes".into(), 3)] }),
        place: Some(Place { name: "Berlin".into(), country: Some("DE".into()) }),
        annotations: vec!["Moon".into()],
        sensitive: Some(true),
        edit_history: vec![TweetId(3), observed.tweet.id],
        withheld_in: vec!["FR".into()],
        ..observed.tweet
    };
    observed.author_id = Some(model::UserId(77));
    observed.reply_to_user_id = Some(model::UserId(78));
    observed
}

async fn a_tweet_survives_with_all_its_parts(test: TestStore) {
    let origin = origin(&test, "moon").await;
    let observed = complete();
    let mut expected = observed.tweet.clone();
    expected.author = Some(test.store.vault().pid(model::UserId(77)));
    expected.reply_to_author = Some(test.store.vault().pid(model::UserId(78)));
    write(&test.store, origin, batch([observed]), NOW).await.unwrap();
    let row = by_ids(&test.store, &[expected.id]).await.unwrap().remove(0);
    assert_eq!(row.tweet, expected);
    assert_eq!(row.first_seen, Timestamp(NOW.0 / SECOND * SECOND));
}

async fn what_a_later_observation_lacks_stays_as_it_was_known(test: TestStore) {
    use model::tweet::*;
    let origin = origin(&test, "moon").await;
    let id = TweetId(570_306_133_677_760_513);
    let text = "#moon https://t.co/1";
    let link = |expanded: Option<&str>| Link {
        start: 6,
        end: 20,
        url: "https://t.co/1".into(),
        expanded: expanded.map(str::to_owned),
        display: None,
        title: None,
    };
    let mut full = tweet(id.0, 100);
    full.tweet.created_at = Timestamp::from_seconds(1_424_806_552);
    full.tweet.text = text.into();
    full.tweet.lang = Some("en".into());
    full.tweet.metrics = Metrics { likes: Some(3), views: Some(90), ..Metrics::default() };
    full.tweet.references = vec![Reference { kind: ReferenceKind::RepliedTo, id: TweetId(4) }];
    full.tweet.entities.hashtags = vec![Tag { start: 0, end: 5, tag: "moon".into() }];
    full.tweet.entities.links = vec![link(Some("https://example.org"))];
    let full_raw = full.raw.clone();
    write(&test.store, origin, Batch { tweets: vec![full], authors: vec![author(1003, "nasa", 100)] }, NOW)
        .await
        .unwrap();
    let known = by_ids(&test.store, &[id]).await.unwrap().remove(0);
    let change = last_change(&test.store).await.unwrap();

    // A file of ids and texts, downloaded later: the time is that of the id, the link leads nowhere yet.
    let sparse = |second, text: &str, likes| {
        let mut sparse = tweet(id.0, second);
        sparse.author_id = None;
        sparse.raw = "570306133677760513,…".into();
        sparse.tweet.created_at = Timestamp::from_millis(id.snowflake_ms().unwrap());
        sparse.tweet.text = text.into();
        sparse.tweet.metrics.likes = likes;
        sparse
    };
    let mut of_text = sparse(200, text, None);
    of_text.tweet.entities.links = vec![link(None)];
    assert_eq!(write(&test.store, origin, batch([of_text]), NOW).await.unwrap().counts, counts(1, 0, 0, 1));
    let now = by_ids(&test.store, &[id]).await.unwrap().remove(0);
    let mut expected = known.clone();
    expected.tweet.version = Timestamp::from_seconds(200);
    assert_eq!(now, expected, "nothing but the time at which it was seen");
    assert!(last_change(&test.store).await.unwrap() > change, "the index learns of the new version");

    // One that does tell something, of a text without its entities.
    assert_eq!(
        write(&test.store, origin, batch([sparse(300, "#moon …", Some(8))]), NOW).await.unwrap().counts,
        counts(1, 0, 1, 0)
    );
    let now = by_ids(&test.store, &[id]).await.unwrap().remove(0);
    expected.tweet.version = Timestamp::from_seconds(300);
    expected.tweet.metrics.likes = Some(8);
    assert_eq!(now, expected);
    assert_eq!(raw(&test.store, id).await.unwrap(), Some(full_raw), "the fullest form is kept");
}

async fn a_sparse_observation_of_an_author_erases_nothing(test: TestStore) {
    let origin = origin(&test, "moon").await;
    let observe = async |author: model::observed::ObservedAuthor| {
        let mut tweet = tweet(author.version.0 as u64 / 1_000_000, author.version.0 / SECOND);
        tweet.author_id = Some(author.id);
        write(&test.store, origin, Batch { tweets: vec![tweet], authors: vec![author] }, NOW).await.unwrap();
    };
    let only_id = |second| {
        let mut author = author(1001, "", second);
        (author.identity, author.stats) = Default::default();
        author
    };
    observe(author(1001, "nasa", 100)).await;
    observe(only_id(200)).await;
    let pid = pid_of_handle(&test.store, "nasa").await.unwrap();
    assert_eq!(pid, Some(test.store.vault().pid(model::UserId(1001))));
    // Known from before a restart, too: what was sealed is opened again.
    test.store.clone().close().await.unwrap();
    let again = Store::open(&test.settings).await.unwrap();
    let later = Timestamp(NOW.0 + 2 * model::time::DAY);
    let batch = Batch { tweets: Vec::new(), authors: vec![only_id(300)] };
    write(&again, origin, batch, later).await.unwrap();
    assert_eq!(pid_of_handle(&again, "nasa").await.unwrap(), pid);
}

async fn an_earlier_observation_between_two_equal_ones_changes_nothing(test: TestStore) {
    let origin = origin(&test, "moon").await;
    let observed = |second, likes| {
        let mut observed = tweet(7, 100);
        observed.tweet.version = Timestamp::from_seconds(second);
        observed.tweet.metrics.likes = Some(likes);
        batch([observed])
    };
    for (second, likes) in [(200, 3), (400, 3), (300, 8)] {
        write(&test.store, origin, observed(second, likes), NOW).await.unwrap();
    }
    let row = by_ids(&test.store, &[TweetId(7)]).await.unwrap().remove(0);
    assert_eq!((row.tweet.metrics.likes, row.tweet.version), (Some(3), Timestamp::from_seconds(400)));
}

async fn a_handle_that_moved_belongs_to_its_latest_owner(test: TestStore) {
    let origin = origin(&test, "moon").await;
    for (id, second) in [(1001, 300), (1002, 500), (1003, 400), (1004, 100)] {
        let batch = Batch { tweets: Vec::new(), authors: vec![author(id, "moon", second)] };
        write(&test.store, origin, batch, NOW).await.unwrap();
    }
    assert_eq!(pid_of_handle(&test.store, "moon").await.unwrap(), Some(test.store.vault().pid(model::UserId(1002))));
}

/// The same tweets of the same authors into two collections, in opposite orders, while a third follows.
async fn two_writers_at_once_lose_nothing_and_hide_nothing_from_who_follows(test: TestStore) {
    const ROUNDS: u64 = 20;
    const TWEETS: u64 = 40;
    let other = Store::open(&test.settings).await.unwrap();
    let origins = [origin(&test, "moon").await, origin(&test, "mars").await];
    let work = |store: Store, origin: Origin, backwards: bool| async move {
        let mut total = Counts::default();
        for round in 0..ROUNDS {
            let ids = round * TWEETS / 2..round * TWEETS / 2 + TWEETS;
            let ids: Vec<u64> = if backwards { ids.rev().collect() } else { ids.collect() };
            let authors = ids.iter().map(|id| author(1000 + id % 10, &format!("a{}", id % 10), round as i64 + 1));
            let batch =
                Batch { authors: authors.collect(), tweets: ids.iter().map(|id| tweet(*id + 1, 100)).collect() };
            total.add(write(&store, origin, batch, NOW).await.unwrap().counts);
        }
        total
    };
    let follow = async {
        let (mut position, mut seen) = (0, BTreeMap::new());
        let mut at_rest = 0;
        while at_rest < 10 {
            let changes = changes_after(&test.store, position, 100).await.unwrap();
            at_rest = if changes.position == position { at_rest + 1 } else { 0 };
            position = changes.position;
            seen.extend(rows(&changes.changes).map(|row| (row.tweet.id.0, row.collections.clone())));
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        seen
    };
    let first = tokio::spawn(work(test.store.clone(), origins[0], false));
    let second = tokio::spawn(work(other, origins[1], true));
    let seen = follow.await;
    let tweets = (ROUNDS + 1) * TWEETS / 2;
    for counts in [first.await.unwrap(), second.await.unwrap()] {
        assert_eq!((counts.new, counts.updated), (tweets, 0), "{counts:?}");
    }
    assert_eq!(seen.len() as u64, tweets);
    let missed = seen.values().filter(|collections| *collections != &["mars", "moon"]).count();
    assert_eq!(missed, 0, "tweets of which the index would miss a collection");
}
