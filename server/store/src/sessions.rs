//! Sessions. A leaked database gives none away: of a token only the hash is kept.

use crate::Store;
use crate::entity::{sessions, users};
use crate::error::Result;
use crate::users::{TokenHash, from_row};
use model::Timestamp;
use model::account::CurrentUser;
use model::time::{DAY, HOUR, MINUTE};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

/// A session ends after so long without a request …
pub const IDLE_LIMIT: i64 = 12 * HOUR;
/// … and so long after sign-in in any case.
pub const TOTAL_LIMIT: i64 = 14 * DAY;
/// How exactly the last request is noted: a write for every request would be waste.
const SEEN_STEP: i64 = 5 * MINUTE;

/// Begins a session.
pub async fn create(store: &Store, token: TokenHash, user: i64, now: Timestamp) -> Result<()> {
    sessions::Entity::delete_many().filter(sessions::Column::ExpiresAt.lte(now.0)).exec(store.writer()).await?;
    let row = sessions::ActiveModel {
        token_hash: Set(token.to_vec()),
        user_id: Set(user),
        created_at: Set(now.0),
        last_seen_at: Set(now.0),
        expires_at: Set(now.0 + TOTAL_LIMIT),
    };
    sessions::Entity::insert(row).exec_without_returning(store.writer()).await?;
    Ok(())
}

/// The user of a session that is still valid. A disabled user has none.
pub async fn user(store: &Store, token: TokenHash, now: Timestamp) -> Result<Option<CurrentUser>> {
    let Some(session) = sessions::Entity::find_by_id(token.to_vec()).one(store.reader()).await? else {
        return Ok(None);
    };
    if session.expires_at <= now.0 || session.last_seen_at + IDLE_LIMIT <= now.0 {
        return Ok(None);
    }
    let Some(user) = users::Entity::find_by_id(session.user_id).one(store.reader()).await? else { return Ok(None) };
    let user = from_row(user)?;
    if user.disabled {
        return Ok(None);
    }
    if session.last_seen_at + SEEN_STEP <= now.0 {
        sessions::Entity::update_many()
            .col_expr(sessions::Column::LastSeenAt, Expr::value(now.0))
            .filter(sessions::Column::TokenHash.eq(token.to_vec()))
            .exec(store.writer())
            .await?;
    }
    Ok(Some(user.user))
}

/// Ends a session.
pub async fn end(store: &Store, token: TokenHash) -> Result<()> {
    sessions::Entity::delete_by_id(token.to_vec()).exec(store.writer()).await?;
    Ok(())
}
