//! The JSON of X as it is written: API v2 in both vocabularies, its flattened form, and API 1.1.
//!
//! Every field is lenient. Where X renamed a field both names are here; the current one comes first.

pub mod lenient;
pub mod repair;
pub mod v1;

use lenient::{Flag, List, Number, Obj, Present, Text};
use serde::Deserialize;

/// A tweet of API v2, plain or flattened by twarc.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireTweet<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub text: Text<'a>,
    #[serde(borrow)]
    pub created_at: Text<'a>,
    #[serde(borrow)]
    pub author_id: Text<'a>,
    #[serde(borrow)]
    pub conversation_id: Text<'a>,
    #[serde(borrow)]
    pub in_reply_to_user_id: Text<'a>,
    #[serde(borrow)]
    pub lang: Text<'a>,
    #[serde(borrow)]
    pub source: Text<'a>,
    #[serde(borrow)]
    pub reply_settings: Text<'a>,
    pub possibly_sensitive: Flag,
    pub paid_partnership: Flag,
    pub public_metrics: Obj<WireMetrics>,
    #[serde(borrow)]
    pub entities: Obj<WireEntities<'a>>,
    #[serde(borrow)]
    pub attachments: Obj<WireAttachments<'a>>,
    #[serde(borrow)]
    pub referenced_posts: Option<List<Obj<WireReference<'a>>>>,
    #[serde(borrow)]
    pub referenced_tweets: Option<List<Obj<WireReference<'a>>>>,
    #[serde(borrow)]
    pub note_post: Obj<WireNote<'a>>,
    #[serde(borrow)]
    pub note_tweet: Obj<WireNote<'a>>,
    #[serde(borrow)]
    pub edit_history_post_ids: Option<List<Text<'a>>>,
    #[serde(borrow)]
    pub edit_history_tweet_ids: Option<List<Text<'a>>>,
    #[serde(borrow)]
    pub geo: Obj<WirePlace<'a>>,
    #[serde(borrow)]
    pub context_annotations: List<Obj<WireContext<'a>>>,
    #[serde(borrow)]
    pub withheld: Obj<WireWithheld<'a>>,
    // Only in the flattened form.
    #[serde(borrow)]
    pub author: Obj<WireUser<'a>>,
    #[serde(borrow)]
    pub in_reply_to_user: Obj<WireUser<'a>>,
    #[serde(borrow, rename = "__twarc")]
    pub twarc: Obj<WireTwarc<'a>>,
    // What has an id and a text too, but is no tweet of API v2.
    pub id_str: Present,
    pub full_text: Present,
    pub extended_tweet: Present,
    pub favorite_count: Present,
    pub retweeted_status: Present,
    pub in_reply_to_status_id: Present,
    pub user: Present,
    pub broadcast_id: Present,
    pub event_type: Present,
    pub dm_conversation_id: Present,
}

impl WireTweet<'_> {
    /// Whether it is a tweet of API 1.1 instead.
    pub fn is_v1(&self) -> bool {
        let keys = [
            self.id_str,
            self.full_text,
            self.extended_tweet,
            self.favorite_count,
            self.retweeted_status,
            self.in_reply_to_status_id,
            self.user,
        ];
        keys.iter().any(|key| key.0)
    }
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireMetrics {
    pub like_count: Number,
    pub repost_count: Number,
    pub retweet_count: Number,
    pub reply_count: Number,
    pub quote_count: Number,
    pub bookmark_count: Number,
    pub impression_count: Number,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireEntities<'a> {
    #[serde(borrow)]
    pub hashtags: List<Obj<WireTag<'a>>>,
    #[serde(borrow)]
    pub cashtags: List<Obj<WireTag<'a>>>,
    #[serde(borrow)]
    pub mentions: List<Obj<WireTag<'a>>>,
    #[serde(borrow)]
    pub urls: List<Obj<WireUrl<'a>>>,
    #[serde(borrow)]
    pub annotations: List<Obj<WireAnnotation<'a>>>,
}

