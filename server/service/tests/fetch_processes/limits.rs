//! X's limits survive a restart: whoever goes on knows what is left of the window, and what was on its way at a kill.

use crate::gate::{Searches, X};
use crate::life::{Life, StoryClock};
use crate::whole::{EVERYTHING, credential, is_begun, is_done, is_whole, open, run_is, runs, schedule};
use model::schedule::RunStatus;
use model::time::{MINUTE, SECOND};
use service::{Clock, fetch};
use std::time::Duration;
use testing::TestStore;
use tokio_util::sync::CancellationToken;

/// Requests that X takes in 15 minutes.
const LIMIT: u32 = 12;
/// Fifteen pages or more.
const TWEETS_AN_HOUR: f64 = 500.0;
const FEW_AN_HOUR: f64 = 60.0;
/// What nobody writes: one request, for an empty page.
const NOTHING: &str = "\"qzxv wkjq\"";
const A_DAY: u32 = 86_400;
/// A lease has ended by then, and a window has not.
const A_WHILE: i64 = 20 * SECOND;
const NEXT_WINDOW: i64 = 16 * MINUTE;
/// Time for what must not happen.
const MOMENT: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_requests_that_are_left_at_a_kill_are_used_and_not_one_more() {
    let clock = StoryClock::begin();
    let x = X::begin(&clock, TWEETS_AN_HOUR, LIMIT).await;
    let test = testing::sqlite().await;
    let service = open(&test, &clock).await;
    let credential = credential(&service, &x, "x").await;
    for number in 0..LIMIT - 4 {
        schedule(&service, credential, (&format!("nothing {number}"), NOTHING), A_DAY).await;
    }
    fetch::run_due(&service, &CancellationToken::new()).await.unwrap();
    assert_eq!(x.searches().await, Searches { answered: LIMIT as usize - 4, refused: 0 });

    let last = schedule(&service, credential, ("nothing at last", NOTHING), A_DAY).await;
    let life = Life::begin(&test.settings, &clock);
    is_done(&test, last).await;
    life.kill();
    assert_eq!(x.searches().await, Searches { answered: LIMIT as usize - 3, refused: 0 });

    let all = schedule(&service, credential, ("all", EVERYTHING), A_DAY).await;
    clock.put_forward(A_WHILE);
    let life = Life::begin(&test.settings, &clock);
    run_is(&test, all, "wait", |run| run.wait.is_some()).await;
    tokio::time::sleep(MOMENT).await;
    life.kill();
    let used_up = Searches { answered: LIMIT as usize, refused: 0 };
    assert_eq!(x.searches().await, used_up);

    let another = schedule(&service, credential, ("nothing again", NOTHING), A_DAY).await;
    clock.put_forward(A_WHILE);
    let life = Life::begin(&test.settings, &clock);
    is_begun(&test, another).await;
    tokio::time::sleep(MOMENT).await;
    life.kill();
    assert_eq!(x.searches().await, used_up, "nothing is left of the window");

    ends_in_the_next_windows(&test, &clock, &x, all).await;
    is_whole(&service, all, TWEETS_AN_HOUR).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_on_its_way_at_a_kill_counts() {
    let clock = StoryClock::begin();
    let x = X::begin(&clock, FEW_AN_HOUR, LIMIT).await;
    let test = testing::sqlite().await;
    let service = open(&test, &clock).await;
    let credential = credential(&service, &x, "x").await;
    let mut all = Vec::new();
    // Each has something to ask, so four requests are on their way.
    for name in ["one", "two", "three", "four"] {
        all.push(schedule(&service, credential, (name, EVERYTHING), A_DAY).await);
    }
    x.let_pass(0);
    let life = Life::begin(&test.settings, &clock);
    x.has_answered(4).await;
    x.let_pass(LIMIT - 4);
    x.has_answered(LIMIT as usize).await;
    life.kill();
    x.let_pass(u32::MAX);

    all.push(schedule(&service, credential, ("five", EVERYTHING), A_DAY).await);
    clock.put_forward(A_WHILE);
    let life = Life::begin(&test.settings, &clock);
    is_begun(&test, all[4]).await;
    tokio::time::sleep(MOMENT).await;
    life.kill();
    assert_eq!(x.searches().await, Searches { answered: LIMIT as usize, refused: 0 }, "X has counted all of them");

    for schedule in all {
        ends_in_the_next_windows(&test, &clock, &x, schedule).await;
        is_whole(&service, schedule, FEW_AN_HOUR).await;
    }
}

/// Life after life, each in a window of its own.
async fn ends_in_the_next_windows(test: &TestStore, clock: &StoryClock, x: &X, schedule: i64) {
    let has_ended = async || runs(test, schedule).await[0].status == RunStatus::Done;
    while !has_ended().await {
        let before = x.searches().await.answered;
        clock.put_forward(NEXT_WINDOW);
        let life = Life::begin(&test.settings, clock);
        run_is(test, schedule, "go on", |run| {
            let waits = run.wait.as_ref().is_some_and(|wait| wait.until > clock.now());
            waits || run.status == RunStatus::Done
        })
        .await;
        // What was noted as spent and is not sent yet would be lost with it.
        x.has_answered_all().await;
        life.kill();
        let after = x.searches().await;
        assert_eq!(after.refused, 0, "X never had to refuse");
        let used = after.answered - before;
        assert!(used <= LIMIT as usize, "{used} requests in a window");
        assert!(used == LIMIT as usize || has_ended().await, "{used} requests, and there is more to read");
    }
}
