//! A tweet as a database row and back.

use super::bulk::{BulkInsert, OnKnown};
use super::merge;
use super::raw::Compressor;
use crate::entity::tweets;
use crate::error::{Result, StoreError};
use crate::signed;
use crate::vault::{Place, SealingKey, Vault};
use model::observed::ObservedTweet;
use model::tweet::{AuthorStats, Entities, Media, Metrics, Place as TweetPlace, Poll, Reference};
use model::{Pid, Row, Timestamp, Tweet, TweetId};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

pub(super) const UPSERT: BulkInsert<19> = BulkInsert {
    table: "tweets",
    columns: [
        "id",
        "version",
        "change",
        "content_hash",
        "first_seen",
        "created_at",
        "author",
        "text",
        "lang",
        "source",
        "conversation",
        "likes",
        "reposts",
        "replies",
        "quotes",
        "bookmarks",
        "views",
        "detail",
        "raw",
    ],
    on_known: OnKnown::Replace { key: "id" },
};

/// What of a tweet has no column of its own: lists, and what nobody sorts by. Lent to be written, owned when read.
#[derive(Serialize, Deserialize)]
struct Detail<'t> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_to_author: Option<Pid>,
    #[serde(default, skip_serializing_if = "is_empty")]
    references: Cow<'t, [Reference]>,
    #[serde(default, skip_serializing_if = "Entities::is_empty")]
    entities: Cow<'t, Entities>,
    #[serde(default, skip_serializing_if = "is_empty")]
    media: Cow<'t, [Media]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    poll: Cow<'t, Option<Poll>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Cow<'t, Option<TweetPlace>>,
    #[serde(default, skip_serializing_if = "is_empty")]
    annotations: Cow<'t, [String]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sensitive: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply_settings: Cow<'t, Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paid_partnership: Option<bool>,
    #[serde(default, skip_serializing_if = "is_empty")]
    edit_history: Cow<'t, [TweetId]>,
    #[serde(default, skip_serializing_if = "is_empty")]
    withheld_in: Cow<'t, [String]>,
    /// The author's stats when this tweet was observed.
    #[serde(default)]
    author_stats: AuthorStats,
}

fn is_empty<T>(list: &[T]) -> bool {
    list.is_empty()
}

/// A tweet that is ready to be written but for its change number and its first sight.
pub(super) struct Prepared {
    pub tweet: Tweet,
    author_stats: AuthorStats,
    detail: String,
    pub content_hash: i64,
    /// The tweet as it came, compressed and sealed.
    raw: Vec<u8>,
}

impl Prepared {
    /// Pseudonymises, compresses and seals.
    pub fn new(
        observed: ObservedTweet,
        author_stats: AuthorStats,
        vault: &Vault,
        key: &SealingKey,
        compressor: &mut Compressor,
    ) -> Result<Self> {
        let ObservedTweet { mut tweet, author_id, reply_to_user_id, raw, .. } = observed;
        tweet.author = author_id.map(|id| vault.pid(id));
        tweet.reply_to_author = reply_to_user_id.map(|id| vault.pid(id));
        // PostgreSQL takes no NUL in texts.
        if tweet.text.contains('\0') {
            tweet.text = tweet.text.replace('\0', "\u{fffd}");
        }
        let raw = compressor.compress(&raw)?;
        let id = signed(tweet.id.0);
        let place = Place { table: "tweets", row: &id.to_le_bytes(), column: "raw" };
        let raw = vault.seal(key, place, &raw)?;
        let (detail, content_hash) = (String::new(), 0);
        let mut prepared = Self { tweet, author_stats, detail, content_hash, raw };
        prepared.write_down()?;
        Ok(prepared)
    }

    pub fn id(&self) -> i64 {
        signed(self.tweet.id.0)
    }

    /// Fills what this observation lacks from an earlier one. `raw` stays that of the latest that lacked nothing.
    pub fn fill(&mut self, known: Tweet, known_stats: AuthorStats, known_raw: Vec<u8>) -> Result<()> {
        let lacked = merge::fill_tweet(&mut self.tweet, known);
        if lacked {
            self.raw = known_raw;
        }
        merge::fill_stats(&mut self.author_stats, known_stats);
        self.write_down()
    }

