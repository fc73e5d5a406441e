//! A simulator, a service, and what of X's ledger tells the truth.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Timestamp;
use model::schedule::{Expansions, Reads, Run};
use model::time::SECOND;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use service::credentials::{self, Keys, Secret};
use service::schedules::{self, NewSchedule};
use service::{Clock, Error, Service, Settings, explore, fetch, index, pipeline};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

const START: i64 = 1_790_000_000 * SECOND;
/// The app's bearer token.
pub const TOKEN: &str = "bearer-token-5d1c";
/// Every tweet there is.
pub const EVERYTHING: &str = "min_likes:0";
/// None of them.
pub const NOTHING: &str = "min_likes:100000000";

/// Time that moves only when the story says so; the simulator has the same.
#[derive(Clone)]
struct StoryClock(Arc<AtomicI64>);

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

pub struct Story {
    pub service: Service,
    pub folder: TempDir,
    pub x: String,
    clock: StoryClock,
}

impl Story {
    /// With 3,000 tweets of seven days, and none that come.
    pub async fn new(adjust: impl FnOnce(&mut simulator::Config)) -> Self {
        let clock = StoryClock(Arc::new(AtomicI64::new(START)));
        let of_x = clock.clone();
        let mut config = simulator::Config {
            tweets: 3_000,
            rate_per_second: 0.0,
            bearer_token: TOKEN.to_owned(),
            clock: Arc::new(move || of_x.now().0),
            ..simulator::Config::default()
        };
        adjust(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let x = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        let folder = TempDir::new().unwrap();
        let service = Service::open(&Settings::folder(folder.path()), Arc::new(clock.clone())).await.unwrap();
        Self { service, folder, x, clock }
    }

    /// Another process on the same data.
    pub async fn open(&self, settings: &Settings) -> Result<Service, Error> {
        Service::open(settings, Arc::new(self.clock.clone())).await
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn wait(&self, micros: i64) {
        self.clock.0.fetch_add(micros, Ordering::SeqCst);
    }

    pub async fn schedule(&self, credential: i64) -> i64 {
        self.schedule_of("everything", Reads::recent(EVERYTHING), credential).await
    }

    pub async fn schedule_of(&self, name: &str, reads: Reads, credential: i64) -> i64 {
        let new = NewSchedule {
            collection: "Moon",
            credential,
            name,
            reads,
            expansions: Expansions::ALL,
            cadence: "every 4 minutes",
        };
        schedules::create(&self.service, new).await.unwrap()
    }

    /// Does all that is due, and stores it. The latest run of the first schedule.
    pub async fn run(&self) -> Run {
        fetch::run_due(&self.service, &CancellationToken::new()).await.unwrap();
        self.store_all().await;
        self.latest(1).await
    }

    pub async fn store_all(&self) {
        pipeline::drain(&self.service).await.unwrap();
        index::catch_up(&self.service).await.unwrap();
    }

    pub async fn latest(&self, schedule: i64) -> Run {
        schedules::runs(&self.service, schedule).await.unwrap().remove(0)
    }

    /// The run with this number.
    pub async fn number(&self, run: i64, schedule: i64) -> Run {
        schedules::runs(&self.service, schedule).await.unwrap().into_iter().find(|known| known.id == run).unwrap()
    }

    /// Ids of all tweets that are here.
    pub async fn stored(&self) -> BTreeSet<u64> {
        let rows = explore::newest(&self.service, "collection:moon", 100_000).await.unwrap();
        rows.into_iter().map(|row| row.tweet.id.0).collect()
    }

    /// Ids of all tweets that X served, as often as it did.
    pub async fn served(&self) -> Vec<u64> {
        let entries = self.ledger().await;
        let posts = entries.iter().flat_map(|entry| entry["posts"].as_array().unwrap());
        posts.map(|id| id.as_str().unwrap().parse().unwrap()).collect()
    }

    /// How X answered each request.
    pub async fn statuses(&self) -> Vec<u64> {
        self.ledger().await.iter().map(|entry| entry["status"].as_u64().unwrap()).collect()
    }

    /// How X answered each request at a path.
    pub async fn asked(&self, path: &str) -> Vec<u64> {
        let entries = self.ledger().await.into_iter().filter(|entry| entry["path"] == path);
        entries.map(|entry| entry["status"].as_u64().unwrap()).collect()
    }

    async fn ledger(&self) -> Vec<Value> {
        let (_, body) = self.request("GET /_sim/ledger/requests", "", "").await;
        serde_json::from_str::<Value>(&body).unwrap().as_array().unwrap().clone()
    }

    /// Begins a script of faults.
    pub async fn script(&self, script: &str) {
        self.request("POST /_sim/script", "", script).await;
    }

    /// Somebody takes the app's bearer token back.
    pub async fn revoke(&self) {
        let basic = STANDARD.encode("simulator-key:simulator-secret");
        let headers = format!("authorization: Basic {basic}\r\ncontent-type: application/x-www-form-urlencoded\r\n");
        let (head, _) = self.request("POST /oauth2/invalidate_token", &headers, &format!("access_token={TOKEN}")).await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    }

    /// What a person allowed, by the way that a browser takes.
    pub async fn consent(&self) -> Secret {
        let secret = Some(SecretString::from("simulator-client-secret"));
        let redirect = "http://localhost/callback";
        let asked = credentials::ask_consent(&self.service, &self.x, "simulator-client", secret, redirect).unwrap();
        let path = asked.url().as_str().strip_prefix(&self.x).unwrap().to_owned();
        let (head, _) = self.request(&format!("GET {path}"), "", "").await;
        let location = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned();
        credentials::consented(asked, &location.into()).await.unwrap()
    }

    /// Head and body of the simulator's answer.
    async fn request(&self, what: &str, headers: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(self.x.strip_prefix("http://").unwrap()).await.unwrap();
        let head = format!("{what} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}");
        let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }
}

pub fn bearer() -> Secret {
    Secret::from(TOKEN)
}

/// Those of `simulator::App`.
pub fn keys() -> Secret {
    let [key, secret, token, token_secret] =
        ["simulator-key", "simulator-secret", "simulator-access-token", "simulator-access-secret"]
            .map(SecretString::from);
    Secret::Oauth1(Keys { key, secret, token, token_secret })
}

/// All parts of a secret.
pub fn clear(secret: &Secret) -> BTreeSet<String> {
    let parts = match secret {
        Secret::Bearer(token) => vec![token],
        Secret::Oauth1(Keys { key, secret, token, token_secret }) => vec![key, secret, token, token_secret],
        Secret::Oauth2 { client_secret, tokens, .. } => {
            client_secret.iter().chain(&tokens.refresh).chain([&tokens.access]).collect()
        }
    };
    parts.into_iter().map(|part| part.expose_secret().to_owned()).collect()
}

/// All files below a folder.
pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push((path.clone(), std::fs::read(&path).unwrap())),
        }
    }
    found
}
