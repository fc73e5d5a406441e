//! What comes in: tweets with their authors still named, on their way to being sealed.
//!
//! These types never reach the browser and are never written as they are: the store turns the author into a
//! pseudonym and a sealed identity.

use crate::{Timestamp, Tweet, TweetId, UserId, tweet::AuthorStats};

/// One tweet as observed in a page or a file.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedTweet {
    /// The tweet, with `author` and `reply_to_author` still empty.
    pub tweet: Tweet,
    pub author_id: Option<UserId>,
    pub reply_to_user_id: Option<UserId>,
    /// The tweet exactly as it came (JSON object or CSV record), to be kept sealed.
    pub raw: String,
    pub role: Role,
}

/// Why a tweet is in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It was asked for: a row of the collection.
    Row,
    /// Another tweet refers to it: kept for that one's sake, not a row.
    Context,
}

/// One account as observed. All of it but the stats is personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedAuthor {
    pub id: UserId,
    pub version: Timestamp,
    pub identity: Identity,
    pub stats: AuthorStats,
}

/// Who an author is. Kept only sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Identity {
    /// The name after the `@`.
    pub handle: Option<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub location: Option<String>,
    pub url: Option<String>,
    pub picture: Option<String>,
}

/// A tweet that must go. What is observed of it later may come back.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Removal {
    pub id: TweetId,
    /// Nothing that was observed up to then is kept.
    pub version: Timestamp,
    /// In plain words.
    pub reason: String,
}

/// Tweets and authors that came together: one page, or a chunk of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    pub tweets: Vec<ObservedTweet>,
    pub authors: Vec<ObservedAuthor>,
}
