//! What the runs of streams say, and what becomes of what is too old.

use crate::world::{EVERYTHING, TOKEN, World, eventually, manner, run, stored};
use model::gap::Cause;
use model::schedule::RunStatus;
use model::time::{DAY, MINUTE};
use model::{Timestamp, TweetId};
use service::schedules;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_x_refuses_is_told_and_another_secret_is_used_at_once() {
    let world = World::new(2.0).await;
    let service = world.open().await;
    let all = world.schedule(&service, "all", EVERYTHING).await;
    world.connect(&service, "a wrong token").await;
    let work = world.work(&service, manner());
    eventually("it failed", async || run(&service, all).await.is_some_and(|run| run.status == RunStatus::Failed)).await;
    let reason = run(&service, all).await.unwrap().reason.unwrap();
    assert!(reason.contains("replace the bearer token"), "{reason}");
    world.connect(&service, TOKEN).await;
    eventually("tweets come", async || run(&service, all).await.unwrap().counts.new > 0).await;

    let fault = |kind: &str| format!("[[fault]]\nkind = \"{kind}\"\ntimes = 1\npath = \"/2/tweets/search/stream\"\n");
    world.script(&[fault("disconnect"), fault("connection-limit")].concat()).await;
    eventually("a wait is told", async || run(&service, all).await.unwrap().wait.is_some()).await;
    let waiting = run(&service, all).await.unwrap();
    let (wait, now) = (waiting.wait.unwrap(), world.now());
    assert_eq!(waiting.status, RunStatus::Running, "waiting is no failure");
    assert!(wait.reason.contains("streams"), "{}", wait.reason);
    assert!((0..=MINUTE).contains(&(wait.until - now)), "{} µs", wait.until - now);
    eventually("it goes on", async || run(&service, all).await.unwrap().wait.is_none()).await;

    assert!(schedules::cancel(&service, waiting.id).await.unwrap());
    eventually("it is cancelled", async || {
        run(&service, all).await.is_some_and(|run| run.status == RunStatus::Cancelled)
    })
    .await;
    work.end(&service).await;
    assert_eq!(run(&service, all).await.unwrap().id, waiting.id, "it rests");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_processes_one_reads_and_the_other_goes_on_when_it_ends() {
    let world = World::new(3.0).await;
    let (service, other) = (world.open().await, world.open().await);
    let all = world.schedule(&service, "all", EVERYTHING).await;
    let work = world.work(&service, manner());
    let read = async || {
        let runs = schedules::runs(&other, all).await.unwrap();
        runs.iter().map(|run| run.counts.read).sum::<u64>()
    };
    eventually("tweets come", async || read().await > 20).await;
    let of_other = world.work(&other, manner());
    let begin = run(&other, all).await.unwrap().started_at;
    tokio::time::sleep(Duration::from_secs(1)).await;
    work.stop().await;
    let before = read().await;
    eventually("the other goes on", async || read().await > before + 20).await;
    let end = world.settle(&other, all).await;
    of_other.end(&other).await;
    assert_eq!(stored(&other, "all", begin, end).await, world.written(begin, end));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_away_for_eight_days_has_seven_of_them_and_a_gap() {
    let a_tweet_in_500_seconds = 0.002;
    let world = World::new(a_tweet_in_500_seconds).await;
    let service = world.open().await;
    let all = world.schedule(&service, "all", EVERYTHING).await;
    let work = world.work(&service, manner());
    eventually("it is read", async || run(&service, all).await.is_some()).await;
    world.settle(&service, all).await;
    work.end(&service).await;
    let left = world.now();
    world.clock.put_forward(8 * DAY);
    let back = world.now();
    let work = world.work(&service, manner());
    eventually("another run began", async || schedules::runs(&service, all).await.unwrap().len() == 2).await;
    let end = world.settle(&service, all).await;
    work.end(&service).await;

    let gaps = schedules::gaps(&service, all).await.unwrap();
    assert_eq!(gaps.iter().map(|gap| gap.cause).collect::<Vec<_>>(), [Cause::Horizon], "{gaps:?}");
    let (from, to) = (gaps[0].from.time(), gaps[0].to.time());
    assert!(from <= left, "it begins before the process ended");
    let horizon = Timestamp(back.0 - 7 * DAY);
    assert!((0..5 * MINUTE).contains(&(to - horizon)), "{} s after the horizon", (to - horizon) / 1_000_000);
    let found = stored(&service, "all", to, end).await;
    assert!(found.len() > 500 && found == world.written(to, end), "{}", found.len());
    let known = schedules::list(&service).await.unwrap();
    assert!(known[0].since_id > Some(TweetId::first_at(end)), "nobody looks for it any more");
}
