//! The wire between Roost and X: most of what is asked and answered passes as it is, and some of it goes wrong as the
//! story's kind of fault says. Which, is drawn by a seed.

use crate::kinds::{Kind, Way};
use crate::story::StoryClock;
use model::Timestamp;
use model::time::SECOND;
use serde_json::Value;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::RwLock;

const SEARCH: &str = "/2/tweets/search/recent";
/// Of an answer that comes slowly: so many parts, and the time between two of them.
const DRIPS: usize = 8;
const DRIP: Duration = Duration::from_millis(8);
/// After which what was sent is on its way.
const FLUSHED: Duration = Duration::from_millis(20);

/// A request as it came.
#[derive(Clone)]
pub struct Asked {
    /// With the parameters.
    pub path: String,
    authorization: String,
}

/// An answer as it leaves.
#[derive(Clone)]
pub struct Answer {
    /// Without the empty line after it.
    pub head: String,
    pub body: Vec<u8>,
}

pub struct Wire {
    pub address: String,
    shared: Arc<Shared>,
}

struct Shared {
    x: String,
    clock: StoryClock,
    plan: Mutex<Plan>,
    /// The answers that had a page token, by that token.
    pages: Mutex<HashMap<String, Answer>>,
    /// Whoever changes X's script is alone with X.
    alone: RwLock<()>,
}

/// What goes wrong, and what went wrong so far.
struct Plan {
    /// How often each kind is still to happen.
    left: Vec<(&'static Kind, u32)>,
    seed: u64,
    struck: u32,
    /// In a row, by query.
    in_a_row: HashMap<String, u32>,
    /// Since when and until when X takes no searches, as it said itself.
    closed: (Timestamp, Timestamp),
    asked_while_closed: u32,
}

impl Wire {
    /// Lays a wire to the X at this address.
    pub async fn lay(x: &str, clock: StoryClock, kinds: &'static [Kind], seed: u64, of_each: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let never = (Timestamp(i64::MAX), Timestamp(i64::MAX));
        let plan = Plan {
            left: kinds.iter().map(|kind| (kind, of_each)).collect(),
            seed: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            struck: 0,
            in_a_row: HashMap::new(),
            closed: never,
            asked_while_closed: 0,
        };
        let shared = Arc::new(Shared {
            x: x.strip_prefix("http://").unwrap().to_owned(),
            clock,
            plan: Mutex::new(plan),
            pages: Mutex::default(),
            alone: RwLock::default(),
        });
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                // The one who asks may go away at any time.
                tokio::spawn(async move { shared.serve(socket).await });
            }
        });
        Self { address, shared }
    }

    /// How many went wrong.
    pub fn struck(&self) -> u32 {
        self.shared.plan.lock().unwrap().struck
    }

    /// Whether all has gone wrong that was to.
    pub fn is_still(&self) -> bool {
        self.shared.plan.lock().unwrap().left.iter().all(|(_, left)| *left == 0)
    }

    /// Searches that were sent while X had said that it takes none.
    pub fn asked_while_closed(&self) -> u32 {
        self.shared.plan.lock().unwrap().asked_while_closed
    }
}

impl Shared {
    async fn serve(&self, mut socket: TcpStream) -> io::Result<()> {
        let asked = Asked::read(&mut socket).await?;
        let drawn = self.plan.lock().unwrap().draw(&asked, self.clock.time());
        match drawn {
            Some(kind) => self.strike(kind, &asked, socket).await,
            None => {
                let answer = self.ask(&asked).await?;
                self.send(&answer.bytes(), socket).await
            }
        }
    }

