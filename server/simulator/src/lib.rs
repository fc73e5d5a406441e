//! A faithful X API for development, QA and tests: a corpus of `tweetgen` that grows in real time, served as X serves
//! posts. `api/endpoints.rs` lists what there is, `docs/simulator.md` tells how to use it.

mod api;
mod clock;
mod query;
mod script;
mod tier;

use std::future::Future;
use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;
use tweetgen::Profile;

pub use clock::{Clock, system_clock};
pub use script::{Fault, Kind, Script};
pub use tier::{Rights, Tier};

/// Which names tweets have on the wire; see the rename of 2026-07 in X's API.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vocabulary {
    /// `referenced_tweets`, `note_tweet`, `retweet_count`, `includes.tweets` …
    Tweet,
    /// `referenced_posts`, `note_post`, `repost_count`, `includes.posts` …
    Post,
    /// The current names but for the few that clients still saw in the older form months after.
    Mixed,
    /// Of each name in each object the current or the older form, drawn by this seed.
    Drawn(u64),
}

/// The keys of the only app, as the developer portal shows them.
#[derive(Clone)]
pub struct App {
    /// Key and secret of the app, for app-only tokens and for OAuth 1.0a.
    pub key: String,
    pub secret: String,
    /// Token and secret of the user of OAuth 1.0a.
    pub access_token: String,
    pub access_secret: String,
    /// Of OAuth 2.0.
    pub client_id: String,
    /// What clients have that can keep it.
    pub client_secret: Option<String>,
    /// Where a user goes on who has consented.
    pub redirect_uri: String,
}

impl Default for App {
    fn default() -> Self {
        Self {
            key: "simulator-key".to_owned(),
            secret: "simulator-secret".to_owned(),
            access_token: "simulator-access-token".to_owned(),
            access_secret: "simulator-access-secret".to_owned(),
            client_id: "simulator-client".to_owned(),
            client_secret: Some("simulator-client-secret".to_owned()),
            redirect_uri: "http://localhost/callback".to_owned(),
        }
    }
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
    /// The app's bearer token.
    pub bearer_token: String,
    /// What it shows for other tokens.
    pub app: App,
    /// What the app may.
    pub tier: Tier,
    /// No endpoint takes more requests in 15 minutes than this, nor more than X has it take.
    pub requests_per_window: u32,
    /// Tweets are deleted and accounts suspended or protected as time goes by: a tenth of all tweets within a month.
    pub life: bool,
    /// Dollars that were paid in advance; without, nobody counts.
    pub credits: Option<f64>,
    /// A file with the official description of the API, for `/2/openapi.json`.
    pub openapi: Option<PathBuf>,
    /// Names used in answers; if not given, `Tweet` for requests with `tweet.fields`, else `Post`.
    pub vocabulary: Option<Vocabulary>,
    /// What goes wrong.
    pub script: Script,
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
            app: App::default(),
            tier: Tier::default(),
            requests_per_window: u32::MAX,
            life: false,
            credits: None,
            openapi: None,
            vocabulary: None,
            script: Script::default(),
            clock: system_clock(),
        }
    }
}

/// The routes: X's, and for tests `/_sim/ledger` (what was asked, served and billed), `/_sim/count` (how many tweets
/// really match), `/_sim/clock` (what time it is, and what it shall be) and `/_sim/script` (what goes wrong from now on).
pub fn router(config: Config) -> axum::Router {
    api::router(config).0
}

/// Serves [`router`] on `listener` until `shutdown` resolves, open requests are answered and streams have ended.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let (router, simulator) = api::router(config);
    let stopping = async move {
        shutdown.await;
        simulator.close(); // streams would not end by themselves
    };
    axum::serve(listener, router).with_graceful_shutdown(stopping).await.context("the simulator stopped serving")
}
