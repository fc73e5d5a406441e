//! The quarantine: what came with X's answers and could not be understood. It is kept sealed, until a later Roost can
//! read it.

use crate::Store;
use crate::audit::{NewEntry, Pen};
use crate::entity::rejects;
use crate::error::Result;
use crate::tweets::Origin;
use crate::vault::{Place, SealingKey, Vault};
use model::{CollectionId, Timestamp};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Select, Set,
};
use serde_json::json;
use zeroize::Zeroizing;

/// What was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectKind {
    /// An object that was meant as a tweet.
    Tweet,
    /// A whole answer.
    Page,
}

impl RejectKind {
    fn name(self) -> &'static str {
        match self {
            Self::Tweet => "tweet",
            Self::Page => "page",
        }
    }

    fn from_name(name: &str) -> Self {
        if name == Self::Page.name() { Self::Page } else { Self::Tweet }
    }
}

/// An object that is refused.
pub struct NewReject {
    pub kind: RejectKind,
    /// In plain words; it holds nothing of the content.
    pub reason: String,
    /// What objects have in common that fail alike; it holds nothing of the content but names of fields.
    pub shape: String,
    /// As it came. Personal data.
    pub content: String,
    pub observed_at: Timestamp,
}

/// One that is kept.
pub struct Reject {
    pub id: i64,
    pub kind: RejectKind,
    /// The run that fetched it; 0 for none.
    pub run: i64,
    /// The schedule that it came by; 0 for none.
    pub schedule: i64,
    /// Where it belongs; unknown of what Roost kept before it noted that.
    pub collection: Option<CollectionId>,
    pub at: Timestamp,
    pub observed_at: Timestamp,
    pub reason: String,
    /// As it came.
    pub content: Zeroizing<Vec<u8>>,
}

/// Rejects that look alike.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Group {
    /// The number of the last of them. It stands for the group as it was seen: what came later has a greater one.
    pub last_id: i64,
    pub shape: String,
    pub reason: String,
    pub count: i64,
    /// Microseconds in UTC.
    pub first_at: i64,
    pub last_at: i64,
}

/// Its row.
pub(crate) fn to_row(
    vault: &Vault,
    key: &SealingKey,
    origin: Origin,
    run: Option<i64>,
    reject: NewReject,
    now: Timestamp,
) -> Result<rejects::ActiveModel> {
    let run = run.unwrap_or(0);
    Ok(rejects::ActiveModel {
        id: NotSet,
        schedule_id: Set(origin.schedule.unwrap_or(0)),
        run_id: Set(run),
        at: Set(now.0),
        reason: Set(reject.reason),
        content: Set(vault.seal(key, place(&run.to_le_bytes()), reject.content.as_bytes())?),
        kind: Set(reject.kind.name().to_owned()),
        shape: Set(reject.shape),
        collection_id: Set(Some(origin.collection.0)),
        observed_at: Set(Some(reject.observed_at.0)),
    })
}

/// The latest of a schedule, newest first.
pub async fn list(store: &Store, schedule: i64, limit: u64) -> Result<Vec<Reject>> {
    let of_schedule = rejects::Entity::find().filter(rejects::Column::ScheduleId.eq(schedule));
    open(store, of_schedule.order_by_desc(rejects::Column::Id).limit(limit)).await
}

/// Those that look alike, together: the most frequent first.
pub async fn groups(store: &Store) -> Result<Vec<Group>> {
    let groups = grouped(rejects::Entity::find()).order_by_desc(rejects::Column::Id.count());
    Ok(groups.into_model().all(store.reader()).await?)
}

/// The group of that reject, as far as it came up to then.
pub async fn group_up_to(store: &Store, last_id: i64) -> Result<Option<Group>> {
    let Some(last) = rejects::Entity::find_by_id(last_id).one(store.reader()).await? else { return Ok(None) };
    let alike = rejects::Entity::find().filter(up_to(&last.shape, &last.reason, last_id));
    Ok(grouped(alike).into_model().one(store.reader()).await?)
}

