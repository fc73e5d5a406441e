//! Tweets as they came, sealed as they are, for what keeps them beside the database.

use super::raw::decompress;
use super::write::LOOKUP_CHUNK;
use crate::entity::tweets;
use crate::error::Result;
use crate::vault::{Opener, Place, Purpose, carried_keys};
use crate::{Store, signed};
use model::{Timestamp, TweetId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::path::Path;

/// A tweet as it came, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRaw {
    pub id: TweetId,
    pub version: Timestamp,
    pub created_at: Timestamp,
    pub first_seen: Timestamp,
    /// Empty where what the tweet came with was removed.
    pub sealed: Vec<u8>,
    /// With it and the key file, [`RawOpener`] opens the value.
    pub key: Vec<u8>,
}

/// The tweets with these ids, in any order; ids that are not there are left out. What is told of a tweet is of one moment.
pub async fn sealed(store: &Store, ids: &[TweetId]) -> Result<Vec<SealedRaw>> {
    let mut all = Vec::with_capacity(ids.len());
    for ids in ids.chunks(LOOKUP_CHUNK) {
        let found: Vec<(i64, i64, i64, i64, Vec<u8>)> = tweets::Entity::find()
            .select_only()
            .columns([
                tweets::Column::Id,
                tweets::Column::Version,
                tweets::Column::CreatedAt,
                tweets::Column::FirstSeen,
                tweets::Column::Raw,
            ])
            .filter(tweets::Column::Id.is_in(ids.iter().map(|id| signed(id.0))))
            .into_tuple()
            .all(store.reader())
            .await?;
        let values: Vec<&[u8]> = found.iter().map(|(.., sealed)| sealed.as_slice()).collect();
        let keys = carried_keys(store.reader(), &values).await?;
        all.extend(found.into_iter().zip(keys).map(|((id, version, created, first_seen, sealed), key)| SealedRaw {
            id: TweetId(id.unsigned_abs()),
            version: Timestamp(version),
            created_at: Timestamp(created),
            first_seen: Timestamp(first_seen),
            sealed,
            key,
        }));
    }
    Ok(all)
}

/// Opens what [`sealed`] gives, without the database.
pub struct RawOpener(Opener);

impl RawOpener {
    /// # Errors
    /// `KeyFile` if there is no key in the file.
    pub fn new(key_file: &Path) -> Result<Self> {
        Opener::new(key_file, Purpose::Raw).map(Self)
    }

    /// The tweet exactly as it came.
    ///
    /// # Errors
    /// `Sealed` if it was sealed by another installation, or is not as it was written; `Damaged` if what was sealed is
    /// no text.
    pub fn open(&mut self, id: TweetId, sealed: &[u8], key: &[u8]) -> Result<String> {
        let place = Place { table: "tweets", row: &signed(id.0).to_le_bytes(), column: "raw" };
        decompress(&self.0.unseal(place, sealed, key)?)
    }
}
