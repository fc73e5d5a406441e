//! Signing in and out, one-time links, and users.
//!
//! There is no default account: the first start makes a one-time link, and whoever opens it becomes admin.

mod passwords;
mod throttle;
mod tokens;

pub use passwords::{MAX_LENGTH, MIN_LENGTH, Weakness};
pub use tokens::Token;

use crate::{Error, Service};
use model::account::{CurrentUser, Role};
use model::time::HOUR;
use passwords::Hasher;
use std::net::IpAddr;
use throttle::Throttle;
use zeroize::Zeroizing;

/// A one-time link is valid for so long.
const LINK_LIFETIME: i64 = 24 * HOUR;

/// What guards the accounts of this process.
pub(crate) struct Guard {
    hasher: Hasher,
    throttle: Throttle,
}

impl Guard {
    pub(crate) fn new(pepper: Zeroizing<Vec<u8>>) -> Self {
        Self { hasher: Hasher::new(pepper), throttle: Throttle::default() }
    }
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Whether the name or the password is wrong is not told.
    #[error("the name or the password is wrong")]
    Wrong,
    #[error("too many tries; wait a little")]
    Throttled,
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("the link was used already, or is too old; start Roost again for a new one")]
    Token,
    #[error(transparent)]
    Weak(#[from] Weakness),
    #[error("the name is empty or taken")]
    Name,
    #[error("too many tries; wait a little")]
    Throttled,
    #[error(transparent)]
    Failed(#[from] Error),
}

/// The token of a one-time link that makes the first admin, if there is no user yet.
pub async fn setup_token(service: &Service) -> Result<Option<Token>, Error> {
    if store::users::count(&service.store).await? > 0 {
        return Ok(None);
    }
    one_time_token(service, None).await.map(Some)
}

/// The token of a one-time link that signs a user in.
pub async fn sign_in_token(service: &Service, user: i64) -> Result<Token, Error> {
    one_time_token(service, Some(user)).await
}

async fn one_time_token(service: &Service, user: Option<i64>) -> Result<Token, Error> {
    let token = Token::random()?;
    let expires_at = model::Timestamp(service.now().0 + LINK_LIFETIME);
    store::users::save_one_time_token(&service.store, token.hash(), user, expires_at, service.now()).await?;
    Ok(token)
}

/// Makes the first admin and signs them in. The link works once.
///
/// Anyone may call it: so the costly part, the hash, is for those alone who have the link.
pub async fn create_first_admin(
    service: &Service,
    token: &str,
    name: &str,
    password: Zeroizing<String>,
    from: IpAddr,
) -> Result<Token, SetupError> {
    if !service.accounts.throttle.allow_address(from, service.now()) {
        return Err(SetupError::Throttled);
    }
    let token = Token::parse(token).ok_or(SetupError::Token)?;
    let is_valid = store::users::is_set_up_token(&service.store, token.hash(), service.now()).await;
    if !is_valid.map_err(Error::from)? {
        return Err(SetupError::Token);
    }
    if name.trim().is_empty() {
        return Err(SetupError::Name);
    }
    passwords::check(&password, name)?;
    let hash = service.accounts.hasher.hash(password).await?;
    let created = store::users::create_first_admin(&service.store, token.hash(), name, &hash, service.now()).await;
    match created {
        Ok(Some(user)) => Ok(begin_session(service, user).await?),
        Ok(None) => Err(SetupError::Token),
        Err(store::StoreError::Taken(_)) => Err(SetupError::Name),
        Err(error) => Err(SetupError::Failed(error.into())),
    }
}

/// Makes a user. For the commands and the admin's page; the caller has checked the right.
pub async fn create_user(
    service: &Service,
    name: &str,
    password: Zeroizing<String>,
    role: Role,
) -> Result<i64, SetupError> {
    if name.trim().is_empty() {
        return Err(SetupError::Name);
    }
    passwords::check(&password, name)?;
    let hash = service.accounts.hasher.hash(password).await?;
    match store::users::create(&service.store, name, &hash, role, service.now()).await {
        Ok(user) => Ok(user),
        Err(store::StoreError::Taken(_)) => Err(SetupError::Name),
        Err(error) => Err(SetupError::Failed(error.into())),
    }
}

/// Sets a user's password and ends their sessions.
pub async fn reset_password(service: &Service, name: &str, password: Zeroizing<String>) -> Result<(), SetupError> {
    passwords::check(&password, name)?;
    let hash = service.accounts.hasher.hash(password).await?;
    let found = store::users::set_password(&service.store, name, &hash).await.map_err(Error::from)?;
    if found { Ok(()) } else { Err(Error::NotFound(format!("There is no user {name}.")).into()) }
}

/// Locks a user out, or lets them in again.
pub async fn set_disabled(service: &Service, name: &str, disabled: bool) -> Result<(), Error> {
    let found = store::users::set_disabled(&service.store, name, disabled).await?;
    if found { Ok(()) } else { Err(Error::NotFound(format!("There is no user {name}."))) }
}

/// All users by name, and whether each is locked out.
pub async fn list(service: &Service) -> Result<Vec<(CurrentUser, bool)>, Error> {
    let users = store::users::list(&service.store).await?;
    Ok(users.into_iter().map(|user| (user.user, user.disabled)).collect())
}

/// Checks name and password and begins a session. It takes as long for a name that does not exist.
pub async fn sign_in(
    service: &Service,
    name: &str,
    password: Zeroizing<String>,
    from: IpAddr,
) -> Result<Token, SignInError> {
    let name = name.trim().to_lowercase();
    if !service.accounts.throttle.allow(from, &name, service.now()) {
        return Err(SignInError::Throttled);
    }
    let user = store::users::find(&service.store, &name).await.map_err(Error::from)?;
    let user = user.filter(|user| !user.disabled);
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let right = service.accounts.hasher.verify(password, hash).await?;
    match user {
        Some(user) if right => Ok(begin_session(service, user.user.id).await?),
        _ => Err(SignInError::Wrong),
    }
}

/// Uses up a one-time sign-in link.
pub async fn sign_in_once(service: &Service, token: &str) -> Result<Option<Token>, Error> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    match store::users::use_sign_in_token(&service.store, token.hash(), service.now()).await? {
        Some(user) => begin_session(service, user).await.map(Some),
        None => Ok(None),
    }
}

async fn begin_session(service: &Service, user: i64) -> Result<Token, Error> {
    let token = Token::random()?;
    store::sessions::create(&service.store, token.hash(), user, service.now()).await?;
    Ok(token)
}

/// The user of a session token, if the session is valid.
pub async fn session_user(service: &Service, token: &str) -> Result<Option<CurrentUser>, Error> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    Ok(store::sessions::user(&service.store, token.hash(), service.now()).await?)
}

/// Ends a session.
pub async fn sign_out(service: &Service, token: &str) -> Result<(), Error> {
    match Token::parse(token) {
        Some(token) => Ok(store::sessions::end(&service.store, token.hash()).await?),
        None => Ok(()),
    }
}

/// The user of that name; if there is none, one who can only sign in by link, for nobody knows the password.
pub async fn find_or_create_without_password(service: &Service, name: &str, role: Role) -> Result<i64, Error> {
    if let Some(user) = store::users::find(&service.store, name).await? {
        return Ok(user.user.id);
    }
    let hash = service.accounts.hasher.hash(Zeroizing::new(Token::random()?.reveal())).await?;
    Ok(store::users::create(&service.store, name, &hash, role, service.now()).await?)
}
