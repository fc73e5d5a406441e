//! kill -9 in the middle of an import, several times: nothing lost, nothing doubled.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::Roost;
use std::process::Stdio;
use std::time::Duration;

const TWEETS: u64 = 30_000;

#[test]
fn an_import_that_is_killed_and_started_again_ends_as_if_it_never_was() {
    let roost = Roost::new();
    let file = roost.data.path().join("pages.jsonl");
    let until = "2026-11-01T00:00:00Z";
    roost.ok(&["simulate", "--write", file.to_str().unwrap(), "--tweets", &TWEETS.to_string(), "--until", until]);
    let untouched = Roost::new();
    let expected = untouched.import("moon", &[&file]);

    for delay_ms in [150, 400, 900, 1500] {
        let mut child = roost
            .command(&["import", "--collection", "moon", file.to_str().unwrap()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(delay_ms));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let last = roost.import("moon", &[&file]);
    assert!(last.accounted_for() && last.updated == 0, "{last:?}");
    assert_eq!(roost.verified(), untouched.verified());
    assert_eq!(roost.verified(), expected.new);
    for filter in ["", "lang:en", "likes>=10 -is:retweet", "has:media"] {
        assert_eq!(roost.count(filter), untouched.count(filter), "{filter}");
    }
}
