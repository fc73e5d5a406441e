//! One normalised tweet: whatever API version, vocabulary or file it came from, it has this shape.

use crate::{Pid, Timestamp, TweetId};
use serde::{Deserialize, Serialize};

/// A tweet as it is kept. It names its author only by pseudonym.
///
/// `text` is plain (`&amp;` and its like are resolved) and complete where X gave the whole: the long form of
/// a long post, the original's words for a repost. All offsets in `entities` count Unicode code points of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tweet {
    pub id: TweetId,
    /// When it was observed. Of two observations the later one wins.
    pub version: Timestamp,
    pub created_at: Timestamp,
    /// Absent where the source names no author (some CSV files).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Pid>,
    pub text: String,
    /// BCP 47, or one of X's pseudo codes (`und`, `qme`, …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<TweetId>,
    /// The author of the tweet that this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_author: Option<Pid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    pub metrics: Metrics,
    #[serde(default, skip_serializing_if = "Entities::is_empty")]
    pub entities: Entities,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Names of the people, places and things that X recognised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<bool>,
    /// Who may reply: `everyone`, `mentionedUsers`, `following`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_settings: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_partnership: Option<bool>,
    /// The ids of all its versions, oldest first; one id (or none) when it was never edited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edit_history: Vec<TweetId>,
    /// Country codes in which X withholds it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld_in: Vec<String>,
}

impl Tweet {
    /// A tweet that has only what every tweet has.
    pub fn new(id: TweetId, version: Timestamp, created_at: Timestamp, text: impl Into<String>) -> Self {
        Self {
            id,
            version,
            created_at,
            author: None,
            text: text.into(),
            lang: None,
            source: None,
            conversation: None,
            reply_to_author: None,
            references: Vec::new(),
            metrics: Metrics::default(),
            entities: Entities::default(),
            media: Vec::new(),
            poll: None,
            place: None,
            annotations: Vec::new(),
            sensitive: None,
            reply_settings: None,
            paid_partnership: None,
            edit_history: Vec::new(),
            withheld_in: Vec::new(),
        }
    }

    /// The tweet that this one refers to in that way, if any.
    pub fn reference(&self, kind: ReferenceKind) -> Option<TweetId> {
        self.references.iter().find(|reference| reference.kind == kind).map(|reference| reference.id)
    }
}

/// Public counters; `None` where the source does not tell (old archives lack views and bookmarks).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metrics {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likes: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reposts: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replies: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bookmarks: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub views: Option<u64>,
}

impl Metrics {
    /// Each counter with its name.
    pub fn counters(&self) -> [(&'static str, Option<u64>); 6] {
        [
            ("likes", self.likes),
            ("reposts", self.reposts),
            ("replies", self.replies),
            ("quotes", self.quotes),
            ("bookmarks", self.bookmarks),
            ("views", self.views),
        ]
    }

    /// The counters whose names are fitting; the others are unknown.
    #[must_use]
    pub fn only(self, fits: impl Fn(&str) -> bool) -> Self {
        let keep = |name: &str, count: Option<u64>| count.filter(|_| fits(name));
        Self {
            likes: keep("likes", self.likes),
            reposts: keep("reposts", self.reposts),
            replies: keep("replies", self.replies),
            quotes: keep("quotes", self.quotes),
            bookmarks: keep("bookmarks", self.bookmarks),
            views: keep("views", self.views),
        }
    }

    /// The counters, and those of another where they are unknown.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            likes: self.likes.or(other.likes),
            reposts: self.reposts.or(other.reposts),
            replies: self.replies.or(other.replies),
            quotes: self.quotes.or(other.quotes),
            bookmarks: self.bookmarks.or(other.bookmarks),
            views: self.views.or(other.views),
        }
    }
}

/// How much counters grow per hour, in tenths; `None` where it is too early to tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likes: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub views: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    RepliedTo,
    Quoted,
    Retweeted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub kind: ReferenceKind,
    pub id: TweetId,
}

/// What stands at which place in the text. `start` is inclusive, `end` exclusive, in code points.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entities {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hashtags: Vec<Tag>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cashtags: Vec<Tag>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Tag>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

impl Entities {
    pub fn is_empty(&self) -> bool {
        self.hashtags.is_empty() && self.cashtags.is_empty() && self.mentions.is_empty() && self.links.is_empty()
    }
}

/// A hashtag, cashtag or mention, `tag` without its `#`, `$` or `@`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    pub start: u32,
    pub end: u32,
    pub tag: String,
}

/// A link in the text: `url` as written (t.co), `expanded` where it leads, `display` as X shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub start: u32,
    pub end: u32,
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expanded: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Link {
    /// The host it leads to, lower case and without `www.`; none for anything but http and https.
    pub fn domain(&self) -> Option<String> {
        let target = self.expanded.as_deref().unwrap_or(&self.url);
        let rest = target.strip_prefix("https://").or_else(|| target.strip_prefix("http://"))?;
        let host = rest.split(['/', '?', '#']).next()?;
        let host = host.rsplit('@').next()?.split(':').next()?.to_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host);
        (!host.is_empty()).then(|| host.to_owned())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    pub key: String,
    /// `photo`, `video` or `animated_gif`.
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// Label and votes of each choice.
    pub options: Vec<(String, u64)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// As X shows it: `Berlin, Germany`.
    pub name: String,
    /// ISO 3166 code of two letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// What is public about an author and tells not who it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorStats {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followers: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub following: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tweets: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(expanded: &str) -> Link {
        Link {
            start: 0,
            end: 23,
            url: "https://t.co/x".into(),
            expanded: Some(expanded.into()),
            display: None,
            title: None,
        }
    }

    #[test]
    fn a_links_domain_is_its_host() {
        assert_eq!(link("https://www.Example.org:8080/a?b").domain().as_deref(), Some("example.org"));
        assert_eq!(link("http://user@example.org").domain().as_deref(), Some("example.org"));
        assert_eq!(link("javascript:alert(1)").domain(), None);
    }

    #[test]
    fn what_is_absent_takes_no_room_in_json() {
        let tweet = Tweet::new(TweetId(1), Timestamp(2), Timestamp(1), "hi");
        let json = serde_json::to_string(&tweet).unwrap();
        assert_eq!(json, r#"{"id":"1","version":2,"created_at":1,"text":"hi","metrics":{}}"#);
        assert_eq!(serde_json::from_str::<Tweet>(&json).unwrap(), tweet);
    }
}