/// A hashtag, cashtag or mention.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireTag<'a> {
    pub start: Number,
    pub end: Number,
    #[serde(borrow)]
    pub tag: Text<'a>,
    #[serde(borrow)]
    pub username: Text<'a>,
    /// A mention that has a name is a whole user object: the flattened form.
    pub name: Present,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireUrl<'a> {
    pub start: Number,
    pub end: Number,
    #[serde(borrow)]
    pub url: Text<'a>,
    #[serde(borrow)]
    pub expanded_url: Text<'a>,
    #[serde(borrow)]
    pub display_url: Text<'a>,
    #[serde(borrow)]
    pub title: Text<'a>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireAnnotation<'a> {
    #[serde(borrow)]
    pub normalized_text: Text<'a>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireContext<'a> {
    #[serde(borrow)]
    pub entity: Obj<WireNamed<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireNamed<'a> {
    #[serde(borrow)]
    pub name: Text<'a>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireAttachments<'a> {
    #[serde(borrow)]
    pub media_keys: List<Text<'a>>,
    #[serde(borrow)]
    pub poll_ids: List<Text<'a>>,
    // The rest: flattened form.
    #[serde(borrow)]
    pub media: List<Obj<WireMedia<'a>>>,
    #[serde(borrow)]
    pub poll: Obj<WirePoll<'a>>,
}

/// A medium of API v2 or 1.1.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireMedia<'a> {
    #[serde(borrow)]
    pub media_key: Text<'a>,
    #[serde(borrow)]
    pub id_str: Text<'a>,
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    #[serde(borrow)]
    pub alt_text: Text<'a>,
    #[serde(borrow)]
    pub ext_alt_text: Text<'a>,
    #[serde(borrow)]
    pub url: Text<'a>,
    #[serde(borrow)]
    pub preview_image_url: Text<'a>,
    #[serde(borrow)]
    pub media_url_https: Text<'a>,
    pub duration_ms: Number,
    pub video_info: Obj<WireVideo>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireVideo {
    pub duration_millis: Number,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WirePoll<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub options: List<Obj<WireOption<'a>>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireOption<'a> {
    #[serde(borrow)]
    pub label: Text<'a>,
    pub votes: Number,
}

/// A place; in `geo` of a tweet only `place_id`, unless flattened.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WirePlace<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub place_id: Text<'a>,
    #[serde(borrow)]
    pub full_name: Text<'a>,
    #[serde(borrow)]
    pub country_code: Text<'a>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireReference<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    #[serde(borrow)]
    pub id: Text<'a>,
    /// Set in the flattened form, where the whole tweet stands here.
    pub text: Present,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireNote<'a> {
    #[serde(borrow)]
    pub text: Text<'a>,
    #[serde(borrow)]
    pub entities: Obj<WireEntities<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireWithheld<'a> {
    #[serde(borrow)]
    pub country_codes: List<Text<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireTwarc<'a> {
    #[serde(borrow)]
    pub retrieved_at: Text<'a>,
}

/// A user of API v2 or 1.1.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireUser<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub id_str: Text<'a>,
    #[serde(borrow)]
    pub username: Text<'a>,
    #[serde(borrow)]
    pub screen_name: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub description: Text<'a>,
    #[serde(borrow)]
    pub location: Text<'a>,
    #[serde(borrow)]
    pub url: Text<'a>,
    #[serde(borrow)]
    pub profile_image_url_https: Text<'a>,
    #[serde(borrow)]
    pub profile_image_url: Text<'a>,
    #[serde(borrow)]
    pub created_at: Text<'a>,
    pub verified: Flag,
    #[serde(borrow)]
    pub verified_type: Text<'a>,
    pub public_metrics: Obj<WireUserMetrics>,
    pub followers_count: Number,
    pub friends_count: Number,
    pub statuses_count: Number,
    #[serde(borrow)]
    pub entities: Obj<WireUserEntities<'a>>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireUserMetrics {
    pub followers_count: Number,
    pub following_count: Number,
    pub post_count: Number,
    pub tweet_count: Number,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireUserEntities<'a> {
    #[serde(borrow)]
    pub url: Obj<WireUserUrls<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireUserUrls<'a> {
    #[serde(borrow)]
    pub urls: List<Obj<WireUrl<'a>>>,
}
