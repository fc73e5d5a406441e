use crate::error::SourceError;
use crate::limits::RateLimits;
use reqwest::StatusCode;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::sync::Once;
use std::time::Duration;
use url::{Host, Url};

/// More than any page of 100 tweets has; a larger answer is not X's.
const MAX_ANSWER_MB: usize = 20;

/// Hosts of the X API.
const HOSTS: [&str; 2] = ["api.x.com", "api.twitter.com"];

/// A client of one X API with one bearer token.
pub struct XClient {
    http: reqwest::Client,
    base: Url,
    bearer_token: SecretString,
}

/// What X answered, and what it says of its limits: a refusal uses them up as well.
pub struct Answer {
    /// The body of an answer with status 200.
    pub body: Result<Vec<u8>, SourceError>,
    pub limits: Option<RateLimits>,
}

/// What a client may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// X alone, over TLS.
    X,
    /// Also a simulator on the loopback interface. Not where people work: whoever may set an address could then talk
    /// to other services of the machine.
    XOrSimulator,
}

impl XClient {
    pub fn new(base_url: &str, bearer_token: &str, reach: Reach) -> Result<Self, SourceError> {
        let base = allowed(base_url, reach)?;
        install_tls();
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(60))
            .user_agent("roost")
            .no_proxy()
            .build()
            .map_err(|error| SourceError::Network(error.to_string()))?;
        Ok(Self { http, base, bearer_token: SecretString::from(bearer_token.to_owned()) })
    }

    pub(crate) async fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Answer, SourceError> {
        let mut url = self.base.join(path).map_err(|_| SourceError::Address(path.to_owned()))?;
        url.query_pairs_mut().extend_pairs(parameters);
        let request = self.http.get(url).bearer_auth(self.bearer_token.expose_secret());
        // reqwest's words would hold the whole URL, and with it the query.
        let mut response = request.send().await.map_err(|error| network(error.without_url()))?;
        let status = response.status();
        let limits = RateLimits::from_headers(response.headers());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| network(error.without_url()))? {
            if body.len() + chunk.len() > MAX_ANSWER_MB << 20 {
                return Err(SourceError::TooLarge(MAX_ANSWER_MB));
            }
            body.extend_from_slice(&chunk);
        }
        let body = if status == StatusCode::OK { Ok(body) } else { Err(refusal(status, &body, limits)) };
        Ok(Answer { body, limits })
    }
}

fn network(error: reqwest::Error) -> SourceError {
    use std::error::Error;
    // The cause ("connection refused") says more than reqwest's own words.
    let mut cause: &dyn Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    SourceError::Network(cause.to_string())
}

/// Only X over TLS, or a simulator on this machine: an address from a setting must reach nothing else.
fn allowed(base_url: &str, reach: Reach) -> Result<Url, SourceError> {
    let refused = || SourceError::Address(base_url.to_owned());
    let url = Url::parse(base_url).map_err(|_| refused())?;
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    let is_x =
        url.scheme() == "https" && url.port().is_none() && url.host_str().is_some_and(|host| HOSTS.contains(&host));
    let is_simulator = reach == Reach::XOrSimulator && loopback && url.scheme() == "http";
    if is_x || is_simulator { Ok(url) } else { Err(refused()) }
}

fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error says that a provider is installed already, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// The forms of X's error answers: problem details, and a list of errors.
#[derive(Deserialize)]
struct Problem {
    title: Option<String>,
    detail: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    errors: Vec<ProblemItem>,
}

impl Problem {
    /// The cap of a month or a day. It has the status of a used-up window and healthy headers: only words tell them
    /// apart.
    fn is_usage_cap(&self) -> bool {
        let kind = self.kind.as_deref().unwrap_or_default();
        self.title.as_deref() == Some("UsageCapExceeded") || kind.rsplit('/').next() == Some("usage-capped")
    }
}

#[derive(Deserialize)]
struct ProblemItem {
    message: Option<String>,
}

fn refusal(status: StatusCode, body: &[u8], limits: Option<RateLimits>) -> SourceError {
    let problem = serde_json::from_slice::<Problem>(body).ok();
    let is_cap = problem.as_ref().is_some_and(Problem::is_usage_cap);
    let words = problem.and_then(|problem| {
        let first = problem.errors.into_iter().find_map(|item| item.message);
        first.or(problem.detail).or(problem.title)
    });
    let detail: String = words.unwrap_or_else(|| "no reason given".to_owned()).chars().take(300).collect();
    match status.as_u16() {
        401 => SourceError::Unauthorized,
        402 => SourceError::OutOfCredits(detail),
        403 => SourceError::Forbidden(detail),
        429 if is_cap => SourceError::CapReached(detail),
        429 => SourceError::RateLimited { reset: limits.map(|limits| limits.reset) },
        500.. => SourceError::Unavailable(status.as_u16()),
        status => SourceError::Refused { status, detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_x_and_this_machine_are_fetched_from() {
        for address in ["https://api.x.com", "https://api.twitter.com/", "http://127.0.0.1:4000", "http://[::1]:4000"] {
            assert!(allowed(address, Reach::XOrSimulator).is_ok(), "{address}");
            assert_eq!(allowed(address, Reach::X).is_ok(), address.starts_with("https:"), "{address}");
        }
        for address in [
            "http://api.x.com",
            "https://api.x.com:8443",
            "https://api.x.com.evil.example",
            "https://127.0.0.1",
            "http://localhost:4000",
            "http://169.254.169.254",
            "http://10.0.0.1",
            "file:///etc/passwd",
            "",
        ] {
            assert!(allowed(address, Reach::XOrSimulator).is_err(), "{address}");
        }
    }

    #[test]
    fn xs_refusals_keep_their_reason() {
        let body = br#"{"errors":[{"parameters":{},"message":"Invalid since_id"}],"title":"Invalid Request"}"#;
        let error = refusal(StatusCode::BAD_REQUEST, body, None);
        assert_eq!(error.to_string(), "X does not understand the request (400): Invalid since_id");
        let cap =
            br#"{"title":"UsageCapExceeded","detail":"Usage cap exceeded: Monthly product cap","period":"Monthly",
            "type":"https://api.twitter.com/2/problems/usage-capped","scope":"Product"}"#;
        assert!(matches!(refusal(StatusCode::TOO_MANY_REQUESTS, cap, None), SourceError::CapReached(_)));
        let window = br#"{"title":"Too Many Requests","detail":"Too Many Requests","type":"about:blank","status":429}"#;
        assert!(matches!(refusal(StatusCode::TOO_MANY_REQUESTS, window, None), SourceError::RateLimited { .. }));
        assert!(matches!(refusal(StatusCode::BAD_GATEWAY, b"<html>", None), SourceError::Unavailable(502)));
    }
}
