//! Recent search, again and again.

use crate::story::{EVERYTHING, Story, TOKEN};
use model::gap::Cause;
use model::schedule::{Expansions, Reads, RunStatus};
use model::time::{DAY, SECOND};
use service::schedules::{self, NewSchedule};
use service::{Clock, Service, Settings, explore, fetch, index, pipeline};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn the_first_run_fetches_all_and_the_second_one_page_with_nothing_in_it() {
    let nothing_new = 0.0;
    let story = Story::with_rate(1000, 450, nothing_new).await;
    let first = story.run().await;
    assert_eq!(first.status, RunStatus::Done, "{first:?}");
    assert!(first.pages >= 10 && first.counts.new >= 900, "{first:?}");
    assert!(first.counts.balanced());
    assert_eq!(story.stored().await, first.counts.new);
    story.wait(60);
    let second = story.run().await;
    assert_eq!(second.status, RunStatus::Done, "{second:?}");
    assert_eq!((second.pages, second.counts.read), (1, 0), "{second:?}");
}

#[tokio::test]
async fn later_runs_fetch_only_what_is_new() {
    let story = Story::new(500, 450).await;
    let first = story.run().await;
    story.wait(300);
    let second = story.run().await;
    assert!((30..=3000).contains(&second.counts.new), "about one tweet a second for 300 seconds: {second:?}");
    assert_eq!(second.counts.duplicate, 0, "{second:?}");
    assert_eq!(story.stored().await, first.counts.new + second.counts.new);
}

#[tokio::test]
async fn a_used_up_limit_has_the_run_wait_and_the_next_windows_complete_it() {
    let story = Story::new(1000, 4).await;
    let first = story.run().await;
    assert_eq!((first.status, first.pages), (RunStatus::Running, 4), "{first:?}");
    let wait = first.wait.clone().unwrap();
    assert!(wait.reason.contains("limit of requests is used up"), "{wait:?}");
    assert!((1..=16 * 60 * SECOND).contains(&(wait.until - story.clock.now())), "{wait:?}");
    assert_eq!(story.stored().await, 400, "what was fetched is kept");
    let mut last = first.clone();
    for _ in 0..5 {
        if last.status == RunStatus::Running {
            story.wait(16 * 60);
            story.tick().await;
            last = schedules::runs(&story.service, 1).await.unwrap().pop().unwrap();
        }
    }
    assert_eq!((last.id, last.status, last.wait), (first.id, RunStatus::Done, None), "it is one run");
    pipeline::drain(&story.service).await.unwrap();
    index::catch_up(&story.service).await.unwrap();
    let first = schedules::runs(&story.service, 1).await.unwrap().pop().unwrap();
    assert_eq!(first.counts.duplicate, 0, "nothing is fetched twice: {first:?}");
    assert!(story.stored().await >= 900);
    assert_eq!(story.ledger("rate_limited").await, 0, "X never had to refuse");
}

#[tokio::test]
async fn a_run_that_waits_ends_when_it_is_cancelled_and_the_next_goes_on() {
    let story = Story::new(1000, 4).await;
    let first = story.run().await;
    assert!(schedules::cancel(&story.service, first.id).await.unwrap());
    story.tick().await;
    let cancelled = schedules::runs(&story.service, 1).await.unwrap().remove(0);
    assert_eq!((cancelled.id, cancelled.status), (first.id, RunStatus::Cancelled));
    assert!(!schedules::cancel(&story.service, first.id).await.unwrap(), "it has ended");
    story.wait(16 * 60);
    let next = story.run().await;
    assert_ne!(next.id, first.id);
    assert_eq!(next.counts.duplicate, 0, "it goes on where the other ended: {next:?}");
    assert_eq!(story.stored().await, 800);
}

#[tokio::test]
async fn nobody_asks_while_the_window_is_closed_not_after_a_restart_either() {
    let story = Story::new(1000, 4).await;
    story.schedule("another with the same credential", Reads::recent("the")).await;
    story.tick().await;
    assert_eq!(story.pages().await, 4, "both schedules together use what there is");
    let asked = story.ledger("requests").await;
    let restarted = story.second_process().await;
    for _ in 0..8 {
        story.wait(100);
        story.tick().await;
        fetch::run_due(&restarted, &CancellationToken::new()).await.unwrap();
    }
    assert_eq!((story.ledger("requests").await, story.ledger("rate_limited").await), (asked, 0));
    let runs = schedules::runs(&story.service, 1).await.unwrap();
    assert_eq!((runs.len(), runs[0].status), (1, RunStatus::Running), "waiting is no failure: {runs:?}");
    story.wait(110);
    story.tick().await;
    assert_eq!((story.pages().await, story.ledger("rate_limited").await), (8, 0));
}

#[tokio::test]
async fn two_processes_on_the_same_data_run_a_schedule_once() {
    let story = Story::new(300, 450).await;
    let other = story.second_process().await;
    let stop = CancellationToken::new();
    let (first, second) = tokio::join!(fetch::run_due(&story.service, &stop), fetch::run_due(&other, &stop));
    first.unwrap();
    second.unwrap();
    let runs = schedules::runs(&story.service, 1).await.unwrap();
    assert_eq!((runs.len(), runs[0].status), (1, RunStatus::Done), "{runs:?}");
    assert_eq!(runs[0].counts.duplicate, 0);
}

