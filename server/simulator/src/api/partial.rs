//! What X says in an answer's `errors` about things that it does not serve.

use serde_json::{Value, json};
use tweetgen::Reason;

/// A tweet that is named by `parameter` and is not served; `reason` is what became of it.
pub fn lost_tweet(parameter: &str, id: u64, reason: Option<Reason>) -> Value {
    let id = id.to_string();
    match reason {
        Some(Reason::Protected | Reason::Suspended) => json!({
            "value": id,
            "detail": format!("Sorry, you are not authorized to see the Tweet with {parameter}: [{id}]."),
            "title": "Authorization Error",
            "resource_type": "tweet",
            "parameter": parameter,
            "resource_id": id,
            "section": "data",
            "type": "https://api.twitter.com/2/problems/not-authorized-for-resource",
        }),
        _ => not_found("tweet", parameter, &id),
    }
}

/// A user that is named by `parameter` and is not served.
pub fn lost_user(parameter: &str, name: &str, is_suspended: bool) -> Value {
    if !is_suspended {
        return not_found("user", parameter, name);
    }
    json!({
        "value": name,
        "detail": format!("User has been suspended: [{name}]."),
        "title": "Forbidden",
        "resource_type": "user",
        "parameter": parameter,
        "resource_id": name,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    })
}

fn not_found(resource: &str, parameter: &str, value: &str) -> Value {
    json!({
        "value": value,
        "detail": format!("Could not find {resource} with {parameter}: [{value}]."),
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    })
}
