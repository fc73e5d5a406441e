//! Schedules against the simulated X API, over HTTP: what is fetched, what is not fetched twice, what goes wrong.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::Timestamp;
use model::gap::Cause;
use model::schedule::{Run, RunStatus};
use model::time::{DAY, SECOND};
use service::schedules::{self, NewSchedule};
use service::{Clock, Service, Settings, explore, fetch, index, pipeline};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

const START: i64 = 1_790_000_000 * SECOND;
const TOKEN: &str = "a token";
/// Every tweet there is.
const EVERYTHING: &str = "min_likes:0";

/// Time that moves only when the story says so; the simulator has the same.
#[derive(Clone)]
struct StoryClock(Arc<AtomicI64>);

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

struct Story {
    service: Service,
    clock: StoryClock,
    x: String,
    folder: TempDir,
}

impl Story {
    async fn new(tweets: u64, requests_per_window: u32) -> Self {
        Self::with_rate(tweets, requests_per_window, 1.0).await
    }

    async fn with_rate(tweets: u64, requests_per_window: u32, rate_per_second: f64) -> Self {
        let clock = StoryClock(Arc::new(AtomicI64::new(START)));
        let simulated = clock.clone();
        let config = simulator::Config {
            tweets,
            rate_per_second,
            bearer_token: TOKEN.to_owned(),
            requests_per_window,
            clock: Arc::new(move || simulated.now().0),
            ..Default::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let x = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        let folder = TempDir::new().unwrap();
        let service = Service::open(&Settings::folder(folder.path()), Arc::new(clock.clone())).await.unwrap();
        let story = Self { service, clock, x, folder };
        let new = NewSchedule {
            collection: "Moon",
            credential: story.connect(TOKEN).await,
            name: "everything",
            query: EVERYTHING,
            interval_seconds: 5,
        };
        schedules::create(&story.service, new).await.unwrap();
        story
    }

    async fn connect(&self, token: &str) -> i64 {
        schedules::save_credential(&self.service, "x", &self.x, token).await.unwrap()
    }

    async fn run(&self) -> Run {
        self.tick().await;
        pipeline::drain(&self.service).await.unwrap();
        index::catch_up(&self.service).await.unwrap();
        schedules::runs(&self.service, 1).await.unwrap().remove(0)
    }

    /// Runs what is due, if anything is.
    async fn tick(&self) {
        fetch::run_due(&self.service, &CancellationToken::new()).await.unwrap();
    }

    /// Another process on the same data.
    async fn second_process(&self) -> Service {
        let settings = Settings::folder(self.folder.path());
        Service::open(&settings, Arc::new(self.clock.clone())).await.unwrap()
    }

    /// What the simulator says that it was asked.
    async fn ledger(&self, name: &str) -> u64 {
        let mut stream = TcpStream::connect(self.x.strip_prefix("http://").unwrap()).await.unwrap();
        let request = b"GET /_sim/ledger HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str::<serde_json::Value>(body).unwrap()[name].as_u64().unwrap()
    }

    /// Pages that came, for all schedules.
    async fn pages(&self) -> u32 {
        let mut pages = 0;
        for schedule in schedules::list(&self.service).await.unwrap() {
            let runs = schedules::runs(&self.service, schedule.id).await.unwrap();
            pages += runs.iter().map(|run| run.pages).sum::<u32>();
        }
        pages
    }

    fn wait(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * SECOND, Ordering::SeqCst);
    }

    async fn stored(&self) -> u64 {
        explore::count(&self.service, "collection:moon").await.unwrap()
    }
}

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
    let rare = NewSchedule {
        collection: "Moon",
        credential: story.connect(TOKEN).await,
        name: "another with the same credential",
        query: "the",
        interval_seconds: 5,
    };
    schedules::create(&story.service, rare).await.unwrap();
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
        let new = NewSchedule { collection: "Moon", credential, name, query: EVERYTHING, interval_seconds: 5 };
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
