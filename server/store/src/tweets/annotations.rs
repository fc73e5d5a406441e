//! Tags and notes that people put on tweets.
//!
//! What stands is the greatest of all that was done: by the version of the tweet that it is about, then by time, then by
//! what it says. A removal takes away what is about the versions up to it. So neither depends on the order in which they
//! come, nor on how often. What is about a tweet that is not here is kept and not shown: its page may come later, if it is
//! not removed.

use super::bulk::{BulkInsert, OnKnown};
use super::plan::removed;
use super::write::LOOKUP_CHUNK;
use crate::Store;
use crate::entity::{removals, tweet_notes, tweet_tags, tweets, users};
use crate::error::{Result, StoreError};
use crate::signed;
use crate::vault::{Place, Purpose, SealingKey, Vault};
use model::annotation::{Act, Annotation, Annotations, Note, Tagged};
use model::{Row, Timestamp, TweetId};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

const UPSERT_TAGS: BulkInsert<6> = BulkInsert {
    table: "tweet_tags",
    columns: ["tweet_id", "tag", "seen", "at", "is_on", "user_id"],
    on_known: OnKnown::Replace { key: "tweet_id, tag" },
};

const UPSERT_NOTES: BulkInsert<5> = BulkInsert {
    table: "tweet_notes",
    columns: ["tweet_id", "user_id", "seen", "at", "text"],
    on_known: OnKnown::Replace { key: "tweet_id, user_id" },
};

/// What was done to a tag last: the version it is about, the time, whether it is on, by whom. The greatest wins.
type TagState = (i64, i64, bool, i64);

/// What a note was last: the version it is about, the time, the text. The greatest wins.
type NoteState = (i64, i64, String);

/// Annotations that are to be written, and what their notes are sealed with.
pub(super) struct Pending {
    tags: BTreeMap<(i64, String), TagState>,
    notes: BTreeMap<(i64, i64), NoteState>,
    key: Option<SealingKey>,
}

impl Pending {
    /// Of several that are about the same, the one that wins. It is made before the transaction, which may hold the
    /// connection that fetches the key.
    pub async fn new(store: &Store, annotations: Vec<Annotation>, now: Timestamp) -> Result<Self> {
        let (mut tags, mut notes) = (BTreeMap::new(), BTreeMap::new());
        for Annotation { tweet, seen, at, by, act } in annotations {
            let id = signed(tweet.0);
            match act {
                Act::Tag(tag) => greatest(&mut tags, (id, tag), (seen.0, at.0, true, by)),
                Act::Untag(tag) => greatest(&mut tags, (id, tag), (seen.0, at.0, false, by)),
                Act::Note(text) => greatest(&mut notes, (id, by), (seen.0, at.0, text)),
            }
        }
        let key = match notes.is_empty() {
            true => None,
            false => Some(store.vault().sealing_key(Purpose::Note, now).await?),
        };
        Ok(Self { tags, notes, key })
    }

    pub fn is_empty(&self) -> bool {
        self.tags.is_empty() && self.notes.is_empty()
    }

    /// The tweets, each once.
    fn ids(&self) -> Vec<i64> {
        let tagged = self.tags.keys().map(|(id, _)| *id);
        let ids: BTreeSet<i64> = tagged.chain(self.notes.keys().map(|(id, _)| *id)).collect();
        ids.into_iter().collect()
    }

    /// Writes what wins over what is known. Tells the tweets that are here and now look different.
    pub async fn write(mut self, transaction: &DatabaseTransaction, vault: &Vault) -> Result<Vec<i64>> {
        let ids = self.ids();
        let removed = removed(transaction, &ids).await?;
        let is_left = |id: i64, seen: i64| removed.get(&id).is_none_or(|removal| removal.version < seen);
        self.tags.retain(|(id, _), state| is_left(*id, state.0));
        self.notes.retain(|(id, _), state| is_left(*id, state.0));
        self.leave_out_known_tags(transaction, &ids).await?;
        self.leave_out_known_notes(transaction, vault, &ids).await?;
        let changed = self.ids();
        let tags = self.tags.into_iter().map(|((id, tag), (seen, at, is_on, by))| {
            [id.into(), tag.into(), seen.into(), at.into(), is_on.into(), by.into()]
        });
        UPSERT_TAGS.execute(transaction, tags.collect()).await?;
        let mut notes = Vec::with_capacity(self.notes.len());
        for ((id, by), (seen, at, text)) in self.notes {
            let sealed = match &self.key {
                Some(key) if !text.is_empty() => vault.seal(key, place(&row(id, by)), text.as_bytes())?,
                _ => Vec::new(),
            };
            notes.push([id.into(), by.into(), seen.into(), at.into(), sealed.into()]);
        }
        UPSERT_NOTES.execute(transaction, notes).await?;
        here(transaction, &changed).await
    }

