//! The one way out: to X over TLS, to nowhere else, within limits of size and time.

use crate::body;
use crate::error::SourceError;
use model::Timestamp;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Once};
use std::time::Duration;
use url::{Host, Url};

/// Hosts of the X API.
const HOSTS: [&str; 2] = ["api.x.com", "api.twitter.com"];
/// Where X keeps the files of compliance jobs. Addresses there carry their own proof, and get no token of ours.
const FILE_HOST: &str = "storage.googleapis.com";

const CONNECT: Duration = Duration::from_secs(5);
/// For a whole answer.
const WHOLE: Duration = Duration::from_secs(60);
/// For a file on its way up.
const UPLOAD: Duration = Duration::from_secs(10 * 60);

/// More than any page of 500 tweets has; a larger answer is not X's.
pub(crate) const MAX_ANSWER_MB: usize = 32;

/// Tells the current time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a client may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// X alone, over TLS.
    X,
    /// Also a simulator on the loopback interface. Not where people work: whoever may set an address could then talk
    /// to other services of the machine.
    XOrSimulator,
}

/// A way out to one X API. Clones share their connections.
#[derive(Clone)]
pub struct Egress {
    http: reqwest::Client,
    base: Url,
    reach: Reach,
    clock: Clock,
    whole: Duration,
}

/// A whole answer.
pub(crate) struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// When it came.
    pub at: Timestamp,
}

impl Egress {
    /// `proxy` is an address that may hold a name and a password. Variables of the environment name none.
    ///
    /// # Errors
    /// `Address` and `Proxy` where these are not of a kind that is allowed.
    pub fn new(base_url: &str, reach: Reach, proxy: Option<&SecretString>, clock: Clock) -> Result<Self, SourceError> {
        let base = allowed(base_url, reach)?;
        install_tls();
        let mut http = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .user_agent("roost")
            .https_only(base.scheme() == "https")
            // Answers are unpacked by hand, within limits.
            .no_gzip()
            .no_proxy();
        if let Some(proxy) = proxy {
            http = http.proxy(proxy_at(proxy)?);
        }
        let http = http.build().map_err(SourceError::of_http)?;
        Ok(Self { http, base, reach, clock, whole: WHOLE })
    }

    /// With less time for a whole answer than a minute.
    pub fn answered_within(self, whole: Duration) -> Self {
        Self { whole, ..self }
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(crate) fn is_x(&self) -> bool {
        self.base.scheme() == "https"
    }

    pub(crate) fn url(&self, path: &str) -> Result<Url, SourceError> {
        self.base.join(path).map_err(|_| SourceError::Address(path.to_owned()))
    }

    /// The address of a job's file, and whether it is with the API itself, where one says who one is.
    pub(crate) fn file_url(&self, address: &SecretString) -> Result<(Url, bool), SourceError> {
        // The address is a secret: it opens the file to everyone who knows it.
        let refused = |_| SourceError::Address("the address of the job's file".to_owned());
        let url = Url::parse(address.expose_secret()).map_err(|_| refused(()))?;
        if url.origin() == self.base.origin() {
            return Ok((url, true));
        }
        let is_plain = url.port().is_none() && url.username().is_empty() && url.password().is_none();
        let is_file = is_plain && url.scheme() == "https" && url.host_str() == Some(FILE_HOST);
        if is_file && self.reaches_x() { Ok((url, false)) } else { Err(refused(())) }
    }

    /// A simulator has its files with itself.
    fn reaches_x(&self) -> bool {
        self.is_x() || self.reach == Reach::X
    }

    pub(crate) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.http.request(method, url)
    }

    /// Sends a request and reads the answer.
    pub(crate) async fn exchange(&self, request: RequestBuilder) -> Result<Reply, SourceError> {
        self.exchange_within(request, self.whole).await
    }

    /// The same with more time, for what is large.
    pub(crate) async fn send_file(&self, request: RequestBuilder) -> Result<Reply, SourceError> {
        self.exchange_within(request, UPLOAD).await
    }

    async fn exchange_within(&self, request: RequestBuilder, time: Duration) -> Result<Reply, SourceError> {
        let request = request.header(ACCEPT_ENCODING, "gzip").timeout(time);
        let response = request.send().await.map_err(SourceError::of_http)?;
        let at = self.now();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Reply { status, headers, body: body::read(response, MAX_ANSWER_MB << 20).await?, at })
    }

    /// Sends a request whose answer is read bit by bit; only its head must come in time.
    pub(crate) async fn open(&self, request: RequestBuilder) -> Result<Response, SourceError> {
        let request = request.header(ACCEPT_ENCODING, "identity");
        let opening = tokio::time::timeout(self.whole, request.send());
        opening.await.map_err(|_| SourceError::Timeout)?.map_err(SourceError::of_http)
    }
}