    /// One of a kind, or an answer as it is where that kind cannot happen to it.
    async fn strike(&self, kind: &Kind, asked: &Asked, mut socket: TcpStream) -> io::Result<()> {
        let answer = match kind.way {
            Way::Reset => return socket.set_zero_linger(),
            Way::Close => return socket.shutdown().await,
            // Until the one who asks gives up.
            Way::Silence if asked.is_search() => return socket.read_u8().await.map(|_| ()),
            Way::Silence => None,
            Way::Torn => {
                let answer = self.ask(asked).await?.bytes();
                socket.write_all(&answer[..answer.len() / 2]).await?;
                tokio::time::sleep(FLUSHED).await;
                return socket.set_zero_linger();
            }
            Way::Drip => {
                let answer = self.ask(asked).await?.bytes();
                for part in answer.chunks(answer.len() / DRIPS + 1) {
                    socket.write_all(part).await?;
                    tokio::time::sleep(DRIP).await;
                }
                return Ok(());
            }
            Way::Script(script) => self.with_script(script, asked).await?,
            Way::Instead(answer) => Some(answer.as_bytes().to_vec()),
            Way::Asked(change) => match change(asked) {
                Some(changed) => Some(self.ask(&changed).await?.bytes()),
                None => None,
            },
            Way::Answered(change) => change(asked, &self.ask(asked).await?),
            Way::Repeated => self.page_before(asked).map(|answer| answer.bytes()),
        };
        let Some(answer) = answer else {
            self.plan.lock().unwrap().take_back(kind, asked);
            let answer = self.ask(asked).await?;
            return self.send(&answer.bytes(), socket).await;
        };
        if asked.is_search() && kind.closes > 0 {
            self.plan.lock().unwrap().close(self.clock.time(), kind.closes);
        }
        self.send(&answer, socket).await
    }

    async fn send(&self, answer: &[u8], mut socket: TcpStream) -> io::Result<()> {
        socket.write_all(answer).await?;
        socket.shutdown().await
    }

    /// What X answers while its script has one more fault.
    async fn with_script(&self, script: &str, asked: &Asked) -> io::Result<Option<Vec<u8>>> {
        let _alone = self.alone.write().await;
        let path = asked.path.split('?').next().unwrap_or_default();
        let faults = script.split('+').map(|fault| format!("[[fault]]\n{fault}\npath = \"{path}\"\ntimes = 1\n"));
        let script: String = faults.collect();
        let head = format!(
            "POST /_sim/script HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            script.len()
        );
        let begun = exchange(&self.x, &(head + &script)).await?;
        assert!(begun.starts_with(b"HTTP/1.1 204"), "{}", String::from_utf8_lossy(&begun));
        Ok(Some(exchange(&self.x, &asked.written()).await?))
    }

    /// What X answers.
    async fn ask(&self, asked: &Asked) -> io::Result<Answer> {
        let _together = self.alone.read().await;
        let asked = asked.as_x_knows_it();
        let answer = Answer::read(&exchange(&self.x, &asked.written()).await?);
        if let Some(token) = answer.page().and_then(|page| page["meta"]["next_token"].as_str().map(str::to_owned)) {
            self.pages.lock().unwrap().insert(token, answer.clone());
        }
        Ok(answer)
    }

    /// The page that led to the one that is asked for.
    fn page_before(&self, asked: &Asked) -> Option<Answer> {
        self.pages.lock().unwrap().get(&asked.parameter("next_token")?).cloned()
    }
}

impl Plan {
    /// Which kind of fault this request has, if any.
    fn draw(&mut self, asked: &Asked, now: Timestamp) -> Option<&'static Kind> {
        if asked.is_search() && self.closed.0 < now && now < self.closed.1 {
            self.asked_while_closed += 1;
        }
        let query = asked.parameter("query").unwrap_or_default();
        let in_a_row = self.in_a_row.entry(query).or_default();
        let number = next(&mut self.seed);
        let mut to_happen: Vec<_> = self.left.iter_mut().filter(|(_, left)| *left > 0).collect();
        let one = usize::try_from(number >> 33).unwrap() % to_happen.len().max(1);
        let is_struck = |kind: &Kind| *in_a_row < kind.in_a_row && number % 100 < u64::from(kind.chance);
        let Some((kind, left)) = to_happen.get_mut(one).filter(|(kind, _)| is_struck(kind)) else {
            *in_a_row = 0;
            return None;
        };
        *in_a_row += 1;
        *left -= 1;
        self.struck += 1;
        Some(kind)
    }

    /// It could not happen.
    fn take_back(&mut self, kind: &Kind, asked: &Asked) {
        self.in_a_row.insert(asked.parameter("query").unwrap_or_default(), 0);
        let of_kind = self.left.iter_mut().find(|(known, _)| known.name == kind.name);
        of_kind.into_iter().for_each(|(_, left)| *left += 1);
        self.struck -= 1;
    }

    fn close(&mut self, now: Timestamp, micros: i64) {
        self.closed = (now, Timestamp(now.0 + micros));
    }
}

