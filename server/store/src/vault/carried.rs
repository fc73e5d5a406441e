//! Sealed values away from their database: with the wrapped data key beside it, each opens with the key file alone.
//!
//! A carried key is `day (8 bytes) | key, wrapped by the installation's`.

use super::{Place, Sealed, cipher, load_key_file, unwrap};
use crate::entity::data_keys;
use crate::error::{Result, StoreError};
use ring::aead::LessSafeKey;
use ring::rand::SystemRandom;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use zeroize::Zeroizing;

/// The keys that sealed these values, to be carried with them, in the order of the values. Empty where a value is none or
/// its key is gone: it would not open here either.
pub(crate) async fn carried_keys(connection: &impl ConnectionTrait, sealed: &[&[u8]]) -> Result<Vec<Vec<u8>>> {
    let ids: Vec<Option<u32>> =
        sealed.iter().map(|sealed| Sealed::read(sealed).ok().map(|sealed| sealed.key)).collect();
    let distinct: BTreeSet<i64> = ids.iter().flatten().copied().map(i64::from).collect();
    let rows = data_keys::Entity::find().filter(data_keys::Column::Id.is_in(distinct)).all(connection).await?;
    let carried = |row: &data_keys::Model| [&row.day.to_le_bytes(), row.wrapped.as_slice()].concat();
    let keys: HashMap<i64, Vec<u8>> = rows.iter().map(|row| (row.id, carried(row))).collect();
    let key = |id: Option<u32>| id.and_then(|id| keys.get(&i64::from(id))).cloned().unwrap_or_default();
    Ok(ids.into_iter().map(key).collect())
}

/// Opens values of one purpose by the keys that are carried with them.
pub(crate) struct Opener {
    installation: LessSafeKey,
    purpose: &'static str,
    /// Those that were unwrapped, by what was carried.
    keys: HashMap<Vec<u8>, LessSafeKey>,
}

impl Opener {
    pub fn new(key_file: &Path, purpose: super::Purpose) -> Result<Self> {
        let installation = cipher(&load_key_file(key_file, &SystemRandom::new(), true)?)?;
        Ok(Self { installation, purpose: purpose.name(), keys: HashMap::new() })
    }

    /// Decrypts a value of this place.
    pub fn unseal(&mut self, place: Place<'_>, sealed: &[u8], carried: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let sealed = Sealed::read(sealed)?;
        if let Some(key) = self.keys.get(carried) {
            return sealed.open(key, place);
        }
        let (day, wrapped) = carried.split_first_chunk().ok_or(StoreError::Sealed("its data key is gone"))?;
        let row = data_keys::Model {
            id: i64::from(sealed.key),
            purpose: self.purpose.to_owned(),
            day: i64::from_le_bytes(*day),
            wrapped: wrapped.to_vec(),
        };
        let key = cipher(&unwrap(&self.installation, &row)?)?;
        let opened = sealed.open(&key, place);
        self.keys.insert(carried.to_vec(), key);
        opened
    }
}
