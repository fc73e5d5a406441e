//! A person's credential in two processes at once, against a simulator whose refresh tokens are good once.

use super::*;
use crate::{Settings, credentials as use_cases};
use model::time::HOUR;
use source::search::{self, SearchRequest};
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ROUNDS: i64 = 25;
/// Requests of each process at the same time.
const AT_ONCE: usize = 4;

#[derive(Clone)]
struct StoryClock(Arc<AtomicI64>);

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

struct Story {
    clock: StoryClock,
    folder: TempDir,
    x: String,
}

impl Story {
    async fn new() -> Self {
        let clock = StoryClock(Arc::new(AtomicI64::new(1_790_000_000_000_000)));
        let of_x = clock.clone();
        let config =
            simulator::Config { tweets: 100, clock: Arc::new(move || of_x.now().0), ..simulator::Config::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let x = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        Self { clock, folder: TempDir::new().unwrap(), x }
    }

    async fn process(&self) -> Service {
        Service::open(&Settings::folder(self.folder.path()), Arc::new(self.clock.clone())).await.unwrap()
    }

    fn wait(&self, micros: i64) {
        self.clock.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// What a person allowed, by the way that a browser takes.
    async fn consent(&self, service: &Service) -> Secret {
        let secret = Some("simulator-client-secret".into());
        let redirect = "http://localhost/callback";
        let asked = use_cases::ask_consent(service, &self.x, "simulator-client", secret, redirect).unwrap();
        let path = asked.url().as_str().strip_prefix(&self.x).unwrap().to_owned();
        let answer = self.get(&path).await;
        let location = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned();
        use_cases::consented(asked, &location.into()).await.unwrap()
    }

    async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.x.strip_prefix("http://").unwrap()).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// Tokens that X gave.
    async fn given(&self) -> usize {
        let answer = self.get("/_sim/ledger/requests").await;
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let entries: Vec<serde_json::Value> = serde_json::from_str(body).unwrap();
        entries.iter().filter(|entry| entry["path"] == "/2/oauth2/token" && entry["status"] == 200).count()
    }
}

async fn ask(client: Arc<XClient>) -> Result<(), String> {
    let request = search::recent(&SearchRequest { query: "min_likes:0", ..SearchRequest::default() });
    let answer = client.send(&request).await.map_err(|error| error.to_string())?;
    answer.body.map(|_| ()).map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_refresh_at_once_and_no_request_of_either_fails() {
    let story = Story::new().await;
    let (one, other) = (story.process().await, story.process().await);
    let secret = story.consent(&one).await;
    let id = use_cases::save(&one, "ann", &story.x, secret).await.unwrap();
    let mut clients = [open(&one, id).await.unwrap(), open(&other, id).await.unwrap()];
    for round in 1..=ROUNDS {
        story.wait(2 * HOUR);
        if round % 3 == 0 {
            clients[1] = open(&other, id).await.unwrap();
        }
        let asking = (0..2 * AT_ONCE).map(|number| tokio::spawn(ask(Arc::clone(&clients[number % 2]))));
        for asked in asking.collect::<Vec<_>>() {
            assert_eq!(asked.await.unwrap(), Ok(()), "round {round}");
        }
    }
    let consented = 1;
    assert_eq!(story.given().await, ROUNDS as usize + consented, "each is used by both");
    let known = use_cases::list(&other).await.unwrap().remove(0);
    assert_eq!(
        (known.refreshed_at, known.expires_at),
        (Some(story.clock.now()), Some(Timestamp(story.clock.now().0 + 2 * HOUR)))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_enters_anew_is_not_undone_by_a_client_of_before() {
    let story = Story::new().await;
    let service = story.process().await;
    let secret = story.consent(&service).await;
    let id = use_cases::save(&service, "ann", &story.x, secret).await.unwrap();
    let before = open(&service, id).await.unwrap();
    assert_eq!(ask(Arc::clone(&before)).await, Ok(()));
    story.wait(HOUR);
    let secret = story.consent(&service).await;
    use_cases::save(&service, "ann", &story.x, secret).await.unwrap();
    story.wait(HOUR);
    let error = ask(before).await.unwrap_err();
    assert!(error.contains("was replaced meanwhile"), "{error}");
    assert_eq!(ask(open(&service, id).await.unwrap()).await, Ok(()));
}
