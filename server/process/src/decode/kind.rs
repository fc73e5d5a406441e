//! What a JSON object is, told by its keys.

use crate::wire::{
    WireTwarc,
    lenient::{List, Obj, Present, Text},
};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The keys that tell what an object is. The parts that are read later stay as they came.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Envelope<'a> {
    #[serde(borrow)]
    pub data: Option<&'a RawValue>,
    #[serde(borrow)]
    pub includes: Option<&'a RawValue>,
    #[serde(borrow)]
    pub errors: Option<&'a RawValue>,
    #[serde(borrow)]
    pub meta: Option<&'a RawValue>,
    #[serde(borrow, rename = "__twarc")]
    pub twarc: Obj<WireTwarc<'a>>,
    #[serde(borrow)]
    pub statuses: Option<&'a RawValue>,
    #[serde(borrow)]
    pub tweet: Option<&'a RawValue>,
    id: Present,
    id_str: Present,
    text: Present,
    full_text: Present,
    extended_tweet: Present,
    user: Present,
    users: Present,
    media: Present,
    places: Present,
    created_at: Present,
    author_id: Present,
    public_metrics: Present,
    verb: Present,
    #[serde(rename = "objectType")]
    object_type: Present,
    actor: Present,
    body: Present,
    action: Present,
    reason: Present,
    start: Present,
    end: Present,
    tweet_count: Present,
    post_count: Present,
    username: Present,
    screen_name: Present,
    name: Present,
    member_count: Present,
    private: Present,
    join_policy: Present,
    state: Present,
    value: Present,
    tag: Present,
    media_key: Present,
    options: Present,
    full_name: Present,
    upload_url: Present,
    download_url: Present,
    event_type: Present,
    dm_conversation_id: Present,
    broadcast_id: Present,
    trend_name: Present,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(rename = "type")]
    kind: Present,
    detail: Present,
    status: Present,
    headers: Present,
    delete: Present,
    limit: Present,
    info: Present,
}

/// What is done with an object.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// An answer of API v2, or a line of its streams.
    Page,
    /// The `includes` of a page alone (split form).
    Includes,
    /// A search answer of API 1.1.
    Statuses,
    /// `{"tweet": {…}}`, as in the archive that X gives to its users.
    Wrapped,
    /// A tweet of API v2 or 1.1.
    Tweet,
    /// Not a tweet; why.
    Other(String),
}

impl Envelope<'_> {
    pub fn kind(&self) -> Kind {
        if self.is_activity_streams() {
            return Kind::Other(
                "this is a tweet in the Activity Streams format of X's old enterprise API, which is not read: import the \
                 original format (API 1.1 or v2) instead"
                    .into(),
            );
        }
        let is_problem = self.title.0.is_some() && (self.detail.0 || self.status.0 || self.kind.0);
        match () {
            () if self.headers.0 && self.body.0 => {
                Kind::Other("this is a recorded HTTP exchange, not a tweet: import what is in its body".into())
            }
            () if self.data.is_some() || self.includes.is_some() => Kind::Page,
            () if is_problem => self.problem(),
            () if self.statuses.is_some() => Kind::Statuses,
            () if self.is_message() => not_a_tweet(self.message_name()),
            () if self.has_text() && (self.id.0 || self.id_str.0) => Kind::Tweet,
            () if self.meta.is_some() => Kind::Page,
            () if self.errors.is_some() => self.errors(),
            () if self.tweet.is_some() => self.wrapped(),
            () if self.users.0 || (self.media.0 && self.places.0) => Kind::Includes,
            () => self.other(),
        }
    }

    fn has_text(&self) -> bool {
        self.text.0 || self.full_text.0 || self.extended_tweet.0
    }

    fn is_activity_streams(&self) -> bool {
        self.data.is_none() && (self.verb.0 || self.object_type.0 || (self.actor.0 && self.body.0))
    }

    fn is_message(&self) -> bool {
        self.event_type.0 || self.dm_conversation_id.0 || self.broadcast_id.0
    }

    fn message_name(&self) -> &'static str {
        if self.broadcast_id.0 { "a message of a broadcast" } else { "a direct message event" }
    }

    fn problem(&self) -> Kind {
        error_answer(self.title.filled().unwrap_or("without a title"))
    }

    /// `errors` alone: the objects that API v2 could not give, or an answer of API 1.1 that says what went wrong.
    fn errors(&self) -> Kind {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct V1Error<'a> {
            code: Present,
            #[serde(borrow)]
            message: Text<'a>,
        }
        let errors: List<Obj<V1Error<'_>>> =
            self.errors.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
        let first = errors.objects().find(|error| error.code.0);
        first.map_or(Kind::Page, |error| error_answer(error.message.filled().unwrap_or("without a message")))
    }

    /// `tweet` is a tweet, or in twint's JSON the text of one.
    fn wrapped(&self) -> Kind {
        match self.tweet.is_some_and(|tweet| tweet.get().starts_with('"')) {
            true => Kind::Other(
                "this is a tweet in the JSON of twint, which is not read: import the CSV that twint writes instead"
                    .into(),
            ),
            false => Kind::Wrapped,
        }
    }

    fn other(&self) -> Kind {
        let has_id = self.id.0 || self.id_str.0;
        if has_id && self.action.0 {
            return not_a_tweet("a compliance result");
        }
        if self.start.0 && self.end.0 && (self.tweet_count.0 || self.post_count.0) {
            return not_a_tweet("a counts answer");
        }
        if self.username.0 || self.screen_name.0 {
            return not_a_tweet("a user object");
        }
        if self.join_policy.0 {
            return not_a_tweet("a community");
        }
        if self.member_count.0 || (self.private.0 && self.name.0) {
            return not_a_tweet("a list");
        }
        match self.less_common() {
            Some(name) => not_a_tweet(name),
            None if has_id && (self.created_at.0 || self.author_id.0 || self.public_metrics.0 || self.user.0) => {
                Kind::Other("the tweet has no text".into())
            }
            None if self.has_text() => Kind::Other("the tweet has no id".into()),
            None if has_id && self.name.0 => not_a_tweet("an object with only an id and a name (a user or a list?)"),
            None => Kind::Other("this JSON object is not a tweet: it has neither an id nor a text".into()),
        }
    }

    fn less_common(&self) -> Option<&'static str> {
        let names = [
            (self.upload_url.0 || self.download_url.0, "a compliance job"),
            (self.media_key.0, "a media object"),
            (self.full_name.0, "a place"),
            (self.options.0, "a poll"),
            (self.trend_name.0, "a trend"),
            (self.value.0 && (self.tag.0 || self.id.0), "a stream rule"),
            (self.state.0 && self.id.0, "a space or broadcast"),
            (self.delete.0, "a delete notice"),
            (self.limit.0, "a limit notice"),
            (self.info.0, "an info notice"),
            (self.reason.0, "a compliance result"),
        ];
        names.into_iter().find_map(|(is, name)| is.then_some(name))
    }
}

