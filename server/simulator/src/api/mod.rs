//! The HTTP side.

mod fields;
mod ledger;
mod limiter;
mod params;
mod problem;
mod search;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tweetgen::{Corpus, World};

use crate::Config;
use ledger::Ledger;
use limiter::Limiter;

/// What all requests share.
struct Simulator {
    corpus: Corpus,
    ledger: Ledger,
    limiter: Limiter,
    config: Config,
}

impl Simulator {
    fn now(&self) -> i64 {
        (self.config.clock)()
    }
}

pub fn router(config: Config) -> Router {
    let origin = config.origin.unwrap_or_else(|| (config.clock)());
    let simulator = Simulator {
        corpus: Corpus::new(World {
            profile: config.profile,
            seed: config.seed,
            tweets: config.tweets,
            origin_micros: origin,
            rate_per_second: config.rate_per_second,
        }),
        ledger: Ledger::default(),
        limiter: Limiter::new(config.requests_per_window),
        config,
    };
    Router::new()
        .route("/2/tweets/search/recent", get(search::recent))
        .route("/_sim/ledger", get(ledger::show))
        .route("/_sim/count", get(search::count))
        .with_state(Arc::new(simulator))
}
