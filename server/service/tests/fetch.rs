//! Schedules against the simulated X API, over HTTP: what is fetched, what is not fetched twice, what goes wrong.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::Timestamp;
use model::schedule::{Run, RunStatus};
use model::time::{DAY, SECOND};
use service::schedules::{self, NewSchedule};
use service::{Clock, Service, Settings, explore, fetch, index};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
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
    _folder: TempDir,
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
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let x = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        let folder = TempDir::new().unwrap();
        let service = Service::open(&Settings::folder(folder.path()), Arc::new(clock.clone())).await.unwrap();
        let story = Self { service, clock, x, _folder: folder };
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
        fetch::run_due(&self.service, &CancellationToken::new()).await.unwrap();
        index::catch_up(&self.service).await.unwrap();
        schedules::runs(&self.service, 1).await.unwrap().remove(0)
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
    let story = Story::new(1000, 450).await;
    let first = story.run().await;
    assert_eq!(first.status, RunStatus::Done, "{first:?}");
    assert!(first.pages >= 10 && first.counts.new >= 900, "{first:?}");
    assert!(first.counts.balanced());
    assert_eq!(story.stored().await, first.counts.new);
    // The schedule is due again, but X has nothing newer: its search ends some seconds before now.
    story.wait(5);
    let second = story.run().await;
    assert_eq!(second.status, RunStatus::Done, "{second:?}");
    assert_eq!(second.pages, 1);
    assert!(second.counts.new <= 5, "{second:?}");
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
async fn a_used_up_limit_ends_the_run_with_its_reason_and_the_next_window_completes_it() {
    let story = Story::new(1000, 4).await;
    let first = story.run().await;
    assert_eq!((first.status, first.pages), (RunStatus::Failed, 4), "{first:?}");
    assert!(first.reason.unwrap().contains("limit of requests is used up"));
    let before = story.stored().await;
    assert_eq!(before, 400, "what was fetched is kept");
    let mut runs = vec![first.counts];
    loop {
        story.wait(16 * 60);
        let run = story.run().await;
        runs.push(run.counts);
        if run.status == RunStatus::Done {
            break;
        }
        assert!(runs.len() < 10, "it never ends");
    }
    assert!(runs.iter().all(|counts| counts.duplicate == 0), "nothing is fetched twice: {runs:?}");
    assert!(story.stored().await >= 900);
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
