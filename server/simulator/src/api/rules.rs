//! The rules of the filtered stream: `/2/tweets/search/stream/rules` and `…/rules/counts`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tweetgen::snowflake;
use tweetgen::time::timestamp;

use super::Simulator;
use super::answer::{Answer, Asked};
use super::params::id;
use super::problem::Problem;
use super::usage::APP;
use crate::query::Query;

/// Ids in one request, and rules on one page.
const MOST: usize = 1_000;

/// Matches from the moment it is added.
pub struct Rule {
    pub id: u64,
    pub tag: Option<String>,
    pub query: Query,
    value: String,
}

#[derive(Default)]
pub struct Rules(Mutex<Vec<Arc<Rule>>>);

/// The body of a request: one of both.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    add: Option<Vec<New>>,
    delete: Option<Unwanted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    value: String,
    tag: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unwanted {
    /// Strings or numbers.
    ids: Option<Vec<Value>>,
    values: Option<Vec<String>>,
}

impl Rule {
    fn body(&self) -> Value {
        let mut body =
            Map::from_iter([("id".to_owned(), json!(self.id.to_string())), ("value".to_owned(), json!(self.value))]);
        if let Some(tag) = &self.tag {
            body.insert("tag".to_owned(), json!(tag));
        }
        Value::Object(body)
    }
}

