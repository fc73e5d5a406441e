//! What is different in a database that was put back from a backup.

use crate::Store;
use crate::audit::{NewEntry, Pen};
use crate::entity::{exports, one_time_tokens, sessions};
use crate::error::Result;
use model::Timestamp;
use model::export::{ExportState, Fault};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

/// Ends what a database from a backup must not carry on, and writes to the audit that it was put back.
///
/// Sessions and links that signed people in may have been ended since the backup, and end now. The files of exports are
/// not in backups: those that are not yet over have failed. `created` is when the backup was made.
pub async fn settle(store: &Store, created: Timestamp, now: Timestamp) -> Result<()> {
    let pen = Pen::new(store, now).await?;
    let transaction = store.begin().await?;
    let ended = sessions::Entity::delete_many().exec(&transaction).await?.rows_affected;
    one_time_tokens::Entity::delete_many().exec(&transaction).await?;
    let with_files = [ExportState::Waiting, ExportState::Running, ExportState::Ready].map(ExportState::name);
    let nothing: Option<String> = None;
    let lost = exports::Entity::update_many()
        .col_expr(exports::Column::State, Expr::value(ExportState::Failed.name()))
        .col_expr(exports::Column::Reason, Expr::value(Fault::FilesGone.to_text()))
        .col_expr(exports::Column::FinishedAt, Expr::value(now.0))
        .col_expr(exports::Column::Claim, Expr::value(nothing))
        .filter(exports::Column::File.is_not_null())
        .filter(exports::Column::State.is_in(with_files))
        .exec(&transaction)
        .await?
        .rows_affected;
    let details = json!({ "backup": created.to_rfc3339(), "sessions": ended, "exports": lost });
    let entry = NewEntry { user: None, action: "data.restored", subject: "data".to_owned(), details };
    let head = pen.write(&transaction, entry).await?;
    pen.commit(transaction, head).await
}
