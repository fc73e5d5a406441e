use super::serve;
use crate::config::Config;
use crate::http;
use anyhow::Context;
use model::account::Role;
use service::{Service, SystemClock, accounts, demo::DemoSource};
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Nothing outside this machine takes this token.
const TOKEN: &str = "simulated-bearer-token";

/// Made-up tweets per second while it runs: enough to see some arrive, and not so many that all before looks small.
const RATE: f64 = 1.0;

#[derive(clap::Args)]
pub struct Demo {
    /// Address to serve on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Made-up tweets of the past seven days to begin with.
    #[arg(long, default_value_t = 100_000)]
    tweets: u64,
    /// Other seeds make other tweets.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The simulated X API to fetch from, such as `roost simulate` serves on this machine. Without it the demo has its
    /// own.
    #[arg(long, value_name = "URL")]
    api: Option<String>,
}

impl Demo {
    /// The whole of Roost on made-up data: a simulated X API, a schedule that fetches from it, a user to look.
    pub async fn run(self, config: Config, data: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let throw_away = match data {
            Some(_) => None,
            None => Some(tempfile::tempdir().context("cannot make a folder for the demo's data")?),
        };
        let data = throw_away.as_ref().map_or(config.data.clone(), |folder| folder.path().to_owned());
        let config = Config { data, database_url: None, ..config };
        let listener = serve::listen(config.listen).await?;
        // Its simulator is on this machine, in every landscape.
        let settings = service::Settings { simulators: true, x_proxy: None, ..config.service()? };
        let service = Service::open(&settings, Arc::new(SystemClock)).await?;
        let router = http::router(&config, service.clone())?;
        let stop = serve::stop_signal();
        let simulator = match &self.api {
            Some(url) => url.clone(),
            None => self.simulator(stop.clone()).await?,
        };
        let source = DemoSource { base_url: &simulator, bearer_token: TOKEN };
        service::demo::prepare(&service, source).await?;
        self.invite(&config, &service, &listener, throw_away.is_some()).await?;
        let address = serve::address(&config, &listener)?;
        serve::serve(service, router, listener, address, stop).await?;
        Ok(ExitCode::SUCCESS)
    }

    /// Starts the simulated X API on a free port and returns its address.
    async fn simulator(&self, stop: CancellationToken) -> anyhow::Result<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("cannot start the simulated X API")?;
        let address = format!("http://{}", listener.local_addr()?);
        let settings = simulator::Config {
            seed: self.seed,
            tweets: self.tweets,
            rate_per_second: RATE,
            bearer_token: TOKEN.to_owned(),
            ..Default::default()
        };
        tokio::spawn(async move {
            let stopped = async move { stop.cancelled().await };
            if let Err(error) = simulator::serve(listener, settings, stopped).await {
                tracing::error!(error = %error, "the simulated X API broke down");
            }
        });
        Ok(address)
    }

    async fn invite(
        &self,
        config: &Config,
        service: &Service,
        listener: &TcpListener,
        is_thrown_away: bool,
    ) -> anyhow::Result<()> {
        let user = accounts::find_or_create_without_password(service, "demo", Role::Admin).await?;
        let token = accounts::sign_in_token(service, user).await?;
        let address = serve::address(config, listener)?;
        let thrown_away = if is_thrown_away { " and throws the data away" } else { "" };
        // In one piece: who reads only up to the link must not end the demo by closing the pipe.
        let words = format!(
            "Roost's demo is at {address} – made-up tweets, from a simulated X API.\n\n  \
             Open it, signed in (this link works once):\n  {address}/welcome?token={}\n\n  \
             Ctrl+C ends it{thrown_away}.\n",
            token.reveal()
        );
        Ok(std::io::stdout().write_all(words.as_bytes())?)
    }
}
