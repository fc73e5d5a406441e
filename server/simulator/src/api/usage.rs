//! `GET /2/usage/tweets` and `/2/usage/credits`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Simulator;
use super::answer::{Answer, Asked};
use super::ledger::MICRO_DOLLARS;
use super::problem::Problem;
use tweetgen::time::{DAY, timestamp};

const FIELDS: &[&str] =
    &["cap_reset_day", "daily_client_app_usage", "daily_project_usage", "project_cap", "project_id", "project_usage"];
pub const PROJECT: &str = "1795000000000000001";
pub const APP: &str = "31000001";
/// Months of use begin on the first.
const RESET_DAY: u64 = 1;

pub fn tweets(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let days = asked.params.number("days", 1, 90)?.unwrap_or(7) as i64;
    let wanted = wanted(asked)?;
    let today = asked.now.div_euclid(DAY);
    let used = simulator.ledger.daily_posts();
    let daily: Vec<Value> = (today - days + 1..=today)
        .rev()
        .map(|day| {
            let posts = used.get(&day).copied().unwrap_or(0);
            json!({ "date": timestamp(day * DAY), "usage": posts.to_string() })
        })
        .collect();
    let used_this_month = simulator.ledger.posts_in_month(asked.now);
    let mut data = json!({
        "cap_reset_day": RESET_DAY,
        "daily_client_app_usage": [{ "client_app_id": APP, "usage": daily, "usage_result_count": daily.len() }],
        "daily_project_usage": { "project_id": PROJECT, "usage": daily },
        "project_id": PROJECT,
        "project_usage": used_this_month.to_string(),
    });
    if let (Value::Object(data), Some(cap)) = (&mut data, simulator.config.tier.rights().monthly_posts) {
        data.insert("project_cap".to_owned(), json!(cap.to_string()));
    }
    if let Value::Object(data) = &mut data {
        data.retain(|name, _| wanted.contains(&name.as_str()));
    }
    Ok(Answer::json(json!({ "data": data })))
}

/// Without `usage.fields` what the cap is and how much of it is used.
fn wanted(asked: &Asked) -> Result<Vec<&'static str>, Problem> {
    let Some(value) = asked.params.get("usage.fields") else {
        return Ok(vec!["cap_reset_day", "project_cap", "project_id", "project_usage"]);
    };
    value
        .split(',')
        .map(|name| {
            let known = FIELDS.iter().find(|&&field| field == name).copied();
            known.ok_or_else(|| {
                let list = FIELDS.join(",");
                let message = format!("The `usage.fields` query parameter value [{name}] is not one of [{list}]");
                Problem::invalid(&[("usage.fields", value)], message)
            })
        })
        .collect()
}

/// Dollars; there are only prepaid ones.
pub fn credits(simulator: &Arc<Simulator>, _asked: &Asked) -> Result<Answer, Problem> {
    let Some(left) = simulator.credits_left() else { return Err(Problem::nothing_there()) };
    let balance = Map::from_iter([
        ("total_balance".to_owned(), json!(left)),
        ("prepaid_balance".to_owned(), json!(left)),
        ("free_balance".to_owned(), json!(0)),
        ("free_grants".to_owned(), json!([])),
    ]);
    Ok(Answer::json(json!({ "data": balance })))
}

impl Simulator {
    /// Dollars, where somebody counts; the last answer may cost more than there was.
    pub fn credits_left(&self) -> Option<f64> {
        let credits = self.config.credits?;
        Some(credits - self.ledger.micro_dollars() as f64 / MICRO_DOLLARS)
    }
}
