//! A tweet as a database row and back.

use crate::entity::tweets;
use crate::error::{Result, StoreError};
use crate::vault::{Place, SealingKey, Vault};
use model::observed::ObservedTweet;
use model::tweet::{AuthorStats, Entities, Media, Metrics, Place as TweetPlace, Poll, Reference};
use model::{Pid, Timestamp, Tweet, TweetId};
use sea_orm::Set;
use serde::{Deserialize, Serialize};

/// What of a tweet has no column of its own: lists, and what nobody sorts by.
#[derive(Serialize, Deserialize)]
struct Detail {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_to_author: Option<Pid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    references: Vec<Reference>,
    #[serde(default, skip_serializing_if = "Entities::is_empty")]
    entities: Entities,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    media: Vec<Media>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    poll: Option<Poll>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<TweetPlace>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sensitive: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_settings: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paid_partnership: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    edit_history: Vec<TweetId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    withheld_in: Vec<String>,
    /// The author's stats when this tweet was observed.
    #[serde(default)]
    author_stats: AuthorStats,
}

/// A tweet that is ready to be written but for its change number and its first sight.
pub(super) struct Prepared {
    pub id: i64,
    pub version: i64,
    pub content_hash: i64,
    pub row: tweets::ActiveModel,
}

/// Pseudonymises, compresses and seals.
pub(super) fn prepare(
    observed: ObservedTweet,
    author_stats: AuthorStats,
    vault: &Vault,
    key: &SealingKey,
) -> Result<Prepared> {
    let ObservedTweet { mut tweet, author_id, reply_to_user_id, raw, .. } = observed;
    tweet.author = author_id.map(|id| vault.pid(id));
    tweet.reply_to_author = reply_to_user_id.map(|id| vault.pid(id));
    let id = signed(tweet.id.0);
    let raw = zstd::bulk::compress(raw.as_bytes(), 1).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let place = Place { table: "tweets", row: &id.to_le_bytes(), column: "raw" };
    let raw = vault.seal(key, place, &raw)?;
    let metrics = tweet.metrics;
    let detail = Detail {
        reply_to_author: tweet.reply_to_author,
        references: tweet.references,
        entities: tweet.entities,
        media: tweet.media,
        poll: tweet.poll,
        place: tweet.place,
        annotations: tweet.annotations,
        sensitive: tweet.sensitive,
        reply_settings: tweet.reply_settings,
        paid_partnership: tweet.paid_partnership,
        edit_history: tweet.edit_history,
        withheld_in: tweet.withheld_in,
        author_stats,
    };
    let detail = serde_json::to_string(&detail).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let content_hash = hash(&[
        tweet.text.as_bytes(),
        detail.as_bytes(),
        tweet.lang.as_deref().unwrap_or_default().as_bytes(),
        tweet.source.as_deref().unwrap_or_default().as_bytes(),
        format!("{:?}{:?}{:?}{:?}", tweet.created_at, tweet.author, tweet.conversation, metrics).as_bytes(),
    ]);
    let row = tweets::ActiveModel {
        id: Set(id),
        version: Set(tweet.version.0),
        content_hash: Set(content_hash),
        created_at: Set(tweet.created_at.0),
        author: Set(tweet.author.map(|pid| pid.0.to_vec())),
        // PostgreSQL takes no NUL in texts.
        text: Set(tweet.text.replace('\0', "\u{fffd}")),
        lang: Set(tweet.lang),
        source: Set(tweet.source),
        conversation: Set(tweet.conversation.map(|id| signed(id.0))),
        likes: Set(metrics.likes.map(signed)),
        reposts: Set(metrics.reposts.map(signed)),
        replies: Set(metrics.replies.map(signed)),
        quotes: Set(metrics.quotes.map(signed)),
        bookmarks: Set(metrics.bookmarks.map(signed)),
        views: Set(metrics.views.map(signed)),
        detail: Set(detail),
        raw: Set(raw),
        ..Default::default()
    };
    Ok(Prepared { id, version: tweet.version.0, content_hash, row })
}

/// A 64-bit fingerprint of what was observed, to tell a later observation that says nothing new.
fn hash(parts: &[&[u8]]) -> i64 {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_le_bytes());
        context.update(part);
    }
    let digest = context.finish();
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest.as_ref()[..8]);
    i64::from_le_bytes(bytes)
}

/// X's ids fit 63 bits; anything larger is capped rather than wrapped.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The tweet and its author's stats of a database row.
pub(super) fn to_tweet(row: tweets::Model) -> Result<(Tweet, AuthorStats)> {
    let damaged = |what: &str| StoreError::Damaged(format!("tweet {}: {what}", row.id));
    let detail: Detail = serde_json::from_str(&row.detail).map_err(|error| damaged(&error.to_string()))?;
    let author = row.author.as_deref().map(|bytes| <[u8; 16]>::try_from(bytes).map(Pid)).transpose();
    let author = author.map_err(|_| damaged("its author is not 16 bytes"))?;
    let number = |value: Option<i64>| value.map(i64::unsigned_abs);
    let tweet = Tweet {
        id: TweetId(row.id.unsigned_abs()),
        version: Timestamp(row.version),
        created_at: Timestamp(row.created_at),
        author,
        text: row.text,
        lang: row.lang,
        source: row.source,
        conversation: number(row.conversation).map(TweetId),
        reply_to_author: detail.reply_to_author,
        references: detail.references,
        metrics: Metrics {
            likes: number(row.likes),
            reposts: number(row.reposts),
            replies: number(row.replies),
            quotes: number(row.quotes),
            bookmarks: number(row.bookmarks),
            views: number(row.views),
        },
        entities: detail.entities,
        media: detail.media,
        poll: detail.poll,
        place: detail.place,
        annotations: detail.annotations,
        sensitive: detail.sensitive,
        reply_settings: detail.reply_settings,
        paid_partnership: detail.paid_partnership,
        edit_history: detail.edit_history,
        withheld_in: detail.withheld_in,
    };
    Ok((tweet, detail.author_stats))
}