/// Marsaglia's xorshift.
fn next(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

/// All that comes back until the connection is gone, however it goes.
pub async fn exchange(address: &str, request: &str) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    _ = stream.read_to_end(&mut answer).await;
    Ok(answer)
}

impl Asked {
    async fn read(socket: &mut TcpStream) -> io::Result<Self> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let authorization = head.lines().find(|line| line.to_lowercase().starts_with("authorization:"));
        Ok(Self { path, authorization: authorization.unwrap_or_default().to_owned() })
    }

    fn written(&self) -> String {
        let Self { path, authorization } = self;
        format!("GET {path} HTTP/1.1\r\nhost: x\r\n{authorization}\r\nconnection: close\r\n\r\n")
    }

    pub fn is_search(&self) -> bool {
        self.path.starts_with(SEARCH)
    }

    pub fn parameter(&self, name: &str) -> Option<String> {
        let parameters = self.path.split_once('?')?.1;
        url::form_urlencoded::parse(parameters.as_bytes())
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into())
    }

    /// With another value of a parameter, or without it.
    pub fn with(&self, name: &str, value: Option<&str>) -> Self {
        let (path, parameters) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let others = url::form_urlencoded::parse(parameters.as_bytes()).filter(|(known, _)| known != name);
        let mut written = url::form_urlencoded::Serializer::new(String::new());
        written.extend_pairs(others).extend_pairs(value.map(|value| (name, value)));
        Self { path: format!("{path}?{}", written.finish()), ..self.clone() }
    }

    pub fn by_nobody(&self) -> Self {
        Self { authorization: "authorization: Bearer nobody's".to_owned(), ..self.clone() }
    }

    /// A token of an empty page stands for the page that it was put before.
    fn as_x_knows_it(&self) -> Self {
        match self.parameter("next_token").as_deref().and_then(|token| token.strip_prefix(EMPTY)) {
            Some("") => self.with("next_token", None),
            Some(token) => self.with("next_token", Some(token)),
            None => self.clone(),
        }
    }
}

/// How the token of an empty page begins.
pub const EMPTY: &str = "empty-";

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|end| end == b"\r\n\r\n").unwrap_or(bytes.len());
        let body = bytes.get(end + 4..).unwrap_or_default().to_vec();
        Self { head: String::from_utf8_lossy(&bytes[..end]).into_owned(), body }
    }

    pub fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), b"\r\n\r\n", &self.body].concat()
    }

    /// Its body, if that is a page of posts.
    pub fn page(&self) -> Option<Value> {
        let page: Value = serde_json::from_slice(&self.body).ok()?;
        page["meta"]["result_count"].is_u64().then_some(page)
    }

    /// With another value of a header, which is added where it was not.
    pub fn with(&self, header: &str, value: &str) -> Self {
        let others = self.head.split("\r\n").filter(|line| !line.to_lowercase().starts_with(&format!("{header}:")));
        let head = others.chain([format!("{header}: {value}").as_str()]).collect::<Vec<_>>().join("\r\n");
        Self { head, ..self.clone() }
    }

    /// With another body, of whose length it speaks.
    pub fn saying(&self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self { body: body.clone(), ..self.with("content-length", &body.len().to_string()) }
    }
}

/// So many seconds, in microseconds.
pub const fn seconds(number: i64) -> i64 {
    number * SECOND
}
