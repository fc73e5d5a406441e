//! A simulator over HTTP at a time the test decides, and a server that answers word for word.
#![allow(
    clippy::allow_attributes,
    dead_code,
    clippy::unwrap_used,
    reason = "each test uses a part of it, and ends where it fails"
)]

use model::Timestamp;
use model::time::SECOND;
use serde_json::Value;
use simulator::{Config, Script};
use source::{Answer, Auth, Clock, Egress, Reach, RefusalKind, Request, SourceError, XClient};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// 2026-11-23T12:00:00Z
pub const START: Timestamp = Timestamp::from_seconds(1_795_435_200);
/// What all tweets match.
pub const EVERYTHING: &str = "min_likes:0";

#[derive(Clone)]
pub struct World {
    pub address: String,
    now: Arc<AtomicI64>,
}

impl World {
    pub async fn new(adjust: impl FnOnce(&mut Config)) -> Self {
        let now = Arc::new(AtomicI64::new(START.0));
        let clock = Arc::clone(&now);
        let mut config = Config {
            tweets: 1_500,
            rate_per_second: 0.05,
            clock: Arc::new(move || clock.load(Ordering::SeqCst)),
            ..Config::default()
        };
        adjust(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        Self { address, now }
    }

    pub async fn with_faults(script: &str) -> Self {
        Self::new(|config| config.script = Script::parse(script).unwrap()).await
    }

    pub fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    pub fn advance(&self, micros: i64) {
        self.now.fetch_add(micros, Ordering::SeqCst);
    }

    pub fn egress(&self) -> Egress {
        let now = Arc::clone(&self.now);
        egress(&self.address, Arc::new(move || Timestamp(now.load(Ordering::SeqCst))))
    }

    /// With the right bearer token.
    pub fn client(&self) -> XClient {
        XClient::new(self.egress(), Auth::app("simulator"))
    }

    /// Asks the simulator about itself.
    pub async fn simulator(&self, method: &str, path: &str, body: &str) -> Value {
        let mut socket = TcpStream::connect(self.address.strip_prefix("http://").unwrap()).await.unwrap();
        let head = format!("{method} /_sim/{path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n");
        let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap_or(Value::Null)
    }

    /// Begins a script of faults.
    pub async fn begin(&self, script: &str) {
        self.simulator("POST", "script", script).await;
    }

    pub async fn requests(&self) -> u64 {
        self.simulator("GET", "ledger", "").await["requests"].as_u64().unwrap()
    }
}

pub fn egress(address: &str, clock: Clock) -> Egress {
    Egress::new(address, Reach::XOrSimulator, None, clock).unwrap()
}

/// A client of a server that is no simulator.
pub fn client_of(address: &str) -> XClient {
    XClient::new(egress(address, Arc::new(|| START)), Auth::app("a-secret-token"))
}

pub async fn ask(client: &XClient, request: &Request) -> Answer {
    client.send(request).await.unwrap()
}

/// The answer as JSON.
pub async fn json(client: &XClient, request: &Request) -> Value {
    serde_json::from_slice(&ask(client, request).await.body.unwrap()).unwrap()
}

/// How X refused.
pub async fn refused(client: &XClient, request: &Request) -> RefusalKind {
    kind(&ask(client, request).await.body.unwrap_err())
}

pub fn kind(error: &SourceError) -> RefusalKind {
    error.refusal().unwrap_or_else(|| panic!("{error}")).kind
}

/// Reads the head of a request.
pub async fn head(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

/// Answers each connection with the next of these bytes and closes it, and keeps what it was asked.
pub async fn scripted(answers: Vec<Vec<u8>>) -> (String, Arc<std::sync::Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    tokio::spawn(async move {
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let head = head(&mut socket).await;
            kept.lock().unwrap().push(head);
            socket.write_all(&answer).await.unwrap();
            socket.shutdown().await.unwrap();
        }
    });
    (address, asked)
}

/// An answer with a body of that length.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The folder of real data; none, said loudly, where there is none.
pub fn shared_data() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
    let path = std::env::var("ROOST_SHARED_DATA").map(PathBuf::from);
    let path = path.unwrap_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    if path.join("SOURCES.md").is_file() {
        return Some(path);
    }
    eprintln!("\n!!! SKIPPED: shared data not found at {} (set ROOST_SHARED_DATA) !!!\n", path.display());
    None
}

/// Ids of a page.
pub fn ids(page: &Value) -> Vec<String> {
    let objects = page["data"].as_array().cloned().unwrap_or_default();
    objects.iter().map(|object| object["id"].as_str().unwrap().to_owned()).collect()
}

pub fn seconds(number: i64) -> i64 {
    number * SECOND
}
