//! What was asked, what was served and what that costs: the judge in tests. It reads the answers as they leave, so it
//! knows nothing of what those who made them or those who asked for them think.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use super::answer::{Answer, Content};
use super::limiter::Quota;
use super::problem::Problem;
use tweetgen::time::{DAY, timestamp};

/// Requests that are told one by one: the newest so many.
const KEPT: usize = 100_000;
/// Millionths of a dollar for each post and each user that was not served before on the same day (UTC).
const POST: u64 = 5_000;
const USER: u64 = 10_000;
/// In a dollar.
pub const MICRO_DOLLARS: f64 = 1e6;

/// What X charges for an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Price {
    /// `data` are posts.
    Posts,
    /// `data` are users.
    Users,
    /// So many millionths of a dollar for the request, whatever it brings.
    Request(u64),
    Free,
}

/// A request as the ledger has it.
pub struct Request {
    pub at: i64,
    pub method: &'static str,
    pub path: String,
    /// What was searched for or counted.
    pub query: Option<String>,
    pub price: Price,
    /// The window after it, where there is one.
    pub window: Option<Quota>,
}

#[derive(Default)]
pub struct Ledger(Mutex<Book>);

#[derive(Default)]
struct Book {
    totals: Totals,
    /// The day of `posts` and `users`, in days since 1970.
    day: i64,
    /// Posts billed on each day.
    daily_posts: BTreeMap<i64, u64>,
    posts: HashSet<String>,
    users: HashSet<String>,
    entries: VecDeque<Entry>,
}

/// Counts since the start; requests to `/_sim` are not counted.
#[derive(Clone, Default, Serialize)]
struct Totals {
    requests: u64,
    by_status: BTreeMap<u16, u64>,
    /// In `data`, again and again.
    tweets_served: u64,
    rate_limited: u64,
    billed: Bill,
}

/// What was billed. Whether objects in `includes` are, X does not say: they are counted as if.
#[derive(Clone, Copy, Default, Serialize)]
struct Bill {
    posts: u64,
    users: u64,
    micro_dollars: u64,
}

#[derive(Clone, Serialize)]
struct Entry {
    number: u64,
    at: String,
    method: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<Window>,
    status: u16,
    posts: Vec<String>,
    users: Vec<String>,
    included_posts: Vec<String>,
    included_users: Vec<String>,
    micro_dollars: u64,
}

/// What was left of the requests of 15 minutes, and until when that holds.
#[derive(Clone, Serialize)]
struct Window {
    limit: u32,
    remaining: u32,
    resets_at: String,
}

impl From<Quota> for Window {
    fn from(Quota { limit, remaining, resets_at }: Quota) -> Self {
        Self { limit, remaining, resets_at: timestamp(resets_at) }
    }
}

impl Ledger {
    pub fn record(&self, request: Request, answer: &Result<Answer, Problem>) {
        let (status, body) = match answer {
            Ok(Answer { status, content: Content::Json(body), .. }) => (*status, Some(body)),
            Ok(Answer { status, .. }) => (*status, None),
            Err(problem) => (problem.status, None),
        };
        self.book().record(request, status, body.unwrap_or(&Value::Null));
    }

    /// A post that a stream sends, as it sends it.
    pub fn deliver(&self, at: i64, body: &Value) {
        self.book().deliver(at, body);
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Posts billed on each day, which is in days since 1970.
    pub fn daily_posts(&self) -> BTreeMap<i64, u64> {
        self.book().daily_posts.clone()
    }

    /// Posts billed in the month (UTC) of `now`.
    pub fn posts_in_month(&self, now: i64) -> u64 {
        let month = |day: i64| timestamp(day * DAY)[..7].to_owned();
        let this = month(now.div_euclid(DAY));
        let days = self.book().daily_posts.clone().into_iter();
        days.filter(|&(day, _)| month(day) == this).map(|(_, posts)| posts).sum()
    }

    /// All that was billed.
    pub fn micro_dollars(&self) -> u64 {
        self.book().totals.billed.micro_dollars
    }

    pub fn totals(&self) -> Value {
        json!(self.book().totals)
    }

    /// The requests after the one with this number, oldest first.
    pub fn requests(&self, after: u64) -> Value {
        let book = self.book();
        json!(book.entries.iter().filter(|entry| entry.number > after).collect::<Vec<_>>())
    }
}

impl Book {
    fn record(&mut self, request: Request, status: StatusCode, body: &Value) {
        let Request { at, method, path, query, price, window } = request;
        let data = |wanted| if price == wanted { ids(&body["data"]) } else { Vec::new() };
        let (posts, users) = (data(Price::Posts), data(Price::Users));
        let included = |name: &str| ids(&body["includes"][name]);
        let (included_posts, included_users) = ([included("posts"), included("tweets")].concat(), included("users"));
        let before = self.totals.billed.micro_dollars;
        self.bill(at, posts.iter().chain(&included_posts), users.iter().chain(&included_users));
        if let (Price::Request(micro_dollars), true) = (price, status.is_success()) {
            self.totals.billed.micro_dollars += micro_dollars;
        }
        let totals = &mut self.totals;
        totals.requests += 1;
        *totals.by_status.entry(status.as_u16()).or_default() += 1;
        totals.tweets_served += posts.len() as u64;
        totals.rate_limited += u64::from(status == StatusCode::TOO_MANY_REQUESTS);
        let micro_dollars = totals.billed.micro_dollars - before;
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry {
            number: self.totals.requests,
            at: timestamp(at),
            method,
            path,
            query,
            window: window.map(Window::from),
            status: status.as_u16(),
            posts,
            users,
            included_posts,
            included_users,
            micro_dollars,
        });
    }

    fn deliver(&mut self, at: i64, body: &Value) {
        let (post, included) = (ids(&body["data"]), |name: &str| ids(&body["includes"][name]));
        let (posts, users) = ([included("posts"), included("tweets")].concat(), included("users"));
        self.totals.tweets_served += post.len() as u64;
        self.bill(at, post.iter().chain(&posts), users.iter());
    }

    fn bill<'a>(&mut self, at: i64, posts: impl Iterator<Item = &'a String>, users: impl Iterator<Item = &'a String>) {
        let day = at.div_euclid(DAY);
        if day != self.day {
            self.day = day;
            self.posts.clear();
            self.users.clear();
        }
        let posts = posts.filter(|&post| self.posts.insert(post.clone())).count() as u64;
        let users = users.filter(|&user| self.users.insert(user.clone())).count() as u64;
        let bill = &mut self.totals.billed;
        bill.posts += posts;
        bill.users += users;
        *self.daily_posts.entry(day).or_default() += posts;
        bill.micro_dollars += posts * POST + users * USER;
    }
}

/// The ids of one object or of a list of them.
fn ids(objects: &Value) -> Vec<String> {
    let id = |object: &Value| object["id"].as_str().map(str::to_owned);
    match objects {
        Value::Array(objects) => objects.iter().filter_map(id).collect(),
        object => id(object).into_iter().collect(),
    }
}
