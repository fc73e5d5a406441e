//! What is no recent search: the archive, an account's posts and mentions, and looking up again what is stored.

use crate::story::{EVERYTHING, START, Story};
use model::schedule::{Reads, Run, RunStatus};
use model::time::{DAY, HOUR, SECOND};
use model::{Timestamp, TweetId, UserId};
use service::{explore, fetch, schedules};
use std::collections::BTreeSet;
use tokio_util::sync::CancellationToken;

async fn ids(story: &Story, filter: &str) -> BTreeSet<u64> {
    let rows = explore::newest(&story.service, filter, 100_000).await.unwrap();
    rows.into_iter().map(|row| row.tweet.id.0).collect()
}

/// The tweets that a schedule brought.
fn of(schedule: &str) -> String {
    format!("query:\"{schedule}\"")
}

/// Tweets that X has between two times, however long ago.
async fn on_x(story: &Story, from: Timestamp, to: Timestamp) -> u64 {
    let path = format!("/_sim/count?start_time={}&end_time={}", from.to_rfc3339(), to.to_rfc3339());
    story.ask(&path).await["count"].as_u64().unwrap()
}

#[tokio::test]
async fn a_month_of_the_archive_is_read_once_in_full_pages() {
    let story = Story::of(|x| (x.tweets, x.rate_per_second) = (100, 0.005)).await;
    story.wait(60 * DAY / SECOND);
    let (from, to) = (Timestamp(START + DAY), Timestamp(START + 31 * DAY));
    let archive = Reads::Archive { query: EVERYTHING.to_owned(), from, to };
    let schedule = story.schedule("a month", archive).await;
    let run = story.finish().await;
    assert_eq!(run.status, RunStatus::Done, "{run:?}");
    let there = on_x(&story, from, to).await;
    assert!(there > 10_000, "{there}");
    assert_eq!((story.stored().await, run.counts.new, run.counts.duplicate), (there, there, 0), "{run:?}");
    let full = there.div_ceil(500);
    assert!(u64::from(run.pages) <= full + 1, "{} pages of 500 for {there} tweets", run.pages);
    assert!(schedules::gaps(&story.service, schedule).await.unwrap().is_empty());

    story.wait(DAY / SECOND);
    story.tick().await;
    assert_eq!(schedules::runs(&story.service, schedule).await.unwrap().len(), 1, "it is complete for ever");
    assert_eq!(story.ledger("rate_limited").await, 0, "one request a second, of searches and of counts");
}

#[tokio::test]
async fn an_accounts_posts_and_mentions_are_what_searches_for_them_find() {
    let story = Story::of(|x| (x.tweets, x.rate_per_second) = (3_000, 0.0)).await;
    let page =
        story.ask("/2/tweets/search/recent?query=has:mentions%20min_likes:0&tweet.fields=author_id,entities").await;
    let post = &page["data"][0];
    let author = post["author_id"].as_str().unwrap();
    let mentioned = &post["entities"]["mentions"][0];
    let user = |id: &serde_json::Value| id.as_str().unwrap().parse::<UserId>().unwrap();
    for (name, reads, query) in [
        ("posts", Reads::Timeline { user: user(&post["author_id"]) }, format!("from:{author}")),
        (
            "mentions",
            Reads::Mentions { user: user(&mentioned["id"]) },
            format!("@{}", mentioned["username"].as_str().unwrap()),
        ),
    ] {
        story.schedule(name, reads).await;
        let run = story.finish().await;
        assert_eq!((run.status, run.counts.read), (RunStatus::Done, run.counts.new + run.counts.duplicate), "{run:?}");
        story.schedule(&format!("{name}, searched"), Reads::recent(query)).await;
        assert_eq!(story.finish().await.status, RunStatus::Done);
        let (read, found) = (ids(&story, &of(name)).await, ids(&story, &of(&format!("{name}, searched"))).await);
        let week = TweetId::first_at(Timestamp(START - 7 * DAY + HOUR)).0;
        let recent = |ids: &BTreeSet<u64>| ids.iter().copied().filter(|id| *id >= week).collect::<Vec<_>>();
        assert!(!recent(&found).is_empty() && recent(&read) == recent(&found), "{name}: {found:?}");
        assert!(read.len() > found.len(), "{name}: it goes back for years");
    }
    story.wait(60);
    let again = story.finish().await;
    assert_eq!((again.status, again.counts.new), (RunStatus::Done, 0), "nothing is new");
}

#[tokio::test]
async fn what_is_stored_is_looked_up_again_once_and_what_is_gone_goes() {
    let story = Story::of(|x| (x.tweets, x.rate_per_second, x.life) = (1_500, 0.0, true)).await;
    story.schedule("everything", Reads::recent(EVERYTHING)).await;
    assert_eq!(story.finish().await.status, RunStatus::Done);
    let before = ids(&story, "collection:moon").await;
    story.wait(20 * DAY / SECOND);
    let schedule = story.schedule("again", Reads::Stored { days: 30 }).await;
    let run = story.finish().await;
    let after = ids(&story, "collection:moon").await;
    assert_eq!(run.status, RunStatus::Done, "{run:?}");
    assert_eq!(u64::from(run.pages), (before.len() as u64).div_ceil(100), "a hundred ids in a request");
    let gone = before.len() - after.len();
    assert!(gone > 20 && run.removed as usize == gone, "{gone} are gone: {run:?}");
    assert_eq!(run.counts.read as usize, after.len(), "the rest was seen again: {run:?}");
    assert!(run.counts.updated > 0, "their counters have gone on: {run:?}");
    assert!(schedules::gaps(&story.service, schedule).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_look_up_that_others_take_over_goes_on_where_it_was() {
    let story = Story::of(|x| (x.tweets, x.rate_per_second, x.requests_per_window) = (1_500, 0.0, 4)).await;
    story.schedule("everything", Reads::recent(EVERYTHING)).await;
    assert_eq!(story.finish().await.status, RunStatus::Done);
    let stored = story.stored().await;
    story.schedule("again", Reads::Stored { days: 30 }).await;
    let (mut takeovers, mut run) = (0, None);
    while run.as_ref().is_none_or(|run: &Run| run.status == RunStatus::Running) {
        let process = story.second_process().await;
        fetch::run_due(&process, &CancellationToken::new()).await.unwrap();
        run = schedules::runs(&process, 2).await.unwrap().pop();
        takeovers += 1;
        story.wait(16 * 60);
    }
    assert!(takeovers >= 4, "{takeovers}");
    assert_eq!(u64::from(run.unwrap().requests), stored.div_ceil(100), "no id is asked for twice");
}