    /// The same of an earlier observation that has not been written yet.
    pub fn fill_from(&mut self, earlier: Prepared) -> Result<()> {
        self.fill(earlier.tweet, earlier.author_stats, earlier.raw)
    }

    /// Detail and fingerprint of what the tweet is now.
    fn write_down(&mut self) -> Result<()> {
        let Self { tweet, author_stats, .. } = self;
        let detail = Detail {
            reply_to_author: tweet.reply_to_author,
            references: Cow::Borrowed(&tweet.references),
            entities: Cow::Borrowed(&tweet.entities),
            media: Cow::Borrowed(&tweet.media),
            poll: Cow::Borrowed(&tweet.poll),
            place: Cow::Borrowed(&tweet.place),
            annotations: Cow::Borrowed(&tweet.annotations),
            sensitive: tweet.sensitive,
            reply_settings: Cow::Borrowed(&tweet.reply_settings),
            paid_partnership: tweet.paid_partnership,
            edit_history: Cow::Borrowed(&tweet.edit_history),
            withheld_in: Cow::Borrowed(&tweet.withheld_in),
            author_stats: *author_stats,
        };
        let detail = serde_json::to_string(&detail).map_err(|error| StoreError::Damaged(error.to_string()))?;
        self.content_hash = hash(&[
            tweet.text.as_bytes(),
            detail.as_bytes(),
            tweet.lang.as_deref().unwrap_or_default().as_bytes(),
            tweet.source.as_deref().unwrap_or_default().as_bytes(),
            format!("{:?}{:?}{:?}{:?}", tweet.created_at, tweet.author, tweet.conversation, tweet.metrics).as_bytes(),
        ]);
        self.detail = detail;
        Ok(())
    }

    /// The values of its row, in the order of [`UPSERT`]. Detail and raw go with them.
    pub fn take_values(&mut self, first_seen: i64, change: i64) -> [Value; 19] {
        let Tweet { version, created_at, author, conversation, metrics, .. } = self.tweet;
        let number = |value: Option<u64>| value.map(signed).into();
        [
            self.id().into(),
            version.0.into(),
            change.into(),
            self.content_hash.into(),
            first_seen.into(),
            created_at.0.into(),
            author.map(|pid| pid.0.to_vec()).into(),
            self.tweet.text.clone().into(),
            self.tweet.lang.clone().into(),
            self.tweet.source.clone().into(),
            number(conversation.map(|id| id.0)),
            number(metrics.likes),
            number(metrics.reposts),
            number(metrics.replies),
            number(metrics.quotes),
            number(metrics.bookmarks),
            number(metrics.views),
            std::mem::take(&mut self.detail).into(),
            std::mem::take(&mut self.raw).into(),
        ]
    }

    /// The tweet as it would be read back.
    pub fn into_row(self, first_seen: Timestamp, collections: Vec<String>, queries: Vec<String>) -> Row {
        let Self { tweet, author_stats, .. } = self;
        Row { tweet, author_stats, collections, queries, first_seen }
    }
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

/// The tweet and its author's stats of a database row.
pub(super) fn to_tweet(row: tweets::Model) -> Result<(Tweet, AuthorStats)> {
    let damaged = |what: &str| StoreError::Damaged(format!("tweet {}: {what}", row.id));
    let detail: Detail<'_> = serde_json::from_str(&row.detail).map_err(|error| damaged(&error.to_string()))?;
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
        references: detail.references.into_owned(),
        metrics: Metrics {
            likes: number(row.likes),
            reposts: number(row.reposts),
            replies: number(row.replies),
            quotes: number(row.quotes),
            bookmarks: number(row.bookmarks),
            views: number(row.views),
        },
        entities: detail.entities.into_owned(),
        media: detail.media.into_owned(),
        poll: detail.poll.into_owned(),
        place: detail.place.into_owned(),
        annotations: detail.annotations.into_owned(),
        sensitive: detail.sensitive,
        reply_settings: detail.reply_settings.into_owned(),
        paid_partnership: detail.paid_partnership,
        edit_history: detail.edit_history.into_owned(),
        withheld_in: detail.withheld_in.into_owned(),
    };
    Ok((tweet, detail.author_stats))
}