fn error_answer(title: &str) -> Kind {
    let title: String = title.chars().take(80).collect();
    Kind::Other(format!("this is an error answer of the API ({title}), not a tweet"))
}

fn not_a_tweet(name: &str) -> Kind {
    Kind::Other(format!("this is {name}, not a tweet"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(json: &str) -> Kind {
        serde_json::from_str::<Envelope<'_>>(json).unwrap().kind()
    }

    fn reason(json: &str) -> String {
        match kind(json) {
            Kind::Other(reason) => reason,
            kind => format!("{kind:?}"),
        }
    }

    #[test]
    fn tweets_are_told_from_the_rest() {
        assert_eq!(kind(r#"{"id":"1","text":"a"}"#), Kind::Tweet);
        assert_eq!(kind(r#"{"id":1,"id_str":"1","text":"a"}"#), Kind::Tweet);
        assert_eq!(kind(r#"{"tweet":{"id":"1"}}"#), Kind::Wrapped);
        assert_eq!(kind(r#"{"errors":[{"resource_id":"1","title":"Not Found Error"}]}"#), Kind::Page);
        assert_eq!(kind(r#"{"meta":{"result_count":0}}"#), Kind::Page);
        assert_eq!(kind(r#"{"data":[],"errors":[]}"#), Kind::Page);
        assert_eq!(kind(r#"{"statuses":[]}"#), Kind::Statuses);
        assert_eq!(kind(r#"{"users":[]}"#), Kind::Includes);
    }

    #[test]
    fn what_is_no_tweet_is_named() {
        assert_eq!(reason(r#"{"id":"1","username":"a","name":"b"}"#), "this is a user object, not a tweet");
        assert_eq!(reason(r#"{"start":"","end":"","tweet_count":3}"#), "this is a counts answer, not a tweet");
        assert_eq!(reason(r#"{"id":"1","name":"a","member_count":3}"#), "this is a list, not a tweet");
        assert_eq!(reason(r#"{"id":"1","action":"delete"}"#), "this is a compliance result, not a tweet");
        assert!(reason(r#"{"verb":"post","body":"x"}"#).contains("Activity Streams format of X's old enterprise API"));
        assert!(reason(r#"{"id":1,"tweet":"a","user_id":2}"#).contains("the JSON of twint"));
        assert_eq!(
            reason(r#"{"errors":[{"code":88,"message":"Rate limit exceeded"}]}"#),
            "this is an error answer of the API (Rate limit exceeded), not a tweet"
        );
        assert_eq!(
            reason(r#"{"title":"Unauthorized","status":401}"#),
            "this is an error answer of the API (Unauthorized), not a tweet"
        );
        assert_eq!(reason(r#"{"id":"1","author_id":"2"}"#), "the tweet has no text");
    }
}
