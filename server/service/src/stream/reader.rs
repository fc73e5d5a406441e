//! One connection to X, made again by X's own rules whenever it ends. What comes goes into the spool; nothing here waits for
//! what is behind it.

use super::line::{Line, Routes};
use super::rules::ask;
use super::spool::Spool;
use crate::Service;
use model::Timestamp;
use model::schedule::{Expansions, Wait};
use model::time::SECOND;
use source::{Event, Reconnect, RefusalKind, SourceError, Stream, StreamEnd, XClient, backoff, connections};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A wait is looked at so often: the machine may have slept meanwhile, and clocks are set.
const GLANCE: Duration = Duration::from_millis(250);
/// X's clock and ours may differ by so much where a connection is known again by when it was made.
const TOLERANCE: i64 = 5 * SECOND;
/// As many connections are known again: X allows no more in 15 minutes.
const MOST_OURS: usize = 50;

/// What reader and keeper share.
pub(super) struct Shared {
    pub spool: Spool,
    pub routes: RwLock<Arc<Routes>>,
    /// What the reader waits for before it connects again.
    wait: Mutex<Option<Wait>>,
}

impl Shared {
    pub fn new(spool: Spool) -> Self {
        Self { spool, routes: RwLock::default(), wait: Mutex::default() }
    }

    pub fn wait(&self) -> Option<Wait> {
        self.wait.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn waits(&self, wait: Option<Wait>) {
        *self.wait.lock().unwrap_or_else(PoisonError::into_inner) = wait;
    }

    fn routes(&self) -> Arc<Routes> {
        Arc::clone(&self.routes.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn route(&self, routes: Routes) {
        *self.routes.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(routes);
    }
}

pub(super) struct Reader {
    pub service: Service,
    pub credential: i64,
    pub client: Arc<XClient>,
    pub expansions: Expansions,
    /// How long nothing may come.
    pub patience: Duration,
    pub shared: Arc<Shared>,
    /// When connections were made that X may still count as open.
    pub ours: Arc<Mutex<Vec<Timestamp>>>,
    pub stop: CancellationToken,
}

impl Reader {
    /// Reads until it is told to stop, or until X says something that only a person can change, or that there are no rules.
    pub async fn read(self) -> Option<SourceError> {
        let stop = self.stop.clone();
        let ended = stop.run_until_cancelled(self.read_on()).await;
        self.shared.waits(None);
        ended
    }

    async fn read_on(&self) -> SourceError {
        let request = source::connect(self.expansions, None);
        let mut ladder = Reconnect::default();
        loop {
            let error = match self.client.stream(&request, self.patience).await {
                Ok(stream) => self.follow(stream, &mut ladder).await,
                Err(error) => error,
            };
            let now = self.service.now();
            if is(&error, RefusalKind::TooManyConnections) && self.end_left_open().await {
                continue;
            }
            // X's rules for streams say nothing of money: it is tried as often as elsewhere.
            let until = ladder.after(&error, now).or_else(|| backoff::again(&error, 1, now, 0.0));
            let Some(until) = until else { return error };
            tracing::info!(credential = self.credential, error = %error, until = %until.to_rfc3339(), "a stream ended");
            self.shared.waits(Some(Wait { until, reason: error.to_string() }));
            while self.service.now() < until {
                let rest = Duration::from_micros((until - self.service.now()).max(0).unsigned_abs());
                tokio::time::sleep(rest.min(GLANCE)).await;
            }
            self.shared.waits(None);
        }
    }

    /// Reads until the connection ends.
    async fn follow(&self, mut stream: Stream, ladder: &mut Reconnect) -> SourceError {
        let mut last = self.service.now();
        self.made(last);
        self.shared.spool.begins(last);
        loop {
            let event = match stream.next().await {
                Ok(event) => event,
                Err(error) => return error,
            };
            let at = self.service.now();
            // The machine slept: what comes now may be old, and what is not here yet, too.
            if at - last > i64::try_from(source::PATIENCE.as_micros()).unwrap_or(i64::MAX) {
                return SourceError::Stream(StreamEnd::Silent);
            }
            last = at;
            ladder.is_alive();
            let routes = self.shared.routes();
            let line = match event {
                Event::Alive => {
                    self.shared.spool.alive(at);
                    continue;
                }
                Event::Post(json) => Line::post(json, at, &routes),
                Event::Unknown(json) => Line::odd(json, at, &routes),
            };
            if line.is_some_and(|line| self.shared.spool.line(line)) {
                tracing::warn!(
                    credential = self.credential,
                    "posts of a stream find no room; what is dropped is searched for later"
                );
            }
        }
    }

    /// Notes a connection, so that it is known again if X does not see it end.
    fn made(&self, at: Timestamp) {
        let mut ours = self.ours.lock().unwrap_or_else(PoisonError::into_inner);
        if ours.len() >= MOST_OURS {
            ours.remove(0);
        }
        ours.push(at);
    }

    /// Ends what X counts as open of those connections that were ours. Returns whether there was any.
    async fn end_left_open(&self) -> bool {
        let ours = std::mem::take(&mut *self.ours.lock().unwrap_or_else(PoisonError::into_inner));
        if ours.is_empty() {
            return false;
        }
        let ended = async {
            let is_ours = |at: Timestamp| ours.iter().any(|our| (at - *our).abs() <= TOLERANCE);
            let open = connections::read(&ask(&self.client, &connections::open()).await?)?;
            let left: Vec<String> = open
                .into_iter()
                .filter(|connection| connection.connected_at.is_some_and(is_ours))
                .map(|connection| connection.id)
                .collect();
            if left.is_empty() {
                return Ok(0);
            }
            connections::read_ended(&ask(&self.client, &connections::end(&left)).await?)
        };
        match ended.await {
            Ok(ended) => ended > 0,
            Err(error) => {
                tracing::info!(error = %error, "connections that were left open could not be ended");
                false
            }
        }
    }
}

pub(super) fn is(error: &SourceError, kind: RefusalKind) -> bool {
    error.refusal().is_some_and(|refusal| refusal.kind == kind)
}
