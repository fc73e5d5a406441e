//! What is told of a schedule's plan, and what then happens.

use crate::story::{EVERYTHING, Story};
use model::gap::Cause;
use model::schedule::{Reads, Run, RunStatus};
use model::time::{MINUTE, SECOND};
use service::fetch::{self, Plan, Row, State};
use service::{Clock, Error, schedules};

async fn plan(story: &Story, schedule: i64) -> Plan {
    fetch::plan(&story.service, schedule).await.unwrap()
}

fn ahead(plan: &Plan) -> Vec<Row> {
    plan.windows.iter().filter_map(|window| window.ahead).collect()
}

fn requests(plan: &Plan) -> u32 {
    ahead(plan).iter().map(|row| row.requests).sum()
}

fn assert_side_by_side(plan: &Plan) {
    for pair in plan.windows.windows(2) {
        assert_eq!(pair[0].span.to, pair[1].span.from, "{plan:#?}");
    }
}

/// The latest run of a schedule.
async fn latest(story: &Story, schedule: i64) -> Run {
    schedules::runs(&story.service, schedule).await.unwrap().remove(0)
}

/// Has a run end, at the pace that X allows. Later ones may have begun then.
async fn end(story: &Story, begun: &Run) -> Run {
    for _ in 0..100 {
        let runs = schedules::runs(&story.service, begun.schedule).await.unwrap();
        let run = runs.into_iter().find(|run| run.id == begun.id).unwrap();
        if run.status != RunStatus::Running {
            return run;
        }
        // Others may be due before.
        run.wait.into_iter().for_each(|wait| story.wait_until(wait.until));
        story.tick().await;
    }
    panic!("the run does not end");
}

#[tokio::test]
async fn what_is_planned_then_happens() {
    let nothing_new = 0.0;
    let story = Story::with_rate(5_000, 8, nothing_new).await;
    let begun = story.run().await;
    assert_eq!((begun.status, begun.pages), (RunStatus::Running, 8), "{begun:?}");
    let asked = story.ledger("requests").await;
    let plan = plan(&story, 1).await;
    assert_eq!(story.ledger("requests").await, asked, "nobody asks X for a plan");
    assert_eq!((plan.running, plan.is_cut, plan.beside), (Some(begun.id), false, 0));
    let foreseen = requests(&plan);
    assert!(foreseen > 30, "{plan:?}");
    let last = ahead(&plan).iter().map(|row| row.last_at).max().unwrap();
    let first = ahead(&plan).iter().map(|row| row.first_at).min().unwrap();
    assert!(first >= begun.wait.clone().unwrap().until, "nothing is sent while the bucket is closed");
    let posts: u64 = ahead(&plan).iter().map(|row| row.posts).sum();

    let run = end(&story, &begun).await;
    assert_eq!(run.status, RunStatus::Done, "{run:?}");
    let used = run.requests - begun.requests;
    assert!(used.abs_diff(foreseen) <= 1, "{foreseen} requests were foreseen, {used} were used: {plan:#?}");
    assert!((last - story.clock.now()).abs() < MINUTE, "it ends when it was to end: {last:?}, {:?}", story.clock.now());
    service::pipeline::drain(&story.service).await.unwrap();
    let came = end(&story, &begun).await.counts.read - 800;
    assert!(came.abs_diff(posts) <= 100, "{posts} tweets were foreseen, {came} came");
}

#[tokio::test]
async fn its_windows_lie_side_by_side_and_the_curve_has_what_they_expect() {
    let story = Story::with_rate(5_000, 8, 0.0).await;
    story.run().await;
    let plan = plan(&story, 1).await;
    assert!(plan.windows.iter().any(|window| window.pages > 0), "one is being read: {plan:?}");
    assert_side_by_side(&plan);
    let expected: f64 = plan.curve.iter().map(|step| step.posts).sum();
    assert!((4_500.0..5_500.0).contains(&expected), "{expected}");
    assert_eq!(plan.curve.first().unwrap().start, plan.windows.first().unwrap().span.starts_at());
}