    async fn leave_out_known_tags(&mut self, transaction: &DatabaseTransaction, ids: &[i64]) -> Result<()> {
        for chunk in ids.chunks(LOOKUP_CHUNK) {
            let known = tweet_tags::Entity::find().filter(tweet_tags::Column::TweetId.is_in(chunk.iter().copied()));
            for row in known.all(transaction).await? {
                let known = (row.seen, row.at, row.is_on, row.user_id);
                let key = (row.tweet_id, row.tag);
                if self.tags.get(&key).is_some_and(|state| *state <= known) {
                    self.tags.remove(&key);
                }
            }
        }
        Ok(())
    }

    async fn leave_out_known_notes(
        &mut self,
        transaction: &DatabaseTransaction,
        vault: &Vault,
        ids: &[i64],
    ) -> Result<()> {
        for chunk in ids.chunks(LOOKUP_CHUNK) {
            let known = tweet_notes::Entity::find().filter(tweet_notes::Column::TweetId.is_in(chunk.iter().copied()));
            for known in known.all(transaction).await? {
                let key = (known.tweet_id, known.user_id);
                let Some((seen, at, text)) = self.notes.get(&key) else { continue };
                let is_known = match (*seen, *at).cmp(&(known.seen, known.at)) {
                    std::cmp::Ordering::Equal => *text <= opened(transaction, vault, &known).await?,
                    order => order.is_lt(),
                };
                if is_known {
                    self.notes.remove(&key);
                }
            }
        }
        Ok(())
    }
}

fn greatest<K: Ord, S: Ord>(states: &mut BTreeMap<K, S>, key: K, state: S) {
    match states.get_mut(&key) {
        Some(known) if *known >= state => {}
        Some(known) => *known = state,
        None => _ = states.insert(key, state),
    }
}

/// Those of the tweets that are here.
async fn here(database: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<i64>> {
    let mut here = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let found = tweets::Entity::find().select_only().column(tweets::Column::Id);
        let found = found.filter(tweets::Column::Id.is_in(chunk.iter().copied())).order_by_asc(tweets::Column::Id);
        here.extend(found.into_tuple::<i64>().all(database).await?);
    }
    Ok(here)
}

