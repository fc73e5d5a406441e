//! A simulator at a time the test decides.
#![allow(clippy::allow_attributes, dead_code, reason = "each test uses a part of it")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use simulator::{Config, router};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

pub const SECOND: i64 = 1_000_000;
pub const HOUR: i64 = 3_600 * SECOND;
/// 2026-11-23T12:00:00Z
pub const START: i64 = 1_795_435_200 * SECOND;

pub struct World {
    pub router: Router,
    now: Arc<AtomicI64>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl World {
    pub fn new(adjust: impl FnOnce(&mut Config)) -> Self {
        let now = Arc::new(AtomicI64::new(START));
        let clock = Arc::clone(&now);
        let mut config = Config {
            tweets: 1_500,
            rate_per_second: 0.05,
            clock: Arc::new(move || clock.load(Ordering::Relaxed)),
            ..Config::default()
        };
        adjust(&mut config);
        Self { router: router(config), now }
    }

    pub fn advance(&self, micros: i64) {
        self.now.fetch_add(micros, Ordering::Relaxed);
    }

    /// The same world over HTTP, for what a router alone does not show.
    pub async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("a port");
        tokio::spawn(axum::serve(listener, self.router.clone()).into_future());
        address
    }

    /// A search with the right token; `query` is the raw query string.
    pub async fn search(&self, query: &str) -> Answer {
        self.get(&format!("/2/tweets/search/recent?{query}"), Some("simulator")).await
    }

    pub async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let mut request = Request::get(path.replace(' ', "%20").replace('"', "%22"));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.answer(request.body(Body::empty()).expect("a request")).await
    }

    /// With the right token.
    pub async fn ask(&self, path: &str) -> Answer {
        self.get(path, Some("simulator")).await
    }

    /// With the right token and a body.
    pub async fn send(&self, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder().method(method).uri(path).header("authorization", "Bearer simulator");
        self.answer(request.body(body.into()).expect("a request")).await
    }

    pub async fn answer(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("an answer");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Every tweet of a search, over all its pages.
    pub async fn all(&self, query: &str) -> Vec<Value> {
        self.pages(&format!("/2/tweets/search/recent?{query}"), "next_token").await
    }

    /// The `data` of all pages; `name` is that of the parameter for tokens.
    pub async fn pages(&self, path: &str, name: &str) -> Vec<Value> {
        let mut tweets = Vec::new();
        let mut token = String::new();
        loop {
            let answer = self.ask(&format!("{path}{token}")).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            tweets.extend(answer.body["data"].as_array().cloned().unwrap_or_default());
            match answer.body["meta"]["next_token"].as_str() {
                Some(next) => token = format!("&{name}={next}"),
                None => return tweets,
            }
        }
    }

    pub async fn count(&self, query: &str) -> u64 {
        self.get(&format!("/_sim/count?{query}"), None).await.body["count"].as_u64().expect("as X sends it")
    }
}

impl Answer {
    pub fn message(&self) -> &str {
        self.body["errors"][0]["message"].as_str().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> i64 {
        self.headers[name].to_str().expect("as X sends it").parse().expect("as X sends it")
    }
}

/// Tweet ids as numbers.
pub fn ids(tweets: &[Value]) -> Vec<u64> {
    tweets.iter().map(|tweet| tweet["id"].as_str().expect("as X sends it").parse().expect("as X sends it")).collect()
}

/// The moment (µs) of an id.
pub fn micros(id: u64) -> i64 {
    ((id >> 22) as i64 + 1_288_834_974_657) * 1_000
}

/// `2026-11-23T12:00:00Z`
pub fn time(micros: i64) -> String {
    let time = chrono::DateTime::from_timestamp_micros(micros).expect("as X sends it");
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A stream as a client has it.
pub struct Stream {
    pub status: u16,
    reader: BufReader<TcpStream>,
}

impl Stream {
    pub async fn open(address: SocketAddr, query: &str) -> Self {
        let mut socket = TcpStream::connect(address).await.expect("a connection");
        let request = format!(
            "GET /2/tweets/search/stream?{query} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer simulator\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).await.expect("a connection");
        let mut stream = Self { status: 0, reader: BufReader::new(socket) };
        let head = stream.line().await;
        stream.status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        while !stream.line().await.is_empty() {}
        stream
    }

    /// What comes next, which is a line or a sign of life; none at the end.
    pub async fn next(&mut self) -> Option<String> {
        let size = usize::from_str_radix(&self.line().await, 16).ok().filter(|&size| size > 0)?;
        let mut chunk = vec![0; size + 2];
        self.reader.read_exact(&mut chunk).await.expect("a whole chunk");
        chunk.truncate(size);
        Some(String::from_utf8(chunk).expect("text"))
    }

    /// What comes until `count` signs of life have come: posts, in their order.
    pub async fn until_beats(&mut self, count: usize) -> Vec<Value> {
        let (mut posts, mut beats) = (Vec::new(), 0);
        while beats < count {
            match self.next().await.expect("the stream goes on").as_str() {
                "\r\n" => beats += 1,
                line => posts.push(serde_json::from_str(line).expect("a whole line")),
            }
        }
        posts
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        let reading = self.reader.read_line(&mut line);
        let patience = std::time::Duration::from_secs(30);
        tokio::time::timeout(patience, reading).await.expect("something within 30 s").expect("a connection");
        line.trim_end().to_owned()
    }
}
