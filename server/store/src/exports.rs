//! The record of exports: who took what, how far each is, and how much of the day's limit is left.

mod jobs;

pub use jobs::{Job, Progress, again, cancel, claim, expire, fail, files, finish, release, save_progress};

use crate::audit::{NewEntry, Pen};
use crate::entity::{exports, users};
use crate::error::{Result, StoreError};
use crate::vault::{Place, Purpose};
use crate::{Store, signed};
use model::export::{ExportFormat, ExportQuery, ExportRecord, ExportState, Fault};
use model::time::DAY;
use model::{CollectionId, Timestamp};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};

/// Unfinished background exports that one person may have.
pub const MOST_UNFINISHED: u64 = 5;

/// Exports that are told at once.
const MOST_NEWS: u64 = 20;

/// An export that is about to begin.
#[derive(Clone, Debug)]
pub struct NewExport {
    pub user: i64,
    pub collection: CollectionId,
    pub request: Request,
    /// How many tweets it will hold, and how many match.
    pub tweets: u64,
    pub matching: u64,
    /// The name of its files, if it is made in the background.
    pub file: Option<String>,
}

/// What was asked for, by whom, of what. Kept sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub query: ExportQuery,
    /// Title of the collection.
    pub collection: String,
    /// Name of the person.
    pub by: String,
}

/// Whether an export may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is recorded under this number.
    Recorded(i64),
    /// The day's limit would be exceeded.
    OverLimit,
    /// The person has too many unfinished ones.
    TooMany,
}

/// An export with what only the service needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub record: ExportRecord,
    pub collection: CollectionId,
    /// The name of its files, if it is made in the background.
    pub file: Option<String>,
}

/// Tweets that the user has exported with their content on the UTC day of `now`.
pub async fn used(store: &Store, user: i64, now: Timestamp) -> Result<u64> {
    used_by(store.reader(), user, now).await
}

/// Records the export, here and in the audit, unless it would exceed the day's limit.
///
/// Exports without content are recorded and free.
pub async fn begin(store: &Store, new: NewExport, daily_limit: u64, now: Timestamp) -> Result<Begun> {
    let pen = Pen::new(store, now).await?;
    let key = store.vault().sealing_key(Purpose::Export, now).await?;
    let request = serde_json::to_vec(&new.request).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let request = store.vault().seal(&key, place(&row_key(new.user, now.0)), &request)?;
    let transaction = store.begin().await?;
    let has_content = new.request.query.format.has_content();
    // Two exports of one person at once: the second waits here, and then counts the first.
    users::Entity::find_by_id(new.user).lock_exclusive().one(&transaction).await?;
    if has_content && used_by(&transaction, new.user, now).await?.saturating_add(new.tweets) > daily_limit {
        return Ok(Begun::OverLimit);
    }
    if new.file.is_some() && jobs::unfinished(&transaction, new.user).await? >= MOST_UNFINISHED {
        return Ok(Begun::TooMany);
    }
    let state = if new.file.is_some() { ExportState::Waiting } else { ExportState::Sending };
    let row = exports::ActiveModel {
        id: NotSet,
        user_id: Set(new.user),
        collection_id: Set(new.collection.0),
        filter: Set(String::new()),
        format: Set(new.request.query.format.name().to_owned()),
        tweets: Set(signed(new.tweets)),
        has_content: Set(has_content),
        at: Set(now.0),
        state: Set(state.name().to_owned()),
        request: Set(Some(request)),
        matching: Set(Some(signed(new.matching))),
        written: Set(0),
        bytes: Set(0),
        removed: Set(0),
        file: Set(new.file.clone()),
        claim: Set(None),
        lease_until: Set(None),
        finished_at: Set(None),
        expires_at: Set(None),
        reason: Set(None),
        seen_at: Set(None),
    };
    let id = exports::Entity::insert(row).exec(&transaction).await?.last_insert_id;
    let head = pen.write(&transaction, begun(id, &new)).await?;
    pen.commit(transaction, head).await?;
    Ok(Begun::Recorded(id))
}

/// What the audit keeps of it.
fn begun(id: i64, new: &NewExport) -> NewEntry {
    let query = &new.request.query;
    let details = serde_json::json!({
        "by": new.request.by, "collection": query.collection, "filter": query.filter, "sort": query.sort,
        "columns": query.columns, "format": query.format, "first": query.first, "chosen": query.ids.len(),
        "tweets": new.tweets, "matching": new.matching, "background": new.file.is_some(),
    });
    entry(id, Some(new.user), "export.begun", details)
}

fn entry(id: i64, user: Option<i64>, action: &'static str, details: serde_json::Value) -> NewEntry {
    NewEntry { user, action, subject: format!("export:{id}"), details }
}

/// Notes that an export was sent to its end.
pub async fn sent(store: &Store, id: i64, user: i64, progress: Progress, now: Timestamp) -> Result<()> {
    let pen = Pen::new(store, now).await?;
    let transaction = store.begin().await?;
    let row = exports::ActiveModel {
        id: Set(id),
        state: Set(ExportState::Sent.name().to_owned()),
        finished_at: Set(Some(now.0)),
        written: Set(signed(progress.written)),
        removed: Set(signed(progress.removed)),
        bytes: Set(signed(progress.bytes)),
        ..Default::default()
    };
    exports::Entity::update(row).exec(&transaction).await?;
    let head = pen.write(&transaction, entry(id, Some(user), "export.sent", progress.details())).await?;
    pen.commit(transaction, head).await
}

