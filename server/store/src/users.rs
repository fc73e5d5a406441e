//! People who may sign in, and the one-time link that makes the first of them.

use crate::Store;
use crate::entity::{one_time_tokens, sessions, users};
use crate::error::{Result, StoreError};
use model::Timestamp;
use model::account::{CurrentUser, Role};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
    SqlErr,
};

/// A user with the hash of their password (PHC string).
pub struct StoredUser {
    pub user: CurrentUser,
    pub password_hash: String,
    pub disabled: bool,
}

/// SHA-256 of a secret token: only this is stored.
pub type TokenHash = [u8; 32];

pub async fn count(store: &Store) -> Result<u64> {
    Ok(users::Entity::find().count(store.reader()).await?)
}

/// Looks a user up by name, in any case of letters.
pub async fn find(store: &Store, name: &str) -> Result<Option<StoredUser>> {
    let row = users::Entity::find().filter(users::Column::Name.eq(folded(name))).one(store.reader()).await?;
    row.map(from_row).transpose()
}

/// The user of that number, whether locked out or not.
pub async fn by_id(store: &Store, id: i64) -> Result<Option<StoredUser>> {
    users::Entity::find_by_id(id).one(store.reader()).await?.map(from_row).transpose()
}

pub async fn list(store: &Store) -> Result<Vec<StoredUser>> {
    let rows = users::Entity::find().order_by_asc(users::Column::Name).all(store.reader()).await?;
    rows.into_iter().map(from_row).collect()
}

/// Makes a user. A set-up link that was given out is void from then on.
pub async fn create(store: &Store, name: &str, password_hash: &str, role: Role, now: Timestamp) -> Result<i64> {
    let transaction = store.begin().await?;
    delete_tokens(&transaction, one_time_tokens::Column::UserId.is_null()).await?;
    let id = insert(&transaction, name, password_hash, role, now).await?;
    transaction.commit().await?;
    Ok(id)
}

async fn insert(
    transaction: &DatabaseTransaction,
    name: &str,
    password_hash: &str,
    role: Role,
    now: Timestamp,
) -> Result<i64> {
    let row = users::ActiveModel {
        id: NotSet,
        name: Set(folded(name)),
        password_hash: Set(password_hash.to_owned()),
        role: Set(role.name().to_owned()),
        disabled: Set(false),
        created_at: Set(now.0),
    };
    match users::Entity::insert(row).exec(transaction).await {
        Ok(inserted) => Ok(inserted.last_insert_id),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Err(StoreError::Taken(name.to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Sets a new password and ends all sessions and sign-in links. False if there is no such user.
pub async fn set_password(store: &Store, name: &str, password_hash: &str) -> Result<bool> {
    change(store, name, users::Column::PasswordHash, Expr::value(password_hash)).await
}

/// Locks a user out (or lets them in again) and ends all sessions and sign-in links. False if there is no such user.
pub async fn set_disabled(store: &Store, name: &str, disabled: bool) -> Result<bool> {
    change(store, name, users::Column::Disabled, Expr::value(disabled)).await
}

async fn change(store: &Store, name: &str, column: users::Column, value: Expr) -> Result<bool> {
    let transaction = store.begin().await?;
    let Some(user) = users::Entity::find().filter(users::Column::Name.eq(folded(name))).one(&transaction).await? else {
        return Ok(false);
    };
    users::Entity::update_many()
        .col_expr(column, value)
        .filter(users::Column::Id.eq(user.id))
        .exec(&transaction)
        .await?;
    sessions::Entity::delete_many().filter(sessions::Column::UserId.eq(user.id)).exec(&transaction).await?;
    delete_tokens(&transaction, one_time_tokens::Column::UserId.eq(user.id)).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Makes a one-time token valid: with a user it signs them in, without one it makes the first admin (and takes
/// the place of earlier tokens that do). Those that have expired are removed.
pub async fn save_one_time_token(
    store: &Store,
    token: TokenHash,
    user: Option<i64>,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    let transaction = store.begin().await?;
    delete_tokens(&transaction, one_time_tokens::Column::ExpiresAt.lte(now.0)).await?;
    if user.is_none() {
        delete_tokens(&transaction, one_time_tokens::Column::UserId.is_null()).await?;
    }
    let row = one_time_tokens::ActiveModel {
        token_hash: Set(token.to_vec()),
        user_id: Set(user),
        expires_at: Set(expires_at.0),
    };
    one_time_tokens::Entity::insert(row).exec_without_returning(&transaction).await?;
    Ok(transaction.commit().await?)
}

/// Whether a token makes the first admin. It says so without using it up.
pub async fn is_set_up_token(store: &Store, token: TokenHash, now: Timestamp) -> Result<bool> {
    let row = one_time_tokens::Entity::find_by_id(token.to_vec()).one(store.reader()).await?;
    Ok(row.is_some_and(|row| row.user_id.is_none() && row.expires_at > now.0))
}

/// Uses up a token that signs in. Returns the user; `None` if the token is not (or no longer) valid.
pub async fn use_sign_in_token(store: &Store, token: TokenHash, now: Timestamp) -> Result<Option<i64>> {
    let transaction = store.begin().await?;
    let Some(Some(user)) = consume(&transaction, token, now).await? else { return Ok(None) };
    transaction.commit().await?;
    Ok(Some(user))
}

/// Uses up a set-up token to make the first admin. `None` if the token is not (or no longer) valid, or if there is
/// a user already.
pub async fn create_first_admin(
    store: &Store,
    token: TokenHash,
    name: &str,
    password_hash: &str,
    now: Timestamp,
) -> Result<Option<i64>> {
    let transaction = store.begin().await?;
    let Some(None) = consume(&transaction, token, now).await? else { return Ok(None) };
    if users::Entity::find().count(&transaction).await? > 0 {
        return Ok(None);
    }
    let id = insert(&transaction, name, password_hash, Role::Admin, now).await?;
    transaction.commit().await?;
    Ok(Some(id))
}

/// Takes a valid token away, and says whose it was (`Some(None)`: nobody's yet). Of two who use it at once one gets
/// it: the other finds that it has deleted nothing.
async fn consume(transaction: &DatabaseTransaction, token: TokenHash, now: Timestamp) -> Result<Option<Option<i64>>> {
    let row = one_time_tokens::Entity::find_by_id(token.to_vec()).one(transaction).await?;
    let Some(row) = row.filter(|row| row.expires_at > now.0) else { return Ok(None) };
    let deleted = delete_tokens(transaction, one_time_tokens::Column::TokenHash.eq(token.to_vec())).await?;
    Ok((deleted == 1).then_some(row.user_id))
}

async fn delete_tokens(transaction: &DatabaseTransaction, which: Expr) -> Result<u64> {
    let deleted = one_time_tokens::Entity::delete_many().filter(which).exec(transaction).await?;
    Ok(deleted.rows_affected)
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

pub(crate) fn from_row(row: users::Model) -> Result<StoredUser> {
    let role = Role::from_name(&row.role)
        .ok_or_else(|| StoreError::Damaged(format!("user {} has an unknown role", row.id)))?;
    Ok(StoredUser {
        user: CurrentUser { id: row.id, name: row.name, role },
        password_hash: row.password_hash,
        disabled: row.disabled,
    })
}
