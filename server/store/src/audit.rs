//! The audit: who did what, to what, and when. It is only added to.
//!
//! An entry is written in the transaction of what it tells of: neither is there without the other. Its hash covers the
//! hash of the entry before, so that no entry can be changed, left out or moved unnoticed; and it is keyed, so that the
//! chain cannot be made anew by who has the database alone. That the newest entries are missing a chain does not show:
//! the number and hash of the last one stand in a file beside the database (`audit.head`).

mod chain;
mod head;

pub use chain::{Problem, Verdict, verify};
pub(crate) use head::HeadFile;

use crate::Store;
use crate::entity::{audit, counters};
use crate::error::{Result, StoreError};
use crate::vault::{Place, Purpose, SealingKey};
use chain::Hash;
use model::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::Value;

/// Something that was done.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Who did it; none is Roost itself.
    pub user: Option<i64>,
    /// What: a noun and a verb, `export.begun`.
    pub action: &'static str,
    /// To what: a noun and its number, `export:12`.
    pub subject: String,
    /// All else that is to be known. It is sealed: it may name people.
    pub details: Value,
}

/// An entry as it is kept, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// From 1, without gaps.
    pub number: u64,
    pub at: Timestamp,
    pub user: Option<i64>,
    pub action: String,
    pub subject: String,
    pub details: Value,
}

/// Writes entries into a transaction. It is made before: what it seals with may have to be fetched by the connection
/// that the transaction then holds.
pub(crate) struct Pen<'s> {
    store: &'s Store,
    key: SealingKey,
    now: Timestamp,
}

/// The last entry of the chain, to be noted beside the database once its transaction is done.
#[must_use]
pub(crate) struct Head {
    number: u64,
    hash: Hash,
}

impl<'s> Pen<'s> {
    pub async fn new(store: &'s Store, now: Timestamp) -> Result<Self> {
        Ok(Self { store, key: store.vault().sealing_key(Purpose::Audit, now).await?, now })
    }

    /// Adds an entry. Whoever writes one holds the counter until the transaction ends: there is one chain.
    pub async fn write(&self, transaction: &DatabaseTransaction, entry: NewEntry) -> Result<Head> {
        let counter = counters::Entity::find_by_id("audit".to_owned()).lock_exclusive().one(transaction).await?;
        let counter = counter.ok_or_else(|| StoreError::Damaged("the counter of the audit is missing".to_owned()))?;
        let last = audit::Entity::find_by_id(counter.value).one(transaction).await?;
        if last.is_none() && counter.value > 0 {
            tracing::error!(number = counter.value, "the last entry of the audit is missing; see `roost audit verify`");
        }
        let number = counter.value + 1;
        let details =
            self.store.vault().seal(&self.key, place(&number.to_le_bytes()), entry.details.to_string().as_bytes())?;
        let mut row = audit::Model {
            number,
            at: self.now.0,
            user_id: entry.user,
            action: entry.action.to_owned(),
            subject: entry.subject,
            details,
            hash: Vec::new(),
        };
        let hash = chain::hash(self.store.vault(), last.as_ref().map(|last| last.hash.as_slice()), &row);
        row.hash = hash.to_vec();
        audit::Entity::insert(audit::ActiveModel {
            number: Set(row.number),
            at: Set(row.at),
            user_id: Set(row.user_id),
            action: Set(row.action),
            subject: Set(row.subject),
            details: Set(row.details),
            hash: Set(row.hash),
        })
        .exec_without_returning(transaction)
        .await?;
        counters::Entity::update_many()
            .col_expr(counters::Column::Value, Expr::value(number))
            .filter(counters::Column::Name.eq("audit"))
            .exec(transaction)
            .await?;
        Ok(Head { number: number.unsigned_abs(), hash })
    }

    /// Ends the transaction in which the entry was written.
    pub async fn commit(&self, transaction: DatabaseTransaction, head: Head) -> Result<()> {
        transaction.commit().await?;
        self.store.audit_head().note(head.number, head.hash);
        Ok(())
    }
}

/// Records something that changes nothing else.
pub async fn record(store: &Store, entry: NewEntry, now: Timestamp) -> Result<()> {
    let pen = Pen::new(store, now).await?;
    let transaction = store.begin().await?;
    let head = pen.write(&transaction, entry).await?;
    pen.commit(transaction, head).await
}

/// The latest entries, newest first.
pub async fn latest(store: &Store, limit: u64) -> Result<Vec<Entry>> {
    let rows = audit::Entity::find().order_by_desc(audit::Column::Number).limit(limit).all(store.reader()).await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let details = store.vault().unseal(place(&row.number.to_le_bytes()), &row.details).await?;
        let details = serde_json::from_slice(&details).map_err(|error| StoreError::Damaged(error.to_string()))?;
        entries.push(Entry {
            number: row.number.unsigned_abs(),
            at: Timestamp(row.at),
            user: row.user_id,
            action: row.action,
            subject: row.subject,
            details,
        });
    }
    Ok(entries)
}

fn place(number: &[u8]) -> Place<'_> {
    Place { table: "audit", row: number, column: "details" }
}
