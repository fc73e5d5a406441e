//! Who asks: an app by its bearer token, or a person by a token of OAuth 2.0 or a signature of OAuth 1.0a.
//! <https://docs.x.com/fundamentals/authentication/overview>

pub mod app_only;
pub mod oauth1;
pub mod oauth2;

use crate::egress::Egress;
use crate::endpoint::{Caller, Endpoint};
use crate::error::SourceError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth1::SigningKeys;
use oauth2::UserTokens;
use reqwest::Method;
use reqwest::header::HeaderValue;
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// A credential. No part of it is shown by `Debug`.
#[derive(Clone, Debug)]
pub enum Auth {
    /// An app's bearer token.
    App(SecretString),
    /// A person's tokens, which are refreshed as needed.
    User(UserTokens),
    /// The keys of an app and a person.
    Signed(SigningKeys),
}

impl Auth {
    /// An app by its bearer token.
    pub fn app(bearer_token: &str) -> Self {
        Self::App(SecretString::from(bearer_token))
    }

    pub fn caller(&self) -> Caller {
        match self {
            Self::App(_) => Caller::App,
            Self::User(_) => Caller::User,
            Self::Signed(_) => Caller::Signed,
        }
    }

    /// No request is spent where X would refuse this kind of credential.
    pub(crate) fn check(&self, endpoint: &Endpoint) -> Result<(), SourceError> {
        let has = self.caller();
        if endpoint.callers.is_empty() || endpoint.callers.contains(&has) {
            return Ok(());
        }
        Err(SourceError::WrongCredential { takes: endpoint.callers, has })
    }

    /// The header `authorization` for a request.
    pub(crate) async fn word(&self, method: &Method, url: &Url, egress: &Egress) -> Result<HeaderValue, SourceError> {
        match self {
            Self::App(token) => bearer(token),
            Self::User(tokens) => bearer(&tokens.access(None).await?),
            Self::Signed(keys) => secret_header(&keys.header(method, url, egress.now(), &random_text()?)),
        }
    }

    /// Whether there is another token than the one in `stale`, which X did not take.
    pub(crate) async fn renew(&self, stale: Option<&HeaderValue>) -> Result<bool, SourceError> {
        let (Self::User(tokens), Some(stale)) = (self, stale) else { return Ok(false) };
        let stale = stale.to_str().ok().and_then(|word| word.strip_prefix("Bearer ")).unwrap_or_default();
        tokens.access(Some(&SecretString::from(stale))).await.map(|_| true)
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue, SourceError> {
    secret_header(&format!("Bearer {}", token.expose_secret()))
}

/// A header that no log shows.
fn secret_header(value: &str) -> Result<HeaderValue, SourceError> {
    // A token with a line break in it, for example.
    let mut header = HeaderValue::from_str(value).map_err(|_| SourceError::Token)?;
    header.set_sensitive(true);
    Ok(header)
}

/// 256 bits that nobody can guess, as letters, digits, `-` and `_`.
fn random_text() -> Result<String, SourceError> {
    let mut bytes = [0_u8; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| SourceError::Random)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Percent-encoding of RFC 3986, which leaves only letters, digits and `-._~`.
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}
