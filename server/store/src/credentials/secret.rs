//! Secrets of all kinds, and the bytes that are sealed of them: a bearer token as it is, others as JSON.

use crate::error::{Result, StoreError};
use model::Timestamp;
use model::credential::{Credential, Kind};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What is secret of a credential. `Debug` shows none of it.
#[derive(Clone, Debug)]
pub enum Secret {
    /// An app's bearer token.
    Bearer(SecretString),
    /// What a person allowed an app (OAuth 2.0).
    Oauth2 {
        client_id: String,
        /// What clients have that can keep it.
        client_secret: Option<SecretString>,
        tokens: Tokens,
    },
    Oauth1(Keys),
}

/// A person's tokens (OAuth 2.0).
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: SecretString,
    /// Good once. Missing where the person allowed no more than one access token.
    pub refresh: Option<SecretString>,
    /// When the access token ends.
    pub expires_at: Timestamp,
}

/// The keys of an app and a person (OAuth 1.0a), as the developer portal shows them.
#[derive(Clone, Debug)]
pub struct Keys {
    pub key: SecretString,
    pub secret: SecretString,
    pub token: SecretString,
    pub token_secret: SecretString,
}

impl From<&str> for Secret {
    /// An app's bearer token.
    fn from(bearer_token: &str) -> Self {
        Self::Bearer(bearer_token.into())
    }
}

impl Secret {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Bearer(_) => Kind::Bearer,
            Self::Oauth2 { .. } => Kind::Oauth2,
            Self::Oauth1(_) => Kind::Oauth1,
        }
    }

    pub(super) fn client_id(&self) -> Option<&str> {
        match self {
            Self::Oauth2 { client_id, .. } => Some(client_id),
            Self::Bearer(_) | Self::Oauth1(_) => None,
        }
    }

    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::Oauth2 { tokens, .. } => Some(tokens.expires_at),
            Self::Bearer(_) | Self::Oauth1(_) => None,
        }
    }

    pub(super) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>> {
        let clear = |secret: &SecretString| Zeroizing::new(secret.expose_secret().to_owned());
        match self {
            Self::Bearer(token) => Ok(Zeroizing::new(token.expose_secret().as_bytes().to_vec())),
            Self::Oauth2 { client_secret, tokens, .. } => json(&Consent {
                client_secret: client_secret.as_ref().map(clear),
                access: clear(&tokens.access),
                refresh: tokens.refresh.as_ref().map(clear),
            }),
            Self::Oauth1(Keys { key, secret, token, token_secret }) => json(&Signing {
                key: clear(key),
                secret: clear(secret),
                token: clear(token),
                token_secret: clear(token_secret),
            }),
        }
    }
}

/// What is sealed of OAuth 2.0.
#[derive(Serialize, Deserialize)]
struct Consent {
    client_secret: Option<Zeroizing<String>>,
    access: Zeroizing<String>,
    refresh: Option<Zeroizing<String>>,
}

/// What is sealed of OAuth 1.0a.
#[derive(Serialize, Deserialize)]
struct Signing {
    key: Zeroizing<String>,
    secret: Zeroizing<String>,
    token: Zeroizing<String>,
    token_secret: Zeroizing<String>,
}

/// The secret of a credential, from the bytes that were sealed.
pub(super) fn read(known: &Credential, bytes: &[u8]) -> Result<Secret> {
    match known.kind {
        Kind::Bearer => {
            let token = std::str::from_utf8(bytes).map_err(|_| StoreError::Sealed("it is not text"))?;
            Ok(Secret::from(token))
        }
        Kind::Oauth2 => {
            let Consent { client_secret, access, refresh } = parsed(bytes)?;
            let missing = || StoreError::Damaged(format!("the credential {:?} has no client", known.name));
            let (client_id, expires_at) = known.client_id.clone().zip(known.expires_at).ok_or_else(missing)?;
            let tokens = Tokens { access: guarded(&access), refresh: refresh.as_ref().map(guarded), expires_at };
            Ok(Secret::Oauth2 { client_id, client_secret: client_secret.as_ref().map(guarded), tokens })
        }
        Kind::Oauth1 => {
            let Signing { key, secret, token, token_secret } = parsed(bytes)?;
            let [key, secret, token, token_secret] = [key, secret, token, token_secret].map(|part| guarded(&part));
            Ok(Secret::Oauth1(Keys { key, secret, token, token_secret }))
        }
    }
}

/// The bytes to seal after a refresh: the client's secret stays.
pub(super) fn refreshed(bytes: &[u8], tokens: &Tokens) -> Result<Zeroizing<Vec<u8>>> {
    let clear = |secret: &SecretString| Zeroizing::new(secret.expose_secret().to_owned());
    let Consent { client_secret, .. } = parsed(bytes)?;
    json(&Consent { client_secret, access: clear(&tokens.access), refresh: tokens.refresh.as_ref().map(clear) })
}

fn guarded(text: &Zeroizing<String>) -> SecretString {
    SecretString::from(text.as_str())
}

fn json(value: &impl Serialize) -> Result<Zeroizing<Vec<u8>>> {
    let bytes = serde_json::to_vec(value).map_err(|_| StoreError::Sealed("it cannot be written"))?;
    Ok(Zeroizing::new(bytes))
}

/// What is wrong is not told in serde's words: they might hold a part of it.
fn parsed<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|_| StoreError::Sealed("it is not what its kind has"))
}
