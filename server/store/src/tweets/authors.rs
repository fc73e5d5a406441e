//! Writing the authors of a batch: public stats in the clear, who they are only sealed.

//! Writing the authors of a batch: public stats in the clear, who they are only sealed.

use super::bulk::{BulkInsert, OnKnown};
use super::delivery::Sealer;
use super::merge::{fill_identity, fill_stats};
use super::write::LOOKUP_CHUNK;
use crate::entity::authors;
use crate::error::{Result, StoreError};
use crate::signed;
use crate::vault::{Place, SealingKey, Vault};
use model::observed::{Identity, ObservedAuthor};
use model::tweet::AuthorStats;
use model::{Pid, Timestamp, UserId};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Value};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};

const UPSERT: BulkInsert<9> = BulkInsert {
    table: "authors",
    columns: [
        "pid",
        "version",
        "handle_key",
        "identity",
        "followers",
        "following",
        "tweets",
        "verified",
        "account_created",
    ],
    on_known: OnKnown::Replace { key: "pid" },
};

/// Writes the authors that were observed later than what is known of them. The transaction must hold the counter.
pub(super) async fn write_authors(
    transaction: &DatabaseTransaction,
    sealer: &Sealer,
    observed: BTreeMap<Pid, ObservedAuthor>,
) -> Result<()> {
    let vault = sealer.vault();
    let mut known = known_authors(transaction, &observed).await?;
    let mut rows = Vec::with_capacity(observed.len());
    for (pid, mut author) in observed {
        if let Some(known) = known.remove(pid.0.as_slice()) {
            if known.version >= author.version.0 {
                continue;
            }
            fill(&mut author, known, transaction, vault).await?;
        }
        rows.push(to_row(pid, author, vault, &sealer.identity)?);
    }
    UPSERT.execute(transaction, rows).await
}

/// Adds authors to those of other deliveries, each once: of several observations the latest, with what it lacks from
/// the others.
pub(super) fn collect(latest: &mut BTreeMap<Pid, ObservedAuthor>, observed: Vec<ObservedAuthor>, vault: &Vault) {
    for author in observed {
        match latest.entry(vault.pid(author.id)) {
            Entry::Occupied(mut other) => {
                let other = other.get_mut();
                let earlier = if other.version < author.version { std::mem::replace(other, author) } else { author };
                fill_identity(&mut other.identity, earlier.identity);
                fill_stats(&mut other.stats, earlier.stats);
            }
            Entry::Vacant(place) => _ = place.insert(author),
        }
    }
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

/// The values of a row, in the order of [`UPSERT`].
fn to_row(pid: Pid, author: ObservedAuthor, vault: &Vault, key: &SealingKey) -> Result<[Value; 9]> {
    let identity = serde_json::to_vec(&(author.id, &author.identity)).map(zeroize::Zeroizing::new);
    let identity = identity.map_err(|error| StoreError::Damaged(error.to_string()))?;
    let number = |value: Option<u64>| value.map(signed).into();
    Ok([
        pid.0.to_vec().into(),
        author.version.0.into(),
        author.identity.handle.as_deref().map(|handle| vault.handle_key(handle).to_vec()).into(),
        vault.seal(key, place(&pid.0), &identity)?.into(),
        number(author.stats.followers),
        number(author.stats.following),
        number(author.stats.tweets),
        author.stats.verified.into(),
        author.stats.created_at.map(|time| time.0).into(),
    ])
}

fn place(pid: &[u8]) -> Place<'_> {
    Place { table: "authors", row: pid, column: "identity" }
}
