//! Who asks X: a client made from a credential, of whatever kind.

use super::kind::Way;
use crate::{Clock, Error, Service};
use async_trait::async_trait;
use model::Timestamp;
use model::credential::Kind;
use model::schedule::Reads;
use secrecy::SecretString;
use source::auth::oauth1::SigningKeys;
use source::auth::oauth2::{App, TokenKeeper, Tokens, UserTokens};
use source::endpoint::{Caller, ENDPOINTS, STREAM};
use source::{Auth, Egress, Reach, SourceError, XClient};
use std::sync::Arc;
use store::Store;
use store::credentials::{self, Keys, Opened, Secret};

/// A client with the secret as it is now, or why there is none, in words for the person who looks after the schedule.
pub(crate) async fn open(service: &Service, credential: i64) -> Result<Arc<XClient>, String> {
    let opened = credentials::open(&service.store, credential).await.map_err(|error| error.to_string())?;
    let opened = opened.ok_or("its credential is gone: choose another")?;
    let egress = egress(service, &opened.known.base_url).map_err(|error| error.to_string())?;
    Ok(Arc::new(XClient::new(egress.clone(), auth(service, egress, opened))))
}

/// The way out to an X API, through the proxy if there is one.
pub(crate) fn egress(service: &Service, base_url: &str) -> Result<Egress, SourceError> {
    let clock = Arc::clone(&service.clock);
    Egress::new(base_url, service.reach, service.x_proxy.as_ref(), Arc::new(move || clock.now()))
}

/// A proxy that cannot be used is told at the start, not with the first run.
pub(crate) fn check_proxy(proxy: Option<&SecretString>) -> Result<(), Error> {
    if proxy.is_some() {
        let no_matter_when = Arc::new(|| Timestamp(0));
        Egress::new("https://api.x.com", Reach::X, proxy, no_matter_when)
            .map_err(|error| Error::Invalid(error.to_string()))?;
    }
    Ok(())
}

/// Whether X lets a credential of this kind fetch what a schedule reads.
pub(crate) fn may_fetch(kind: Kind, reads: &Reads) -> bool {
    // What a stream missed is searched for, which more kinds may.
    may_ask(kind, Way::of(reads).endpoint.path) && (!reads.is_stream() || may_ask(kind, STREAM.path))
}

/// Whether X lets a credential of this kind ask at an endpoint.
pub(crate) fn may_ask(kind: Kind, path: &str) -> bool {
    let caller = match kind {
        Kind::Bearer => Caller::App,
        Kind::Oauth2 => Caller::User,
        Kind::Oauth1 => Caller::Signed,
    };
    ENDPOINTS.iter().any(|endpoint| endpoint.key() == path && endpoint.callers.contains(&caller))
}

fn auth(service: &Service, egress: Egress, Opened { known, secret }: Opened) -> Auth {
    match secret {
        Secret::Bearer(token) => Auth::App(token),
        Secret::Oauth1(Keys { key, secret, token, token_secret }) => {
            Auth::Signed(SigningKeys { key, secret, token, token_secret })
        }
        Secret::Oauth2 { client_id, client_secret, tokens: _ } => {
            // Nobody's browser comes back: the person has consented.
            let app = App { client_id, client_secret, redirect_uri: String::new() };
            let keeper = Keeper {
                store: service.store.clone(),
                clock: Arc::clone(&service.clock),
                credential: known.id,
                saved_at: known.saved_at,
            };
            Auth::User(UserTokens::new(egress, app, Arc::new(keeper)))
        }
    }
}

/// Keeps the tokens of a person in the store.
struct Keeper {
    store: Store,
    clock: Arc<dyn Clock>,
    credential: i64,
    /// When the consent was entered whose tokens these are.
    saved_at: Timestamp,
}

type KeeperError = Box<dyn std::error::Error + Send + Sync>;

#[async_trait]
impl TokenKeeper for Keeper {
    async fn load(&self) -> Result<Tokens, KeeperError> {
        let opened = credentials::open(&self.store, self.credential).await?;
        match opened.filter(|opened| opened.known.saved_at == self.saved_at).map(|opened| opened.secret) {
            Some(Secret::Oauth2 { tokens: credentials::Tokens { access, refresh, expires_at }, .. }) => {
                Ok(Tokens { access, refresh, expires_at })
            }
            _ => Err(store::StoreError::Replaced(self.credential).into()),
        }
    }

    async fn keep(&self, tokens: &Tokens) -> Result<(), KeeperError> {
        let Tokens { access, refresh, expires_at } = tokens.clone();
        let tokens = credentials::Tokens { access, refresh, expires_at };
        Ok(credentials::keep_tokens(&self.store, self.credential, self.saved_at, &tokens, self.clock.now()).await?)
    }
}

#[cfg(test)]
mod tests;
