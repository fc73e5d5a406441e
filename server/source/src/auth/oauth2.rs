//! OAuth 2.0 with PKCE: a person allows an app to ask in their name.
//! <https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code>
//!
//! An access token is good for two hours, and a refresh token once: using it makes it worthless and brings the next.
//! So one refresh is under way at a time, nobody can cancel it, and what it brings is kept before it is used. Where
//! several processes share a credential, one looks for what the keeper has when X does not take its token: another was
//! first.

use super::{percent_encoded, random_text};
use crate::client::read;
use crate::egress::Egress;
use crate::error::SourceError;
use crate::read::object;
use crate::refusal::{Refusal, RefusalKind};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Timestamp;
use model::time::{MINUTE, SECOND};
use reqwest::Method;
use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};
use url::Url;

/// What Roost asks to be allowed: to read, and to go on while the person is away.
pub const SCOPES: &str = "tweet.read users.read offline.access";

/// Where people are asked. A browser goes there, Roost does not.
const AUTHORIZE: &str = "https://x.com/i/oauth2/authorize";

/// So long before its end a token is no longer used: the request takes time, and clocks differ.
const MARGIN: i64 = MINUTE;

/// How often, and after how long, it is looked whether another process keeps the tokens that it got for ours.
const LOOKS: u32 = 20;
const LOOK: Duration = Duration::from_millis(100);

/// The app, as it is known to X.
#[derive(Clone, Debug)]
pub struct App {
    pub client_id: String,
    /// What clients have that can keep it.
    pub client_secret: Option<SecretString>,
    /// Where the person's browser comes back to.
    pub redirect_uri: String,
}

/// A consent that is asked for.
#[derive(Debug)]
pub struct Consent {
    /// Where the person's browser is to go.
    pub url: Url,
    pub pending: Pending,
}

/// What must be remembered until the browser comes back.
#[derive(Clone, Debug)]
pub struct Pending {
    pub state: SecretString,
    pub verifier: SecretString,
}

/// What a consent brings.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: SecretString,
    /// Missing where the person did not allow `offline.access`.
    pub refresh: Option<SecretString>,
    pub expires_at: Timestamp,
}

/// Keeps the tokens of one credential, sealed, where a restart finds them.
#[async_trait]
pub trait TokenKeeper: Send + Sync {
    async fn load(&self) -> Result<Tokens, Box<dyn Error + Send + Sync>>;

    /// When this returns, the tokens survive a loss of power: those before are worthless.
    async fn keep(&self, tokens: &Tokens) -> Result<(), Box<dyn Error + Send + Sync>>;
}