fn grouped(found: Select<rejects::Entity>) -> Select<rejects::Entity> {
    let columns = found
        .select_only()
        .columns([rejects::Column::Shape, rejects::Column::Reason])
        .column_as(rejects::Column::Id.max(), "last_id")
        .column_as(rejects::Column::Id.count(), "count")
        .column_as(rejects::Column::At.min(), "first_at")
        .column_as(rejects::Column::At.max(), "last_at");
    columns.group_by(rejects::Column::Shape).group_by(rejects::Column::Reason)
}

fn up_to(shape: &str, reason: &str, last_id: i64) -> Condition {
    Condition::all()
        .add(rejects::Column::Shape.eq(shape))
        .add(rejects::Column::Reason.eq(reason))
        .add(rejects::Column::Id.lte(last_id))
}

/// Those of a group with a number above `after`, in the order in which they came.
pub async fn of_group(store: &Store, shape: &str, reason: &str, after: i64, limit: u64) -> Result<Vec<Reject>> {
    let of_group = rejects::Entity::find()
        .filter(rejects::Column::Shape.eq(shape))
        .filter(rejects::Column::Reason.eq(reason))
        .filter(rejects::Column::Id.gt(after));
    open(store, of_group.order_by_asc(rejects::Column::Id).limit(limit)).await
}

/// Drops what need not be kept any more. Returns how many there were.
pub async fn drop(store: &Store, ids: &[i64]) -> Result<u64> {
    let dropped = rejects::Entity::delete_many().filter(rejects::Column::Id.is_in(ids.iter().copied()));
    Ok(dropped.exec(store.writer()).await?.rows_affected)
}

/// Drops a group for good, and not what has come to it since. It is audited; `by` is who says so. Returns how many
/// there were.
pub async fn drop_group(store: &Store, group: &Group, by: i64, now: Timestamp) -> Result<u64> {
    let pen = Pen::new(store, now).await?;
    let transaction = store.begin().await?;
    let dropped = rejects::Entity::delete_many()
        .filter(up_to(&group.shape, &group.reason, group.last_id))
        .exec(&transaction)
        .await?
        .rows_affected;
    let details = json!({ "shape": group.shape, "reason": group.reason, "count": dropped });
    let head = pen.write(&transaction, entry(by, "quarantine.dropped", group.last_id, details)).await?;
    pen.commit(transaction, head).await?;
    Ok(dropped)
}

/// Audits that somebody looks at a reject, which names people.
pub async fn note_look(store: &Store, reject: &Reject, by: i64, now: Timestamp) -> Result<()> {
    let details = json!({ "reason": reject.reason });
    crate::audit::record(store, entry(by, "quarantine.seen", reject.id, details), now).await
}

/// Audits that somebody has a group tried again.
pub async fn note_replay(store: &Store, group: &Group, by: i64, now: Timestamp) -> Result<()> {
    let details = json!({ "shape": group.shape, "reason": group.reason, "count": group.count });
    crate::audit::record(store, entry(by, "quarantine.replayed", group.last_id, details), now).await
}

fn entry(by: i64, action: &'static str, reject: i64, details: serde_json::Value) -> NewEntry {
    NewEntry { user: Some(by), action, subject: format!("reject:{reject}"), details }
}

async fn open(store: &Store, found: Select<rejects::Entity>) -> Result<Vec<Reject>> {
    let rows = found.all(store.reader()).await?;
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let content = store.vault().unseal(place(&row.run_id.to_le_bytes()), &row.content).await?;
        kept.push(Reject {
            id: row.id,
            kind: RejectKind::from_name(&row.kind),
            run: row.run_id,
            schedule: row.schedule_id,
            collection: row.collection_id.map(CollectionId),
            at: Timestamp(row.at),
            observed_at: Timestamp(row.observed_at.unwrap_or(row.at)),
            reason: row.reason,
            content,
        });
    }
    Ok(kept)
}

fn place(run: &[u8]) -> Place<'_> {
    Place { table: "rejects", row: run, column: "content" }
}