#[tokio::test]
async fn one_schedule_that_cannot_run_does_not_keep_others_from_it() {
    let story = Story::new(200, 450).await;
    for (name, credential) in [("without a credential", 99), ("the last", 1)] {
        let new = NewSchedule {
            collection: "Moon",
            credential,
            name,
            reads: Reads::recent(EVERYTHING),
            expansions: Expansions::ALL,
            cadence: "every 5 seconds",
        };
        schedules::create(&story.service, new).await.unwrap();
    }
    story.tick().await;
    let mut ended = Vec::new();
    for schedule in 1..=3 {
        ended.push(schedules::runs(&story.service, schedule).await.unwrap()[0].status);
    }
    assert_eq!(ended, [RunStatus::Done, RunStatus::Failed, RunStatus::Done]);
}

#[tokio::test]
async fn a_schedule_that_found_nothing_for_eight_days_goes_on() {
    let story = Story::with_rate(300, 450, 0.01).await;
    assert_eq!(story.run().await.status, RunStatus::Done);
    story.wait(8 * DAY / SECOND);
    let run = story.run().await;
    assert_eq!(run.status, RunStatus::Done, "{run:?}");
    assert!((5_700..6_400).contains(&run.counts.new), "864 a day for seven days: {run:?}");

    let gaps = schedules::gaps(&story.service, 1).await.unwrap();
    assert_eq!(gaps.iter().map(|gap| gap.cause).collect::<Vec<_>>(), [Cause::Horizon], "a day of it was too old");

    // Interrupted, and then off for as long: what was left undone is not there any more, and that is said.
    let story = Story::with_rate(1000, 4, 0.01).await;
    assert_eq!(story.run().await.status, RunStatus::Running);
    story.wait(8 * DAY / SECOND);
    let mut run = story.run().await;
    for _ in 0..30 {
        if run.status == RunStatus::Running {
            story.wait(16 * 60);
            run = story.run().await;
        }
    }
    assert_eq!(run.status, RunStatus::Done, "{run:?}");
    let stored = story.stored().await;
    assert!((5_900..6_800).contains(&stored), "400 of the first week, and the second but for a day: {stored}");
    let gaps = schedules::gaps(&story.service, 1).await.unwrap();
    assert!(!gaps.is_empty() && gaps.iter().all(|gap| gap.cause == Cause::Horizon), "{gaps:?}");
}

/// An X that answers every request with the same page, once.
async fn one_page(page: serde_json::Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 8192];
            let _ = stream.read(&mut request).await;
            let body = page.to_string();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = stream.write_all((head + &body).as_bytes()).await;
        }
    });
    address
}

#[tokio::test]
async fn what_cannot_be_understood_is_kept_and_said() {
    let mut story = Story::new(1, 450).await;
    let broken = serde_json::json!({ "id": "5.7E+17", "text": "rounded" });
    story.x = one_page(serde_json::json!({
        "data": [{ "id": "1992240117330288641", "text": "whole", "created_at": "2026-01-31T10:00:00.000Z" }, broken],
        "meta": { "result_count": 2, "newest_id": "1992240117330288641", "oldest_id": "1992240117330288641" }
    }))
    .await;
    story.connect(TOKEN).await;
    let run = story.run().await;
    assert_eq!((run.status, run.counts.new, run.counts.rejected), (RunStatus::Done, 1, 1), "{run:?}");
    assert!(run.counts.balanced());
    assert!(run.reason.unwrap().contains("1 of X's tweets could not be understood"));
    let kept = schedules::rejects(&story.service, 1).await.unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&kept[0].content).unwrap(), broken);
    assert!(kept[0].reason.contains("rounded by a spreadsheet"), "{}", kept[0].reason);
}

#[tokio::test]
async fn where_people_work_no_schedule_reaches_into_the_machine() {
    let story = Story::new(200, 450).await;
    let settings = Settings { simulators: false, ..Settings::folder(story.folder.path()) };
    let production = Service::open(&settings, Arc::new(story.clock.clone())).await.unwrap();
    fetch::run_due(&production, &CancellationToken::new()).await.unwrap();
    let run = schedules::runs(&production, 1).await.unwrap().remove(0);
    assert!(run.reason.unwrap().contains("no address Roost may fetch from"));
    assert_eq!(story.ledger("requests").await, 0);
}

#[tokio::test]
async fn a_refused_credential_is_named_and_a_new_one_works_at_once() {
    let story = Story::new(200, 450).await;
    story.connect("a wrong token").await;
    let refused = story.run().await;
    assert_eq!(refused.status, RunStatus::Failed);
    assert!(refused.reason.unwrap().contains("replace the bearer token"));
    story.connect(TOKEN).await;
    story.wait(60);
    assert_eq!(story.run().await.status, RunStatus::Done);
    assert!(story.stored().await > 100);
}

#[tokio::test]
async fn what_is_older_than_seven_days_is_not_there_to_fetch() {
    let a_tweet_in_100_seconds = 0.01;
    let story = Story::with_rate(300, 450, a_tweet_in_100_seconds).await;
    story.wait(8 * DAY / SECOND);
    let run = story.run().await;
    assert_eq!(run.status, RunStatus::Done, "{run:?}");
    assert!((5_700..6_400).contains(&run.counts.new), "864 a day for seven days and not for eight: {run:?}");
    assert_eq!(explore::count(&story.service, "created<now-7d").await.unwrap(), 0);
}
