//! X's rules follow the schedules.

use crate::world::{EVERYTHING, RULES, World, eventually, manner, run, stored};
use model::schedule::RunStatus;

fn rules(rules: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut rules: Vec<_> = rules.iter().map(|(tag, value)| ((*tag).to_owned(), (*value).to_owned())).collect();
    rules.sort();
    rules
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_follow_the_schedules_while_the_connection_lasts_and_those_of_others_are_let_be() {
    let world = World::new(2.0).await;
    let of_others = [("of somebody", "cat has:media"), ("", "min_likes:0 lang:fr")];
    for (tag, value) in of_others {
        let body = serde_json::json!({ "add": [{ "tag": tag, "value": value }] }).to_string();
        world.ask("POST", RULES, &body).await;
    }
    let service = world.open().await;
    let all = world.schedule(&service, "all", EVERYTHING).await;
    let french = world.schedule(&service, "french", "min_likes:0 lang:fr").await;
    let wrong = world.schedule(&service, "wrong", "is:retweet").await;
    let work = world.work(&service, manner());
    let with = |more: &[(&str, &str)]| rules(&[&of_others[..], more].concat());
    let first = with(&[("roost-1", EVERYTHING)]);
    eventually("X has the rules", async || world.rules().await == first).await;
    eventually("the wrong one failed", async || {
        run(&service, wrong).await.is_some_and(|run| run.status == RunStatus::Failed)
    })
    .await;
    let reason = run(&service, wrong).await.unwrap().reason.unwrap();
    assert!(
        reason.contains("does not take the query as a rule") && reason.contains("at least one positive"),
        "{reason}"
    );
    eventually("tweets come for both", async || {
        run(&service, all).await.unwrap().counts.new > 10 && run(&service, french).await.unwrap().counts.new > 0
    })
    .await;

    world.tamper("UPDATE schedules SET query = 'min_likes:0 lang:en' WHERE id = 2").await;
    let english = world.schedule(&service, "no longer wrong", "min_likes:0 lang:en").await;
    world.tamper("UPDATE schedules SET query = 'min_likes:0 has:media' WHERE id = 3").await;
    let second =
        with(&[("roost-1", EVERYTHING), ("roost-2", "min_likes:0 lang:en"), ("roost-3", "min_likes:0 has:media")]);
    eventually("they were changed", async || world.rules().await == second).await;
    eventually("one rule serves two", async || {
        let of = async |schedule| run(&service, schedule).await.map_or(0, |run| run.counts.read);
        of(english).await > 0 && of(wrong).await > 0
    })
    .await;

    world.tamper("UPDATE schedules SET enabled = FALSE WHERE id IN (2, 3)").await;
    let third = with(&[("roost-1", EVERYTHING), ("roost-2", "min_likes:0 lang:en")]);
    eventually("one has gone", async || world.rules().await == third).await;
    world.tamper("UPDATE schedules SET enabled = FALSE WHERE id = 4").await;
    let fourth = with(&[("roost-1", EVERYTHING)]);
    eventually("the other, too", async || world.rules().await == fourth).await;
    assert_eq!(run(&service, french).await.unwrap().status, RunStatus::Done, "who is paused is done");
    let running = run(&service, all).await.unwrap();
    assert_eq!(running.status, RunStatus::Running);
    let connections = world.ask("GET", "/2/connections?status=all&max_results=100", "").await;
    assert_eq!(connections["data"].as_array().unwrap().len(), 1, "none of this ended the connection: {connections}");

    let (begin, end) = (running.started_at, world.settle(&service, all).await);
    work.end(&service).await;
    assert_eq!(run(&service, all).await.unwrap().status, RunStatus::Done, "with the process its run ends");
    assert_eq!(stored(&service, "all", begin, end).await, world.written(begin, end));
    assert_eq!(world.rules().await, fourth, "who comes back soon finds them at work");
}
