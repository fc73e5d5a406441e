//! kill -9 in the middle of an import, several times: nothing lost, nothing doubled.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::Roost;
use std::process::{Child, Stdio};
use std::time::Duration;
use store::Store;
use store::tweets::{day_digests, last_change};

const TWEETS: u64 = 30_000;

async fn stored(store: &Store) -> u64 {
    day_digests(store).await.unwrap().values().map(|digest| digest.count).sum()
}

/// Kills the import once it has written more than `changes`.
async fn kill_after(changes: u64, import: &mut Child, store: &Store) {
    while last_change(store).await.unwrap() <= changes {
        assert_eq!(import.try_wait().unwrap(), None, "it ended before it could be killed");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    import.kill().unwrap();
    import.wait().unwrap();
}

#[tokio::test]
async fn an_import_that_is_killed_and_started_again_ends_as_if_it_never_was() {
    let roost = Roost::new();
    let file = roost.data.path().join("pages.jsonl");
    let until = "2026-11-01T00:00:00Z";
    roost.ok(&["simulate", "--write", file.to_str().unwrap(), "--tweets", &TWEETS.to_string(), "--until", until]);
    let untouched = Roost::new();
    let expected = untouched.import("moon", &[&file]);
    let store = Store::open(&store::Settings::sqlite(roost.data.path())).await.unwrap();

    let mut before = 0;
    for changes in [0, TWEETS / 5, TWEETS / 3, TWEETS / 2] {
        let mut import = roost
            .command(&["import", "--collection", "moon", file.to_str().unwrap()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        kill_after(changes, &mut import, &store).await;
        let stored = stored(&store).await;
        assert!(before < stored && stored < expected.new, "the kill hit an import at work: {stored}");
        before = stored;
    }
    store.close().await.unwrap();
    let last = roost.import("moon", &[&file]);
    assert!(last.accounted_for() && last.updated == 0, "{last:?}");
    assert_eq!(last.new, expected.new - before);
    assert_eq!(roost.verified(), untouched.verified());
    assert_eq!(roost.verified(), expected.new);
    for filter in ["", "lang:en", "likes>=10 -is:retweet", "has:media"] {
        assert_eq!(roost.count(filter), untouched.count(filter), "{filter}");
    }
}
