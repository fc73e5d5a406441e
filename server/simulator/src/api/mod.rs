//! The HTTP side: a file for each kind of resource, and what all of them share.

mod answer;
mod auth;
mod compliance;
mod connections;
mod control;
mod counts;
mod endpoints;
mod faults;
mod fields;
mod gate;
mod ledger;
mod limiter;
mod oauth1;
mod openapi;
mod page;
mod params;
mod partial;
mod problem;
mod rules;
mod search;
mod span;
mod stream;
mod timelines;
mod tokens;
mod tweets;
mod usage;
mod users;

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, RawPathParams, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::routing::{MethodFilter, MethodRouter, get, on, post};
use axum::{Router, response::Response};
use tweetgen::{Corpus, Reason, Record, World};

use crate::clock::Hands;
use crate::{Config, Vocabulary};
use compliance::Jobs;
use connections::Connections;
use endpoints::{ENDPOINTS, Endpoint};
use faults::Faults;
use gate::Raw;
use ledger::Ledger;
use limiter::Limiter;
use rules::Rules;
use tokens::Tokens;
use users::Accounts;

/// The largest body that is taken: the ids of a compliance job.
const BODY_BYTES: usize = 64 << 20;

/// What all requests share.
pub struct Simulator {
    corpus: Corpus,
    ledger: Ledger,
    limiter: Limiter,
    /// Where accounts are found; made when it is first asked for.
    accounts: OnceLock<Accounts>,
    jobs: Jobs,
    rules: Rules,
    connections: Connections,
    tokens: Tokens,
    faults: Faults,
    hands: Hands,
    config: Config,
}

impl Simulator {
    fn new(config: Config) -> Self {
        let origin = config.origin.unwrap_or_else(|| (config.clock)());
        Self {
            corpus: Corpus::new(World {
                profile: config.profile,
                seed: config.seed,
                tweets: config.tweets,
                origin_micros: origin,
                rate_per_second: config.rate_per_second,
            }),
            ledger: Ledger::default(),
            limiter: Limiter::new(config.tier, config.requests_per_window),
            accounts: OnceLock::new(),
            jobs: Jobs::default(),
            rules: Rules::default(),
            connections: Connections::default(),
            tokens: Tokens::default(),
            faults: Faults::new(config.script.clone()),
            hands: Hands::of(Arc::clone(&config.clock)),
            config,
        }
    }

    fn now(&self) -> i64 {
        self.hands.now()
    }

    /// Names used in all answers, where that is decided.
    fn vocabulary(&self) -> Option<Vocabulary> {
        self.faults.vocabulary().or(self.config.vocabulary)
    }

    /// Ends all streams.
    pub fn close(&self) {
        self.connections.end(self.now(), "server_shutdown", |_| true);
    }

    /// Why a tweet can no longer be had, if that is so.
    fn fate(&self, ordinal: i64, now: i64) -> Option<Reason> {
        if !self.config.life {
            return None;
        }
        let event = self.corpus.compliance(ordinal..ordinal + 1, now).next();
        event.map(|event| event.reason).filter(|reason| reason.removes())
    }

    fn is_there(&self, record: &Record, now: i64) -> bool {
        self.fate(record.ordinal, now).is_none()
    }
}

/// The routes, and what they share.
pub fn router(config: Config) -> (Router, Arc<Simulator>) {
    let simulator = Arc::new(Simulator::new(config));
    let router = ENDPOINTS.iter().fold(Router::new(), |router, row| router.route(row.path, route(row)));
    let router = router
        .route("/_sim/ledger", get(control::ledger))
        .route("/_sim/ledger/requests", get(control::requests))
        .route("/_sim/count", get(control::count))
        .route("/_sim/clock", get(control::clock).post(control::set_clock))
        .route("/_sim/script", post(control::begin_script))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(Arc::clone(&simulator));
    (router, simulator)
}

fn route(endpoint: &'static Endpoint) -> MethodRouter<Arc<Simulator>> {
    let filter = match endpoint.method {
        Method::POST => MethodFilter::POST,
        Method::PUT => MethodFilter::PUT,
        Method::DELETE => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    };
    on(
        filter,
        async move |State(simulator), path: RawPathParams, uri: Uri, headers: HeaderMap, body: Bytes| -> Response {
            gate::pass(simulator, endpoint, Raw { path, uri, headers, body }).await
        },
    )
}
