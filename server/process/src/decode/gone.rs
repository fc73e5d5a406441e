use super::DecodeError;
use model::TweetId;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A post that was asked for by its id, and that X does not give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    pub id: TweetId,
    /// It is there, but for its author's followers alone; else it was deleted, or its author is not there any more.
    pub is_protected: bool,
}

/// What a look-up's answer says to be gone. Partial errors about anything else (earlier versions, who is mentioned) say
/// nothing about a post that was asked for.
///
/// None where it says nothing of posts: neither which there are nor what is wrong with them.
///
/// # Errors
/// When the answer is no JSON.
pub fn gone(json: &[u8]) -> Result<Option<Vec<Gone>>, DecodeError> {
    #[derive(Deserialize)]
    struct Answer {
        data: Option<IgnoredAny>,
        errors: Option<Vec<serde_json::Value>>,
    }
    let Answer { data, errors } = serde_json::from_slice(json)?;
    let is_answer = data.is_some() || errors.is_some();
    Ok(is_answer.then(|| errors.iter().flatten().filter_map(read).collect()))
}

fn read(error: &serde_json::Value) -> Option<Gone> {
    let word = |name: &str| error.get(name).and_then(serde_json::Value::as_str);
    let is_of_ids = matches!(word("parameter"), Some("ids" | "id"));
    let is_post = matches!(word("resource_type"), Some("tweet" | "post"));
    if !is_of_ids || !is_post {
        return None;
    }
    let is_protected = match word("type")?.rsplit('/').next()? {
        "resource-not-found" => false,
        "not-authorized-for-resource" => true,
        _ => return None,
    };
    let id = word("resource_id").or(word("value"))?.parse().ok()?;
    Some(Gone { id, is_protected })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_posts_that_were_asked_for_by_id_are_gone() {
        let error = |parameter: &str, kind: &str, id: &str, problem: &str| {
            serde_json::json!({
                "parameter": parameter, "resource_type": kind, "resource_id": id, "value": id, "title": "Not Found Error",
                "type": format!("https://api.twitter.com/2/problems/{problem}"),
            })
        };
        let errors = [
            error("ids", "tweet", "20", "resource-not-found"),
            error("ids", "post", "21", "not-authorized-for-resource"),
            error("edit_history_tweet_ids", "tweet", "22", "resource-not-found"),
            error("entities.mentions.username", "user", "jack", "resource-not-found"),
            error("ids", "tweet", "23", "resource-unavailable"),
            error("ids", "tweet", "no number", "resource-not-found"),
            serde_json::json!("odd"),
        ];
        let answer = serde_json::json!({ "data": [], "errors": errors }).to_string();
        let expected = [Gone { id: TweetId(20), is_protected: false }, Gone { id: TweetId(21), is_protected: true }];
        assert_eq!(gone(answer.as_bytes()).unwrap().unwrap(), expected);
        assert_eq!(gone(br#"{"data":[]}"#).unwrap().unwrap(), []);
        assert_eq!(gone(br#"{"status":"ok"}"#).unwrap(), None, "that is somebody else");
        assert!(gone(b"{").is_err());
    }
}
