//! Groups of members that share a topic's partitions.
//!
//! Members note in the file until when they are there. Sorted by name, the members that are there get the partitions in
//! turn; one that has gone stops being counted when its lease ends. A partition changes hands only when the one who had
//! it has given it back or is gone, and a commit is refused from who no longer has it.

use super::write::begin;
use super::{Shared, TopicRow, read, whole};
use crate::{Batch, Error, Position, Result, Stored, Subscription};
use async_trait::async_trait;
use sqlx::SqliteTransaction;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Records that other processes append are looked for this often.
const LOOK: Duration = Duration::from_millis(100);

pub(super) struct Member {
    shared: Arc<Shared>,
    topic: TopicRow,
    group: String,
    name: String,
    /// The partitions that are this member's, and the offset that each goes on from.
    next: BTreeMap<u16, u64>,
    /// Where to go on, for partitions that are not this member's yet.
    sought: BTreeMap<u16, u64>,
    paused: BTreeSet<u16>,
    /// The partition after which the next look begins, so that each has its turn.
    after: u16,
    /// When the lease is renewed next.
    renew: Instant,
}

impl Member {
    pub fn join(shared: Arc<Shared>, topic: TopicRow, group: &str, name: &str) -> Self {
        Self {
            shared,
            topic,
            group: group.to_owned(),
            name: name.to_owned(),
            next: BTreeMap::new(),
            sought: BTreeMap::new(),
            paused: BTreeSet::new(),
            after: 0,
            renew: Instant::now(),
        }
    }

    /// Renews the lease if it is time to; tells the partitions if they changed.
    async fn renew(&mut self) -> Result<Option<Vec<u16>>> {
        let now = Instant::now();
        if now < self.renew {
            return Ok(None);
        }
        let lease = self.shared.options.lease;
        let mine = {
            let mut connection = self.shared.writer.connection().await;
            let mut writing = begin(&mut connection).await?;
            let mine = claim(&mut writing, self, (self.shared.options.clock)(), lease).await?;
            writing.commit().await?;
            mine
        };
        self.renew = now + lease / 3;
        if mine.keys().eq(self.next.keys()) {
            return Ok(None);
        }
        let own = std::mem::take(&mut self.next);
        self.next = mine
            .into_iter()
            .map(|(part, committed)| {
                let sought = self.sought.remove(&part).or(own.get(&part).copied());
                (part, sought.unwrap_or(committed))
            })
            .collect();
        Ok(Some(self.next.keys().copied().collect()))
    }

    /// What is there now, from one partition: the first in turn that has some.
    async fn look(&mut self, most: usize) -> Result<Vec<Stored>> {
        let (first, rest): (Vec<u16>, Vec<u16>) = self.next.keys().copied().partition(|part| *part > self.after);
        for partition in first.into_iter().chain(rest) {
            if self.paused.contains(&partition) {
                continue;
            }
            let from = Position { partition, offset: self.next[&partition] };
            let records = read::records(&self.shared.readers, self.topic, from, most).await?;
            if let Some(last) = records.last() {
                self.next.insert(partition, last.position.offset + 1);
                self.after = partition;
                return Ok(records);
            }
        }
        Ok(Vec::new())
    }
}

#[async_trait]
impl Subscription for Member {
    async fn poll(&mut self, most: usize, wait: Duration) -> Result<Batch> {
        let until = Instant::now() + wait;
        let mut grown = self.shared.grown.clone();
        let mut batch = Batch::default();
        loop {
            grown.mark_unchanged();
            if let Some(assigned) = self.renew().await? {
                batch.assigned = Some(assigned);
            }
            batch.records = self.look(most).await?;
            let left = until.saturating_duration_since(Instant::now());
            if !batch.records.is_empty() || batch.assigned.is_some() || left.is_zero() {
                return Ok(batch);
            }
            // The sender lives as long as the log, which this member holds: only time can end the wait otherwise.
            timeout(left.min(LOOK), grown.changed()).await.ok();
        }
    }

    async fn commit(&mut self, next: &[Position]) -> Result<()> {
        let mut connection = self.shared.writer.connection().await;
        let mut writing = begin(&mut connection).await?;
        for Position { partition, offset } in next {
            let holder = "SELECT member FROM claims WHERE topic = ? AND name = ? AND part = ?";
            let holder = sqlx::query_scalar(holder).bind(self.topic.topic).bind(&self.group).bind(partition);
            let holder: Option<String> = holder.fetch_optional(&mut *writing).await?;
            if holder.as_deref() != Some(&self.name) {
                return Err(Error::NotMine(*partition));
            }
            let upsert = "INSERT INTO committed (topic, name, part, next) VALUES (?, ?, ?, ?)
                ON CONFLICT (topic, name, part) DO UPDATE SET next = excluded.next";
            let upsert = sqlx::query(upsert).bind(self.topic.topic).bind(&self.group).bind(partition);
            upsert.bind(offset.cast_signed()).execute(&mut *writing).await?;
        }
        Ok(writing.commit().await?)
    }

