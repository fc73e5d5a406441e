//! Writing the authors of a batch: public stats in the clear, who they are only sealed.

use super::merge::{fill_identity, fill_stats};
use super::write::{LOOKUP_CHUNK, chunks};
use crate::Store;
use crate::entity::authors;
use crate::error::{Result, StoreError};
use crate::signed;
use crate::vault::{Place, SealingKey, Vault};
use model::observed::{Identity, ObservedAuthor};
use model::tweet::AuthorStats;
use model::{Pid, Timestamp, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, Iterable, QueryFilter, Set};
use std::collections::{BTreeMap, HashMap};

/// Writes the authors that were observed later than what is known of them. The transaction must hold the counter.
pub(super) async fn write_authors(
    transaction: &DatabaseTransaction,
    store: &Store,
    key: &SealingKey,
    observed: Vec<ObservedAuthor>,
) -> Result<()> {
    let vault = store.vault();
    let observed = latest(observed, vault);
    let mut known = known_authors(transaction, &observed).await?;
    let mut rows = Vec::with_capacity(observed.len());
    for (pid, mut author) in observed {
        if let Some(known) = known.remove(pid.0.as_slice()) {
            if known.version >= author.version.0 {
                continue;
            }
            fill(&mut author, known, transaction, vault).await?;
        }
        rows.push(to_row(author, vault, key)?);
    }
    let columns = authors::Column::iter().count();
    let conflict = OnConflict::column(authors::Column::Pid)
        .update_columns(authors::Column::iter().filter(|column| !matches!(column, authors::Column::Pid)))
        .to_owned();
    for chunk in chunks(rows, store.bind_limit() / columns) {
        authors::Entity::insert_many(chunk).on_conflict(conflict.clone()).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// Each author once: of several observations the latest, with what it lacks from the others.
fn latest(observed: Vec<ObservedAuthor>, vault: &Vault) -> BTreeMap<Pid, ObservedAuthor> {
    let mut latest: HashMap<UserId, ObservedAuthor> = HashMap::with_capacity(observed.len());
    for author in observed {
        match latest.get_mut(&author.id) {
            Some(other) => {
                let earlier = if other.version < author.version { std::mem::replace(other, author) } else { author };
                fill_identity(&mut other.identity, earlier.identity);
                fill_stats(&mut other.stats, earlier.stats);
            }
            None => {
                latest.insert(author.id, author);
            }
        }
    }
    latest.into_values().map(|author| (vault.pid(author.id), author)).collect()
}

async fn known_authors(
    transaction: &DatabaseTransaction,
    observed: &BTreeMap<Pid, ObservedAuthor>,
) -> Result<HashMap<Vec<u8>, authors::Model>> {
    let pids: Vec<Vec<u8>> = observed.keys().map(|pid| pid.0.to_vec()).collect();
    let mut known = HashMap::with_capacity(pids.len());
    for chunk in pids.chunks(LOOKUP_CHUNK) {
        let found = authors::Entity::find().filter(authors::Column::Pid.is_in(chunk.iter().cloned()));
        known.extend(found.all(transaction).await?.into_iter().map(|row| (row.pid.clone(), row)));
    }
    Ok(known)
}

async fn fill(
    author: &mut ObservedAuthor,
    known: authors::Model,
    transaction: &DatabaseTransaction,
    vault: &Vault,
) -> Result<()> {
    let number = |value: Option<i64>| value.map(i64::unsigned_abs);
    let stats = AuthorStats {
        followers: number(known.followers),
        following: number(known.following),
        tweets: number(known.tweets),
        verified: known.verified,
        created_at: known.account_created.map(Timestamp),
    };
    fill_stats(&mut author.stats, stats);
    let identity = vault.unseal_within(transaction, place(&known.pid), &known.identity).await?;
    let identity: (UserId, Identity) = serde_json::from_slice(&identity)
        .map_err(|error| StoreError::Damaged(format!("an author's identity: {error}")))?;
    fill_identity(&mut author.identity, identity.1);
    Ok(())
}

fn to_row(author: ObservedAuthor, vault: &Vault, key: &SealingKey) -> Result<authors::ActiveModel> {
    let pid = vault.pid(author.id);
    let identity = serde_json::to_vec(&(author.id, &author.identity)).map(zeroize::Zeroizing::new);
    let identity = identity.map_err(|error| StoreError::Damaged(error.to_string()))?;
    let number = |value: Option<u64>| value.map(signed);
    Ok(authors::ActiveModel {
        pid: Set(pid.0.to_vec()),
        version: Set(author.version.0),
        handle_key: Set(author.identity.handle.as_deref().map(|handle| vault.handle_key(handle).to_vec())),
        identity: Set(vault.seal(key, place(&pid.0), &identity)?),
        followers: Set(number(author.stats.followers)),
        following: Set(number(author.stats.following)),
        tweets: Set(number(author.stats.tweets)),
        verified: Set(author.stats.verified),
        account_created: Set(author.stats.created_at.map(|time| time.0)),
    })
}

fn place(pid: &[u8]) -> Place<'_> {
    Place { table: "authors", row: pid, column: "identity" }
}
