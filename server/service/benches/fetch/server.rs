//! The simulator in virtual time, and what its ledger says of those who asked it.

use crate::{NOW, QUERIES};
use model::time::{DAY, HOUR, MINUTE, SECOND};
use model::{Timestamp, TweetId};
use planner::{Ask, Limits, Page};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::Clock;
use source::search::{self, SearchRequest};
use source::{Auth, Egress, Expansions, Reach, Span, XClient};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub const TOKEN: &str = "a token";
/// Of X's search: all that can be had at the start is between these.
const WEEK: i64 = 7 * DAY;
const YOUNGEST: i64 = 30 * SECOND;
/// Slots of a page.
const PAGE: f64 = 100.0;

/// What is simulated.
pub struct World {
    /// Of the seven days before the start; as many come in each week after.
    pub tweets: u64,
    /// Requests that X takes in 15 minutes.
    pub limit: u32,
}

/// Time that moves only when it is told to.
pub struct VirtualClock(AtomicI64);

impl VirtualClock {
    pub fn time(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    pub fn set(&self, time: Timestamp) {
        self.0.fetch_max(time.0, Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.time()
    }
}

pub struct X {
    pub address: String,
    pub clock: Arc<VirtualClock>,
    client: XClient,
    limit: u32,
}

/// What X says that it served.
pub struct Served {
    /// Searches that it let in.
    pub requests: usize,
    pub refused: usize,
    /// Of the refused those that came while no request was left.
    pub closed: usize,
    /// Of the requests that it allowed, from the start to the end of the last whole window.
    pub used: f64,
    /// Tweets that were new to their query, by slots of the pages that were asked for.
    pub filled: f64,
    /// The same by all requests, also by the refused.
    pub per_request: f64,
    /// Part of what it had at the start.
    pub fetched: f64,
    pub hours: f64,
    /// Tweets, again and again.
    pub given: u64,
}

/// A request in its ledger.
#[derive(Deserialize)]
struct Entry {
    at: String,
    path: String,
    query: Option<String>,
    window: Option<Window>,
    status: u16,
    posts: Vec<String>,
}

#[derive(Deserialize)]
struct Window {
    remaining: u32,
    resets_at: String,
}

impl X {
    pub async fn start(world: &World) -> Self {
        let clock = Arc::new(VirtualClock(AtomicI64::new(NOW.0)));
        let (of_x, of_client) = (Arc::clone(&clock), Arc::clone(&clock));
        let config = simulator::Config {
            tweets: world.tweets,
            rate_per_second: world.tweets as f64 / (WEEK / SECOND) as f64,
            origin: Some(NOW.0),
            bearer_token: TOKEN.to_owned(),
            // Of the requests, not of what they cost.
            tier: simulator::Tier::Enterprise,
            requests_per_window: world.limit,
            clock: Arc::new(move || of_x.time().0),
            ..Default::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        let egress = Egress::new(&address, Reach::XOrSimulator, None, Arc::new(move || of_client.time())).unwrap();
        Self { address, clock, client: XClient::new(egress, Auth::app(TOKEN)), limit: world.limit }
    }

    /// A page, and what X says of its limits.
    pub async fn search(&self, query: &str, ask: &Ask) -> (Option<Page>, Option<Limits>) {
        let asked = search::recent(&SearchRequest {
            query,
            span: Span::Ids { since: ask.since_id, until: Some(ask.until_id) },
            expansions: Expansions::NONE,
            next_token: ask.next_token.as_deref(),
            max_results: Some(ask.max_results),
        });
        let answer = self.client.send(&asked).await.unwrap();
        let window = answer.limits.window;
        let limits = window.and_then(|window| {
            Some(Limits { limit: window.limit?, remaining: window.remaining, reset: window.reset? })
        });
        let page = answer.body.ok().map(|body| {
            let body: Value = serde_json::from_slice(&body).unwrap();
            let id = |name: &str| body["meta"][name].as_str().map(|id| TweetId(id.parse().unwrap()));
            Page {
                posts: body["meta"]["result_count"].as_u64().unwrap() as u32,
                oldest: id("oldest_id"),
                newest: id("newest_id"),
                next_token: body["meta"]["next_token"].as_str().map(str::to_owned),
            }
        });
        (page, limits)
    }

    /// What the ledger says, of the tweets that it had at the start.
    pub async fn served(&self, had: u64) -> Served {
        let entries: Vec<Entry> = self.json("/_sim/ledger/requests?after=0").await;
        let searches: Vec<Entry> = entries.into_iter().filter(|entry| entry.path.ends_with("/search/recent")).collect();
        let (let_in, refused): (Vec<&Entry>, Vec<&Entry>) = searches.iter().partition(|entry| entry.status == 200);
        let mut new: HashSet<(&str, TweetId)> = HashSet::new();
        for entry in &let_in {
            let query = entry.query.as_deref().unwrap();
            new.extend(entry.posts.iter().map(|id| (query, TweetId(id.parse().unwrap()))));
        }
        let end = self.clock.time();
        let window = |entry: &Entry| entry.window.as_ref().map(|window| time(&window.resets_at)).unwrap();
        let last = searches.iter().map(window).filter(|resets_at| *resets_at <= end).max().unwrap_or(NOW);
        let used = let_in.iter().filter(|entry| time(&entry.at) < last).count();
        let allowed = f64::from(self.limit) * (last - NOW) as f64 / (15 * MINUTE) as f64;
        let is_closed = |entry: &&&Entry| entry.window.as_ref().is_some_and(|window| window.remaining == 0);
        let old = new.iter().filter(|(_, id)| span().contains(&id.time())).count();
        Served {
            requests: let_in.len(),
            refused: refused.len(),
            closed: refused.iter().filter(is_closed).count(),
            used: used as f64 / allowed,
            filled: new.len() as f64 / (let_in.len() as f64 * PAGE),
            per_request: new.len() as f64 / searches.len() as f64,
            fetched: old as f64 / had as f64,
            hours: (end - NOW) as f64 / HOUR as f64,
            given: let_in.iter().map(|entry| entry.posts.len() as u64).sum(),
        }
    }

    /// Tweets of each query that can be had at the start.
    pub async fn had(&self) -> Vec<u64> {
        let mut had = Vec::new();
        for query in QUERIES {
            let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
            let (from, to) = (span().start.to_rfc3339(), span().end.to_rfc3339());
            let count: Value = self.json(&format!("/_sim/count?query={encoded}&start_time={from}&end_time={to}")).await;
            had.push(count["count"].as_u64().unwrap());
        }
        had
    }

    async fn json<T: DeserializeOwned>(&self, path: &str) -> T {
        let mut stream = TcpStream::connect(self.address.strip_prefix("http://").unwrap()).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let body = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
        serde_json::from_slice(&answer[body..]).unwrap()
    }
}

/// When what can be had at the start was written.
fn span() -> Range<Timestamp> {
    Timestamp(NOW.0 - WEEK)..Timestamp(NOW.0 - YOUNGEST)
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}
