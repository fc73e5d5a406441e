//! X's JSON objects with every field this simulator knows, in the `tweet` vocabulary.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::Account;

/// A number that travels as a string, because JavaScript rounds it otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Id(pub u64);

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut digits = [0_u8; 20];
        let mut first = digits.len();
        let mut rest = self.0;
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        serializer.serialize_str(str::from_utf8(&digits[first..]).unwrap_or_default())
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct Tweet {
    pub id: Id,
    pub text: String,
    pub edit_history_tweet_ids: Vec<Id>,
    pub author_id: Id,
    pub created_at: String,
    pub conversation_id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to_user_id: Option<Id>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub referenced_tweets: Vec<Reference>,
    pub lang: &'static str,
    pub possibly_sensitive: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_settings: Option<&'static str>,
    pub public_metrics: Metrics,
    #[serde(skip_serializing_if = "Entities::is_empty")]
    pub entities: Entities,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub context_annotations: Vec<ContextAnnotation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Attachments>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo: Option<Geo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note_tweet: Option<Note>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_controls: Option<EditControls>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Reference {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub id: Id,
}

#[derive(Clone, Debug, Serialize)]
pub struct Metrics {
    pub retweet_count: u64,
    pub reply_count: u64,
    pub like_count: u64,
    pub quote_count: u64,
    pub bookmark_count: u64,
    pub impression_count: u64,
}

/// Offsets count Unicode code points of the text as delivered.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Entities {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<Annotation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cashtags: Vec<Tag>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hashtags: Vec<Tag>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<Url>,
}

impl Entities {
    fn is_empty(&self) -> bool {
        self.annotations.is_empty()
            && self.cashtags.is_empty()
            && self.hashtags.is_empty()
            && self.mentions.is_empty()
            && self.urls.is_empty()
    }

    /// As X tells them of a long text: links only by where they lead, and no names that it recognised.
    pub fn of_note(self) -> Self {
        let link = |Url { start, end, url, expanded_url, display_url, .. }: Url| Url {
            start,
            end,
            url,
            expanded_url,
            display_url,
            ..Url::default()
        };
        let urls = self.urls.into_iter().map(link).collect();
        Self { annotations: Vec::new(), urls, ..self }
    }
}

/// Unlike every other entity its `end` is the last character, not the one after it.
#[derive(Clone, Debug, Serialize)]
pub struct Annotation {
    pub start: usize,
    pub end: usize,
    pub probability: f64,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub normalized_text: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Tag {
    pub start: usize,
    pub end: usize,
    pub tag: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Mention {
    pub start: usize,
    pub end: usize,
    pub username: String,
    pub id: Id,
    #[serde(skip)]
    pub account: Account,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Url {
    pub start: usize,
    pub end: usize,
    pub url: String,
    pub expanded_url: String,
    pub display_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unwound_url: Option<String>,
}

/// What X believes a tweet is about; there are few and they are long, so they are written once.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ContextAnnotation {
    pub domain: &'static RawValue,
    pub entity: &'static RawValue,
}

#[derive(Clone, Debug, Serialize)]
pub struct Attachments {
    pub media_keys: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Geo {
    pub place_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Point>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Point {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub coordinates: [f64; 2],
}

#[derive(Clone, Debug, Serialize)]
pub struct Note {
    pub text: String,
    #[serde(skip_serializing_if = "Entities::is_empty")]
    pub entities: Entities,
}

#[derive(Clone, Debug, Serialize)]
pub struct EditControls {
    pub edits_remaining: u64,
    pub is_edit_eligible: bool,
    pub editable_until: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct User {
    pub id: Id,
    pub name: String,
    pub username: String,
    pub created_at: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    pub profile_image_url: String,
    pub protected: bool,
    pub verified: bool,
    pub verified_type: &'static str,
    pub public_metrics: UserMetrics,
}

#[derive(Clone, Debug, Serialize)]
pub struct UserMetrics {
    pub followers_count: u64,
    pub following_count: u64,
    pub tweet_count: u64,
    pub listed_count: u64,
    pub like_count: u64,
    pub media_count: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct Media {
    pub media_key: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview_image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    pub height: u32,
    pub width: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_metrics: Option<MediaMetrics>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
}

#[derive(Clone, Debug, Serialize)]
pub struct MediaMetrics {
    pub view_count: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct Variant {
    pub bit_rate: u64,
    pub content_type: &'static str,
    pub url: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Place {
    pub id: &'static str,
    pub name: &'static str,
    pub full_name: &'static str,
    pub country: &'static str,
    pub country_code: &'static str,
    pub place_type: &'static str,
    pub geo: BoundingBox,
}

#[derive(Clone, Debug, Serialize)]
pub struct BoundingBox {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub bbox: [f64; 4],
    pub properties: serde_json::Map<String, serde_json::Value>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Includes {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tweets: Vec<Tweet>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Meta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_id: Option<Id>,
    pub result_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}