/// Records that its owner took the file.
pub async fn downloaded(store: &Store, id: i64, user: i64, now: Timestamp) -> Result<()> {
    crate::audit::record(store, entry(id, Some(user), "export.downloaded", serde_json::json!({})), now).await
}

/// The latest exports of a person, newest first.
pub async fn list(store: &Store, user: i64, limit: u64) -> Result<Vec<ExportRecord>> {
    let rows = exports::Entity::find()
        .filter(exports::Column::UserId.eq(user))
        .order_by_desc(exports::Column::Id)
        .limit(limit)
        .all(store.reader())
        .await?;
    records(store, rows).await
}

/// The latest background exports of a person that have ended without their having been told, newest first.
pub async fn news(store: &Store, user: i64) -> Result<Vec<ExportRecord>> {
    let rows = exports::Entity::find()
        .filter(untold(user))
        .filter(exports::Column::File.is_not_null())
        .order_by_desc(exports::Column::Id)
        .limit(MOST_NEWS)
        .all(store.reader())
        .await?;
    records(store, rows).await
}

/// Notes that a person was told of one of their exports, or of all.
pub async fn see(store: &Store, user: i64, export: Option<i64>, now: Timestamp) -> Result<()> {
    let mut update =
        exports::Entity::update_many().col_expr(exports::Column::SeenAt, Expr::value(now.0)).filter(untold(user));
    if let Some(export) = export {
        update = update.filter(exports::Column::Id.eq(export));
    }
    update.exec(store.writer()).await?;
    Ok(())
}

/// Exports that have ended, and their owner does not know it.
fn untold(user: i64) -> Condition {
    let ended = [ExportState::Ready, ExportState::Failed].map(ExportState::name);
    Condition::all()
        .add(exports::Column::UserId.eq(user))
        .add(exports::Column::State.is_in(ended))
        .add(exports::Column::SeenAt.is_null())
}

/// An export, if it is that person's.
pub async fn find(store: &Store, id: i64, user: i64) -> Result<Option<Kept>> {
    let found = exports::Entity::find_by_id(id).filter(exports::Column::UserId.eq(user)).one(store.reader()).await?;
    match found {
        Some(row) => opened(store, row).await.map(Some),
        None => Ok(None),
    }
}

async fn records(store: &Store, rows: Vec<exports::Model>) -> Result<Vec<ExportRecord>> {
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        records.push(opened(store, row).await?.record);
    }
    Ok(records)
}

async fn opened(store: &Store, row: exports::Model) -> Result<Kept> {
    let damaged = |what: &str| StoreError::Damaged(format!("{what} of export {}", row.id));
    let format = ExportFormat::ALL.into_iter().find(|format| format.name() == row.format);
    let format = format.ok_or_else(|| damaged("the format"))?;
    let state = ExportState::from_name(&row.state).ok_or_else(|| damaged("the state"))?;
    let request = match &row.request {
        Some(sealed) => {
            let opened = store.vault().unseal(place(&row_key(row.user_id, row.at)), sealed).await?;
            serde_json::from_slice(&opened).map_err(|_| damaged("the request"))?
        }
        None => Request { query: ExportQuery { filter: row.filter, ..Default::default() }, ..Default::default() },
    };
    let record = ExportRecord {
        id: row.id,
        query: request.query,
        collection: request.collection,
        by: request.by,
        format,
        state,
        tweets: row.tweets.unsigned_abs(),
        matching: row.matching.map(i64::unsigned_abs),
        written: row.written.unsigned_abs(),
        removed: row.removed.unsigned_abs(),
        bytes: row.bytes.unsigned_abs(),
        at: Timestamp(row.at),
        finished_at: row.finished_at.map(Timestamp),
        expires_at: row.expires_at.map(Timestamp),
        reason: row.reason.as_deref().map(Fault::from_text),
    };
    Ok(Kept { record, collection: CollectionId(row.collection_id), file: row.file })
}

/// What was cancelled or failed was never handed out, and does not count.
async fn used_by(connection: &impl ConnectionTrait, user: i64, now: Timestamp) -> Result<u64> {
    let void = [ExportState::Cancelled, ExportState::Failed].map(ExportState::name);
    let counts: Vec<i64> = exports::Entity::find()
        .select_only()
        .column(exports::Column::Tweets)
        .filter(exports::Column::UserId.eq(user))
        .filter(exports::Column::HasContent.eq(true))
        .filter(exports::Column::At.gte(now.floor(DAY).0))
        .filter(exports::Column::State.is_not_in(void))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(counts.into_iter().map(i64::unsigned_abs).sum())
}

/// The number of a row is not known when it is sealed: its owner and time stand for it.
fn row_key(user: i64, at: i64) -> [u8; 16] {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&user.to_le_bytes());
    key[8..].copy_from_slice(&at.to_le_bytes());
    key
}

fn place(row: &[u8; 16]) -> Place<'_> {
    Place { table: "exports", row, column: "request" }
}
