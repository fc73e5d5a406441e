//! The simulator behind a gate, which keeps answers back for as long as a story wants.

use crate::life::StoryClock;
use crate::whole::{PATIENCE, world};
use serde_json::Value;
use service::Clock;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub const TOKEN: &str = "a token";
const SEARCH: &str = "/2/tweets/search/recent";
const GLANCE: Duration = Duration::from_millis(20);
const WHILE: Duration = Duration::from_secs(2);

pub struct X {
    /// Where one asks it.
    pub address: String,
    behind: String,
    /// How many more searches are answered.
    answers: Arc<watch::Sender<u32>>,
}

/// What X says of its searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Searches {
    pub answered: usize,
    /// For the window was used up.
    pub refused: usize,
}

impl X {
    /// With so many tweets an hour since some hours before the start.
    pub async fn begin(clock: &Arc<StoryClock>, tweets_an_hour: f64, requests_per_window: u32) -> Self {
        let of_x = Arc::clone(clock);
        let world = world(tweets_an_hour);
        let config = simulator::Config {
            profile: world.profile,
            seed: world.seed,
            tweets: world.tweets,
            origin: Some(world.origin_micros),
            rate_per_second: world.rate_per_second,
            bearer_token: TOKEN.to_owned(),
            requests_per_window,
            clock: Arc::new(move || of_x.now().0),
            ..Default::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let behind = listener.local_addr().unwrap().to_string();
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        let gate = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", gate.local_addr().unwrap());
        let answers = Arc::new(watch::channel(u32::MAX).0);
        let (to, kept) = (behind.clone(), Arc::clone(&answers));
        tokio::spawn(async move {
            while let Ok((socket, _)) = gate.accept().await {
                let (to, answers) = (to.clone(), Arc::clone(&kept));
                // The one who asks may be killed at any time.
                tokio::spawn(async move { pass(socket, &to, &answers).await });
            }
        });
        Self { address, behind, answers }
    }

    /// Lets so many more answers to searches pass; X does not know that the others are kept back.
    pub fn let_pass(&self, answers: u32) {
        self.answers.send_replace(answers);
    }

    pub async fn searches(&self) -> Searches {
        let mut stream = TcpStream::connect(&self.behind).await.unwrap();
        let request = b"GET /_sim/ledger/requests?after=0 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let body = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
        let entries: Vec<Value> = serde_json::from_slice(&answer[body..]).unwrap();
        let searches = entries.iter().filter(|entry| entry["path"].as_str().unwrap().starts_with(SEARCH));
        let with = |status: u16| searches.clone().filter(|entry| entry["status"] == status).count();
        Searches { answered: with(200), refused: with(429) }
    }

    /// Waits until X has answered so many searches.
    pub async fn has_answered(&self, searches: usize) {
        let began = Instant::now();
        while self.searches().await.answered < searches {
            assert!(began.elapsed() < PATIENCE, "X is not asked: {:?}", self.searches().await);
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Waits until it has answered something, and is asked nothing more for a while: all that was sent is here.
    pub async fn has_answered_all(&self) {
        let mut before = 0;
        loop {
            tokio::time::sleep(WHILE).await;
            let now = self.searches().await.answered;
            if now > 0 && now == before {
                return;
            }
            before = now;
        }
    }
}

async fn pass(mut socket: TcpStream, to: &str, answers: &watch::Sender<u32>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    let text = String::from_utf8_lossy(&head);
    let (first, rest) = text.split_once("\r\n").unwrap_or_default();
    let mut x = TcpStream::connect(to).await?;
    x.write_all(format!("{first}\r\nconnection: close\r\n{rest}").as_bytes()).await?;
    let mut answer = Vec::new();
    x.read_to_end(&mut answer).await?;
    if first.contains(SEARCH) {
        let mut left = answers.subscribe();
        while !answers.send_if_modified(may_pass) {
            _ = left.changed().await;
        }
    }
    copy(&mut answer.as_slice(), &mut socket).await?;
    socket.shutdown().await
}

/// Takes one of the answers that are let pass, if any is left.
fn may_pass(left: &mut u32) -> bool {
    let may = *left > 0;
    if *left != u32::MAX {
        *left = left.saturating_sub(1);
    }
    may
}