/// Asks for a consent.
///
/// # Errors
/// When the system gives no random numbers.
pub fn ask_consent(egress: &Egress, app: &App) -> Result<Consent, SourceError> {
    let (state, verifier) = (random_text()?, random_text()?);
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    let mut url = if egress.is_x() { Url::parse(AUTHORIZE).ok() } else { egress.url("/2/oauth2/authorize").ok() }
        .ok_or_else(|| SourceError::Address(AUTHORIZE.to_owned()))?;
    url.query_pairs_mut().extend_pairs([
        ("response_type", "code"),
        ("client_id", &app.client_id),
        ("redirect_uri", &app.redirect_uri),
        ("scope", SCOPES),
        ("state", &state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    Ok(Consent { url, pending: Pending { state: state.into(), verifier: verifier.into() } })
}

/// Turns what the browser brought back into tokens. X gives it half a minute, and one try.
///
/// # Errors
/// `ConsentLost` if this is not the consent that was asked for; when X cannot be reached or does not take the code.
pub async fn exchange(
    egress: &Egress,
    app: &App,
    pending: &Pending,
    state: &str,
    code: &SecretString,
) -> Result<Tokens, SourceError> {
    // Hashes are compared, so the time it takes tells nothing.
    let hash = |text: &str| digest(&SHA256, text.as_bytes());
    if hash(state).as_ref() != hash(pending.state.expose_secret()).as_ref() {
        return Err(SourceError::ConsentLost);
    }
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.expose_secret()),
        ("redirect_uri", &app.redirect_uri),
        ("code_verifier", pending.verifier.expose_secret()),
    ];
    request_tokens(egress, app, &form).await
}

async fn request_tokens(egress: &Egress, app: &App, form: &[(&str, &str)]) -> Result<Tokens, SourceError> {
    let request = egress.request(Method::POST, egress.url("/2/oauth2/token")?);
    let client = [("client_id", app.client_id.as_str())];
    let request = match &app.client_secret {
        Some(secret) => {
            let secret = percent_encoded(secret.expose_secret());
            request.basic_auth(percent_encoded(&app.client_id), Some(secret)).form(form)
        }
        None => request.form(&[form, &client].concat()),
    };
    let body = read(egress.exchange(request).await?)?.body?;
    let given: Given = object(&body)?;
    let expires_at = Timestamp(egress.now().0.saturating_add(given.expires_in.saturating_mul(SECOND)));
    Ok(Tokens { access: given.access_token, refresh: given.refresh_token, expires_at })
}

#[derive(Deserialize)]
struct Given {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
    /// In seconds.
    expires_in: i64,
}

/// A person's tokens at work. Clones share them.
#[derive(Clone)]
pub struct UserTokens {
    shared: Arc<Shared>,
}

struct Shared {
    egress: Egress,
    app: App,
    keeper: Arc<dyn TokenKeeper>,
    held: Arc<Mutex<Option<Held>>>,
}

struct Held {
    tokens: Tokens,
    /// Whether the keeper has them. If not, they are not used either.
    is_kept: bool,
}

impl UserTokens {
    pub fn new(egress: Egress, app: App, keeper: Arc<dyn TokenKeeper>) -> Self {
        Self { shared: Arc::new(Shared { egress, app, keeper, held: Arc::default() }) }
    }

    /// An access token that is good, and another one than `stale`.
    ///
    /// # Errors
    /// `ConsentLost` when X takes no token of this person any more; `Keeper` when tokens could not be loaded or kept.
    pub(crate) async fn access(&self, stale: Option<&SecretString>) -> Result<SecretString, SourceError> {
        let held = Arc::clone(&self.shared.held).lock_owned().await;
        if let Some(access) = held.as_ref().and_then(|held| held.usable(self.shared.egress.now(), stale)) {
            return Ok(access);
        }
        let (shared, stale) = (Arc::clone(&self.shared), stale.cloned());
        // Whoever waits may be cancelled; the refresh goes on, or the only good token would be lost.
        let refreshing = tokio::spawn(async move { shared.refresh(held, stale.as_ref()).await });
        refreshing.await.map_err(|_| SourceError::Keeper("the refresh broke off".to_owned()))?
    }
}

impl Shared {
    async fn refresh(
        &self,
        mut held: OwnedMutexGuard<Option<Held>>,
        stale: Option<&SecretString>,
    ) -> Result<SecretString, SourceError> {
        if let Some(unkept) = held.as_mut().filter(|held| !held.is_kept) {
            self.keep(unkept).await?;
        } else {
            *held = Some(Held { tokens: self.load().await?, is_kept: true });
        }
        let now = self.egress.now();
        let before = held.as_ref().ok_or(SourceError::ConsentLost)?;
        if let Some(access) = before.usable(now, stale) {
            return Ok(access);
        }
        let used = before.tokens.refresh.clone().ok_or(SourceError::ConsentLost)?;
        let form = [("grant_type", "refresh_token"), ("refresh_token", used.expose_secret())];
        match request_tokens(&self.egress, &self.app, &form).await {
            Ok(tokens) => {
                let tokens = Tokens { refresh: tokens.refresh.or(Some(used)), ..tokens };
                let new = held.insert(Held { tokens, is_kept: false });
                self.keep(new).await?;
                Ok(new.tokens.access.clone())
            }
            Err(error) if error.refusal().is_some_and(is_about_the_token) => self.of_another(&mut held, stale).await,
            Err(error) => Err(error),
        }
    }

    /// Another process may have used the refresh token first. What it got is kept in a moment, if it is not already.
    async fn of_another(
        &self,
        held: &mut Option<Held>,
        stale: Option<&SecretString>,
    ) -> Result<SecretString, SourceError> {
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(LOOK).await;
            }
            let loaded = held.insert(Held { tokens: self.load().await?, is_kept: true });
            if let Some(access) = loaded.usable(self.egress.now(), stale) {
                return Ok(access);
            }
        }
        Err(SourceError::ConsentLost)
    }

    async fn load(&self) -> Result<Tokens, SourceError> {
        self.keeper.load().await.map_err(|error| SourceError::Keeper(error.to_string()))
    }

    async fn keep(&self, held: &mut Held) -> Result<(), SourceError> {
        self.keeper.keep(&held.tokens).await.map_err(|error| SourceError::Keeper(error.to_string()))?;
        held.is_kept = true;
        Ok(())
    }
}

impl Held {
    fn usable(&self, now: Timestamp, stale: Option<&SecretString>) -> Option<SecretString> {
        let access = &self.tokens.access;
        let is_stale = stale.is_some_and(|stale| stale.expose_secret() == access.expose_secret());
        (self.is_kept && !is_stale && now.0 + MARGIN < self.tokens.expires_at.0).then(|| access.clone())
    }
}

/// X says 400 of a token that was used before or taken back.
fn is_about_the_token(refusal: &Refusal) -> bool {
    matches!(refusal.kind, RefusalKind::Invalid | RefusalKind::Unauthorized)
}

impl fmt::Debug for UserTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserTokens").field("app", &self.shared.app.client_id).finish_non_exhaustive()
    }
}
