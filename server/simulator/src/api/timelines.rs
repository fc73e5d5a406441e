//! `GET /2/users/{id}/tweets` and `/2/users/{id}/mentions`.

use std::sync::Arc;

use serde_json::{Value, json};
use tweetgen::{Account, Kind, Reason, Record, token};

use super::Simulator;
use super::answer::{Answer, Asked};
use super::fields::View;
use super::page::Page;
use super::params::{Params, id};
use super::partial;
use super::problem::Problem;
use super::span::{Reach, Span, bad_token};

/// Posts of an account that can be reached, without replies, and posts that mention it.
const NEWEST_POSTS: usize = 3_200;
const NEWEST_WITHOUT_REPLIES: usize = 800;
const NEWEST_MENTIONS: usize = 800;
/// Tweets that are looked at for one page: who writes one is found sooner than whom it mentions.
const PATIENCE: usize = 100_000;
const MENTIONS_PATIENCE: usize = 20_000;
/// Digits at the end of a token.
const COUNT: usize = 4;

pub fn tweets(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let id = id("id", asked.path.get("id").unwrap_or_default())?;
    let exclude = asked.params.get("exclude").unwrap_or_default();
    let words: Vec<&str> = exclude.split(',').filter(|word| !word.is_empty()).collect();
    if let Some(word) = words.iter().find(|word| !["replies", "retweets"].contains(word)) {
        let message = format!("The `exclude` query parameter value [{word}] is not one of [replies,retweets]");
        return Err(Problem::invalid(&[("exclude", exclude)], message));
    }
    let (no_replies, no_retweets) = (words.contains(&"replies"), words.contains(&"retweets"));
    let reach = Reached {
        id,
        newest: if no_replies { NEWEST_WITHOUT_REPLIES } else { NEWEST_POSTS },
        patience: PATIENCE,
        bound: format!("/2/users/{id}/tweets {exclude}"),
    };
    let may_match = |account, ordinal| {
        let (author, kind) = simulator.corpus.writer(ordinal);
        let is_excluded = (no_replies && kind == Kind::Reply) || (no_retweets && kind == Kind::Retweet);
        author == account && !is_excluded
    };
    timeline(simulator, asked, &reach, may_match, |_, _| true)
}

pub fn mentions(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let id = id("id", asked.path.get("id").unwrap_or_default())?;
    let bound = format!("/2/users/{id}/mentions");
    let reach = Reached { id, newest: NEWEST_MENTIONS, patience: MENTIONS_PATIENCE, bound };
    let is_mentioned = |account, record: &Record| {
        let mut mentions = record.tweet.entities.mentions.iter();
        mentions.any(|mention| mention.account == account)
    };
    timeline(simulator, asked, &reach, |_, _| true, is_mentioned)
}

/// Whose timeline it is, and how much of it there is.
struct Reached {
    id: u64,
    newest: usize,
    patience: usize,
    /// What page tokens are made for.
    bound: String,
}

fn timeline(
    simulator: &Simulator,
    asked: &Asked,
    reach: &Reached,
    may_match: impl Fn(Account, i64) -> bool,
    is_match: impl Fn(Account, &Record) -> bool,
) -> Result<Answer, Problem> {
    let Asked { params, now, .. } = asked;
    let max_results = params.number("max_results", 5, 100)?.unwrap_or(10);
    let view = View::of_posts(params, simulator.vocabulary())?;
    let account = match visible(simulator, reach.id, *now) {
        Ok(account) => account,
        Err(error) => return Ok(Answer::json(view.named(json!({ "errors": [error] })))),
    };
    let (below, served) = page(params, &reach.bound)?;
    let span = Span::read(params, simulator, *now, Reach::Timeline, 0, below)?;
    let wanted = max_results.min(reach.newest.saturating_sub(served));
    let mut found = Page::find(
        simulator,
        span.ordinals,
        wanted,
        reach.patience,
        |ordinal| may_match(account, ordinal),
        |record| is_match(account, record) && simulator.is_there(record, *now),
    );
    let served = served + found.records.len();
    if served >= reach.newest {
        found.next = None;
    }
    let mut body = found.body(simulator, &view, *now, &at(&reach.bound, served));
    if let Some(Value::String(token)) = body.pointer_mut("/meta/next_token") {
        token.push_str(&format!("{served:04x}"));
    }
    Ok(Answer::json(body))
}

/// The account whose posts may be seen, or the error that stands for them.
fn visible(simulator: &Simulator, id: u64, now: i64) -> Result<Account, Value> {
    let lost = |is_suspended| partial::lost_user("id", &id.to_string(), is_suspended);
    let account = *simulator.accounts().by_id.get(&id).ok_or_else(|| lost(false))?;
    match simulator.account_fate(account, now) {
        Some(Reason::Suspended) => Err(lost(true)),
        Some(Reason::Protected) => Err(protected(id)),
        _ => Ok(account),
    }
}

/// The id below which a page goes on, and how many posts came before it: both stand in its token.
fn page(params: &Params, bound: &str) -> Result<(Option<u64>, usize), Problem> {
    let Some((name, value)) = params.page() else { return Ok((None, 0)) };
    let parts = value.split_at_checked(value.len().saturating_sub(COUNT));
    let served = parts.and_then(|(_, count)| usize::from_str_radix(count, 16).ok());
    let below = parts.zip(served).and_then(|((token, _), served)| token::decode(token, &at(bound, served)));
    match (below, served) {
        (Some(id), Some(served)) => Ok((Some(id), served)),
        _ => Err(bad_token(name, value)),
    }
}

/// What becomes of the timeline of a protected account.
fn protected(id: u64) -> Value {
    json!({
        "value": id.to_string(),
        "detail": format!("Sorry, you are not authorized to see the user with id: [{id}]."),
        "title": "Authorization Error",
        "resource_type": "user",
        "parameter": "id",
        "resource_id": id.to_string(),
        "section": "data",
        "type": "https://api.twitter.com/2/problems/not-authorized-for-resource",
    })
}

/// What a token is made for that comes after so many posts.
fn at(bound: &str, served: usize) -> String {
    format!("{bound} {served:04x}")
}