    fn seek(&mut self, to: Position) {
        match self.next.get_mut(&to.partition) {
            Some(next) => *next = to.offset,
            None => _ = self.sought.insert(to.partition, to.offset),
        }
    }

    fn pause(&mut self, partitions: &[u16]) {
        self.paused.extend(partitions);
    }

    fn resume(&mut self, partitions: &[u16]) {
        self.paused.retain(|part| !partitions.contains(part));
    }

    async fn close(self: Box<Self>) -> Result<()> {
        let mut connection = self.shared.writer.connection().await;
        let mut writing = begin(&mut connection).await?;
        for delete in [
            "DELETE FROM claims WHERE topic = ? AND name = ? AND member = ?",
            "DELETE FROM members WHERE topic = ? AND name = ? AND member = ?",
        ] {
            let delete = sqlx::query(delete).bind(self.topic.topic).bind(&self.group).bind(&self.name);
            delete.execute(&mut *writing).await?;
        }
        Ok(writing.commit().await?)
    }
}

/// Notes that the member is there, gives back what others should have, takes what is free of its share, and tells what
/// it has with the committed offset of each.
async fn claim(
    writing: &mut SqliteTransaction<'_>,
    member: &Member,
    now: i64,
    lease: Duration,
) -> Result<BTreeMap<u16, u64>> {
    let Member { topic: TopicRow { topic, partitions }, group, name, .. } = member;
    let until = now.saturating_add(i64::try_from(lease.as_micros()).unwrap_or(i64::MAX));
    let upsert = "INSERT INTO members (topic, name, member, until) VALUES (?, ?, ?, ?)
        ON CONFLICT (topic, name, member) DO UPDATE SET until = excluded.until";
    sqlx::query(upsert).bind(topic).bind(group).bind(name).bind(until).execute(&mut **writing).await?;
    let gone = sqlx::query("DELETE FROM members WHERE topic = ? AND name = ? AND until < ?");
    gone.bind(topic).bind(group).bind(now).execute(&mut **writing).await?;
    let members = sqlx::query_scalar("SELECT member FROM members WHERE topic = ? AND name = ? ORDER BY member");
    let members: Vec<String> = members.bind(topic).bind(group).fetch_all(&mut **writing).await?;
    let claims = sqlx::query_as("SELECT part, member FROM claims WHERE topic = ? AND name = ?");
    let claims: Vec<(u16, String)> = claims.bind(topic).bind(group).fetch_all(&mut **writing).await?;
    let claims: BTreeMap<u16, String> = claims.into_iter().collect();
    let mut mine = BTreeMap::new();
    for part in 0..*partitions {
        let should_be_mine = members.get(usize::from(part) % members.len().max(1)) == Some(name);
        let holder = claims.get(&part).filter(|holder| members.contains(holder));
        if should_be_mine && holder.is_none_or(|holder| holder == name) {
            let upsert = "INSERT INTO claims (topic, name, part, member) VALUES (?, ?, ?, ?)
                ON CONFLICT (topic, name, part) DO UPDATE SET member = excluded.member";
            sqlx::query(upsert).bind(topic).bind(group).bind(part).bind(name).execute(&mut **writing).await?;
            mine.insert(part, start_of(writing, *topic, group, part).await?);
        } else if holder == Some(name) {
            let delete = sqlx::query("DELETE FROM claims WHERE topic = ? AND name = ? AND part = ?");
            delete.bind(topic).bind(group).bind(part).execute(&mut **writing).await?;
        }
    }
    Ok(mine)
}

/// Where a group goes on in a partition: what it committed, or the first record that is kept.
async fn start_of(writing: &mut SqliteTransaction<'_>, topic: i64, group: &str, part: u16) -> Result<u64> {
    let select = "SELECT coalesce((SELECT next FROM committed WHERE topic = ? AND name = ? AND part = ?), first)
        FROM partitions WHERE topic = ? AND part = ?";
    let start = sqlx::query_scalar(select).bind(topic).bind(group).bind(part).bind(topic).bind(part);
    whole(start.fetch_one(&mut **writing).await?)
}