/// Deletes what is about versions of these tweets that are removed. Their removals are noted already.
pub(super) async fn forget(transaction: &DatabaseTransaction, ids: &[i64]) -> Result<()> {
    for chunk in ids.chunks(LOOKUP_CHUNK) {
        let of = |column: tweet_tags::Column| (tweet_tags::Entity, column);
        tweet_tags::Entity::delete_many()
            .filter(tweet_tags::Column::TweetId.is_in(chunk.iter().copied()))
            .filter(is_removed(of(tweet_tags::Column::TweetId), of(tweet_tags::Column::Seen)))
            .exec(transaction)
            .await?;
        let of = |column: tweet_notes::Column| (tweet_notes::Entity, column);
        tweet_notes::Entity::delete_many()
            .filter(tweet_notes::Column::TweetId.is_in(chunk.iter().copied()))
            .filter(is_removed(of(tweet_notes::Column::TweetId), of(tweet_notes::Column::Seen)))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

/// Whether a version is removed of the tweet in that column.
fn is_removed<C: IntoColumnRef>(tweet: C, seen: C) -> Expr {
    let version = Query::select()
        .column((removals::Entity, removals::Column::Version))
        .from(removals::Entity)
        .and_where(Expr::col((removals::Entity, removals::Column::TweetId)).eq(Expr::col(tweet)))
        .to_owned();
    Expr::col(seen).lte(version)
}

/// What stands on tweets, as their columns need it.
#[derive(Default)]
pub(super) struct Standing {
    tags: HashMap<i64, Vec<String>>,
    noted: HashSet<i64>,
}

impl Standing {
    pub async fn load(database: &impl ConnectionTrait, ids: &[i64]) -> Result<Self> {
        let mut standing = Self::default();
        for chunk in ids.chunks(LOOKUP_CHUNK) {
            let tags: Vec<(i64, String)> = tweet_tags::Entity::find()
                .select_only()
                .columns([tweet_tags::Column::TweetId, tweet_tags::Column::Tag])
                .filter(tweet_tags::Column::TweetId.is_in(chunk.iter().copied()))
                .filter(tweet_tags::Column::IsOn.eq(true))
                .into_tuple()
                .all(database)
                .await?;
            tags.into_iter().for_each(|(id, tag)| standing.tags.entry(id).or_default().push(tag));
            let noted: Vec<i64> = tweet_notes::Entity::find()
                .select_only()
                .column(tweet_notes::Column::TweetId)
                .filter(tweet_notes::Column::TweetId.is_in(chunk.iter().copied()))
                .filter(tweet_notes::Column::Text.ne(Vec::<u8>::new()))
                .into_tuple()
                .all(database)
                .await?;
            standing.noted.extend(noted);
        }
        // By the order of characters, which is the same in every database.
        standing.tags.values_mut().for_each(|tags| tags.sort());
        Ok(standing)
    }

    /// The row with what stands on its tweet.
    pub fn add_to(&mut self, row: Row) -> Row {
        let id = signed(row.tweet.id.0);
        Row { tags: self.tags.remove(&id).unwrap_or_default(), noted: self.noted.contains(&id), ..row }
    }
}

/// What people put on a tweet, as that person sees it. Nothing on a tweet that is not here.
pub async fn annotations(store: &Store, id: TweetId, user: i64) -> Result<Annotations> {
    let (id, database) = (signed(id.0), store.reader());
    if here(database, &[id]).await?.is_empty() {
        return Ok(Annotations::default());
    }
    let tags = tweet_tags::Entity::find().filter(tweet_tags::Column::TweetId.eq(id));
    let mut tags = tags.filter(tweet_tags::Column::IsOn.eq(true)).all(database).await?;
    tags.sort_by(|one, other| one.tag.cmp(&other.tag));
    let notes = tweet_notes::Entity::find().filter(tweet_notes::Column::TweetId.eq(id));
    let mut notes = notes.filter(tweet_notes::Column::Text.ne(Vec::<u8>::new())).all(database).await?;
    notes.sort_by_key(|note| (note.user_id != user, note.at, note.user_id));
    let people: HashSet<i64> =
        tags.iter().map(|tag| tag.user_id).chain(notes.iter().map(|note| note.user_id)).collect();
    let names = users::Entity::find().filter(users::Column::Id.is_in(people)).all(database).await?;
    let names: HashMap<i64, String> = names.into_iter().map(|user| (user.id, user.name)).collect();
    let name = |user: i64| names.get(&user).cloned().unwrap_or_default();
    let tagged = |row: tweet_tags::Model| Tagged { by: name(row.user_id), at: Timestamp(row.at), tag: row.tag };
    let mut opened_notes = Vec::with_capacity(notes.len());
    for row in notes {
        let text = opened(database, store.vault(), &row).await?;
        let is_mine = row.user_id == user;
        opened_notes.push(Note { text, by: name(row.user_id), is_mine, at: Timestamp(row.at) });
    }
    Ok(Annotations { tags: tags.into_iter().map(tagged).collect(), notes: opened_notes })
}

/// The text of a note; empty where it was taken away.
async fn opened(database: &impl ConnectionTrait, vault: &Vault, note: &tweet_notes::Model) -> Result<String> {
    if note.text.is_empty() {
        return Ok(String::new());
    }
    let text = vault.unseal_within(database, place(&row(note.tweet_id, note.user_id)), &note.text).await?;
    String::from_utf8(text.to_vec()).map_err(|error| StoreError::Damaged(format!("a note: {error}")))
}

/// The row that a note's text belongs to.
fn row(tweet: i64, user: i64) -> [u8; 16] {
    let mut row = [0; 16];
    row[..8].copy_from_slice(&tweet.to_le_bytes());
    row[8..].copy_from_slice(&user.to_le_bytes());
    row
}

fn place(row: &[u8]) -> Place<'_> {
    Place { table: "tweet_notes", row, column: "text" }
}
