//! What was deleted, protected or suspended is an error beside what is there.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tweetgen::Reason;

use crate::client::{BOTH, Client, Made, call, command, is_there};
use crate::common::{START, World, time};
use crate::truth::{DAY, Truth};
use crate::{entries, requests, served, world};

const TWEETS: u64 = 3_000;
const NOW: i64 = START + 20 * DAY;
/// In one request.
const MOST: usize = 100;

/// What became of each: its id, and the title of the error that stands for it.
type Fates = Vec<(String, Option<&'static str>)>;

fn posts(truth: &Truth) -> Fates {
    let ordinals = truth.corpus.ordinals(START - 5 * DAY, START - 4 * DAY).take(MOST);
    let fate = |ordinal| {
        let event = truth.corpus.compliance(ordinal..ordinal + 1, NOW).next().map(|event| event.reason);
        let title = event.filter(|reason| reason.removes()).map(|reason| match reason {
            Reason::Deleted => "Not Found Error",
            _ => "Authorization Error",
        });
        (truth.corpus.record(ordinal).tweet.id.0.to_string(), title)
    };
    ordinals.map(fate).collect()
}

/// Half of them are suspended, if there are so many.
fn users(truth: &Truth) -> Fates {
    let fate = |account| {
        let event = truth.corpus.account_event(account, NOW).map(|event| event.reason);
        (truth.id(account), (event == Some(Reason::Suspended)).then_some("Forbidden"))
    };
    let (gone, there): (Fates, Fates) = truth.corpus.accounts().map(fate).partition(|(_, title)| title.is_some());
    let gone = gone.into_iter().take(MOST / 2);
    there.into_iter().take(MOST / 2).chain(gone).collect()
}

/// The titles of the errors about what was asked for, by its id.
fn titles(made: &Made) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let errors = made.errors();
    let asked = errors.iter().filter(|error| error["parameter"] == "ids");
    asked.map(|error| (text(&error["resource_id"]), text(&error["title"]))).collect()
}

async fn check(world: &World, client: Client, path: &str, kind: &str, fates: &Fates, made: Value) {
    let before = requests(world).await;
    let made = client.run(world.listen().await, made).await;
    assert_eq!(made.answer.get("error"), None, "{client:?} {path}: {}", made.said);
    let there: Vec<&String> = fates.iter().filter(|(_, title)| title.is_none()).map(|(id, _)| id).collect();
    assert_eq!(made.ids().iter().collect::<Vec<_>>(), there, "{client:?} {path}");
    assert_eq!(served(&entries(world, before).await, path, kind).iter().collect::<Vec<_>>(), there, "{path}");
    let gone: BTreeMap<String, String> =
        fates.iter().filter_map(|(id, title)| Some((id.clone(), (*title)?.to_owned()))).collect();
    assert!(!gone.is_empty() && !there.is_empty(), "{path}: some are gone");
    assert_eq!(titles(&made), gone, "{client:?} {path}");
}

#[tokio::test]
#[ignore = "needs a Python with twarc and tweepy: make test-long"]
async fn what_is_gone_comes_as_errors_beside_what_is_there() {
    if !is_there() {
        return;
    }
    let (world, truth) = world(TWEETS, |config| config.life = true);
    world.send("POST", &format!("/_sim/clock?set={}", time(NOW)), "").await;
    for client in BOTH {
        for (path, kind, words, method, fates) in [
            ("/2/tweets", "posts", "hydrate", "get_tweets", posts(&truth)),
            ("/2/users", "users", "users", "get_users", users(&truth)),
        ] {
            let ids: Vec<String> = fates.iter().map(|(id, _)| id.clone()).collect();
            let made = match (client, kind) {
                (Client::Twarc2, _) => command(&[words, "IN", "OUT"], &ids),
                (Client::Tweepy, "posts") => call(method, json!({ "ids": ids })),
                (Client::Tweepy, _) => json!({ "method": method, "arguments": { "ids": ids } }),
            };
            check(&world, client, path, kind, &fates, made).await;
        }
    }
}
