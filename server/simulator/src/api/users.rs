//! `GET /2/users`, `/2/users/me`, `/2/users/{id}`, `/2/users/by` and `/2/users/by/username/{username}`.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use tweetgen::{Account, Reason};

use super::Simulator;
use super::answer::{Answer, Asked};
use super::auth::Caller;
use super::fields::View;
use super::params::{id, username};
use super::partial;
use super::problem::Problem;

pub fn by_ids(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let ids = asked.params.list("ids", 100, id)?;
    let found = ids.iter().map(|id| (id.to_string(), simulator.accounts().by_id.get(id).copied()));
    many(simulator, asked, "ids", found)
}

pub fn by_id(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let id = id("id", asked.path.get("id").unwrap_or_default())?;
    one(simulator, asked, "id", &id.to_string(), simulator.accounts().by_id.get(&id).copied())
}

pub fn by_usernames(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let names = asked.params.list("usernames", 100, username)?;
    let found = names.into_iter().map(|name| (name.clone(), simulator.account_named(&name)));
    many(simulator, asked, "usernames", found)
}

pub fn by_username(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let name = username("username", asked.path.get("username").unwrap_or_default())?;
    one(simulator, asked, "username", &name, simulator.account_named(&name))
}

/// `GET /2/users/me`.
pub fn me(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let Caller::User(id) = asked.caller else { return Err(Problem::unauthorized()) };
    one(simulator, asked, "id", &id.to_string(), simulator.accounts().by_id.get(&id).copied())
}

fn many(
    simulator: &Simulator,
    asked: &Asked,
    parameter: &str,
    found: impl Iterator<Item = (String, Option<Account>)>,
) -> Result<Answer, Problem> {
    let view = View::of_users(&asked.params, simulator.vocabulary())?;
    let (mut users, mut errors) = (Vec::new(), Vec::new());
    for (name, account) in found {
        match user(simulator, &view, parameter, &name, account, asked.now) {
            Ok(user) => users.push(user),
            Err(error) => errors.push(error),
        }
    }
    let mut body = Map::new();
    for (name, list) in [("data", users), ("errors", errors)] {
        if !list.is_empty() {
            body.insert(name.to_owned(), Value::Array(list));
        }
    }
    Ok(Answer::json(view.named(Value::Object(body))))
}

fn one(
    simulator: &Simulator,
    asked: &Asked,
    parameter: &str,
    name: &str,
    account: Option<Account>,
) -> Result<Answer, Problem> {
    let view = View::of_users(&asked.params, simulator.vocabulary())?;
    let body = match user(simulator, &view, parameter, name, account, asked.now) {
        Ok(user) => json!({ "data": user }),
        Err(error) => json!({ "errors": [error] }),
    };
    Ok(Answer::json(view.named(body)))
}

/// The user, or the error that stands for it. Protected accounts are still shown: only their posts are not.
fn user(
    simulator: &Simulator,
    view: &View,
    parameter: &str,
    name: &str,
    account: Option<Account>,
    now: i64,
) -> Result<Value, Value> {
    let account = account.ok_or_else(|| partial::lost_user(parameter, name, false))?;
    let fate = simulator.account_fate(account, now);
    if fate == Some(Reason::Suspended) {
        return Err(partial::lost_user(parameter, name, true));
    }
    let mut user = simulator.corpus.user(account);
    user.protected = fate == Some(Reason::Protected);
    Ok(view.selection.user(json!(user)))
}

/// Where accounts are found.
pub struct Accounts {
    pub by_id: HashMap<u64, Account>,
    by_index: HashMap<u32, Account>,
}

impl Simulator {
    /// Made when it is first asked for.
    pub fn accounts(&self) -> &Accounts {
        self.accounts.get_or_init(|| Accounts {
            by_id: self.corpus.accounts().map(|account| (self.corpus.user_id(account).0, account)).collect(),
            by_index: self.corpus.accounts().map(|account| (account.index, account)).collect(),
        })
    }

    /// Who consents where a user is asked, and signs.
    pub fn first_user(&self) -> u64 {
        self.corpus.accounts().next().map_or(0, |account| self.corpus.user_id(account).0)
    }

    /// Handles end with the account's number.
    fn account_named(&self, name: &str) -> Option<Account> {
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let index = name[stem.len()..].parse().ok()?;
        let account = *self.accounts().by_index.get(&index)?;
        self.corpus.username(account).eq_ignore_ascii_case(name).then_some(account)
    }

    /// What became of an account.
    pub fn account_fate(&self, account: Account, now: i64) -> Option<Reason> {
        let event = if self.config.life { self.corpus.account_event(account, now) } else { None };
        event.map(|event| event.reason)
    }
}
