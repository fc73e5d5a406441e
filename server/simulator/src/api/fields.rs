//! Which fields and objects a request wants, and cutting answers down to them.

use std::collections::HashSet;

use serde_json::{Map, Value};
use tweetgen::Expansions;

use super::problem::Problem;
use crate::Vocabulary;

const TWEET_FIELDS: &[&str] = &[
    "article",
    "article_title",
    "attachments",
    "author_id",
    "card_uri",
    "community_id",
    "context_annotations",
    "conversation_id",
    "created_at",
    "display_text_range",
    "edit_controls",
    "edit_history_tweet_ids",
    "entities",
    "geo",
    "id",
    "in_reply_to_user_id",
    "lang",
    "matched_media_notes",
    "media_metadata",
    "non_public_metrics",
    "note_request_suggestions",
    "note_tweet",
    "organic_metrics",
    "paid_partnership",
    "possibly_sensitive",
    "promoted_metrics",
    "public_metrics",
    "referenced_tweets",
    "reply_settings",
    "scopes",
    "source",
    "suggested_source_links",
    "suggested_source_links_with_counts",
    "text",
    "withheld",
];
/// No `post.fields` any more: what they named comes by expansions, or by a newer name.
const NO_POST_FIELDS: &[&str] = &[
    "author_id",
    "edit_history_post_ids",
    "edit_history_tweet_ids",
    "in_reply_to_user_id",
    "note_tweet",
    "referenced_posts",
    "referenced_tweets",
];
const USER_FIELDS: &[&str] = &[
    "active_follower_count",
    "affiliation",
    "confirmed_email",
    "connection_status",
    "created_at",
    "description",
    "entities",
    "id",
    "is_identity_verified",
    "location",
    "most_recent_tweet_id",
    "name",
    "parody",
    "pinned_tweet_id",
    "profile_banner_url",
    "profile_image_url",
    "protected",
    "public_metrics",
    "receives_your_dm",
    "subscriber_count",
    "subscribes_to_you",
    "subscription",
    "subscription_type",
    "url",
    "username",
    "verified",
    "verified_followers_count",
    "verified_type",
    "withheld",
];
const MEDIA_FIELDS: &[&str] = &[
    "alt_text",
    "duration_ms",
    "height",
    "media_key",
    "non_public_metrics",
    "organic_metrics",
    "preview_image_url",
    "promoted_metrics",
    "public_metrics",
    "type",
    "url",
    "variants",
    "width",
];
const PLACE_FIELDS: &[&str] =
    &["contained_within", "country", "country_code", "full_name", "geo", "id", "name", "place_type"];
const EXPANSIONS: &[&str] = &[
    "article.cover_media",
    "article.media_entities",
    "attachments.media_keys",
    "attachments.media_source_tweet",
    "attachments.poll_ids",
    "author_id",
    "edit_history_tweet_ids",
    "entities.mentions.username",
    "entities.note.mentions.username",
    "geo.place_id",
    "in_reply_to_user_id",
    "referenced_tweets.id",
    "referenced_tweets.id.attachments.media_keys",
    "referenced_tweets.id.author_id",
    "username",
];

/// The current name and the one it replaces.
const RENAMED: &[(&str, &str)] = &[
    ("edit_history_post_ids", "edit_history_tweet_ids"),
    ("most_recent_post_id", "most_recent_tweet_id"),
    ("note_post", "note_tweet"),
    ("pinned_post_id", "pinned_tweet_id"),
    ("post_count", "tweet_count"),
    ("posts", "tweets"),
    ("referenced_posts", "referenced_tweets"),
    ("repost_count", "retweet_count"),
];

/// What a request asks for, in the older names.
pub struct Selection {
    pub expansions: Expansions,
    tweet: HashSet<&'static str>,
    user: HashSet<&'static str>,
    media: HashSet<&'static str>,
    place: HashSet<&'static str>,
}

impl Selection {
    pub fn new() -> Self {
        Self {
            expansions: Expansions::default(),
            tweet: HashSet::from(["id", "text", "edit_history_tweet_ids"]),
            user: HashSet::from(["id", "name", "username"]),
            media: HashSet::from(["media_key", "type"]),
            place: HashSet::from(["id", "full_name"]),
        }
    }

