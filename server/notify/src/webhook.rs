//! Webhooks: a POST with a JSON body, signed so that its receiver can tell that it is Roost's and new.

use crate::{Hosts, NotifyError};
use reqwest::redirect::Policy;
use ring::hmac;
use std::net::SocketAddr;
use std::sync::Once;
use std::time::Duration;
use url::Url;

/// Time for the connection, and for the whole.
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(10);

/// Posts webhooks to the hosts that are allowed.
#[derive(Clone, Debug)]
pub struct Hooks {
    pub hosts: Hosts,
}

/// One webhook.
#[derive(Clone, Debug)]
pub struct Hook<'a> {
    pub url: &'a Url,
    /// Names it, the same each time it is tried: header `roost-delivery`.
    pub id: String,
    /// Seconds since 1970: header `roost-timestamp`.
    pub timestamp: i64,
    /// JSON.
    pub body: String,
    pub secret: &'a [u8],
}

impl Hook<'_> {
    /// The header `roost-signature`: `v1=` and HMAC-SHA-256 in hex, over the timestamp, a dot and the body.
    pub fn signature(&self) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret);
        let signature = hmac::sign(&key, format!("{}.{}", self.timestamp, self.body).as_bytes());
        let hex: String = signature.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("v1={hex}")
    }
}

impl Hooks {
    /// Posts it. It is sent to an address that was looked up and checked just before, follows no redirect, uses no
    /// proxy, and what is answered is not read.
    ///
    /// # Errors
    /// Those of [`Hosts::check`]; `Network` and `Answer` if it did not get through.
    pub async fn post(&self, hook: &Hook<'_>) -> Result<(), NotifyError> {
        let url = self.hosts.check(hook.url.as_str())?;
        let addresses = self.resolve(&url).await?;
        install_tls();
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .user_agent("roost")
            .resolve_to_addrs(url.host_str().unwrap_or_default(), &addresses)
            .build()
            .map_err(network)?;
        let request = client
            .post(url)
            .header("content-type", "application/json")
            .header("roost-delivery", &hook.id)
            .header("roost-timestamp", hook.timestamp)
            .header("roost-signature", hook.signature())
            .body(hook.body.clone());
        let status = request.send().await.map_err(network)?.status();
        if status.is_success() { Ok(()) } else { Err(NotifyError::Answer(status.as_u16())) }
    }

    /// The addresses of the host; all of them must be such that webhooks may go there.
    async fn resolve(&self, url: &Url) -> Result<Vec<SocketAddr>, NotifyError> {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or(443);
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found = tokio::time::timeout(CONNECT, tokio::net::lookup_host((bare, port))).await;
        let found = found.map_err(|_| NotifyError::Network("its name is not found in time".to_owned()))?;
        let found: Vec<SocketAddr> = found.map_err(|error| NotifyError::Network(error.to_string()))?.collect();
        match found.iter().find(|address| !self.hosts.may_reach(address.ip())) {
            Some(_) => Err(NotifyError::Inside(host.to_owned())),
            None => Ok(found),
        }
    }
}

/// The cause alone: reqwest's own words hold the address.
fn network(error: reqwest::Error) -> NotifyError {
    use std::error::Error;
    let error = error.without_url();
    let mut cause: &dyn Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    NotifyError::Network(cause.to_string())
}

fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error says that a provider is installed already, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_timestamp_dot_body() {
        let url = Url::parse("https://hooks.example.com").unwrap();
        let (id, body) = ("1".to_owned(), "{}".to_owned());
        let hook = Hook { url: &url, id, timestamp: 1_790_000_000, body, secret: b"secret" };
        // printf '1790000000.{}' | openssl dgst -sha256 -hmac secret
        let expected = "d0cadd434460d4af55e7ab90d79c1802591d7001a77c9e06471d0e3ec8cc85ae";
        assert_eq!(hook.signature(), format!("v1={expected}"));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_followed() {
        let hooks = Hooks { hosts: Hosts::new("localhost", false) };
        let url = Url::parse("https://localhost/").unwrap();
        let hook = Hook { url: &url, id: "1".into(), timestamp: 1, body: "{}".into(), secret: b"secret" };
        assert!(matches!(hooks.post(&hook).await, Err(NotifyError::Inside(_))));
    }
}