#[tokio::test]
async fn what_is_missed_and_what_is_going_to_be_lie_side_by_side_too() {
    // So few requests that the oldest become too old meanwhile.
    let story = Story::with_rate(20_000, 1, 0.0).await;
    story.run().await;
    story.wait(16 * 60);
    story.tick().await;
    let plan = plan(&story, 1).await;
    let is_told = |is: fn(State) -> bool| plan.windows.iter().any(|window| is(window.state));
    assert!(is_told(|state| matches!(state, State::Missed(_))), "{plan:?}");
    assert!(is_told(|state| matches!(state, State::WillMiss(_))), "{plan:?}");
    assert_side_by_side(&plan);
}

#[tokio::test]
async fn schedules_that_share_requests_are_planned_together() {
    let story = Story::with_rate(2_000, 6, 0.0).await;
    story.schedule("another with the same credential", Reads::recent(EVERYTHING)).await;
    story.tick().await;
    let (one, other) = (plan(&story, 1).await, plan(&story, 2).await);
    assert_eq!((one.beside, other.beside), (1, 1));
    let foreseen = [requests(&one), requests(&other)];
    let begun = [latest(&story, 1).await, latest(&story, 2).await];
    for (begun, foreseen) in begun.iter().zip(foreseen) {
        let used = end(&story, begun).await.requests - begun.requests;
        assert!(used.abs_diff(foreseen) <= 1, "{used}, {foreseen}");
    }
    let alone = 15 * MINUTE * i64::from(foreseen[0] / 6);
    let last = ahead(&one).iter().map(|row| row.last_at).max().unwrap();
    assert!(last - one.at > alone + 15 * MINUTE, "each waits for the other");
}

#[tokio::test]
async fn without_a_run_nothing_is_asked_before_the_next() {
    let story = Story::with_rate(1_000, 4, 0.0).await;
    let new = plan(&story, 1).await;
    assert!(new.is_due && new.windows.is_empty() && new.schedule.since_id.is_none(), "{new:?}");
    assert_eq!(new.next.len(), 5);
    assert!(new.next.windows(2).all(|pair| pair[1] - pair[0] == 5 * SECOND));

    let begun = story.run().await;
    assert!(schedules::cancel(&story.service, begun.id).await.unwrap());
    assert!(plan(&story, 1).await.is_cancelled);
    story.tick().await;
    let left = plan(&story, 1).await;
    assert_eq!((left.running, left.is_cancelled, left.is_due), (None, false, false));
    let is_told = |state| matches!(state, State::Open | State::WillMiss(Cause::Horizon));
    assert!(left.windows.iter().all(|window| is_told(window.state)) && !ahead(&left).is_empty(), "{left:?}");
    assert!(ahead(&left).iter().all(|row| row.first_at >= left.next[0]));

    story.wait(16 * 60);
    story.tick().await;
    let begun = latest(&story, 1).await;
    assert_eq!(end(&story, &begun).await.status, RunStatus::Done);
    // The one after it finds nothing, asks once more, and has to wait for that.
    story.wait(16 * 60);
    story.tick().await;
    let done = plan(&story, 1).await;
    assert!(done.windows.is_empty() && done.curve.is_empty() && done.schedule.since_id.is_some(), "{done:?}");
    assert!(matches!(fetch::plan(&story.service, 7).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn looking_up_what_is_stored_is_told_by_ids() {
    let story = Story::with_rate(1_000, 4, 0.0).await;
    assert_eq!(story.finish().await.status, RunStatus::Done);
    let stored = story.stored().await;
    let schedule = story.schedule("again", Reads::Stored { days: 8 }).await;
    assert!(plan(&story, schedule).await.lookups.is_none(), "no run is under way");
    story.tick().await;
    let begun = latest(&story, schedule).await;
    assert_eq!((begun.status, begun.pages), (RunStatus::Running, 4), "{begun:?}");
    let plan = plan(&story, schedule).await;
    let foreseen = plan.lookups.unwrap();
    assert_eq!((foreseen.posts, plan.windows.len(), plan.is_cut), (stored - 400, 0, false), "{plan:?}");
    let run = end(&story, &begun).await;
    assert_eq!((run.status, run.requests), (RunStatus::Done, begun.requests + foreseen.requests), "{run:?}");
}