    /// Reads one `*.fields` or `expansions` parameter.
    pub fn read(&mut self, parameter: &str, value: &str) -> Result<(), Problem> {
        let allowed = match parameter {
            "tweet.fields" | "post.fields" => TWEET_FIELDS,
            "user.fields" => USER_FIELDS,
            "media.fields" => MEDIA_FIELDS,
            "place.fields" => PLACE_FIELDS,
            _ => EXPANSIONS,
        };
        for name in value.split(',') {
            let older = older_name(name, parameter);
            let is_gone = parameter == "post.fields" && NO_POST_FIELDS.contains(&name);
            let known = allowed.iter().find(|&&known| known == older && !is_gone);
            let &known = known.ok_or_else(|| unknown(parameter, value, name, allowed))?;
            match parameter {
                "tweet.fields" | "post.fields" => self.tweet.insert(known),
                "user.fields" => self.user.insert(known),
                "media.fields" => self.media.insert(known),
                "place.fields" => self.place.insert(known),
                _ => {
                    self.expand(known);
                    continue;
                }
            };
        }
        Ok(())
    }

    /// Wants an object; the field that points to it comes with it.
    fn expand(&mut self, name: &str) {
        let wanted = &mut self.expansions;
        let (flag, field) = match name {
            "author_id" => (&mut wanted.author, "author_id"),
            "edit_history_tweet_ids" => (&mut wanted.edit_history, "edit_history_tweet_ids"),
            "in_reply_to_user_id" => (&mut wanted.in_reply_to, "in_reply_to_user_id"),
            "attachments.media_keys" => (&mut wanted.media, "attachments"),
            "entities.mentions.username" => (&mut wanted.mentions, "entities"),
            "geo.place_id" => (&mut wanted.place, "geo"),
            "referenced_tweets.id" => (&mut wanted.referenced, "referenced_tweets"),
            "referenced_tweets.id.author_id" => (&mut wanted.referenced_author, "referenced_tweets"),
            "referenced_tweets.id.attachments.media_keys" => (&mut wanted.referenced_media, "referenced_tweets"),
            _ => return, // objects the corpus does not have: polls, articles
        };
        *flag = true;
        self.tweet.insert(field);
    }

    pub fn tweet(&self, value: Value) -> Value {
        cut(value, &self.tweet)
    }

    /// Cuts the objects of an `includes` down to their fields.
    pub fn includes(&self, value: Value) -> Value {
        let Value::Object(lists) = value else { return value };
        let lists = lists.into_iter().map(|(name, list)| {
            let keep = match name.as_str() {
                "users" => &self.user,
                "media" => &self.media,
                "places" => &self.place,
                _ => &self.tweet,
            };
            let Value::Array(objects) = list else { return (name, list) };
            (name, objects.into_iter().map(|object| cut(object, keep)).collect())
        });
        Value::Object(lists.collect())
    }
}

fn older_name<'a>(name: &'a str, parameter: &str) -> &'a str {
    if parameter == "expansions" && name == "referenced_posts" {
        return "referenced_tweets.id";
    }
    RENAMED.iter().find(|(current, _)| *current == name).map_or(name, |&(_, older)| older)
}

fn unknown(parameter: &str, value: &str, name: &str, allowed: &[&str]) -> Problem {
    let names: Vec<&str> = match parameter {
        "post.fields" => {
            allowed.iter().map(|name| current_name(name)).filter(|name| !NO_POST_FIELDS.contains(name)).collect()
        }
        _ => allowed.to_vec(),
    };
    let message = format!("The `{parameter}` query parameter value [{name}] is not one of [{}]", names.join(","));
    Problem::invalid(&[(parameter, value)], message)
}

fn current_name(name: &str) -> &str {
    RENAMED.iter().find(|(_, older)| *older == name).map_or(name, |&(current, _)| current)
}

fn cut(value: Value, keep: &HashSet<&str>) -> Value {
    match value {
        Value::Object(mut fields) => {
            fields.retain(|name, _| keep.contains(name.as_str()));
            Value::Object(fields)
        }
        other => other,
    }
}

/// The same answer with the names of `vocabulary`.
pub fn named(value: Value, vocabulary: Vocabulary) -> Value {
    match (vocabulary, value) {
        (Vocabulary::Post, Value::Object(fields)) => {
            let renamed =
                fields.into_iter().map(|(name, value)| (current_name(&name).to_owned(), named(value, vocabulary)));
            Value::Object(renamed.collect::<Map<_, _>>())
        }
        (Vocabulary::Post, Value::Array(items)) => {
            Value::Array(items.into_iter().map(|item| named(item, vocabulary)).collect())
        }
        (_, value) => value,
    }
}