/// Only X over TLS, or a simulator on this machine: an address from a setting must reach nothing else.
fn allowed(base_url: &str, reach: Reach) -> Result<Url, SourceError> {
    let url = Url::parse(base_url).ok().filter(|url| url.username().is_empty() && url.password().is_none());
    let url = url.ok_or_else(|| SourceError::Address("the setting".to_owned()))?;
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    let is_x =
        url.scheme() == "https" && url.port().is_none() && url.host_str().is_some_and(|host| HOSTS.contains(&host));
    let is_simulator = reach == Reach::XOrSimulator && loopback && url.scheme() == "http";
    if is_x || is_simulator { Ok(url) } else { Err(SourceError::Address(base_url.to_owned())) }
}

/// A proxy sees the host's name and no more: what goes to X is under TLS within it.
fn proxy_at(address: &SecretString) -> Result<reqwest::Proxy, SourceError> {
    let url = Url::parse(address.expose_secret()).map_err(|_| SourceError::Proxy)?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(SourceError::Proxy);
    }
    reqwest::Proxy::all(url).map_err(|_| SourceError::Proxy)
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
    fn only_x_and_this_machine_are_fetched_from() {
        for address in ["https://api.x.com", "https://api.twitter.com/", "http://127.0.0.1:4000", "http://[::1]:4000"] {
            assert!(allowed(address, Reach::XOrSimulator).is_ok(), "{address}");
            assert_eq!(allowed(address, Reach::X).is_ok(), address.starts_with("https:"), "{address}");
        }
        for address in [
            "http://api.x.com",
            "https://api.x.com:8443",
            "https://api.x.com.evil.example",
            "https://user:word@api.x.com",
            "https://127.0.0.1",
            "http://localhost:4000",
            "http://169.254.169.254",
            "http://10.0.0.1",
            "file:///etc/passwd",
            "",
        ] {
            assert!(allowed(address, Reach::XOrSimulator).is_err(), "{address}");
        }
        let error = allowed("https://user:password@api.x.com", Reach::X).unwrap_err().to_string();
        assert!(!error.contains("password"), "{error}");
    }

    fn egress(base_url: &str) -> Egress {
        Egress::new(base_url, Reach::XOrSimulator, None, Arc::new(|| Timestamp(0))).unwrap()
    }

    #[test]
    fn files_of_jobs_come_from_x_or_where_x_keeps_them_and_only_x_gets_the_token() {
        let with_token = |base: &str, address: &str| {
            let found = egress(base).file_url(&SecretString::from(address));
            found.ok().map(|(_, is_with_the_api)| is_with_the_api)
        };
        const X: &str = "https://api.x.com";
        assert_eq!(with_token(X, "https://api.x.com/2/compliance/jobs/1/download?token=a"), Some(true));
        assert_eq!(with_token(X, "https://storage.googleapis.com/twttr-compliance/1?X-Goog-Signature=a"), Some(false));
        assert_eq!(
            with_token("http://127.0.0.1:4000", "http://127.0.0.1:4000/2/compliance/jobs/1/download"),
            Some(true)
        );
        for elsewhere in [
            "http://storage.googleapis.com/a",
            "https://storage.googleapis.com:8443/a",
            "https://storage.googleapis.com.evil.example/a",
            "https://evil.example/?https://storage.googleapis.com/",
            "https://a@storage.googleapis.com/",
            "http://api.x.com/2/compliance/jobs/1/download",
            "http://127.0.0.1:4000/a",
            "http://169.254.169.254/latest",
            "",
        ] {
            assert_eq!(with_token(X, elsewhere), None, "{elsewhere}");
        }
        assert_eq!(with_token("http://127.0.0.1:4000", "http://127.0.0.1:4001/a"), None, "another service");
    }

    #[test]
    fn a_proxy_is_one_of_http_and_its_password_is_not_told() {
        let clock: Clock = Arc::new(|| Timestamp(0));
        for address in ["socks5://name:password@proxy", "file:///password", "password", "http://"] {
            let proxy = SecretString::from(address);
            let error = Egress::new("https://api.x.com", Reach::X, Some(&proxy), Arc::clone(&clock)).err().unwrap();
            assert!(matches!(error, SourceError::Proxy) && !error.to_string().contains("password"), "{address}");
        }
        let proxy = SecretString::from("http://name:password@proxy.example:3128");
        assert!(Egress::new("https://api.x.com", Reach::X, Some(&proxy), clock).is_ok());
    }
}
