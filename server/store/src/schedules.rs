//! Schedules. Whose posts one reads is sealed.

use crate::Store;
use crate::entity::schedules::{ActiveModel, Column, Entity, Model};
use crate::error::{Result, StoreError};
use crate::leases::{self, Lease};
use crate::vault::{Place, Purpose};
use model::schedule::{Expansions, Reads, Schedule};
use model::{CollectionId, Timestamp, TweetId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set,
};

/// A schedule that is to be made.
pub struct NewSchedule<'a> {
    pub collection: CollectionId,
    pub credential: i64,
    pub name: &'a str,
    pub reads: &'a Reads,
    pub expansions: Expansions,
    pub cadence: &'a str,
    /// A moment of its cadence that is let be, and all before it; none where it is due at once.
    pub last_tick: Option<Timestamp>,
}

/// A schedule with the number of its credential.
#[derive(Clone, Debug)]
pub struct Due {
    pub schedule: Schedule,
    pub credential: i64,
    /// The run that it has now.
    pub running: Option<i64>,
}

pub async fn create(store: &Store, new: NewSchedule<'_>, now: Timestamp) -> Result<i64> {
    let (mut query, mut span, mut days, mut account) = ("", None, None, None);
    match new.reads {
        Reads::Recent { query: asked } | Reads::Stream { query: asked } => query = asked,
        Reads::Archive { query: asked, from, to } => (query, span) = (asked, Some((from.0, to.0))),
        Reads::Timeline { user } | Reads::Mentions { user } => account = Some(*user),
        Reads::Stored { days: of } => days = Some(i32::from(*of)),
    }
    let row = ActiveModel {
        id: NotSet,
        collection_id: Set(new.collection.0),
        credential_id: Set(new.credential),
        name: Set(new.name.to_owned()),
        kind: Set(new.reads.kind().to_owned()),
        query: Set(query.to_owned()),
        reads_from: Set(span.map(|(from, _)| from)),
        reads_to: Set(span.map(|(_, to)| to)),
        days: Set(days),
        account: Set(None),
        expands_users: Set(new.expansions.users),
        expands_tweets: Set(new.expansions.tweets),
        expands_attachments: Set(new.expansions.attachments),
        cadence: Set(new.cadence.to_owned()),
        enabled: Set(true),
        since_id: Set(None),
        last_run_at: Set(None),
        last_tick: Set(new.last_tick.map(|tick| tick.0)),
        running: Set(None),
        settled_id: Set(None),
        unsettled_since: Set(None),
    };
    let key = store.vault().sealing_key(Purpose::Credential, now).await?;
    let transaction = store.begin().await?;
    let id = Entity::insert(row).exec(&transaction).await?.last_insert_id;
    if let Some(UserId(user)) = account {
        let sealed = store.vault().seal(&key, account_of(&id.to_be_bytes()), &user.to_be_bytes())?;
        let row = ActiveModel { id: Set(id), account: Set(Some(sealed)), ..Default::default() };
        Entity::update(row).exec(&transaction).await?;
    }
    transaction.commit().await?;
    Ok(id)
}

fn account_of(row: &[u8]) -> Place<'_> {
    Place { table: "schedules", row, column: "account" }
}

/// All schedules, each with the number of its credential.
pub async fn all(store: &Store) -> Result<Vec<Due>> {
    load(store, Entity::find()).await
}

/// The credentials with which something is to be fetched.
pub async fn credentials_at_work(store: &Store) -> Result<Vec<i64>> {
    let found = Entity::find().select_only().column(Column::CredentialId).distinct();
    Ok(found.filter(at_work()).order_by_asc(Column::CredentialId).into_tuple().all(store.reader()).await?)
}

/// Those that fetch with a credential: the enabled ones, and those that have a run.
pub async fn of_credential(store: &Store, credential: i64) -> Result<Vec<Due>> {
    load(store, Entity::find().filter(Column::CredentialId.eq(credential)).filter(at_work())).await
}

