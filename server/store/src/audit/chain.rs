//! The chain of the audit's entries, made and checked.

use super::place;
use crate::Store;
use crate::entity::{audit, counters};
use crate::error::Result;
use crate::vault::Vault;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// An entry's hash.
pub type Hash = [u8; 32];

/// Entries that are read at a time.
const SLICE: u64 = 1000;
/// The most problems that are told.
const MOST_PROBLEMS: usize = 100;

/// What the check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub entries: u64,
    pub problems: Vec<Problem>,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("entry {0} is not as it was written, or does not follow the one before")]
    Changed(u64),
    #[error("{}", missing(*.0, *.1))]
    Missing(u64, u64),
    #[error("entry {0} stands after the last one that Roost has counted")]
    Uncounted(u64),
    #[error("the details of entry {0} cannot be opened")]
    Sealed(u64),
    #[error("entry {0} is another than the one that audit.head has noted")]
    Head(u64),
    #[error("audit.head cannot be read: {0}")]
    HeadFile(String),
}

fn missing(first: u64, last: u64) -> String {
    if first == last { format!("entry {first} is missing") } else { format!("entries {first} to {last} are missing") }
}

/// The hash of a row that follows one with the hash `before`. Each part stands after its length, so that no two rows
/// read alike.
pub(super) fn hash(vault: &Vault, before: Option<&[u8]>, row: &audit::Model) -> Hash {
    let user = row.user_id.map(i64::to_le_bytes);
    let parts: [&[u8]; 7] = [
        before.unwrap_or_default(),
        &row.number.to_le_bytes(),
        &row.at.to_le_bytes(),
        user.as_ref().map_or(&[], |user| user.as_slice()),
        row.action.as_bytes(),
        row.subject.as_bytes(),
        &row.details,
    ];
    let mut text = Vec::with_capacity(128 + row.details.len());
    for part in parts {
        text.extend_from_slice(&(part.len() as u64).to_le_bytes());
        text.extend_from_slice(part);
    }
    vault.chain_hash(&text)
}

/// Goes through all entries and tells what is wrong with them.
pub async fn verify(store: &Store) -> Result<Verdict> {
    let mut walk = Walk { verdict: Verdict::default(), number: 0, hash: None };
    let noted = match store.audit_head().read() {
        Ok(noted) => noted,
        Err(error) => {
            walk.tell(Problem::HeadFile(error.to_string()));
            None
        }
    };
    loop {
        let rows = audit::Entity::find()
            .filter(audit::Column::Number.gt(walk.number))
            .order_by_asc(audit::Column::Number)
            .limit(SLICE)
            .all(store.reader())
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            walk.step(store, row, noted).await?;
        }
    }
    // Read after the entries: one that is being written now is counted with it.
    let counted = counters::Entity::find_by_id("audit".to_owned()).one(store.reader()).await?;
    let counted = counted.map_or(0, |counter| counter.value).max(noted.map_or(0, |(number, _)| crate::signed(number)));
    walk.end(store, counted).await
}

/// Where the check is.
struct Walk {
    verdict: Verdict,
    number: i64,
    hash: Option<Vec<u8>>,
}

impl Walk {
    fn tell(&mut self, problem: Problem) {
        if self.verdict.problems.len() < MOST_PROBLEMS {
            self.verdict.problems.push(problem);
        }
    }

    async fn step(&mut self, store: &Store, row: audit::Model, noted: Option<(u64, Hash)>) -> Result<()> {
        let number = row.number.unsigned_abs();
        if row.number != self.number + 1 {
            self.tell(Problem::Missing(self.number.unsigned_abs() + 1, number - 1));
        } else if hash(store.vault(), self.hash.as_deref(), &row).as_slice() != row.hash {
            self.tell(Problem::Changed(number));
        }
        if noted.is_some_and(|(noted, hash)| noted == number && hash.as_slice() != row.hash) {
            self.tell(Problem::Head(number));
        }
        if store.vault().unseal(place(&row.number.to_le_bytes()), &row.details).await.is_err() {
            self.tell(Problem::Sealed(number));
        }
        self.verdict.entries += 1;
        self.number = row.number;
        self.hash = Some(row.hash);
        Ok(())
    }

    async fn end(mut self, store: &Store, counted: i64) -> Result<Verdict> {
        if counted > self.number {
            let last = audit::Entity::find_by_id(counted).one(store.reader()).await?;
            // One that was written since is no gap.
            if last.is_none() {
                self.tell(Problem::Missing(self.number.unsigned_abs() + 1, counted.unsigned_abs()));
            }
        } else if counted < self.number {
            self.tell(Problem::Uncounted(self.number.unsigned_abs()));
        }
        Ok(self.verdict)
    }
}
