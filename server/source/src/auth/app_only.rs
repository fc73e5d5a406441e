//! `POST /oauth2/token`: an app's bearer token for its key and secret. It does not expire by itself.
//! <https://docs.x.com/fundamentals/authentication/oauth-2-0/application-only>

use super::percent_encoded;
use crate::client::read;
use crate::egress::Egress;
use crate::error::SourceError;
use crate::read::object;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// The bearer token of the app: the same until the app gives it back.
///
/// # Errors
/// When X cannot be reached, or does not know the app.
pub async fn bearer_token(egress: &Egress, key: &str, secret: &SecretString) -> Result<SecretString, SourceError> {
    let secret = percent_encoded(secret.expose_secret());
    let request = egress.request(Method::POST, egress.url("/oauth2/token")?);
    let request = request.basic_auth(percent_encoded(key), Some(secret)).form(&[("grant_type", "client_credentials")]);
    let body = read(egress.exchange(request).await?)?.body?;
    object::<Token>(&body).map(|token| token.access_token)
}

#[derive(Deserialize)]
struct Token {
    access_token: SecretString,
}
