//! Schedules.

use crate::Store;
use crate::entity::schedules;
use crate::error::Result;
use model::schedule::Schedule;
use model::{CollectionId, Timestamp, TweetId};
use sea_orm::{ActiveValue::NotSet, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

/// A schedule that is to be made.
pub struct NewSchedule<'a> {
    pub collection: CollectionId,
    pub credential: i64,
    pub name: &'a str,
    /// In X's query language.
    pub query: &'a str,
    pub interval_seconds: u32,
}

/// A schedule with the number of its credential.
#[derive(Clone, Debug)]
pub struct Due {
    pub schedule: Schedule,
    pub credential: i64,
    /// The run that it has now.
    pub running: Option<i64>,
}

pub async fn create(store: &Store, new: NewSchedule<'_>) -> Result<i64> {
    let row = schedules::ActiveModel {
        id: NotSet,
        collection_id: Set(new.collection.0),
        credential_id: Set(new.credential),
        name: Set(new.name.to_owned()),
        query: Set(new.query.to_owned()),
        interval_seconds: Set(i32::try_from(new.interval_seconds).unwrap_or(i32::MAX)),
        enabled: Set(true),
        since_id: Set(None),
        resume_below: Set(None),
        resume_newest: Set(None),
        last_run_at: Set(None),
        running: Set(None),
        lease_until: Set(None),
        settled_id: Set(None),
        unsettled_since: Set(None),
    };
    Ok(schedules::Entity::insert(row).exec(store.writer()).await?.last_insert_id)
}

/// All schedules, each with the number of its credential.
pub async fn all(store: &Store) -> Result<Vec<Due>> {
    let rows = schedules::Entity::find().order_by_asc(schedules::Column::Id).all(store.reader()).await?;
    Ok(rows.into_iter().map(with_credential).collect())
}

/// The credentials with which something is to be fetched.
pub async fn credentials_at_work(store: &Store) -> Result<Vec<i64>> {
    let found = schedules::Entity::find().select_only().column(schedules::Column::CredentialId).distinct();
    Ok(found.filter(at_work()).order_by_asc(schedules::Column::CredentialId).into_tuple().all(store.reader()).await?)
}

/// Those that fetch with a credential: the enabled ones, and those that have a run.
pub async fn of_credential(store: &Store, credential: i64) -> Result<Vec<Due>> {
    let of_credential = schedules::Entity::find().filter(schedules::Column::CredentialId.eq(credential));
    let rows = of_credential.filter(at_work()).order_by_asc(schedules::Column::Id).all(store.reader()).await?;
    Ok(rows.into_iter().map(with_credential).collect())
}

pub async fn list(store: &Store) -> Result<Vec<Schedule>> {
    Ok(all(store).await?.into_iter().map(|due| due.schedule).collect())
}

fn at_work() -> Condition {
    Condition::any().add(schedules::Column::Enabled.eq(true)).add(schedules::Column::Running.is_not_null())
}

fn with_credential(row: schedules::Model) -> Due {
    Due { credential: row.credential_id, running: row.running, schedule: from_row(row) }
}

fn from_row(row: schedules::Model) -> Schedule {
    let id = |id: i64| TweetId(id.unsigned_abs());
    Schedule {
        id: row.id,
        collection: CollectionId(row.collection_id),
        name: row.name,
        query: row.query,
        interval_seconds: row.interval_seconds.unsigned_abs(),
        enabled: row.enabled,
        since_id: row.since_id.map(id),
        settled_id: row.settled_id.map(id),
        unsettled_since: row.unsettled_since.map(Timestamp),
        last_run_at: row.last_run_at.map(Timestamp),
    }
}
