//! A faithful X API for development, QA and tests: a corpus of `tweetgen` that grows in real time,
//! served as `GET /2/tweets/search/recent`.

mod api;
mod clock;
mod query;

use std::future::Future;

use anyhow::Context;
use tweetgen::Profile;

pub use clock::{Clock, system_clock};

/// Which names tweets have on the wire; see the rename of 2026-07 in X's API.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Vocabulary {
    /// `referenced_tweets`, `note_tweet`, `retweet_count`, `includes.tweets` …
    Tweet,
    /// `referenced_posts`, `note_post`, `repost_count`, `includes.posts` …
    Post,
}

/// What to simulate.
#[derive(Clone)]
pub struct Config {
    /// What the tweets are like.
    pub profile: Profile,
    /// Same profile, seed, tweets, rate and origin: same corpus.
    pub seed: u64,
    /// Tweets in the seven days before the origin.
    pub tweets: u64,
    /// Tweets per second after the origin, on average over a week.
    pub rate_per_second: f64,
    /// Where history ends and growth begins (µs UTC); the clock at the start if not given.
    pub origin: Option<i64>,
    /// The only accepted bearer token.
    pub bearer_token: String,
    /// Requests allowed in 15 minutes.
    pub requests_per_window: u32,
    /// Longest accepted query in characters: 512 self-serve, 4,096 enterprise.
    pub query_length: usize,
    /// Names used in answers; if not given, `Tweet` for requests with `tweet.fields`, else `Post`.
    pub vocabulary: Option<Vocabulary>,
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            profile: Profile::Demo,
            seed: 1,
            tweets: 100_000,
            rate_per_second: 1.5,
            origin: None,
            bearer_token: "simulator".to_owned(),
            requests_per_window: 450,
            query_length: 512,
            vocabulary: None,
            clock: system_clock(),
        }
    }
}

/// The routes: `/2/tweets/search/recent` as X has it, and for tests `/_sim/ledger` (what was
/// asked and served) and `/_sim/count` (how many tweets really match).
pub fn router(config: Config) -> axum::Router {
    api::router(config)
}

/// Serves [`router`] on `listener` until `shutdown` resolves and open requests are answered.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    axum::serve(listener, router(config))
        .with_graceful_shutdown(shutdown)
        .await
        .context("the simulator stopped serving")
}
