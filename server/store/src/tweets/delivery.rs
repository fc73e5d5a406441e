//! What is to be written, and what of that needs no database: pseudonyms, compression, sealing.

use super::authors;
use super::raw::Compressor;
use super::record::Prepared;
use crate::entity::rejects;
use crate::error::Result;
use crate::rejects::NewReject;
use crate::vault::{Purpose, SealingKey, Vault};
use crate::{Store, rejects as kept};
use model::annotation::Annotation;
use model::import::Counts;
use model::observed::{Batch, ObservedAuthor, Removal, Role};
use model::tweet::AuthorStats;
use model::{CollectionId, Pid, Timestamp, UserId};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// What brings the tweets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub collection: CollectionId,
    /// None for an import.
    pub schedule: Option<i64>,
}

impl Origin {
    pub(super) fn schedule_id(self) -> i64 {
        self.schedule.unwrap_or(0)
    }
}

/// Tweets that came together, and what came with them and could not be understood.
pub struct Delivery {
    pub origin: Origin,
    /// The run that fetched them, whose counts they add to. None for an import.
    pub run: Option<i64>,
    pub batch: Batch,
    pub rejected: Vec<NewReject>,
}

impl Delivery {
    /// Of no run, and all of it understood.
    pub fn of(origin: Origin, batch: Batch) -> Self {
        Self { origin, run: None, batch, rejected: Vec::new() }
    }
}

/// What seals deliveries: the keys of a day. Cheap to clone.
#[derive(Clone)]
pub struct Sealer {
    vault: Arc<Vault>,
    raw: SealingKey,
    pub(super) identity: SealingKey,
    now: Timestamp,
}

impl Sealer {
    /// With the keys of today.
    pub async fn new(store: &Store, now: Timestamp) -> Result<Self> {
        let vault = store.vault_handle();
        let raw = vault.sealing_key(Purpose::Raw, now).await?;
        let identity = vault.sealing_key(Purpose::Identity, now).await?;
        Ok(Self { vault, raw, identity, now })
    }

    /// Makes deliveries ready to be written. It takes no database, but some time: call it where that is nobody's loss.
    pub fn prepare(&self, deliveries: Vec<Delivery>) -> Result<Ready> {
        let mut compressor = Compressor::new()?;
        let mut parts: Vec<Part> = Vec::new();
        for Delivery { origin, run, batch, rejected } in deliveries {
            let part = match parts.last_mut() {
                Some(last) if (last.origin, last.run) == (origin, run) => last,
                _ => parts.push_mut(Part::new(origin, run)),
            };
            self.add_tweets(part, batch, &mut compressor)?;
            part.counts.read += rejected.len() as u64;
            part.counts.rejected += rejected.len() as u64;
            for reject in rejected {
                part.rejects.push(kept::to_row(&self.vault, &self.raw, part.origin, part.run, reject, self.now)?);
            }
        }
        let (removals, annotations, sealer) = (Vec::new(), Vec::new(), self.clone());
        Ok(Ready { parts, removals, annotations, sealer })
    }

    fn add_tweets(&self, part: &mut Part, batch: Batch, compressor: &mut Compressor) -> Result<()> {
        let stats: HashMap<UserId, AuthorStats> =
            batch.authors.iter().map(|author| (author.id, author.stats)).collect();
        for observed in batch.tweets {
            let stats = observed.author_id.and_then(|id| stats.get(&id)).copied().unwrap_or_default();
            let is_row = observed.role == Role::Row;
            part.add(Prepared::new(observed, stats, &self.vault, &self.raw, compressor)?, is_row)?;
        }
        authors::collect(&mut part.authors, batch.authors, &self.vault);
        Ok(())
    }

    pub(super) fn vault(&self) -> &Vault {
        &self.vault
    }
}

/// Deliveries that are ready to be written.
pub struct Ready {
    pub(super) parts: Vec<Part>,
    pub(super) removals: Vec<Removal>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) sealer: Sealer,
}

impl Ready {
    /// Adds tweets that must go. In which order they stand to the deliveries makes no difference: versions tell.
    pub fn remove(&mut self, removals: impl IntoIterator<Item = Removal>) {
        self.removals.extend(removals);
    }

    /// Adds what people put on tweets. Their order makes no difference either.
    pub fn annotate(&mut self, annotations: impl IntoIterator<Item = Annotation>) {
        self.annotations.extend(annotations);
    }

    /// Tweets in it, each counted once per origin.
    pub fn tweets(&self) -> usize {
        self.parts.iter().map(|part| part.tweets.len()).sum()
    }
}

/// Neighbouring deliveries of one origin: each tweet once, of several observations the latest.
pub(super) struct Part {
    pub origin: Origin,
    pub run: Option<i64>,
    pub tweets: HashMap<i64, Prepared>,
    /// Ids in the order in which they came, so that equal input gives equal change numbers.
    pub order: Vec<i64>,
    /// Which of them are rows of the collection; the others are context.
    pub rows: HashSet<i64>,
    pub authors: BTreeMap<Pid, ObservedAuthor>,
    pub rejects: Vec<rejects::ActiveModel>,
    pub counts: Counts,
}

impl Part {
    fn new(origin: Origin, run: Option<i64>) -> Self {
        let (tweets, order, rows, authors, rejects, counts) = Default::default();
        Self { origin, run, tweets, order, rows, authors, rejects, counts }
    }

    fn add(&mut self, tweet: Prepared, is_row: bool) -> Result<()> {
        let id = tweet.id();
        if is_row {
            self.counts.read += 1;
            if !self.rows.insert(id) {
                self.counts.duplicate += 1;
            }
        }
        match self.tweets.get_mut(&id) {
            Some(other) => other.join(tweet),
            None => {
                self.order.push(id);
                self.tweets.insert(id, tweet);
                Ok(())
            }
        }
    }
}