pub async fn list(store: &Store) -> Result<Vec<Schedule>> {
    Ok(all(store).await?.into_iter().map(|due| due.schedule).collect())
}

/// Takes another moment for the one that was begun last: the clock was wrong then.
pub async fn rewind(store: &Store, lease: &Lease, schedule: i64, tick: Timestamp) -> Result<()> {
    let transaction = store.begin().await?;
    leases::guard(&transaction, lease).await?;
    Entity::update_many()
        .col_expr(Column::LastTick, Expr::value(tick.0))
        .filter(Column::Id.eq(schedule))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

pub(crate) fn at_work() -> Condition {
    Condition::any().add(Column::Enabled.eq(true)).add(Column::Running.is_not_null())
}

pub(crate) async fn load(store: &Store, which: Select<Entity>) -> Result<Vec<Due>> {
    let mut found = Vec::new();
    for row in which.order_by_asc(Column::Id).all(store.reader()).await? {
        let (credential, running) = (row.credential_id, row.running);
        found.push(Due { credential, running, schedule: from_row(store, row).await? });
    }
    Ok(found)
}

async fn from_row(store: &Store, row: Model) -> Result<Schedule> {
    let id = |id: i64| TweetId(id.unsigned_abs());
    Ok(Schedule {
        reads: reads(store, &row).await?,
        id: row.id,
        collection: CollectionId(row.collection_id),
        name: row.name,
        expansions: Expansions {
            users: row.expands_users,
            tweets: row.expands_tweets,
            attachments: row.expands_attachments,
        },
        cadence: row.cadence,
        enabled: row.enabled,
        since_id: row.since_id.map(id),
        settled_id: row.settled_id.map(id),
        unsettled_since: row.unsettled_since.map(Timestamp),
        last_run_at: row.last_run_at.map(Timestamp),
        last_tick: row.last_tick.map(Timestamp),
    })
}

async fn reads(store: &Store, row: &Model) -> Result<Reads> {
    let damaged = |what: &str| StoreError::Damaged(format!("schedule {} {what}", row.id));
    let query = row.query.clone();
    Ok(match row.kind.as_str() {
        "recent" => Reads::Recent { query },
        "stream" => Reads::Stream { query },
        "archive" => {
            let (from, to) = row.reads_from.zip(row.reads_to).ok_or_else(|| damaged("has no span"))?;
            Reads::Archive { query, from: Timestamp(from), to: Timestamp(to) }
        }
        "timeline" => Reads::Timeline { user: account(store, row).await? },
        "mentions" => Reads::Mentions { user: account(store, row).await? },
        "stored" => {
            let days = row.days.and_then(|days| u16::try_from(days).ok());
            Reads::Stored { days: days.ok_or_else(|| damaged("has no days"))? }
        }
        other => return Err(damaged(&format!("is of the kind {other:?}"))),
    })
}

async fn account(store: &Store, row: &Model) -> Result<UserId> {
    let damaged = || StoreError::Damaged(format!("schedule {} has no account", row.id));
    let sealed = row.account.as_ref().ok_or_else(damaged)?;
    let opened = store.vault().unseal(account_of(&row.id.to_be_bytes()), sealed).await?;
    let bytes = <[u8; 8]>::try_from(opened.as_slice()).map_err(|_| damaged())?;
    Ok(UserId(u64::from_be_bytes(bytes)))
}

/// What of a row tells what is read: a run is not begun for a schedule that reads something else by now.
pub(crate) fn reads_as(reads: &Reads) -> Condition {
    let mut condition = Condition::all().add(Column::Kind.eq(reads.kind()));
    if let Some(query) = reads.query() {
        condition = condition.add(Column::Query.eq(query));
    }
    if let Reads::Archive { from, to, .. } = reads {
        condition = condition.add(Column::ReadsFrom.eq(from.0)).add(Column::ReadsTo.eq(to.0));
    }
    condition
}