impl Rules {
    /// In the order of their ids.
    pub fn all(&self) -> Vec<Arc<Rule>> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Rule>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub fn list(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let most = asked.params.number("max_results", 1, MOST)?.unwrap_or(MOST);
    let wanted = match asked.params.get("ids") {
        Some(_) => Some(asked.params.list("ids", MOST, id)?),
        None => None,
    };
    let after = match asked.params.get("pagination_token") {
        Some(token) => u64::from_str_radix(token, 16).map_err(|_| super::span::bad_token("pagination_token", token))?,
        None => 0,
    };
    let rules = simulator.rules.all();
    let is_wanted = |rule: &&Arc<Rule>| rule.id > after && wanted.as_ref().is_none_or(|ids| ids.contains(&rule.id));
    let mut page: Vec<&Arc<Rule>> = rules.iter().filter(is_wanted).take(most + 1).collect();
    let has_more = page.len() > most;
    page.truncate(most);
    let mut meta = json!({ "result_count": page.len() });
    if let Some(last) = page.last().filter(|_| has_more) {
        meta["next_token"] = json!(format!("{:016x}", last.id));
    }
    let mut body = json!({ "meta": meta });
    if !page.is_empty() {
        body["data"] = page.iter().map(|rule| rule.body()).collect();
    }
    Ok(Answer::json(body))
}

pub fn update(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let is_trial = asked.params.flag("dry_run")?;
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_else(|_| json!({}));
    if asked.params.flag("delete_all")? {
        let mut rules = simulator.rules.lock();
        let deleted = rules.len();
        if !is_trial {
            rules.clear();
        }
        return Ok(answer(asked, Vec::new(), json!({ "deleted": deleted, "not_deleted": 0 }), Vec::new()));
    }
    match serde_json::from_value(body.clone()) {
        Ok(Change { add: Some(add), delete: None }) if !add.is_empty() => Ok(create(simulator, asked, add, is_trial)),
        Ok(Change { add: None, delete: Some(Unwanted { ids, values }) }) if ids.is_some() != values.is_some() => {
            Ok(delete(simulator, asked, ids.unwrap_or_default(), values.unwrap_or_default(), is_trial))
        }
        _ => Err(Problem::invalid_body(&body, "JSON doesn't match expected schema")),
    }
}

fn create(simulator: &Simulator, asked: &Asked, add: Vec<New>, is_trial: bool) -> Answer {
    let rights = simulator.config.tier.rights();
    let mut rules = simulator.rules.lock();
    let (mut created, mut errors) = (Vec::new(), Vec::new());
    let wanted = add.len();
    let mut next = snowflake::first_id_at(asked.now).max(rules.last().map_or(0, |rule| rule.id + 1));
    for New { value, tag } in add {
        let known = rules.iter().chain(&created).find(|rule| rule.value == value);
        match known {
            Some(rule) => errors.push(duplicate(&value, rule.id)),
            None if rules.len() + created.len() >= rights.rules => errors.push(cap_exceeded(rights.rules)),
            None => match parse(&value, rights.rule_length) {
                Ok(query) => {
                    created.push(Arc::new(Rule { id: next, tag, query, value }));
                    next += 1;
                }
                Err(message) => errors.push(invalid(&value, &message)),
            },
        }
    }
    let count = created.len();
    let data = created.iter().map(|rule| rule.body()).collect();
    if !is_trial {
        rules.extend(created);
    }
    let (others, status) = (wanted - count, if count > 0 { StatusCode::CREATED } else { StatusCode::OK });
    let summary = json!({ "created": count, "not_created": others, "valid": count, "invalid": others });
    Answer { status, ..answer(asked, data, summary, errors) }
}

fn delete(simulator: &Simulator, asked: &Asked, ids: Vec<Value>, values: Vec<String>, is_trial: bool) -> Answer {
    let mut rules = simulator.rules.lock();
    let by_id = ids.into_iter().map(|id| ("id", id.as_str().map_or_else(|| id.to_string(), str::to_owned)));
    let by_value = values.into_iter().map(|value| ("value", value));
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for (name, wanted) in by_id.chain(by_value) {
        let is_it = |rule: &Arc<Rule>| if name == "id" { rule.id.to_string() == wanted } else { rule.value == wanted };
        match rules.iter().position(is_it) {
            Some(place) => found.push(rules[place].id),
            None => errors.push(missing(name, &wanted)),
        }
    }
    let summary = json!({ "deleted": found.len(), "not_deleted": errors.len() });
    if !is_trial {
        rules.retain(|rule| !found.contains(&rule.id));
    }
    answer(asked, Vec::new(), summary, errors)
}

fn answer(asked: &Asked, data: Vec<Value>, summary: Value, errors: Vec<Value>) -> Answer {
    let mut body = json!({ "meta": { "sent": timestamp(asked.now), "summary": summary } });
    for (name, list) in [("data", data), ("errors", errors)] {
        if !list.is_empty() {
            body[name] = Value::Array(list);
        }
    }
    Answer::json(body)
}

fn parse(value: &str, longest: usize) -> Result<Query, String> {
    let length = value.chars().count();
    if length > longest {
        return Err(format!("Rule length of {length} exceeds the maximum of {longest} characters"));
    }
    Query::parse_rule(value)
}

fn duplicate(value: &str, id: u64) -> Value {
    json!({
        "value": value,
        "id": id.to_string(),
        "title": "DuplicateRule",
        "type": "https://api.twitter.com/2/problems/duplicate-rules",
    })
}

fn invalid(value: &str, message: &str) -> Value {
    json!({
        "value": value,
        "details": [message],
        "title": "UnprocessableEntity",
        "type": "https://api.twitter.com/2/problems/invalid-rules",
    })
}

fn missing(name: &str, value: &str) -> Value {
    json!({
        "title": "Invalid Request",
        "detail": "Rule does not exist",
        "parameter": name,
        "value": value,
        "type": "https://api.x.com/2/problems/invalid-request",
    })
}

fn cap_exceeded(cap: usize) -> Value {
    json!({
        "title": "RulesCapExceeded",
        "detail": format!("You have reached the cap of {cap} rules."),
        "type": "https://api.twitter.com/2/problems/rule-cap",
    })
}

pub fn counts(simulator: &Arc<Simulator>, _asked: &Asked) -> Result<Answer, Problem> {
    let count = simulator.rules.all().len();
    let cap = simulator.config.tier.rights().rules.to_string();
    let own = json!({ "client_app_id": APP, "rule_count": count });
    Ok(Answer::json(json!({ "data": {
        "all_project_client_apps": [own],
        "cap_per_client_app": cap,
        "cap_per_project": cap,
        "client_app_rules_count": own,
        "project_rules_count": count.to_string(),
    } })))
}
