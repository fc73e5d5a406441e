//! The simulator in virtual time, and what its ledger says of those who asked it.

use crate::{NOW, QUERIES};
use model::time::{MINUTE, SECOND};
use model::{Timestamp, TweetId};
use planner::{Ask, Limits, Page};
use serde_json::Value;
use service::Clock;
use source::search::{self, SearchRequest};
use source::{Auth, Egress, Expansions, Reach, Span, XClient};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub const TOKEN: &str = "a token";
/// Requests that X allows an app at recent search in 15 minutes.
const LIMIT: u32 = 450;

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
}

/// What X says that it served.
pub struct Served {
    pub requests: usize,
    pub refused: usize,
    /// Of the requests that it allowed in the windows that were wholly within the run.
    pub used: f64,
    /// Posts that were new, by slots of pages that were asked for.
    pub filled: f64,
    pub per_request: f64,
    /// Part of the posts that it had at the start.
    pub fetched: f64,
    pub minutes: f64,
}

impl X {
    pub async fn start(tweets: u64) -> Self {
        let clock = Arc::new(VirtualClock(AtomicI64::new(NOW.0)));
        let (of_x, of_client) = (Arc::clone(&clock), Arc::clone(&clock));
        let config = simulator::Config {
            tweets,
            rate_per_second: tweets as f64 / (7.0 * 86_400.0),
            origin: Some(NOW.0),
            bearer_token: TOKEN.to_owned(),
            clock: Arc::new(move || of_x.time().0),
            ..Default::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(simulator::serve(listener, config, std::future::pending()));
        let egress = Egress::new(&address, Reach::XOrSimulator, None, Arc::new(move || of_client.time())).unwrap();
        Self { address, clock, client: XClient::new(egress, Auth::app(TOKEN)) }
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

    pub async fn served(&self) -> Served {
        let entries = self.json("/_sim/ledger/requests?after=0").await;
        let searches: Vec<&Value> =
            entries.as_array().unwrap().iter().filter(|entry| text(entry, "path").contains("/search/recent")).collect();
        let let_in: Vec<&&Value> = searches.iter().filter(|entry| entry["status"] == 200).collect();
        let mut fetched: HashSet<(String, u64)> = HashSet::new();
        let mut windows: BTreeMap<i64, u32> = BTreeMap::new();
        for entry in &let_in {
            let query = query_of(text(entry, "path"));
            let ids = entry["posts"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().parse().unwrap());
            fetched.extend(ids.map(|id| (query.clone(), id)));
            let at = Timestamp::parse_rfc3339(text(entry, "at")).unwrap();
            // A window begins with its first request.
            match windows.range_mut(..=at.0).next_back().filter(|(start, _)| at.0 - **start < 15 * MINUTE) {
                Some((_, used)) => *used += 1,
                None => _ = windows.insert(at.0, 1),
            }
        }
        let end = self.clock.time();
        let whole: Vec<u32> =
            windows.iter().filter(|(start, _)| **start + 15 * MINUTE <= end.0).map(|(_, used)| *used).collect();
        let mut had = 0_u64;
        for query in QUERIES {
            had += self.count(query).await;
        }
        let old = fetched.iter().filter(|(_, id)| TweetId(*id).time() < NOW).count();
        let requests = let_in.len();
        Served {
            requests,
            refused: searches.len() - requests,
            used: f64::from(whole.iter().sum::<u32>()) / f64::from(LIMIT * whole.len().max(1) as u32),
            filled: fetched.len() as f64 / (requests as f64 * 100.0),
            per_request: fetched.len() as f64 / requests as f64,
            fetched: old as f64 / had as f64,
            minutes: (end - NOW) as f64 / MINUTE as f64,
        }
    }

    /// Tweets of the seven days before the start that match.
    async fn count(&self, query: &str) -> u64 {
        let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let (from, to) = (NOW.0 - 7 * 86_400 * SECOND, NOW.0);
        let time = |at: i64| Timestamp(at).to_rfc3339();
        let path = format!("/_sim/count?query={encoded}&start_time={}&end_time={}", time(from), time(to));
        self.json(&path).await["count"].as_u64().unwrap()
    }

    async fn json(&self, path: &str) -> Value {
        let mut stream = TcpStream::connect(self.address.strip_prefix("http://").unwrap()).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let body = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
        serde_json::from_slice(&answer[body..]).unwrap()
    }
}

fn text<'v>(entry: &'v Value, name: &str) -> &'v str {
    entry[name].as_str().unwrap()
}

fn query_of(path: &str) -> String {
    let parameters = path.split_once('?').map_or("", |(_, parameters)| parameters);
    let query = url::form_urlencoded::parse(parameters.as_bytes()).find(|(name, _)| name == "query");
    query.map(|(_, query)| query.into_owned()).unwrap_or_default()
}
