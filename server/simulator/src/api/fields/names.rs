//! Names on the wire: which there are, and which were renamed in 2026.

use serde_json::{Map, Value};

use crate::Vocabulary;

pub const TWEET_FIELDS: &[&str] = &[
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
pub const NO_POST_FIELDS: &[&str] = &[
    "author_id",
    "edit_history_post_ids",
    "edit_history_tweet_ids",
    "in_reply_to_user_id",
    "note_tweet",
    "referenced_posts",
    "referenced_tweets",
];
pub const USER_FIELDS: &[&str] = &[
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
pub const MEDIA_FIELDS: &[&str] = &[
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
pub const PLACE_FIELDS: &[&str] =
    &["contained_within", "country", "country_code", "full_name", "geo", "id", "name", "place_type"];
pub const EXPANSIONS: &[&str] = &[
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

/// Objects that come with users.
pub const USER_EXPANSIONS: &[&str] = &["affiliation", "most_recent_tweet_id", "pinned_tweet_id"];

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
    ("total_post_count", "total_tweet_count"),
];

/// Those that clients still saw in the older form in the autumn of 2026, beside all others in the current one.
const LATE: &[&str] = &["edit_history_tweet_ids", "tweet_count"];
/// Names that came with the current ones and have no older form.
const NEWS: &[&str] = &["media_count"];
/// Kinds of problems that the current names came with.
const CURRENT_PROBLEMS: [&str; 2] = ["resource-not-found", "not-authorized-for-resource"];

/// The name in the older form.
pub fn older<'a>(name: &'a str, parameter: &str) -> &'a str {
    if parameter == "expansions" && name == "referenced_posts" {
        return "referenced_tweets.id";
    }
    RENAMED.iter().find(|(current, _)| *current == name).map_or(name, |&(_, older)| older)
}

pub fn current(name: &str) -> &str {
    RENAMED.iter().find(|(_, older)| *older == name).map_or(name, |&(current, _)| current)
}

/// The same answer with the names of `vocabulary`.
pub fn named(value: Value, vocabulary: Vocabulary) -> Value {
    match vocabulary {
        Vocabulary::Tweet => without_news(value),
        Vocabulary::Post => renamed(value, &mut |_| true),
        Vocabulary::Mixed => renamed(value, &mut |older| !LATE.contains(&older)),
        Vocabulary::Drawn(seed) => {
            let mut coins = Coins(seed);
            renamed(value, &mut |_| coins.toss())
        }
    }
}

/// The same with the current names where `is_current` wants it of an older one.
fn renamed(value: Value, is_current: &mut dyn FnMut(&str) -> bool) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| match (name.as_str(), value) {
                ("type", Value::String(kind)) => (name, Value::String(current_kind(kind))),
                ("parameter", Value::String(parameter)) => (name, Value::String(current_parameter(parameter))),
                (older, value) => {
                    let name = if is_current(older) { current(older).to_owned() } else { name };
                    (name, renamed(value, is_current))
                }
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| renamed(item, is_current)).collect()),
        value => value,
    }
}

/// SplitMix64, a bit at a time.
struct Coins(u64);

impl Coins {
    fn toss(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) & 1 == 1
    }
}

/// The same without what the older names' time did not have.
fn without_news(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let known = fields.into_iter().filter(|(name, _)| !NEWS.contains(&name.as_str()));
            Value::Object(known.map(|(name, value)| (name, without_news(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_news).collect()),
        value => value,
    }
}

/// A problem's type under the host of today.
fn current_kind(kind: String) -> String {
    match kind.strip_prefix("https://api.twitter.com/2/problems/") {
        Some(problem) if CURRENT_PROBLEMS.contains(&problem) => format!("https://api.x.com/2/problems/{problem}"),
        _ => kind,
    }
}

fn current_parameter(parameter: String) -> String {
    match parameter.as_str() {
        "referenced_tweets.id" => "referenced_posts".to_owned(),
        name => current(name).to_owned(),
    }
}
