//! A tweet as a database row and back.

use super::bulk::{BulkInsert, OnKnown};
use super::history::{latest_before, pace};
use super::merge::{self, State, Told};
use super::raw::Compressor;
use crate::entity::tweets;
use crate::error::{Result, StoreError};
use crate::signed;
use crate::vault::{Place, SealingKey, Vault};
use model::growth::Observation;
use model::observed::ObservedTweet;
use model::tweet::{AuthorStats, Entities, Media, Metrics, Place as TweetPlace, Poll, Reference};
use model::{Pid, Row, Timestamp, Tweet, TweetId};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Ordering;

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
    #[serde(default, skip_serializing_if = "Told::is_empty")]
    told: Cow<'t, Told>,
    /// Of the observation whose raw tweet is kept, where it is not what this one would have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raw_rank: Option<RawRank>,
}

/// Of the tweets as they came, the greatest is kept: how many fields it told, and when it was observed.
pub(super) type RawRank = (u32, i64);

fn is_empty<T>(list: &[T]) -> bool {
    list.is_empty()
}

/// A tweet that is ready to be written but for its change number and its first sight.
pub(super) struct Prepared {
    pub state: State,
    /// What was observed before the version, as far as it is not kept in the store.
    pub history: Vec<Observation>,
    /// The tweet as it came, compressed and sealed.
    raw: Vec<u8>,
    raw_rank: RawRank,
    detail: String,
    pub content_hash: i64,
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
        Self::of(State { tweet, author_stats, told: Told::default() }, raw, None)
    }

    fn of(mut state: State, raw: Vec<u8>, raw_rank: Option<RawRank>) -> Result<Self> {
        let raw_rank = raw_rank.unwrap_or_else(|| rank(&mut state));
        let mut prepared = Self { state, history: Vec::new(), raw, raw_rank, detail: String::new(), content_hash: 0 };
        prepared.write_down()?;
        Ok(prepared)
    }

    pub fn id(&self) -> i64 {
        signed(self.state.tweet.id.0)
    }

    pub fn version(&self) -> i64 {
        self.state.tweet.version.0
    }

    /// Whether it may tell something that one of that fingerprint does not.
    pub fn differs_from(&self, content_hash: i64) -> bool {
        self.content_hash != content_hash || content_hash & 1 == 1
    }

    /// Whether another fingerprint is of the same content, whenever that was told.
    pub fn tells_the_same(&self, content_hash: i64) -> bool {
        (self.content_hash ^ content_hash) & !1 == 0
    }

    /// When what is known was told, and of which observation the raw tweet is.
    pub fn provenance(&self) -> (Timestamp, Told, RawRank) {
        (self.state.tweet.version, self.state.told.clone(), self.raw_rank)
    }

    /// Adds what another observation tells, or many of them.
    pub fn join(&mut self, mut other: Prepared) -> Result<()> {
        let superseded = match self.version().cmp(&other.version()) {
            Ordering::Less => merge::latest(&self.state),
            Ordering::Greater => merge::latest(&other.state),
            Ordering::Equal => None,
        };
        other.history.drain(..).chain(superseded).for_each(|observation| self.note(observation));
        merge::join(&mut self.state, other.state);
        if self.raw_rank < other.raw_rank {
            (self.raw, self.raw_rank) = (other.raw, other.raw_rank);
        }
        self.write_down()
    }

    fn note(&mut self, observation: Observation) {
        match self.history.iter_mut().find(|known| known.at == observation.at) {
            Some(known) => known.metrics = known.metrics.or(observation.metrics),
            None => self.history.push(observation),
        }
    }

    /// Notes an observation of another time that told the same.
    pub fn join_same(&mut self, version: i64) {
        if self.version() != version {
            let earlier = Timestamp(version.min(self.version()));
            if let Some(latest) = merge::latest(&self.state) {
                self.note(Observation { at: earlier, ..latest });
            }
        }
    }

    /// Takes away what was told up to then. False if nothing is left.
    pub fn forget(&mut self, until: Timestamp) -> Result<bool> {
        if !merge::forget(&mut self.state, until) {
            return Ok(false);
        }
        self.history.retain(|observation| observation.at > until);
        if self.raw_rank.1 <= until.0 {
            (self.raw, self.raw_rank) = (Vec::new(), (0, 0));
        }
        self.write_down()?;
        Ok(true)
    }

    /// Detail and fingerprint of what the tweet is now. The fingerprint says nothing of when it was told, but for its
    /// lowest bit: that is set where not all was told at once, so that an observation of all of it is not taken for one
    /// that tells nothing new.
    fn write_down(&mut self) -> Result<()> {
        let raw_rank = Some(self.raw_rank).filter(|raw_rank| *raw_rank != rank(&mut self.state));
        let State { tweet, author_stats, told } = &self.state;
        let mut detail = Detail {
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
            told: Cow::Owned(Told::default()),
            raw_rank: None,
        };
        let json =
            |detail: &Detail<'_>| serde_json::to_string(detail).map_err(|error| StoreError::Damaged(error.to_string()));
        let content = json(&detail)?;
        let hash = hash(&[
            tweet.text.as_bytes(),
            content.as_bytes(),
            tweet.lang.as_deref().unwrap_or_default().as_bytes(),
            tweet.source.as_deref().unwrap_or_default().as_bytes(),
            format!("{:?}{:?}{:?}{:?}", tweet.created_at, tweet.author, tweet.conversation, tweet.metrics).as_bytes(),
        ]);
        let is_of_one = told.is_empty() && raw_rank.is_none();
        self.content_hash = (hash & !1) | i64::from(!is_of_one);
        self.detail = if is_of_one {
            content
        } else {
            (detail.told, detail.raw_rank) = (Cow::Borrowed(told), raw_rank);
            json(&detail)?
        };
        Ok(())
    }

    /// The values of its row, in the order of [`UPSERT`]. Detail and raw go with them.
    pub fn take_values(&mut self, first_seen: i64, change: i64) -> [Value; 19] {
        let Tweet { version, created_at, author, conversation, metrics, .. } = self.state.tweet;
        let number = |value: Option<u64>| value.map(signed).into();
        [
            self.id().into(),
            version.0.into(),
            change.into(),
            self.content_hash.into(),
            first_seen.into(),
            created_at.0.into(),
            author.map(|pid| pid.0.to_vec()).into(),
            self.state.tweet.text.clone().into(),
            self.state.tweet.lang.clone().into(),
            self.state.tweet.source.clone().into(),
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

    /// The tweet as it would be read back, but for what people put on it.
    pub fn into_row(self, first_seen: Timestamp, collections: Vec<String>, queries: Vec<String>) -> Row {
        let pace = pace(&self.state, latest_before(&self.history, self.state.tweet.version));
        let State { tweet, author_stats, .. } = self.state;
        Row { tweet, author_stats, collections, queries, first_seen, pace, tags: Vec::new(), noted: false }
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

fn rank(state: &mut State) -> RawRank {
    (merge::told_fields(state), state.tweet.version.0)
}

/// What is known, as it can be joined with what is new.
pub(super) fn to_prepared(mut row: tweets::Model) -> Result<Prepared> {
    let raw = std::mem::take(&mut row.raw);
    let (state, raw_rank) = to_state(row)?;
    Prepared::of(state, raw, raw_rank)
}

/// The tweet of a database row as it can be joined, and of which observation its raw tweet is.
pub(super) fn to_state(row: tweets::Model) -> Result<(State, Option<RawRank>)> {
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
    let told = detail.told.into_owned();
    Ok((State { tweet, author_stats: detail.author_stats, told }, detail.raw_rank))
}
